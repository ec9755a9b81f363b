"""The plan in working days: when each site goes live, and when an episode ends at the latest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from annotated_types import Le

from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.plan import Plan
from ...scenarios.implementation.vocabulary import Workstream
from .decision import WORKSTREAMS

CLOSING_WEEKS = 4
"""Every fourth week finance closes the month."""
CUTOVER_SLACK_WEEKS = 3
"""Weeks that an episode leaves for a cutover begun on the last possible date."""


def _most(field: str) -> int:
    limits: list[Any] = [one.le for one in Plan.model_fields[field].metadata if isinstance(one, Le)]
    return int(limits[0])


LONGEST_EPISODE_DAYS = _most("days_per_week") * (
    CUTOVER_SLACK_WEEKS
    + _most("weeks")
    + _most("max_postponements")
    + _most("hypercare_weeks")
    + _most("hypercare_extension_weeks")
)
"""Working days that no plan goes beyond, whatever happens."""


@dataclass(frozen=True, slots=True)
class PlanDays:
    """A plan in working days from kick-off (0-based).

    Attributes:
        site_days: planned go-live day per site, in the customer's order.
        site_order: site indices in the order in which they go live.
        waves: the same, sites that go live together in one tuple.
        planned_go_live_day: of the last site.
        last_go_live_day: the same with every postponement used.
        last_day: the episode ends here at the latest.
        hypercare_days: after the last go-live.
        focus_by_week: per week of the plan, per workstream, whether a phase has it.
    """

    site_days: tuple[int, ...]
    site_order: tuple[int, ...]
    waves: tuple[tuple[int, ...], ...]
    planned_go_live_day: int
    last_go_live_day: int
    last_day: int
    hypercare_days: int
    focus_by_week: tuple[tuple[bool, ...], ...]
    days_per_week: int

    @staticmethod
    def of(plan: Plan, customer: Customer) -> PlanDays:
        """The plan of a customer in days."""
        week = plan.days_per_week
        end = plan.weeks * week
        planned = {site: wave.week * week for wave in plan.waves for site in wave.sites}
        days = tuple(planned.get(site.name, end) for site in customer.sites)
        order = tuple(sorted(range(len(days)), key=lambda index: (days[index], index)))
        last_go_live = max(days) + plan.max_postponements * week
        hypercare = plan.hypercare_weeks * week
        return PlanDays(
            site_days=days,
            site_order=order,
            waves=tuple(
                tuple(site for site in order if days[site] == day) for day in sorted(set(days))
            ),
            planned_go_live_day=max(days),
            last_go_live_day=last_go_live,
            last_day=last_go_live + CUTOVER_SLACK_WEEKS * week + hypercare,
            hypercare_days=hypercare,
            focus_by_week=tuple(_focus(plan, number) for number in range(1, plan.weeks + 1)),
            days_per_week=plan.days_per_week,
        )

    def is_window(self, day: int) -> bool:
        """True if production can start on a day: with the week, after a weekend of cutover."""
        return day % self.days_per_week == 0

    def next_window(self, day: int) -> int:
        """The first day after one on which production can start."""
        return day - day % self.days_per_week + self.days_per_week

    def is_closing(self, day: int) -> bool:
        """True in a week in which finance closes the month."""
        return (day // self.days_per_week + 1) % CLOSING_WEEKS == 0

    def wave_of(self, site: int) -> int:
        """Index of the wave in which a site goes live."""
        return next(index for index, wave in enumerate(self.waves) if site in wave)

    def site_of_week(self, week: int, days_per_week: int) -> int:
        """The site that work of a week is for: the first of those that go live next."""
        for wave in self.waves:
            if week * days_per_week <= self.site_days[wave[0]]:
                return wave[0]
        return self.waves[-1][0]

    def focus_on(self, day: int, days_per_week: int) -> tuple[bool, ...]:
        """Planned workstreams of a day; the last week's after the plan's end."""
        week = min(day // days_per_week, len(self.focus_by_week) - 1)
        return self.focus_by_week[week]


def _focus(plan: Plan, week: int) -> tuple[bool, ...]:
    planned: set[Workstream] = set()
    for phase in plan.phases:
        if phase.first_week <= week <= phase.last_week:
            planned.update(phase.workstreams)
    return tuple([name in planned for name in WORKSTREAMS])
