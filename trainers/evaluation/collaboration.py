"""Collaboration: how much of the time in which people had work they spent on useful work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cells import Episode, strata_of
from .intervals import mean_interval
from .statistics import Interval


@dataclass(frozen=True, slots=True)
class HoursPart:
    """One part of all hours on duty.

    Attributes:
        label: what became of them.
        hours: of all episodes together.
        share: of all hours on duty; the shares sum to 1 unless nobody was on duty.
    """

    label: str
    hours: float
    share: float


@dataclass(frozen=True, slots=True)
class Collaboration:
    """The headline and its parts.

    Attributes:
        headline: mean over episodes of useful over employable hours, 0..1.
        parts: where the hours went.
    """

    headline: Interval
    parts: tuple[HoursPart, ...]


def measure_collaboration(episodes: Sequence[Episode], *, level: float) -> Collaboration | None:
    """Collaboration over episodes, each counting alike; None if the world does not tell."""
    teamwork = episodes[0].kind.teamwork
    if teamwork is None:
        return None
    values = strata_of(episodes, lambda e: e.collaboration)
    headline = mean_interval(values, "collaboration", level=level, bounds=(0.0, 1.0))
    hours = {name: sum(float(e.figures[name]) for e in episodes) for name in teamwork.parts}
    staffed = sum(hours.values())
    parts = tuple(
        HoursPart(label, hours[name], hours[name] / staffed if staffed > 0.0 else 0.0)
        for name, label in teamwork.parts.items()
    )
    return Collaboration(headline, parts)
