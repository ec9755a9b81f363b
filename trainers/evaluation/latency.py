"""Speed: how long decisions take, and how many days an implementation needs to its milestones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from .cells import Episode, strata_of
from .intervals import mean_interval, share_interval
from .statistics import Interval


@dataclass(frozen=True, slots=True)
class Latency:
    """Wall time of decisions, in milliseconds, on the machine that measured it.

    Attributes:
        median_ms: half of the decisions took less.
        p95_ms: 95 % took less.
        most_ms: the slowest.
        decisions: how many.
    """

    median_ms: float
    p95_ms: float
    most_ms: float
    decisions: int


@dataclass(frozen=True, slots=True)
class MilestoneDays:
    """One milestone.

    Attributes:
        name: of the milestone.
        reached: share of episodes that reached it.
        days: mean working day from kick-off of those that did; None if none did.
    """

    name: str
    reached: Interval
    days: Interval | None


def measure_latency(episodes: Sequence[Episode]) -> Latency:
    """Over all decisions of all episodes."""
    times = np.concatenate([np.asarray(e.latencies_ms, dtype=np.float64) for e in episodes])
    median, p95 = np.quantile(times, [0.5, 0.95])
    return Latency(float(median), float(p95), float(times.max()), int(times.size))


def _day(name: str, episode: Episode) -> float:
    return float(episode.milestones.as_dict()[name] or 0)


def measure_milestones(episodes: Sequence[Episode], *, level: float) -> list[MilestoneDays]:
    """How often and when each milestone was reached."""
    found = []
    for name in episodes[0].milestones.as_dict():
        there = [e for e in episodes if e.milestones.as_dict()[name] is not None]
        days = None
        if there:
            strata = strata_of(there, partial(_day, name))
            days = mean_interval(strata, f"days to {name}", level=level, bounds=(0.0, float("inf")))
        found.append(MilestoneDays(name, share_interval(len(there), len(episodes), level), days))
    return found
