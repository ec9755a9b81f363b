"""``golive plan``: import a project file as a plan, show a plan, print the schemas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument

from ...core.errors import GoliveError
from ...core.tables import Table, figures
from ...scenarios.implementation.vocabulary import Delivery, Workstream
from ..options import AsJson, SchemaFile, expanded, option, option_record, writable_file
from ..output import show, show_json, show_schema
from .scenarios import own_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import BaseModel

    from ...scenarios.implementation.importers.project import Finding
    from ...scenarios.implementation.importers.read import ProjectFormat
    from ...scenarios.implementation.importers.to_plan import ImportedPlan
    from ...scenarios.implementation.plan import Plan

app = typer.Typer(
    help="Plans: import a file of Microsoft Project, Primavera P6, a table or PSPLIB; show a plan.",
    no_args_is_help=True,
)
FORMATS = (
    "auto, psplib, mspdi (Microsoft Project XML), pmxml (Primavera P6 XML), xer (Primavera) or csv."
)
SCHEMAS = ("plan", "plan-mapping", "plan-layout")
_MOST_SHOWN = 3


@option_record
class Import:
    """Options of what is made of a project file."""

    form: str = option("auto", FORMATS, "--format")
    layout: str | None = option(
        None,
        "Of a table: whose columns it has, as smartsheet, or a YAML file of a layout "
        "(default: by its heading).",
        "--from",
    )
    mapping: Path | None = option(None, "YAML: what the file's words and people mean.", "--map")
    delivery: Delivery = option(Delivery.CONVENTIONAL, "Who delivers.")
    weeks: int | None = option(None, "Weeks of the plan (default: by the file).", min=1, max=520)
    scenario: str | None = option(
        None, "Write a scenario: the customer of this one, with the imported plan."
    )
    name: str | None = option(None, "With --scenario: name of the new one.", show_default=False)
    out: Path | None = option(
        None, "YAML file to write (default: printed).", callback=writable_file
    )
    as_json: bool = option(False, "Print the result and what was not mapped as JSON.", "--json")


@app.command("import")
@expanded
def import_project(file: Annotated[Path, Argument(help="Project file.")], *, told: Import) -> None:
    """Make a plan of a project file; everything that it cannot hold is listed on stderr."""
    from ...core.files import write_text_atomically
    from ...scenarios.implementation.importers.to_plan import import_plan, scenario_with
    from ...scenarios.loader import to_yaml

    if told.name is not None and told.scenario is None:
        raise GoliveError("--name: expected --scenario with it")
    imported = import_plan(
        file,
        project_format=_format(told.form),
        layout=told.layout,
        mapping=told.mapping,
        delivery=told.delivery,
        weeks=told.weeks,
    )
    findings = imported.unmapped
    record: BaseModel = imported.plan
    if told.scenario is not None:
        made = scenario_with(imported, own_scenario(told.scenario), told.name)
        findings, record = (*findings, *made.unmapped), made.scenario
    if told.out is not None:
        write_text_atomically(told.out, to_yaml(record))
    if told.as_json:
        show_json(_content(imported, record, findings, told.scenario is not None))
    elif told.out is None:
        typer.echo(to_yaml(record), nl=False)
    _say(imported, findings, told.out)


def _format(text: str) -> ProjectFormat:
    from ...scenarios.implementation.importers.read import ProjectFormat

    try:
        return ProjectFormat(text)
    except ValueError:
        raise GoliveError(f"--format: {text!r}: expected {FORMATS}") from None


def _content(
    imported: ImportedPlan, record: BaseModel, findings: Sequence[Finding], is_scenario: bool
) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "source": imported.project.source,
        "format": imported.project.format,
        "tasks": len(imported.project.tasks),
        "packages": len(imported.plan.work),
        "critical_path_hours": imported.timetable.critical_hours,
        "crew_weeks": imported.timetable.crew_weeks,
        "hours": {
            "in_file": imported.project.hours,
            "in_packages": imported.hours_in_packages,
            "listed": imported.hours_listed,
        },
        "unmapped": [asdict(finding) for finding in findings],
        "scenario" if is_scenario else "plan": record.model_dump(mode="json"),
    }


def _say(imported: ImportedPlan, findings: Sequence[Finding], out: Path | None) -> None:
    """Say what came of it and what did not, on stderr: stdout has the result alone."""
    plan, project = imported.plan, imported.project
    effort = sum(package.effort_hours for package in plan.work)
    typer.echo(
        f"{project.source}: {project.format}, {len(project.tasks)} tasks: {len(plan.work)} work "
        f"packages of {effort:,.0f} hours, {plan.weeks} weeks",
        err=True,
    )
    typer.echo(
        f"Hours of work: {project.hours:,.2f} in the file = {imported.hours_in_packages:,.2f} in "
        f"packages (crew and key users) + {imported.hours_listed:,.2f} listed below",
        err=True,
    )
    by_kind: dict[str, list[Finding]] = {}
    for finding in findings:
        by_kind.setdefault(str(finding.kind), []).append(finding)
    if by_kind:
        typer.echo("Not carried over as it stands (all of it: --json):", err=True)
    for kind, found in by_kind.items():
        hours = sum(finding.hours for finding in found)
        held = f", {hours:,.2f} h" if hours else ""
        typer.echo(f"  {kind} ({len(found)}{held}):", err=True)
        for finding in sorted(found, key=lambda finding: not finding.hours)[:_MOST_SHOWN]:
            where = f"{finding.where}: " if finding.where else ""
            typer.echo(f"    {where}{finding.words}", err=True)
        if len(found) > _MOST_SHOWN:
            typer.echo(f"    and {len(found) - _MOST_SHOWN} more", err=True)
    if out is not None:
        typer.echo(f"Written: {out}", err=True)


@app.command("show")
def show_plan(
    file: Annotated[Path, Argument(help="YAML file of a plan.")], *, as_json: AsJson = False
) -> None:
    """Show a plan: crew, phases, and its work packages by workstream."""
    from ...scenarios.implementation.references import load_plan

    plan = load_plan(file)
    if as_json:
        typer.echo(plan.model_dump_json(indent=2))
    else:
        show(*plan_page(plan, str(file)))


@app.command()
def schema(
    kind: Annotated[str, Argument(help=f"One of {', '.join(SCHEMAS)}.")] = "plan",
    *,
    out: SchemaFile = None,
) -> None:
    """Print the JSON Schema of plans, mappings or layouts, for editors and other programs."""
    from ...scenarios.implementation.schema import json_schema

    if kind not in SCHEMAS:
        raise GoliveError(f"schema: {kind!r}: expected one of {', '.join(SCHEMAS)}")
    show_schema(json_schema(kind), out)


def plan_page(plan: Plan, title: str) -> Iterator[Table | str]:
    """Everything about a plan, table by table."""
    crew = ", ".join(f"{members.units} {members.role}" for members in plan.crew if members.units)
    yield (
        f"{title}: {plan.delivery}, {plan.weeks} weeks of "
        f"{plan.days_per_week} days of {plan.hours_per_day:g} hours; {plan.hypercare_weeks} weeks "
        "of hypercare"
    )
    yield f"Crew: {crew}"
    yield _phases(plan)
    if plan.work:
        yield _work(plan)
    else:
        yield "No work packages of its own: all work is generated from the customer."


def _phases(plan: Plan) -> Table:
    rows = [
        (phase.name, f"{phase.first_week} to {phase.last_week}", ", ".join(phase.workstreams))
        for phase in plan.phases
    ]
    return Table("Phases", ("phase", "weeks", "workstreams"), rows)


def _work(plan: Plan) -> Table:
    rows = []
    for workstream in Workstream:
        packages = [package for package in plan.work if package.workstream is workstream]
        if not packages:
            continue
        told = [p.key_user_hours for p in packages if p.key_user_hours is not None]
        hours = sum(package.effort_hours for package in packages)
        links = sum(len(package.predecessors) for package in packages)
        users = f"{sum(told):,.0f}" if told else "usual share"
        rows.append((workstream, len(packages), f"{hours:,.0f}", links, users))
    headings = figures("workstream", "packages", "hours", "links", "key-user hours")
    return Table("Work packages", headings, rows)
