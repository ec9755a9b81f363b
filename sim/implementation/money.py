"""Mechanism 14: what the project costs, and what it was planned to cost."""

from __future__ import annotations

from ...core.arithmetic import plain_sum
from ...scenarios.implementation.vocabulary import DisruptionKind
from .context import Context
from .decision import Pace
from .state import Member, Package, PackageKind

PLANNED_TEST_CYCLES = 3
PLANNED_TRAINING_WAVES = 2
PLANNED_MOCK_LOADS = 3
"""Mock loads that a plan allows for (practice: three to five)."""


class Money:
    """Cost, day by day."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.state = context.state

    def spend(self, amount_usd: float) -> None:
        """Book a cost."""
        self.state.spent_usd += amount_usd
        self.state.spent_last_period_usd += amount_usd

    def price_level(self) -> float:
        """Price of what is bought for the project, relative to one of the reference's budget."""
        return self.state.budget_usd / self.context.parameters.price_reference_budget_usd

    def end_day(self, paid_hours: float) -> None:
        """Pay for crew, key users, systems, outages and a business stopped by a missed window."""
        p, state = self.context.parameters, self.state
        cost = self.crew_usd(paid_hours)
        cost += plain_sum(pool.used_today for pool in state.pools) * p.key_user_rate_usd
        cost += p.environment_day_usd
        cost += p.outage_day_usd * self._outage_days_today() + self.context.strain.cost_usd
        if state.overtime_cutover_days:
            revenue = self.context.customer.revenue_usd
            cost += p.downtime_day_usd * revenue * state.overtime_cutover_days
            state.overtime_cutover_days = 0
        self.spend(cost)

    def _outage_days_today(self) -> float:
        """System-days lost to outages today."""
        hours = self.context.hours_per_day
        start = self.state.day * hours
        down = 0.0
        for outage in self.state.disruptions:
            if outage.kind != DisruptionKind.ENVIRONMENT_OUTAGE:
                continue
            begin, end = max(outage.onset_hour, start), min(outage.recovery_hour, start + hours)
            down += max(0.0, end - begin)
        return down / hours

    def crew_usd(self, hours: float) -> float:
        """Cost of crew hours."""
        p = self.context.parameters
        if self.context.agentic:
            return hours * p.agent_rate_usd
        overtime = p.overtime_paid if self.state.pace == Pace.RUSH else 1.0
        return hours * overtime * p.conventional_availability * p.consultant_rate_usd

    def change_ordered(self, effort_hours: float) -> None:
        """Pay for a change not in the contract: consultants bill it on top of their time."""
        p = self.context.parameters
        if not self.context.agentic:
            self.spend(effort_hours * p.change_order_premium * p.consultant_rate_usd)


def budget_usd(context: Context, days: int, members: list[Member]) -> float:
    """The baseline budget: the crew for the planned time, key users, systems, contingency.

    Args:
        days: planned working days up to and including hypercare.
        members: of the crew.
    """
    if context.plan.budget_usd is not None:
        return context.plan.budget_usd
    p = context.parameters
    money = Money(context)
    crew = money.crew_usd(days * context.hours_per_day * len(members))
    packages = context.state.packages
    key_user_hours = plain_sum(
        package.key_user_hours for package in packages if package.in_baseline
    )
    users = context.customer.employees * p.user_share
    training_hours = PLANNED_TRAINING_WAVES * users * p.training_user_hours
    cost = crew + (key_user_hours + training_hours) * p.key_user_rate_usd
    cost += days * p.environment_day_usd
    return round(cost * (1.0 + p.contingency), 2)


def baseline_hours(packages: list[Package], p_cycle: float, p_mock: float) -> float:
    """Planned effort of the baseline, test cycles and mock loads included."""
    planned = plain_sum(
        package.planned_hours
        for package in packages
        if package.in_baseline and package.kind != PackageKind.CUTOVER
    )
    return planned + PLANNED_TEST_CYCLES * p_cycle + PLANNED_MOCK_LOADS * p_mock
