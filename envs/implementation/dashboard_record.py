"""The content of a dashboard, taken from a world that records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...sim.implementation.briefing import Briefing
from ...sim.implementation.scorecard import Scorecard

if TYPE_CHECKING:
    import polars

    from ...sim.implementation.world import ImplementationWorld


@dataclass(frozen=True, slots=True)
class DashboardRecord:
    """One implementation so far.

    Attributes:
        customer: the customer's name.
        scenario: the scenario's title.
        sites: names of the customer's sites, in order.
        history: a briefing per decision point, at least one; the last is today's.
        gantt: what each member did (``ImplementationWorld.gantt``).
        scorecard: the outcome, once the episode is over.
    """

    customer: str
    scenario: str
    sites: tuple[str, ...]
    history: tuple[Briefing, ...]
    gantt: polars.DataFrame
    scorecard: Scorecard | None

    @property
    def today(self) -> Briefing:
        """The last briefing."""
        return self.history[-1]

    @classmethod
    def of_world(cls, world: ImplementationWorld) -> DashboardRecord:
        """The record of a world made with ``record=True``."""
        history = tuple(world.history)
        today = world.briefing()
        if not history or history[-1].calendar.day != today.calendar.day:
            history = (*history, today)
        return cls(
            customer=world.customer.name or f"Customer {world.seed}",
            scenario=world.scenario.title,
            sites=tuple(site.name for site in world.customer.sites),
            history=history,
            gantt=world.gantt(),
            scorecard=world.scorecard() if world.finished else None,
        )
