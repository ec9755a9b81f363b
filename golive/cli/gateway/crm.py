"""``golive gateway run``, ``history`` and ``agents``: workflows of the CRM agents."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ...core.tables import Column, Table, right
from ..exits import JUDGED_FAILED
from ..options import AsJson, PrintSchema
from ..output import show, show_json, show_schema

if TYPE_CHECKING:
    from ...agents.gateway.crm.runner import StepOutcome, WorkflowRun
    from ...sim.gateway.crm.database import CrmDatabase
    from ...sim.gateway.crm.tasks import CrmVerdict

DatabaseOption = Annotated[
    Path | None,
    Option("--database", metavar="FILE", help="CRM database; a new one is made by --seed."),
]


def run(
    workflow: Annotated[
        str | None, Argument(metavar="WORKFLOW", help="File, or a name of the library.")
    ] = None,
    *,
    told: Annotated[
        list[str] | None,
        Option("--input", metavar="NAME=VALUE", help="Of the workflow; may be repeated."),
    ] = None,
    task: Annotated[
        str | None, Option(metavar="KIND", help="A task of this kind, drawn by --seed, and judged.")
    ] = None,
    database: DatabaseOption = None,
    seed: Annotated[int, Option(min=0, help="Of a new database and of the task.")] = 0,
    yes: Annotated[bool, Option("--yes", help="Confirm every change.")] = False,
    model: Annotated[
        str | None, Option(metavar="llm:MODEL@URL", help="Language model instead of the rules.")
    ] = None,
    schema: PrintSchema = False,
    as_json: AsJson = False,
) -> None:
    """Run a workflow of the CRM agents over a database; exit with 1 if it, or its task, fails.

    Without --database one is made in memory. Changes are asked for, unless --yes confirms all.
    """
    from ...agents.gateway.crm.checking import check_workflow
    from ...agents.gateway.crm.model import by_model
    from ...agents.gateway.crm.rules import by_rules
    from ...agents.gateway.crm.runner import run_workflow
    from ...core.errors import GoliveError
    from ...core.records import json_schema
    from ...scenarios.gateway.workflow import Workflow, read_workflow
    from ...sim.gateway.crm.tasks import KINDS, judge_task, make_task

    if schema:
        show_schema(json_schema(Workflow), None)
        return
    name = workflow or task
    if name is None:
        raise GoliveError("WORKFLOW: expected one, or --task KIND")
    if task is not None and task not in KINDS:
        raise GoliveError(f"--task: {task!r}: expected one of {', '.join(KINDS)}")
    found = read_workflow(name)
    check_workflow(found)
    given = _input(told or ())
    answer = by_rules if model is None else by_model(model)
    crm, is_new = _opened(database, seed, found.input, given, told=task is not None)
    try:
        before = crm.content()
        asked = None if task is None else make_task(task, seed, before)
        values = {**(asked.told if asked else {}), **given}
        done = run_workflow(
            crm, found, values, confirm=lambda step, about: yes or _asked(step.name, about),
            answer=answer,
        )  # fmt: skip
        verdict = None if asked is None else judge_task(asked, before, crm, done.number)
    except BaseException:
        crm.close()
        if is_new and database is not None:
            database.unlink(missing_ok=True)
        raise
    crm.close()
    if as_json:
        show_json(_plain(done, asked.text if asked else None, verdict))
    else:
        _show(done, asked.text if asked else None, verdict)
    if not done.done or (verdict is not None and not verdict.solved):
        raise typer.Exit(JUDGED_FAILED)


def history(
    database: Annotated[Path, Argument(metavar="DATABASE", help="CRM database.")],
    *,
    number: Annotated[
        int | None, Option("--run", min=1, help="Steps of this run instead of all runs.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the workflows that a CRM database has seen, or the steps of one."""
    from ...core.errors import GoliveError
    from ...core.files import check_readable_file
    from ...sim.gateway.crm.database import CrmDatabase

    check_readable_file(database, "a CRM database")
    crm = CrmDatabase(database)
    try:
        rows = crm.history(number)
    finally:
        crm.close()
    if number is not None and not rows:
        raise GoliveError(f"--run: {number}: no such run")
    if as_json:
        show_json(rows)
    elif number is None:
        columns = (right("run"), Column("workflow"), Column("readers"), Column("status"))
        told = [(row["id"], row["workflow"], row["audience"], row["status"]) for row in rows]
        show(Table("Runs", columns, told))
    else:
        show(_steps_table(f"Run {number}", rows))


