"""Collaboration: how much of the time in which the crew had work it spent on useful work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ...agents.implementation.crew_time import CrewTime, total
from .cells import Episode, strata_of
from .intervals import mean_interval
from .statistics import Interval


@dataclass(frozen=True, slots=True)
class Collaboration:
    """The headline and its parts.

    Attributes:
        headline: mean over episodes of useful over employable hours, 0..1.
        hours: of all episodes together.
    """

    headline: Interval
    hours: CrewTime

    def shares(self) -> dict[str, float]:
        """Parts of all hours on duty, by name; they sum to 1 unless nobody was on duty."""
        staffed = self.hours.staffed
        return {
            name: hours / staffed if staffed > 0.0 else 0.0
            for name, hours in asdict(self.hours).items()
        }


def measure_collaboration(episodes: Sequence[Episode], *, level: float) -> Collaboration:
    """Collaboration over episodes, each counting alike."""
    values = strata_of(episodes, lambda e: e.crew_time.collaboration)
    headline = mean_interval(values, "collaboration", level=level, bounds=(0.0, 1.0))
    return Collaboration(headline, total(e.crew_time for e in episodes))
