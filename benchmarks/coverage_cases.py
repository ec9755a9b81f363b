"""Populations like golive's own data, and the intervals that are counted on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from golive.trainers.evaluation.interval_ends import Bounds
from golive.trainers.evaluation.intervals import (
    DIFFERENCE_BOUNDS,
    SHARE_BOUNDS,
    UNBOUNDED,
    interquartile_mean_interval,
    mean_interval,
    median_interval,
    paired_probability_of_improvement,
    probability_of_improvement,
    ratio_interval,
    success_interval,
)
from golive.trainers.evaluation.statistics import FloatArray, Interval, interquartile_mean

_TRAINING_SPREAD = 0.01
"""Standard deviation of trainings' mean scores: what two runs of golive's own differ by."""

Draw = Callable[[np.random.Generator, int], FloatArray]
"""Draws a sample: a row per customer."""


@dataclass(frozen=True)
class Case:
    """One kind of interval on one population.

    Attributes:
        population: in words.
        figure: what the interval is of.
        draw: a sample of so many customers.
        statistic: the figures of samples, shape (..., customers, values).
        interval: golive's.
    """

    population: str
    figure: str
    draw: Draw
    statistic: Callable[[FloatArray], FloatArray]
    interval: Callable[[FloatArray], Interval | None]


def _flips(share: float, ways: Sequence[float]) -> Draw:
    def draw(rng: np.random.Generator, count: int) -> FloatArray:
        small = rng.normal(0.02, 0.05, count)
        large = rng.choice(ways, count) * rng.uniform(0.3, 0.9, count)
        return np.where(rng.random(count) < share, large, small)[:, None]

    return draw


def _scores(rng: np.random.Generator, count: int, cancelled: float) -> FloatArray:
    lump = rng.uniform(0.0, 0.05, count)
    return np.where(rng.random(count) < cancelled, lump, rng.normal(0.83, 0.05, count).clip(0, 1))


def _lumped(cancelled: float) -> Draw:
    return lambda rng, count: _scores(rng, count, cancelled)[:, None]


def _pairs(rng: np.random.Generator, count: int) -> FloatArray:
    """Scores of two policies on the same customers."""
    common = rng.normal(0.0, 0.04, count)
    both = [(_scores(rng, count, 0.035) + common + lead).clip(0, 1) for lead in (0.02, 0.0)]
    return np.stack(both, axis=1)


def _events(share: float) -> Draw:
    return lambda rng, count: (rng.random(count) < share).astype(np.float64)[:, None]


def _amounts(rng: np.random.Generator, count: int) -> FloatArray:
    """Two amounts per project, such as costs, with a factor in common."""
    common = rng.lognormal(0.0, 0.5, count)
    return np.stack([common * rng.lognormal(0.1, 0.2, count), common], axis=1)


def _long_tailed(rng: np.random.Generator, count: int) -> FloatArray:
    """Amounts as skewed as the defects that escape a project (3.6)."""
    return rng.lognormal(0.0, 0.8, count)[:, None]


def _mean(rows: FloatArray) -> FloatArray:
    return np.asarray(rows[..., 0].mean(axis=-1))


def _ratio(rows: FloatArray) -> FloatArray:
    above, below = np.moveaxis(rows.sum(axis=-2), -1, 0)
    return np.asarray(above / below)


def _mean_case(population: str, draw: Draw, bounds: Bounds = UNBOUNDED) -> Case:
    def interval(rows: FloatArray) -> Interval:
        return mean_interval([rows[:, 0]], bounds=bounds)

    return Case(population, "mean", draw, _mean, interval)


def _share_case(share: float) -> Case:
    return Case(
        f"events of which {share:.1%} happen",
        "share",
        _events(share),
        _mean,
        lambda rows: success_interval([rows[:, 0]]),
    )


def _better(rows: FloatArray) -> FloatArray:
    return np.asarray(np.heaviside(rows[..., 0] - rows[..., 1], 0.5).mean(axis=-1))


def _better_on_random_ones(rows: FloatArray) -> FloatArray:
    if rows.ndim > 2:
        return np.array([_better_on_random_ones(own) for own in rows])
    ordered = np.sort(rows[:, 1])
    return np.asarray(np.searchsorted(ordered, rows[:, 0]).mean() / len(rows))


CASES: tuple[Case, ...] = (
    _mean_case(
        "differences, 3.5 % flips to either side", _flips(0.035, (-1.0, 1.0)), DIFFERENCE_BOUNDS
    ),
    _mean_case("differences, 3.5 % flips to one side", _flips(0.035, (1.0,)), DIFFERENCE_BOUNDS),
    _mean_case("differences, 1 % flips to one side", _flips(0.01, (-1.0,)), DIFFERENCE_BOUNDS),
    _mean_case("scores, 3.5 % near 0", _lumped(0.035), SHARE_BOUNDS),
    _mean_case("scores, 10 % near 0", _lumped(0.1), SHARE_BOUNDS),
    _mean_case("amounts, log-normal", _amounts),
    _mean_case("amounts, long-tailed", _long_tailed),
    *map(_share_case, (0.005, 0.035, 0.2, 0.965, 0.995)),
    Case(
        "scores, 3.5 % near 0",
        "interquartile mean",
        _lumped(0.035),
        lambda rows: interquartile_mean(rows[..., 0]),
        lambda rows: interquartile_mean_interval([rows[:, 0]], bounds=SHARE_BOUNDS),
    ),
    Case(
        "amounts, log-normal",
        "median",
        _amounts,
        lambda rows: np.median(rows[..., 0], axis=-1),
        lambda rows: median_interval(rows[:, 0]),
    ),
    Case(
        "amounts, log-normal",
        "ratio of sums",
        _amounts,
        _ratio,
        lambda rows: ratio_interval([rows[:, 0]], [rows[:, 1]]),
    ),
    Case(
        "scores of two policies",
        "ratio of sums",
        _pairs,
        _ratio,
        lambda rows: ratio_interval([rows[:, 0]], [rows[:, 1]], most=1.0),
    ),
    Case(
        "scores of two policies",
        "better on the same customer",
        _pairs,
        _better,
        lambda rows: paired_probability_of_improvement([rows[:, 0]], [rows[:, 1]]),
    ),
    Case(
        "scores of two policies",
        "better on two random ones",
        _pairs,
        _better_on_random_ones,
        lambda rows: probability_of_improvement([rows[:, 0]], [rows[:, 1]]),
    ),
)


CANCELLED, ALIKE, ALONE = 0.035, 0.6, 0.02
"""Customers whose projects may be cancelled, how often they are, and any other one."""


def scores_of_trainings(
    rng: np.random.Generator, customers: int, trainings: int, against_group: bool
) -> tuple[FloatArray, FloatArray]:
    """Draw scores by training and customer of a policy and of the one it is compared with."""
    customer = rng.normal(0.80, 0.03, customers)
    in_danger = rng.random(customers) < CANCELLED

    def play(lead: float) -> FloatArray:
        score = (customer + lead + rng.normal(0.0, 0.05, customers)).clip(0, 1)
        is_cancelled = in_danger & (rng.random(customers) < ALIKE)
        is_cancelled |= rng.random(customers) < ALONE
        return np.where(is_cancelled, rng.uniform(0.0, 0.05, customers), score)

    def train(count: int, lead: float, spread: float) -> FloatArray:
        return np.stack([play(lead + rng.normal(0.0, spread)) for _ in range(count)])

    other = (trainings, 0.0, _TRAINING_SPREAD) if against_group else (1, 0.0, 0.0)
    return train(trainings, 0.03, _TRAINING_SPREAD), train(*other)
