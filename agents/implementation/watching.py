"""Watch an implementation: where the crew's hours went, and milestones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ...sim.observer import Observer
from .crew_time import CrewTime, crew_time, total
from .milestones import Milestones


class CrewWatch(Observer):
    """Adds up the crew's hours.

    Attributes:
        hours: so far.
    """

    def __init__(self) -> None:
        self._periods: list[CrewTime] = []
        self._before: Any = None

    @property
    def hours(self) -> CrewTime:
        """The crew's hours so far."""
        return total(self._periods)

    def begun(self, world: Any) -> None:
        """Look at the first morning."""
        self._before = world.briefing()

    def advanced(self, world: Any) -> None:
        """Add the hours of a period."""
        after = world.briefing()
        self._periods.append(crew_time(self._before, after))
        self._before = after

    def figures(self) -> Mapping[str, float]:
        """Hours by what became of them."""
        return {f"hours_{name}": hours for name, hours in asdict(self.hours).items()}


class MilestoneWatch(Observer):
    """Notes the days on which milestones are reached.

    Attributes:
        milestones: so far.
    """

    def __init__(self) -> None:
        self.milestones = Milestones()

    def begun(self, world: Any) -> None:
        """Look at the first morning."""
        self.milestones = Milestones().seen(world.briefing())

    def advanced(self, world: Any) -> None:
        """Look at a morning."""
        self.milestones = self.milestones.seen(world.briefing())

    def figures(self) -> Mapping[str, int | None]:
        """Working days from kick-off, None where never reached."""
        return {f"day_{name}": day for name, day in self.milestones.as_dict().items()}
