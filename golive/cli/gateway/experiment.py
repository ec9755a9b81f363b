"""``golive gateway experiment``: try a router beside the one in use, in a simulated company."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ...core.tables import Column, Table, right
from ...scenarios.gateway.vocabulary import Measure, Unit
from ..exits import JUDGED_FAILED
from ..options import LARGEST_SEED, AsJson, writable_file
from ..output import complain, show, show_json

if TYPE_CHECKING:
    from ...trainers.gateway.experiment import ExperimentResult, Side


def experiment(
    a: Annotated[str, Argument(metavar="A", help="Router in use, by name or file.")],
    b: Annotated[str, Argument(metavar="B", help="Router that is tried.")],
    *,
    scenario: Annotated[str, Option(help="Scenario by name or file.")] = "office",
    weeks: Annotated[int, Option(min=1, help="Weeks of arrivals.")] = 4,
    seed: Annotated[int, Option(min=0, max=LARGEST_SEED, help="Of company, tasks and hash.")] = 0,
    unit: Annotated[Unit, Option(help="What the hash assigns as a whole.")] = Unit.TASK,
    measure: Annotated[
        Measure, Option(help="What it truly brought, or what the company can know of it.")
    ] = Measure.NET,
    share: Annotated[float, Option(min=0.05, max=0.95, help="Of B.")] = 0.5,
    level: Annotated[float, Option(help="That all looks' intervals hold with together.")] = 0.95,
    paired: Annotated[
        bool, Option(help="Also give each router all tasks, with the same luck.")
    ] = True,
    out: Annotated[
        Path | None,
        Option(metavar="FILE", help="Write the result here (JSON).", callback=writable_file),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try router B beside router A: a hash assigns tasks, every evening is looked at.

    Says whether B is better, worse or undecided, by intervals that hold at all looks together.
    Exit code 1: the split of the tasks is not what the hash should have made of them.
    """
    from ...agents.gateway.kind import KIND
    from ...agents.registry import load_policy
    from ...core.files import json_text, write_text_atomically
    from ...trainers.gateway.experiment import Trial, run_experiment, scenario_of

    trial = Trial(
        scenario_of(scenario, weeks),
        *(a, b, seed, unit, measure),
        share=share,
        salt=seed,
        level=level,
    )
    for name in (a, b):
        load_policy(name, KIND)  # refused before anything is played
    result = run_experiment(
        trial, lambda: load_policy(a, KIND), lambda: load_policy(b, KIND), paired=paired
    )
    if out is not None:
        write_text_atomically(out, json_text(result, 2) + "\n")
    if as_json:
        show_json(result)
    else:
        show(experiment_table(result), *_lines(result))
    if not result.split_holds:
        complain("split: the tasks are not split as planned: the result is not to be trusted")
        raise typer.Exit(JUDGED_FAILED)


def experiment_table(result: ExperimentResult) -> Table:
    """The result as a table, one row for each way of comparing."""
    rows = [_row("as in life", result.unpaired)]
    if result.paired is not None:
        rows.append(_row("paired", result.paired))
    columns: list[str | Column] = ["compared", "verdict"]
    columns += [right(name) for name in ("day", "B minus A", "tasks")]
    return Table(f"{result.b} (B) beside {result.a} (A)", columns, rows)


def _row(name: str, side: Side) -> tuple[str, ...]:
    look = side.looks[-1 if side.decided_day is None else side.decided_day]
    found = look.interval
    day = "-" if side.decided_day is None else str(side.decided_day + 1)
    text = "-"
    if found is not None:
        text = f"{found.estimate:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
    return name, side.verdict.value, day, text, str(look.units)


def _lines(result: ExperimentResult) -> list[str]:
    state = "as planned" if result.split_holds else "not as planned"
    return [
        f"Split: {result.tasks_a} tasks to A, {result.tasks_b} to B: {state}"
        f" (chi-square, p = {result.split:.3f}).",
        "As in life each task is under one of them, paired under both with the same luck.",
        "B minus A: share of a task's worth, costs and harm taken off; the interval of the day on"
        " which it was decided, else of the last, and all looks' hold together.",
    ]
