"""The ends of intervals by the methods that ``intervals`` puts together; its sources hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .statistics import FloatArray, Strata, generator, interquartile_mean

Bounds = tuple[float, float]
_MOST_WEIGHED = 500
"""Values weighed one by one; of more, neighbours are weighed together."""
_WEIGHTINGS = 4_000


def unseen_ends(strata: Strata, support: Bounds, level: float) -> Bounds:
    """Gaffke's one-sided bounds: the weighted mean with one more customer at the support's end."""
    share = min(1.0, _MOST_WEIGHED / sum(values.size for values in strata))
    sizes, means = [], []
    for values in strata:
        groups = max(1, math.ceil(share * values.size))
        starts = np.arange(groups) * values.size // groups
        counts = np.diff(starts, append=values.size)
        sizes.append(tuple(counts.tolist()))
        means.append(np.add.reduceat(np.sort(values), starts) / counts)
    seen, unseen = _weights(tuple(sizes))
    drawn = seen @ np.concatenate(means)
    low, high = (drawn + unseen * end for end in support)
    return float(np.quantile(low, 1.0 - level)), float(np.quantile(high, level))


@lru_cache(maxsize=4)
def _weights(sizes: tuple[tuple[int, ...], ...]) -> tuple[FloatArray, FloatArray]:
    """Random weights of groups of so many values by stratum, and of the one that is unseen.

    Within a stratum they are Dirichlet; a stratum weighs as much as it has values. They are of
    shape (draws, groups) and (draws,), and depend on the sizes alone.
    """
    rng, total = generator(0, "unseen"), sum(map(sum, sizes))
    parts = []
    for counts in sizes:
        drawn = rng.standard_gamma(np.array(counts), (_WEIGHTINGS, len(counts)))
        parts.append(drawn * (sum(counts) / total / drawn.sum(axis=1, keepdims=True)))
    unseen = rng.beta(1.0, total, _WEIGHTINGS)
    return np.concatenate(parts, axis=1) * (1.0 - unseen)[:, None], unseen


def skewness_corrected_ends(strata: Strata, middle: float, level: float) -> Bounds:
    """Ends of Hall's (1992) interval by a monotone cubic transformation of Student's statistic."""
    from scipy.stats import t  # type: ignore[import-untyped]

    residuals = np.concatenate([values - values.mean() for values in strata])
    count, degrees = residuals.size, residuals.size - len(strata)
    spread = float((residuals**2).sum())
    if degrees < 1 or spread == 0.0:
        return middle, middle
    deviation = math.sqrt(spread / degrees)
    skewness = float((residuals**3).mean()) / math.pow(spread / count, 1.5)
    if abs(skewness) < 1e-9:
        return middle, middle
    quantile = float(t.ppf((1.0 + level) / 2.0, degrees)) / math.sqrt(count)

    def end(value: float) -> float:
        straight = 1.0 + skewness * (value - skewness / (6.0 * count))
        return middle - deviation * 3.0 / skewness * (math.cbrt(straight) - 1.0)

    return end(quantile), end(-quantile)


def linearised_middle(parts: Sequence[FloatArray]) -> list[FloatArray]:
    """Make of each value what it adds to the interquartile mean of all, which is their mean.

    A part may be of any shape; the quarters at the ends add as much as the values next to them.
    """
    ordered = np.sort(np.concatenate([part.ravel() for part in parts]))
    trimmed = ordered.size // 4
    ends = ordered[trimmed], ordered[ordered.size - 1 - trimmed]
    clipped = [np.clip(part, *ends) for part in parts]
    centre = np.concatenate([part.ravel() for part in clipped]).mean()
    middle, kept = interquartile_mean(ordered), 1.0 - 2.0 * trimmed / ordered.size
    return [np.asarray(middle + (part - centre) / kept) for part in clipped]


def middle_with_unseen(ordered: FloatArray, end: float, level: float) -> float:
    """The interquartile mean if as many as can be unseen at the level lay at the support's end."""
    count = ordered.size
    unseen = 1.0 - (1.0 - level) ** (1.0 / count)
    if not math.isfinite(end):
        return float(interquartile_mean(ordered))
    at = int(np.searchsorted(ordered, end))
    values = np.insert(ordered, at, end)
    weights = np.insert(np.full(count, (1.0 - unseen) / count), at, unseen)
    reached = np.clip(np.cumsum(weights), 0.25, 0.75)
    return float(np.diff(reached, prepend=0.25) @ values) / 0.5


def exact_shares(
    successes: NDArray[np.number[Any]], trials: int, level: float
) -> tuple[FloatArray, FloatArray]:
    """Ends of the exact intervals of shares; of halves between those of their neighbours."""
    from scipy.stats import beta

    tail, failures = (1.0 - level) / 2.0, trials - successes
    some, some_failed = np.where(successes > 0, successes, 1), np.where(failures > 0, failures, 1)
    low = np.where(successes > 0, beta.ppf(tail, some, failures + 1), 0.0)
    high = np.where(failures > 0, beta.ppf(1.0 - tail, successes + 1, some_failed), 1.0)
    return low, high


def shares_below(values: FloatArray, others: FloatArray) -> FloatArray:
    """Of each value the share of the others below it; those equal to it count half."""
    ordered = np.sort(others, axis=None)
    ranks = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    return np.asarray(ranks / (2.0 * others.size))
