"""Intervals of policies of several trainings: training seed and customer are two crossed levels.

Every training meets the same customers, so an episode's value is the sum of what the training,
the customer and the two together make of it. What a claim about *trainings* is uncertain by is
the spread of the trainings' means, of which there are few, and that of the customers. Each part
has its own interval, Student's over trainings and that of ``intervals`` over customers less what
trainings and customers do together (which the former holds already); they are put together as the
roots of sums of squares of their ends.

Sources: Searle, Casella and McCulloch (1992), "Variance Components", for two crossed random
factors; Zou and Donner (2008), "Construction of confidence limits about effect measures: a general
approach", for putting intervals together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .interval_ends import Bounds, linearised_middle, shares_below
from .intervals import UNBOUNDED, mean_interval
from .statistics import DEFAULT_LEVEL, FloatArray, Interval

_LEAST_SHARE = 0.01
"""Of the variance of customers' values, that is theirs alone: an estimate of none is luck."""
Tables = Sequence[FloatArray]
"""Per stratum an array of shape (trainings, episodes): every training on the same episodes."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A mean as the trainings and the customers make it.

    Attributes:
        sides: of each policy that has a part in it, what its trainings add, customer by customer.
        customers: per stratum what each customer adds; the estimate is their mean.
    """

    sides: Sequence[Tables]
    customers: Sequence[FloatArray]


def of_mean(scores: Tables) -> Parts:
    """The mean over trainings and customers."""
    return Parts([scores], [table.mean(axis=0) for table in scores])


def of_difference(scores: Tables, reference: Tables) -> Parts:
    """The mean paired difference of two policies, each of one or more trainings."""
    pairs = zip(scores, reference, strict=True)
    customers = [mine.mean(axis=0) - other.mean(axis=0) for mine, other in pairs]
    return Parts([scores, reference], customers)


def of_paired_improvement(scores: Tables, reference: Tables) -> Parts:
    """The share of customers on which a training does better than one of the reference."""
    wins = [
        np.heaviside(mine[:, None, :] - other[None, :, :], 0.5)
        for mine, other in zip(scores, reference, strict=True)
    ]
    sides = [[table.mean(axis=axis) for table in wins] for axis in (1, 0)]
    return Parts(sides, [table.mean(axis=(0, 1)) for table in wins])


def of_unpaired_improvement(scores: Tables, reference: Tables) -> Parts:
    """The probability that a random episode beats a random one of the reference."""
    mine = [shares_below(a, b) for a, b in zip(scores, reference, strict=True)]
    other = [1.0 - shares_below(b, a) for a, b in zip(scores, reference, strict=True)]
    customers = [
        won.mean(axis=0) + lost.mean(axis=0) - won.mean()
        for won, lost in zip(mine, other, strict=True)
    ]
    return Parts([mine, other], customers)


def of_interquartile_mean(scores: Tables) -> Parts:
    """The interquartile mean over trainings and customers, linearised."""
    return of_mean(linearised_middle(scores))


def interval_of_trainings(
    parts: Parts,
    *,
    level: float = DEFAULT_LEVEL,
    support: Bounds = UNBOUNDED,
    bounds: Bounds = UNBOUNDED,
) -> Interval:
    """Interval of a mean over trainings and customers.

    Args:
        parts: what it is the mean of.
        level: of the interval.
        support: values that a customer can add; finite ones are used as in ``mean_interval``.
        bounds: the interval is cut to them.
    """
    count = sum(values.size for values in parts.customers)
    degrees = max(1, count - len(parts.customers))
    squares = sum(float(((v - v.mean()) ** 2).sum()) for v in parts.customers)
    together = sum(_together(side) for side in parts.sides)
    share = 1.0 - together * degrees / squares if squares > 0.0 else 0.0
    shrunk = math.sqrt(max(_LEAST_SHARE, share))
    alone = [v.mean() + shrunk * (v - v.mean()) for v in parts.customers]
    over_customers = mean_interval(alone, level=level, bounds=support)
    estimate = over_customers.estimate
    halves = [_half_over_trainings(side, level) for side in parts.sides]
    low = estimate - math.hypot(estimate - over_customers.low, *halves)
    high = estimate + math.hypot(over_customers.high - estimate, *halves)
    return Interval(estimate, max(bounds[0], low), min(bounds[1], high), level)


def _half_over_trainings(tables: Tables, level: float) -> float:
    """Half of Student's interval over the trainings' means; nothing of a single one."""
    from scipy.stats import t  # type: ignore[import-untyped]

    means = np.concatenate(tables, axis=1).mean(axis=1)
    if means.size < 2:
        return 0.0
    error = float(means.std(ddof=1)) / math.sqrt(means.size)
    return error * float(t.ppf((1.0 + level) / 2.0, means.size - 1))


def _together(tables: Tables) -> float:
    """Variance of a customer's value that comes of trainings and customers together."""
    trainings = len(tables[0])
    if trainings < 2:
        return 0.0
    residuals = np.concatenate(
        [
            table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + table.mean()
            for table in tables
        ],
        axis=1,
    )
    degrees = max(1, int(residuals.shape[1]) - len(tables))
    squares = float((residuals**2).sum())
    return squares / ((trainings - 1) * degrees * trainings)
