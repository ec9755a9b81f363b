"""Statistics of scores: interquartile mean, bootstrap intervals, paired comparisons.

Everything takes *strata*: a sequence with one one-dimensional float array per scenario,
holding that scenario's episodes. Resampling stays inside a stratum, so that no resample
has more of one scenario than the evaluation had. All randomness comes from the generator
that is passed in; the global generator is never touched.

Sources: Agarwal et al. (2021), "Deep Reinforcement Learning at the Edge of the Statistical
Precipice" (interquartile mean, stratified bootstrap, probability of improvement, performance
profiles); Efron and Tibshirani (1993), "An Introduction to the Bootstrap" (percentile
interval); Mann and Whitney (1947) for the probability that one sample exceeds another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Strata = Sequence[FloatArray]
Statistic = Callable[[FloatArray], FloatArray]
"""From resamples of shape (B, n) to statistics of shape (B,)."""

DEFAULT_RESAMPLES = 10_000
DEFAULT_LEVEL = 0.95
_CELLS_AT_ONCE = 4_000_000
"""Resampled values held in memory at one time (32 MB of float64)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its confidence interval."""

    estimate: float
    low: float
    high: float
    level: float = DEFAULT_LEVEL

    def above(self, value: float) -> bool:
        """True if the whole interval lies above the value."""
        return self.low > value

    def below(self, value: float) -> bool:
        """True if the whole interval lies below the value."""
        return self.high < value


@dataclass(frozen=True, slots=True)
class Profile:
    """Share of episodes that score above each threshold, with a pointwise band; shape (T,)."""

    thresholds: FloatArray
    share: FloatArray
    low: FloatArray
    high: FloatArray


def generator(seed: int, *purpose: str) -> np.random.Generator:
    """A generator that depends on the seed and on what it is for, and on nothing else.

    An interval is then the same whatever other intervals are computed before it.
    """
    key = hashlib.blake2b("\x1f".join(purpose).encode(), digest_size=16).digest()
    words = np.frombuffer(key, dtype=np.uint32).tolist()
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))


def mean(samples: ArrayLike) -> FloatArray:
    """Mean along the last axis."""
    return np.asarray(np.mean(np.asarray(samples, dtype=np.float64), axis=-1))


def interquartile_mean(samples: ArrayLike) -> FloatArray:
    """Mean of the middle half along the last axis: a quarter is trimmed from each end.

    With n values, ``n // 4`` are dropped from each end.
    """
    values = np.asarray(samples, dtype=np.float64)
    count = values.shape[-1]
    trimmed = count // 4
    if trimmed == 0:
        return np.asarray(values.mean(axis=-1))
    ordered = np.sort(values, axis=-1)
    return np.asarray(ordered[..., trimmed : count - trimmed].mean(axis=-1))


def bootstrap_interval(
    strata: Strata,
    statistic: Statistic,
    rng: np.random.Generator,
    *,
    resamples: int = DEFAULT_RESAMPLES,
    level: float = DEFAULT_LEVEL,
) -> Interval:
    """Percentile interval of a statistic of the pooled episodes, resampled within strata.

    ``resamples`` and ``level`` are also the options of the paired intervals.

    Raises:
        ValueError: no stratum, an empty stratum, a value that is not finite, or a level
            outside (0, 1).
    """
    checked = _checked(strata)
    drawn = [
        statistic(_resampled(checked, indices))
        for indices in _index_batches(checked, rng, resamples)
    ]
    estimate = statistic(np.concatenate(checked)[None, :])[0]
    return percentile_interval(float(estimate), np.concatenate(drawn), level)


def paired_differences(scores: Strata, reference: Strata) -> list[FloatArray]:
    """Per stratum, score minus reference score, episode by episode.

    Raises:
        ValueError: the two do not have the same strata and episodes.
    """
    _refuse_unlike(scores, reference)
    for index, (mine, other) in enumerate(zip(scores, reference, strict=True)):
        if mine.shape != other.shape:
            raise ValueError(
                f"stratum {index}: {mine.size} against {other.size} episodes: expected pairs"
            )
    return [mine - other for mine, other in zip(scores, reference, strict=True)]


def paired_difference_interval(
    scores: Strata,
    reference: Strata,
    rng: np.random.Generator,
    *,
    statistic: Statistic = mean,
    **options: Any,
) -> Interval:
    """Mean (or another statistic) of the differences on common seeds, pairs resampled together."""
    differences = paired_differences(scores, reference)
    return bootstrap_interval(differences, statistic, rng, **options)


def paired_probability_of_improvement(
    scores: Strata, reference: Strata, rng: np.random.Generator, **options: Any
) -> Interval:
    """Probability to do better than the reference on the *same* episode; a tie counts half."""
    wins = [np.heaviside(d, 0.5) for d in paired_differences(scores, reference)]
    return bootstrap_interval(wins, mean, rng, **options)


def probability_of_improvement(
    scores: Strata,
    reference: Strata,
    rng: np.random.Generator,
    *,
    resamples: int = DEFAULT_RESAMPLES,
    level: float = DEFAULT_LEVEL,
) -> Interval:
    """Probability that a random episode beats a random episode of the reference.

    The Mann-Whitney statistic over the number of pairs (a tie counts half), averaged over
    strata with equal weight. The two samples are resampled independently, so they need not
    be equally long; for scores on common seeds that makes the interval a little too wide.
    """
    mine, other = _checked(scores), _checked(reference)
    _refuse_unlike(mine, other)
    estimate = 0.0
    drawn = np.zeros(resamples)
    for left, right in zip(mine, other, strict=True):
        wins = np.heaviside(left[:, None] - right[None, :], 0.5)
        estimate += float(wins.mean()) / len(mine)
        drawn += _resampled_wins(wins, rng, resamples) / len(mine)
    return percentile_interval(estimate, drawn, level)


def performance_profile(
    strata: Strata,
    thresholds: ArrayLike,
    rng: np.random.Generator,
    *,
    resamples: int = 2_000,
    level: float = DEFAULT_LEVEL,
) -> Profile:
    """Share of episodes that score strictly above each threshold, with a pointwise band."""
    checked = _checked(strata)
    levels = np.asarray(thresholds, dtype=np.float64)
    above = [(values[:, None] > levels[None, :]).astype(np.float64) for values in checked]
    total = sum(values.size for values in checked)
    drawn = np.zeros((resamples, levels.size))
    for values, table in zip(checked, above, strict=True):
        drawn += resample_counts(values.size, rng, resamples) @ table / total
    low, high = np.quantile(drawn, _tails(level), axis=0)
    share = np.asarray(sum(table.sum(axis=0) for table in above)) / total
    return Profile(levels, share, low, high)


def _resampled_wins(wins: FloatArray, rng: np.random.Generator, resamples: int) -> FloatArray:
    """Mean of the win table under resampled rows and columns; shape (resamples,)."""
    rows, columns = wins.shape
    result = np.empty(resamples)
    for start, stop in _batches(resamples, rows + columns):
        left = resample_counts(rows, rng, stop - start)
        right = resample_counts(columns, rng, stop - start)
        result[start:stop] = np.einsum("bj,bj->b", left @ wins, right) / (rows * columns)
    return result


def resample_counts(size: int, rng: np.random.Generator, resamples: int) -> FloatArray:
    """Draw how often each of ``size`` values comes in each resample; shape (resamples, size)."""
    drawn = rng.integers(0, size, (resamples, size)) + size * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=resamples * size)
    return counts.reshape(resamples, size).astype(np.float64)


def _index_batches(
    strata: Sequence[FloatArray], rng: np.random.Generator, resamples: int
) -> Iterator[list[NDArray[np.int64]]]:
    total = sum(values.size for values in strata)
    for start, stop in _batches(resamples, total):
        yield [rng.integers(0, values.size, (stop - start, values.size)) for values in strata]


def _batches(resamples: int, width: int) -> Iterator[tuple[int, int]]:
    rows = max(1, _CELLS_AT_ONCE // max(1, width))
    for start in range(0, resamples, rows):
        yield start, min(resamples, start + rows)


def _resampled(strata: Sequence[FloatArray], indices: Sequence[NDArray[np.int64]]) -> FloatArray:
    """Pooled resamples, each stratum by its own indices; shape (resamples, episodes)."""
    parts = [values[rows] for values, rows in zip(strata, indices, strict=True)]
    return np.concatenate(parts, axis=1)


def percentile_interval(estimate: float, drawn: FloatArray, level: float) -> Interval:
    """The estimate, with the range that holds the middle of the drawn ones."""
    low, high = np.quantile(drawn, _tails(level))
    return Interval(estimate, float(low), float(high), level)


def _tails(level: float) -> tuple[float, float]:
    if not 0.0 < level < 1.0:
        raise ValueError(f"level: {level!r}: expected a share between 0 and 1")
    return (1.0 - level) / 2.0, (1.0 + level) / 2.0


def _refuse_unlike(scores: Strata, reference: Strata) -> None:
    if len(scores) != len(reference):
        raise ValueError(f"strata: {len(scores)} against {len(reference)}: expected as many")


def _checked(strata: Strata) -> list[FloatArray]:
    if not strata:
        raise ValueError("strata: none given: expected at least one scenario")
    arrays = [np.asarray(values, dtype=np.float64) for values in strata]
    for index, values in enumerate(arrays):
        if values.ndim != 1 or values.size == 0:
            raise ValueError(f"stratum {index}: shape {values.shape}: expected (episodes,) > 0")
        if not np.isfinite(values).all():
            raise ValueError(f"stratum {index}: a value is not finite")
    return arrays
