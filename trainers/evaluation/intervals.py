"""The intervals of golive: every interval over episodes, customers or projects is made here.

A *mean* has Student's interval, widened in one of two ways:

- Where the values have bounds (scores and shares in [0, 1], their differences in [-1, 1]), to
  the two one-sided bounds of Gaffke (2005), each at the interval's level: resample the values with
  random weights, as if one more customer had been seen who scored the least (or the most) that
  is possible. A flip that comes once in thirty customers is mostly not among twelve of them;
  neither the bootstrap nor Student knows of it, this bound does.
- Where they have none (days, money), to the interval of Hall (1992) that corrects for skewness.
  Nothing covers what was never seen there; without any spread the interval has no end.

*Shares* have the exact binomial interval (Clopper and Pearson 1934), *medians* the exact one of
order statistics, interquartile means that of Tukey and McLaughlin (1963), likewise widened.
Ratios, and the probability of improvement over random pairs, are linearised and then are means.
What covers how often is measured by ``python -m benchmarks.coverage``.

Everything takes *strata*, as ``statistics`` does: spread counts within them only.

Sources: Gaffke (2005), "Three test statistics for a nonparametric one-sided hypothesis on the mean
of a nonnegative variable"; Learned-Miller and Thomas (2020), "A new confidence interval for the
mean of a bounded random variable"; Rubin (1981), "The Bayesian bootstrap"; Hall (1992), "On the
removal of skewness by transformation"; Cochran (1977), "Sampling Techniques", for strata and
ratios; Wilcox (2012), "Introduction to Robust Estimation", for trimmed means.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from .interval_ends import (
    Bounds,
    exact_shares,
    linearised_middle,
    middle_with_unseen,
    shares_below,
    skewness_corrected_ends,
    unseen_ends,
)
from .statistics import (
    DEFAULT_LEVEL,
    FloatArray,
    Interval,
    Profile,
    Strata,
    checked_strata,
    generator,
    interquartile_mean,
    paired_differences,
    percentile_interval,
)

UNBOUNDED: Bounds = (-math.inf, math.inf)
SHARE_BOUNDS: Bounds = (0.0, 1.0)
"""Of scores and shares."""
DIFFERENCE_BOUNDS: Bounds = (-1.0, 1.0)
"""Of differences of scores and shares."""
_TABLE_RESAMPLES = 2_000
_ENOUGH_ALIKE = 10
"""Pairs of amounts, all in one proportion, that show it to be the law of the thing."""


def share_interval(successes: int, trials: int, level: float = DEFAULT_LEVEL) -> Interval:
    """Exact (Clopper-Pearson) interval of a share.

    Raises:
        ValueError: no trial, or more successes than trials.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials}: expected 0 to at least 1 trials")
    low, high = exact_shares(np.array([successes]), trials, level)
    return Interval(successes / trials, float(low[0]), float(high[0]), level)


def mean_interval(
    strata: Strata, *, level: float = DEFAULT_LEVEL, bounds: Bounds = UNBOUNDED
) -> Interval:
    """Interval of the mean over all episodes.

    Args:
        strata: values per stratum, none of them empty.
        level: of the interval.
        bounds: values that are possible; finite ones are used, see the module, and the interval
            ends there at the latest.

    Raises:
        ValueError: no stratum, an empty one, a value that is not finite, or a level outside (0, 1).
    """
    return _mean_interval(checked_strata(strata, level), level, bounds, bounds)


def success_interval(strata: Strata, *, level: float = DEFAULT_LEVEL) -> Interval:
    """Exact interval of the share of ones among zeros, ones and halves; strata are pooled."""
    pooled = np.concatenate(checked_strata(strata, level))
    low, high = exact_shares(pooled.sum(keepdims=True), pooled.size, level)
    return Interval(float(pooled.mean()), float(low[0]), float(high[0]), level)


def paired_difference_interval(
    scores: Strata, reference: Strata, *, level: float = DEFAULT_LEVEL, bounds: Bounds = UNBOUNDED
) -> Interval:
    """Interval of the mean of the differences on common seeds; ``bounds`` are the differences'."""
    return mean_interval(paired_differences(scores, reference), level=level, bounds=bounds)


