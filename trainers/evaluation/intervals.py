"""Cautious intervals for verdicts: exact for shares, never narrower than Student's for means.

A bootstrap of a few episodes that all came out alike has no width and proves nothing. What a
gate decides by is therefore the wider of two intervals: the stratified percentile bootstrap,
and Student's t from the spread within strata, which is infinite for a single episode. Shares of
successes have the exact binomial interval.

Sources: Clopper and Pearson (1934) for shares; Efron and Tibshirani (1993) for the bootstrap;
Cochran (1977), "Sampling Techniques", for stratified means and ratio estimates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .statistics import (
    DEFAULT_LEVEL,
    DEFAULT_RESAMPLES,
    FloatArray,
    Interval,
    bootstrap_interval,
    generator,
    mean,
)


def share_interval(successes: int, trials: int, level: float = DEFAULT_LEVEL) -> Interval:
    """Exact (Clopper-Pearson) interval of a share.

    Raises:
        ValueError: no trial, or more successes than trials.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials}: expected 0 to at least 1 trials")
    from scipy.stats import beta  # type: ignore[import-untyped]

    tail = (1.0 - level) / 2.0
    failures = trials - successes
    low = float(beta.ppf(tail, successes, failures + 1)) if successes else 0.0
    high = float(beta.ppf(1.0 - tail, successes + 1, failures)) if failures else 1.0
    return Interval(successes / trials, low, high, level)


def mean_interval(
    strata: Sequence[FloatArray],
    purpose: str,
    *,
    level: float = DEFAULT_LEVEL,
    resamples: int = DEFAULT_RESAMPLES,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> Interval:
    """Cautious interval of the mean over all episodes.

    Args:
        strata: values per stratum, none of them empty.
        purpose: what it is for; the resampling depends on it alone.
        level: of the interval.
        resamples: of the bootstrap.
        bounds: values that are possible; the interval is cut to them.

    Raises:
        ValueError: no stratum, an empty one, or a value that is not finite.
    """
    found = bootstrap_interval(
        strata, mean, generator(0, "mean", purpose), resamples=resamples, level=level
    )
    return _widened(found, student_half_width(strata, level), bounds)


def ratio_interval(
    numerators: Sequence[FloatArray],
    denominators: Sequence[FloatArray],
    purpose: str,
    *,
    level: float = DEFAULT_LEVEL,
    resamples: int = DEFAULT_RESAMPLES,
    bounds: tuple[float, float] = (0.0, math.inf),
) -> Interval | None:
    """Cautious interval of the ratio of two sums over the same episodes, pairs kept together.

    Purpose and bounds are as for ``mean_interval``. None where the denominators sum to zero.

    Raises:
        ValueError: no stratum, an empty one, or not the same episodes.
    """
    above, below = np.concatenate(numerators), np.concatenate(denominators)
    if above.shape != below.shape:
        raise ValueError(f"{above.size} against {below.size} episodes: expected pairs")
    if below.sum() == 0.0:
        return None
    ratio = float(above.sum() / below.sum())

    def of_indices(samples: FloatArray) -> FloatArray:
        rows = samples.astype(np.int64)
        under = below[rows].sum(axis=-1)
        safe = np.where(under == 0.0, 1.0, under)
        return np.asarray(np.where(under == 0.0, ratio, above[rows].sum(axis=-1) / safe))

    found = bootstrap_interval(
        _indices(numerators),
        of_indices,
        generator(0, "ratio", purpose),
        resamples=resamples,
        level=level,
    )
    residuals = [
        (mine - ratio * other) / float(below.mean())
        for mine, other in zip(numerators, denominators, strict=True)
    ]
    return _widened(found, student_half_width(residuals, level), bounds)


def widest(*intervals: Interval) -> Interval:
    """The first one's estimate with the lowest low and the highest high of all."""
    first = intervals[0]
    low = min(interval.low for interval in intervals)
    high = max(interval.high for interval in intervals)
    return Interval(first.estimate, low, high, first.level)


def _indices(strata: Sequence[FloatArray]) -> list[FloatArray]:
    """Strata of episode numbers in place of values, so that pairs are resampled together."""
    numbers, start = [], 0
    for values in strata:
        numbers.append(np.arange(start, start + values.size, dtype=np.float64))
        start += values.size
    return numbers


def student_half_width(strata: Sequence[FloatArray], level: float) -> float:
    """Half width of Student's interval of the stratified mean; infinite without spread known."""
    from scipy.stats import t

    total = sum(values.size for values in strata)
    freedom = total - len(strata)
    if freedom < 1:
        return math.inf
    squares = sum(float(((values - values.mean()) ** 2).sum()) for values in strata)
    error = math.sqrt(squares / freedom / total)
    return float(t.ppf((1.0 + level) / 2.0, freedom)) * error


def _widened(found: Interval, half_width: float, bounds: tuple[float, float]) -> Interval:
    low = min(found.low, found.estimate - half_width)
    high = max(found.high, found.estimate + half_width)
    return Interval(found.estimate, max(bounds[0], low), min(bounds[1], high), found.level)