def agents(*, as_json: AsJson = False) -> None:
    """List the agents behind the gateway: the pool's by family, and the seven over the CRM."""
    from ...agents.gateway.crm.results import RESULTS
    from ...scenarios.gateway.agents import Pool

    pool = [(row.name, ", ".join(row.home)) for row in Pool().rows()]
    crm = [(agent.value, ", ".join(result.model_fields)) for agent, result in RESULTS.items()]
    if as_json:
        show_json(
            {
                "pool": [{"name": name, "at_home_in": family.split(", ")} for name, family in pool],
                "crm": [{"name": name, "returns": told.split(", ")} for name, told in crm],
            }
        )
        return
    show(
        Table(f"{len(pool)} agents of the pool", (Column("agent"), Column("at home in")), pool),
        Table("Agents over the CRM database", (Column("agent"), Column("returns")), crm),
    )


def _input(texts: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """Values by name, as JSON if they are that, and else as texts."""
    from ...core.errors import GoliveError

    found: dict[str, Any] = {}
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark or not name:
            raise GoliveError(f"--input: {text!r}: expected NAME=VALUE")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def _opened(
    path: Path | None,
    seed: int,
    known: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    told: bool,
) -> tuple[CrmDatabase, bool]:
    """The database, and whether it is new; nothing is made for an input that will be refused."""
    from ...core.errors import GoliveError
    from ...core.files import check_writable_file
    from ...sim.gateway.crm.database import CrmDatabase
    from ...sim.gateway.crm.making import make_crm

    for name in given:
        if name not in known:
            raise GoliveError(f"input: {name!r}: expected one of {', '.join(known) or 'nothing'}")
    missing = [name for name, value in {**known, **given}.items() if value is None]
    if missing and not told:
        raise GoliveError(f"--input: expected {missing[0]}=VALUE")
    if path is None:
        return make_crm(seed)[0], True
    if path.exists():
        return CrmDatabase(path), False
    check_writable_file(path)
    return make_crm(seed, str(path))[0], True


def _asked(name: str, about: Mapping[str, Any]) -> bool:
    """Ask at the terminal; where there is none, no."""
    if not sys.stdin.isatty():
        return False
    told = ", ".join(f"{field} {value}" for field, value in about.items() if value is not None)
    return typer.confirm(f"{name}: {told[:300]}?")


def _show(done: WorkflowRun, text: str | None, verdict: CrmVerdict | None) -> None:
    rows = [_row(step) for step in done.steps]
    parts: list[Table | str] = [*([text] if text else []), _steps_table(done.workflow, rows)]
    last = next((one.result for one in reversed(done.steps) if one.result is not None), None)
    if isinstance(last, dict):
        told = {name: value for name, value in last.items() if name != "rows"}
        parts.append(
            Table("Result", (Column("field"), Column("value")),
                  [(name, str(value)) for name, value in told.items()])
        )  # fmt: skip
    if verdict is not None:
        parts.append("Solved." if verdict.solved else "Not solved:")
        parts += [f"- {problem}" for problem in verdict.problems[:10]]
    show(*parts)


def _row(step: StepOutcome) -> dict[str, Any]:
    return {"name": step.name, "does": step.does, "status": step.status,
            "attempts": step.attempts, "error": step.error}  # fmt: skip


def _steps_table(title: str, rows: list[dict[str, Any]]) -> Table:
    columns = (Column("step"), Column("does"), Column("status"), right("attempts"), Column("error"))
    told = [
        (row["name"], row["does"], row["status"], row["attempts"], row["error"] or "")
        for row in rows
    ]
    return Table(title, columns, told)


def _plain(done: WorkflowRun, text: str | None, verdict: CrmVerdict | None) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "workflow": done.workflow,
        "done": done.done,
        "steps": [{**_row(step), "result": step.result} for step in done.steps],
    }
    if verdict is not None:
        plain["task"] = {"text": text, "solved": verdict.solved, "problems": verdict.problems}
    return plain