def paired_probability_of_improvement(
    scores: Strata, reference: Strata, *, level: float = DEFAULT_LEVEL
) -> Interval:
    """Probability to do better than the reference on the *same* episode; a tie counts half.

    The exact interval of a share, which ties make a little wider than it need be.
    """
    wins = [np.heaviside(d, 0.5) for d in paired_differences(scores, reference)]
    return success_interval(wins, level=level)


def probability_of_improvement(
    scores: Strata, reference: Strata, *, level: float = DEFAULT_LEVEL
) -> Interval:
    """Probability that a random episode beats a random one of the reference on common seeds.

    The Mann-Whitney statistic over the number of pairs (a tie counts half), within strata, which
    count by their episodes. Its interval is that of the mean of the *placements*: how the
    episodes of one customer fare against everybody's (DeLong, DeLong & Clarke-Pearson 1988).
    """
    paired_differences(scores, reference)
    parts = placements(checked_strata(scores, level), checked_strata(reference, level))
    estimate = float(np.concatenate(parts).mean())
    return _mean_interval(parts, level, (-estimate, 2.0 - estimate), SHARE_BOUNDS, estimate)


def placements(scores: Strata, reference: Strata) -> list[FloatArray]:
    """Of each pair, what it adds to the probability of improvement, of which it is the mean."""
    found = []
    for mine, other in zip(scores, reference, strict=True):
        won = shares_below(mine, other)
        found.append(won + 1.0 - shares_below(other, mine) - won.mean())
    return found


def ratio_interval(
    numerators: Strata,
    denominators: Strata,
    *,
    level: float = DEFAULT_LEVEL,
    most: float = math.inf,
    bounds: Bounds = (0.0, math.inf),
) -> Interval | None:
    """Interval of the ratio of two sums over the same episodes, pairs kept together.

    Args:
        numerators: not negative, per stratum.
        denominators: likewise.
        level: of the interval.
        most: the greatest value that either can have, such as 1 for scores.
        bounds: of the ratio; the interval is cut to them.

    Returns:
        None where the denominators sum to zero; without a width where ten pairs or more are all
        in one proportion.

    Raises:
        ValueError: no stratum, an empty one, or not the same episodes.
    """
    paired_differences(numerators, denominators)
    above, below = np.concatenate(numerators), np.concatenate(denominators)
    if below.sum() == 0.0:
        return None
    ratio, middle = float(above.sum() / below.sum()), float(below.mean())
    linearised = [
        ratio + (mine - ratio * other) / middle
        for mine, other in zip(numerators, denominators, strict=True)
    ]
    if (
        math.isinf(most)
        and above.size >= _ENOUGH_ALIKE
        and np.allclose(above, ratio * below, rtol=1e-12, atol=0.0)
    ):
        return Interval(ratio, ratio, ratio, level)
    support = UNBOUNDED
    if math.isfinite(most):
        support = ratio * (1.0 - most / middle), ratio + most / middle
    return _mean_interval(checked_strata(linearised, level), level, support, bounds, ratio)


def interquartile_mean_interval(
    strata: Strata, *, level: float = DEFAULT_LEVEL, bounds: Bounds = UNBOUNDED
) -> Interval:
    """Interval of the interquartile mean of the pooled episodes; arguments as of the mean."""
    values = checked_strata(strata, level)
    ordered = np.sort(np.concatenate(values))
    trimmed = ordered.size // 4
    if trimmed == 0 or ordered[0] == ordered[-1]:
        return mean_interval(values, level=level, bounds=bounds)
    estimate = float(interquartile_mean(ordered))
    linearised = linearised_middle(values)
    half = student_half_width(linearised, level, ordered.size - 2 * trimmed - len(values))
    skewed = skewness_corrected_ends(linearised, estimate, level)
    unseen = [middle_with_unseen(ordered, end, level) for end in bounds]
    low, high = min(estimate - half, skewed[0], unseen[0]), max(estimate + half, *skewed, unseen[1])
    return _cut(Interval(estimate, low, high, level), bounds)


