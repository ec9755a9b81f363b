"""The project as a whole, as its reports hold it, in recorded events."""

from __future__ import annotations

from ...core.arithmetic import plain_sum
from .context import Context
from .decision import Pace
from .effort import EffortModel
from .package_log import log_planned
from .state import DataObjectState, Status


def log_kick_off(context: Context) -> None:
    """Record the contract's facts, and every package of the plan."""
    if not context.events.enabled:
        return
    customer, plan = context.customer, context.plan
    context.note(
        "kick_off",
        customer.name,
        customer=customer.name,
        industry=str(customer.industry.value),
        delivery=str(plan.delivery.value),
        employees=customer.employees,
        complexity=customer.complexity,
        hours_per_day=context.hours_per_day,
        days_per_week=context.days_per_week,
        planned_days=context.planned_days,
        planned_effort_hours=EffortModel.of(customer, context.parameters).total_hours,
    )
    for package in context.state.packages:
        if package.status != Status.DORMANT:
            log_planned(context, package)


def log_forecast(context: Context, days_late: float) -> None:
    """Record the morning's forecast of the go-live against its date, and the pace ordered."""
    if context.events.enabled:
        context.note(
            "forecast", "project", days_late=days_late, pace=Pace(context.state.pace).name.lower()
        )


def log_survey(context: Context) -> None:
    """Record what the pulse survey said (with its sampling error)."""
    survey = context.state.survey
    if context.events.enabled:
        context.note(
            "survey",
            "project",
            trust=survey.trust,
            support=survey.support,
            resistance=survey.resistance,
            readiness=survey.readiness,
            adoption=survey.adoption,
        )


def log_closed(context: Context) -> None:
    """Record that the project is over."""
    if context.events.enabled:
        context.note(
            "closed", "project", days=context.state.day, cancelled=float(context.state.cancelled)
        )


def log_object_load(context: Context, name: str, item: DataObjectState, shown: float) -> None:
    """Record that a data object was loaded on trial.

    Args:
        context: of the world.
        name: of the object.
        item: the object after the load.
        shown: records with an error that no profile and no earlier load had shown.
    """
    if context.events.enabled:
        context.note(
            "object_loaded",
            name,
            load=context.state.mock_loads_done + 1,
            records=item.records,
            new_errors=shown,
            known_errors=plain_sum(item.visible),
        )
