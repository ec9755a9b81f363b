"""Statistics of scores, and what intervals are made of.

*Strata* are a sequence with one one-dimensional float array per scenario, holding that
scenario's episodes.

Sources: Agarwal et al. (2021), "Deep Reinforcement Learning at the Edge of the Statistical
Precipice", for the interquartile mean; Efron and Tibshirani (1993), "An Introduction to the
Bootstrap", for the percentile interval.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Strata = Sequence[FloatArray]

DEFAULT_LEVEL = 0.95


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


def resample_counts(size: int, rng: np.random.Generator, resamples: int) -> FloatArray:
    """Draw how often each of ``size`` values comes in each resample; shape (resamples, size)."""
    drawn = rng.integers(0, size, (resamples, size)) + size * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=resamples * size)
    return counts.reshape(resamples, size).astype(np.float64)


def percentile_interval(estimate: float, drawn: FloatArray, level: float) -> Interval:
    """The estimate, with the range that holds the middle of the drawn ones."""
    low, high = np.quantile(drawn, ((1.0 - level) / 2.0, (1.0 + level) / 2.0))
    return Interval(estimate, float(low), float(high), level)


def _refuse_unlike(scores: Strata, reference: Strata) -> None:
    if len(scores) != len(reference):
        raise ValueError(f"strata: {len(scores)} against {len(reference)}: expected as many")


def checked_strata(strata: Strata, level: float = DEFAULT_LEVEL) -> list[FloatArray]:
    """The strata as arrays.

    Raises:
        ValueError: no stratum, an empty one, a value that is not finite, or a level outside (0, 1).
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level: {level!r}: expected a share between 0 and 1")
    if not strata:
        raise ValueError("strata: none given: expected at least one scenario")
    arrays = [np.asarray(values, dtype=np.float64) for values in strata]
    for index, values in enumerate(arrays):
        if values.ndim != 1 or values.size == 0:
            raise ValueError(f"stratum {index}: shape {values.shape}: expected (episodes,) > 0")
        if not np.isfinite(values).all():
            raise ValueError(f"stratum {index}: a value is not finite")
    return arrays
