"""Plans as tables for the console."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from ...scenarios.implementation.vocabulary import Workstream

if TYPE_CHECKING:
    from ...scenarios.implementation.plan import Plan


def plan_page(plan: Plan, title: str) -> Iterator[Table | str]:
    """Everything about a plan, table by table."""
    crew = ", ".join(f"{members.units} {members.role}" for members in plan.crew if members.units)
    yield (
        f"[bold]{escape(title)}[/bold]: {plan.delivery}, {plan.weeks} weeks of "
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
    table = Table(title="Phases", title_justify="left")
    for heading in ("phase", "weeks", "workstreams"):
        table.add_column(heading)
    for phase in plan.phases:
        weeks = f"{phase.first_week} to {phase.last_week}"
        table.add_row(escape(phase.name), weeks, ", ".join(phase.workstreams))
    return table


def _work(plan: Plan) -> Table:
    table = Table(title="Work packages", title_justify="left")
    table.add_column("workstream")
    for heading in ("packages", "hours", "links", "key-user hours"):
        table.add_column(heading, justify="right")
    for workstream in Workstream:
        packages = [package for package in plan.work if package.workstream is workstream]
        if not packages:
            continue
        told = [p.key_user_hours for p in packages if p.key_user_hours is not None]
        table.add_row(
            str(workstream),
            str(len(packages)),
            f"{sum(package.effort_hours for package in packages):,.0f}",
            str(sum(len(package.predecessors) for package in packages)),
            f"{sum(told):,.0f}" if told else "usual share",
        )
    return table