def median_interval(
    values: ArrayLike, *, level: float = DEFAULT_LEVEL, bounds: Bounds = UNBOUNDED
) -> Interval:
    """Exact interval of a median, from order statistics; too few values leave an end open."""
    from scipy.stats import quantile_test  # type: ignore[import-untyped]

    (sample,) = checked_strata([np.asarray(values, dtype=np.float64)], level)
    found = quantile_test(sample, p=0.5).confidence_interval(level)
    low, high = (
        open_end if math.isnan(end) else float(end)
        for end, open_end in zip((found.low, found.high), UNBOUNDED, strict=True)
    )
    return _cut(Interval(float(np.median(sample)), low, high, level), bounds)


def table_interval(
    rows: FloatArray,
    statistic: Callable[[FloatArray], float],
    purpose: str,
    *,
    level: float = DEFAULT_LEVEL,
    bounds: Bounds = UNBOUNDED,
) -> Interval:
    """Interval of a statistic of a table with a row per project: projects are resampled.

    The wider of the percentile bootstrap, whose draws depend on ``purpose`` alone, and Student's
    interval by the jackknife; as wide as the bounds where no project makes a difference.
    """
    count, estimate = len(rows), float(statistic(rows))
    if count < 2:
        return Interval(estimate, *bounds, level)
    left_out = np.array([statistic(np.delete(rows, row, axis=0)) for row in range(count)])
    half = _half_width([(count - 1) * left_out], level)
    draws = generator(0, "table", purpose).integers(0, count, (_TABLE_RESAMPLES, count))
    drawn = percentile_interval(estimate, np.array([statistic(rows[d]) for d in draws]), level)
    jackknife = Interval(estimate, estimate - half, estimate + half, level)
    return _cut(widest(jackknife, drawn), bounds)


def performance_profile(
    strata: Strata, thresholds: ArrayLike, *, level: float = DEFAULT_LEVEL
) -> Profile:
    """Share of episodes that score strictly above each threshold, with a pointwise exact band."""
    pooled = np.concatenate(checked_strata(strata, level))
    levels = np.asarray(thresholds, dtype=np.float64)
    above = (pooled[:, None] > levels[None, :]).sum(axis=0)
    return Profile(levels, above / pooled.size, *exact_shares(above, pooled.size, level))


def widest(*intervals: Interval) -> Interval:
    """The first one's estimate with the lowest low and the highest high of all."""
    first = intervals[0]
    low = min(interval.low for interval in intervals)
    high = max(interval.high for interval in intervals)
    return Interval(first.estimate, low, high, first.level)


def student_half_width(strata: Strata, level: float, freedom: int | None = None) -> float:
    """Half width of Student's interval of the stratified mean; infinite without spread known.

    ``freedom`` is the number of degrees of freedom; None: of values less strata.
    """
    from scipy.stats import t

    total = sum(values.size for values in strata)
    degrees = total - len(strata)
    if degrees < 1:
        return math.inf
    squares = sum(float(((values - values.mean()) ** 2).sum()) for values in strata)
    error = math.sqrt(squares / degrees / total)
    return (
        float(t.ppf((1.0 + level) / 2.0, max(1, degrees if freedom is None else freedom))) * error
    )


def _mean_interval(
    strata: Strata, level: float, support: Bounds, bounds: Bounds, estimate: float | None = None
) -> Interval:
    """Interval of a mean of values that lie in ``support``, cut to ``bounds``."""
    middle = float(np.concatenate(strata).mean()) if estimate is None else estimate
    is_bounded = bool(np.isfinite(support).all())
    half = student_half_width(strata, level) if is_bounded else _half_width(strata, level)
    low, high = middle - half, middle + half
    if is_bounded:
        ends = unseen_ends(strata, support, level)
    else:
        ends = skewness_corrected_ends(strata, middle, level)
    return _cut(Interval(middle, min(low, ends[0]), max(high, ends[1]), level), bounds)


def _half_width(strata: Strata, level: float) -> float:
    """Student's, infinite where all values of a stratum are the same in each of them."""
    pooled = np.concatenate(strata)
    dust = 1e-12 * float(np.abs(pooled).max())
    same = all(float(np.ptp(values)) <= dust for values in strata)
    return math.inf if same else student_half_width(strata, level)


def _cut(interval: Interval, bounds: Bounds) -> Interval:
    """The interval within bounds."""
    low, high = max(bounds[0], interval.low), min(bounds[1], interval.high)
    return Interval(interval.estimate, low, high, interval.level)
