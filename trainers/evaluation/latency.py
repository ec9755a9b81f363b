"""Speed: how long decisions take, and how many days it is to the milestones."""

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
        name: of the milestone, in words.
        reached: share of episodes that reached it.
        mean_days: mean working day from the beginning of those that did; None if none did.
    """

    name: str
    reached: Interval
    mean_days: Interval | None


def measure_latency(episodes: Sequence[Episode]) -> Latency:
    """Latency over all decisions of all episodes."""
    times = np.concatenate([np.asarray(e.figures["latencies_ms"], np.float64) for e in episodes])
    median, p95 = np.quantile(times, [0.5, 0.95])
    return Latency(float(median), float(p95), float(times.max()), int(times.size))


def measure_milestones(episodes: Sequence[Episode], *, level: float) -> list[MilestoneDays]:
    """Shares and days of the world's milestones."""
    found = []
    for name, label in episodes[0].kind.milestones.items():
        there = [e for e in episodes if e.figures[name] is not None]
        days = None
        if there:
            strata = strata_of(there, partial(_figure, name))
            purpose = f"days to {name.removeprefix('day_')}"
            days = mean_interval(strata, purpose, level=level, bounds=(0.0, float("inf")))
        found.append(MilestoneDays(label, share_interval(len(there), len(episodes), level), days))
    return found


def _figure(name: str, episode: Episode) -> float:
    return float(episode.figures[name])
