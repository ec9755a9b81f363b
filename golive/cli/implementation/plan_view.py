"""Plans as tables for the console."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...core.tables import Table, figures
from ...scenarios.implementation.vocabulary import Workstream

if TYPE_CHECKING:
    from ...scenarios.implementation.plan import Plan


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
