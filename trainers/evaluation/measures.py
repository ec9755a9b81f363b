"""Measures of a gate: speed, collaboration, and the learning rate of a training's log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from .cells import Episode, strata_of
from .intervals import SHARE_BOUNDS, mean_interval, share_interval
from .statistics import Interval

NEARLY = 0.9
"""Share of the whole gain at which a policy has learned nearly everything."""


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
    """One milestone: share of episodes that reached it, and their mean working day, if any did."""

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
            days = mean_interval(strata, level=level, bounds=(0.0, float("inf")))
        found.append(MilestoneDays(label, share_interval(len(there), len(episodes), level), days))
    return found


def _figure(name: str, episode: Episode) -> float:
    return float(episode.figures[name])


@dataclass(frozen=True, slots=True)
class HoursPart:
    """One part of all hours on duty in all episodes together, with its share of them."""

    label: str
    hours: float
    share: float


@dataclass(frozen=True, slots=True)
class Collaboration:
    """Useful over employable hours, mean over episodes, 0..1, and where all hours went."""

    headline: Interval
    parts: tuple[HoursPart, ...]


def measure_collaboration(episodes: Sequence[Episode], *, level: float) -> Collaboration | None:
    """Collaboration over episodes, each counting alike; None if the world does not tell."""
    teamwork = episodes[0].kind.teamwork
    if teamwork is None:
        return None
    values = strata_of(episodes, lambda e: e.collaboration)
    headline = mean_interval(values, level=level, bounds=SHARE_BOUNDS)
    hours = {name: sum(float(e.figures[name]) for e in episodes) for name in teamwork.parts}
    staffed = sum(hours.values())
    parts = tuple(
        HoursPart(label, hours[name], hours[name] / staffed if staffed > 0.0 else 0.0)
        for name, label in teamwork.parts.items()
    )
    return Collaboration(headline, parts)


@dataclass(frozen=True, slots=True)
class Learning:
    """A learning curve on validation customers, and its figures.

    Attributes:
        steps: environment steps of the evaluations.
        scores: mean score there.
        gain: best score minus the first.
        best_steps: steps at which the best was found.
        nearly_steps: steps after which 90 % of the gain was there.
        gain_per_100k_steps: gain up to there, per 100,000 steps; None if it was there at once.
    """

    steps: tuple[int, ...]
    scores: tuple[float, ...]
    gain: float
    best_steps: int
    nearly_steps: int
    gain_per_100k_steps: float | None


def learning_of(steps: list[int], scores: list[float]) -> Learning | None:
    """The figures of a curve; None without a point."""
    if not steps:
        return None
    best = max(range(len(scores)), key=lambda index: scores[index])
    gain = scores[best] - scores[0]
    wanted = scores[0] + NEARLY * gain
    nearly = next(index for index, score in enumerate(scores) if score >= wanted)
    spent = steps[nearly] - steps[0]
    rate = (scores[nearly] - scores[0]) / spent * 100_000 if spent > 0 else None
    return Learning(tuple(steps), tuple(scores), gain, steps[best], steps[nearly], rate)


def read_learning(policy: Path) -> Learning | None:
    """The learning of a policy's training; None if its log does not lie beside it."""
    found = validation_scores(policy)
    return None if found is None else learning_of(*found)


def validation_scores(policy: Path) -> tuple[list[int], list[float]] | None:
    """Steps and validation scores of a policy's training; None if there is no log beside it."""
    directory = policy if policy.is_dir() else policy.parent
    if not (directory / "curve.jsonl").is_file():
        return None
    # Loads Stable-Baselines3, seconds that a page about baselines need not wait for.
    from ..training.logs import read_learning_curve

    curve = read_learning_curve(directory)
    if "validation/score" not in curve.columns:
        return None
    judged = curve.select("step", "validation/score").drop_nulls()
    return judged["step"].to_list(), judged["validation/score"].to_list()
