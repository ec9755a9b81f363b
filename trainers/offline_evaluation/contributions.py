"""Estimates as sums of ratios of sums over episodes, so that one bootstrap serves them all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..evaluation.intervals import student_half_width, widest
from ..evaluation.statistics import (
    DEFAULT_LEVEL,
    Interval,
    generator,
    percentile_interval,
    resample_counts,
)
from .question import FloatArray

Strata = Sequence[NDArray[np.int64]]

DEFAULT_RESAMPLES = 2_000


@dataclass(frozen=True)
class Contributions:
    """An estimate ``sum_k (sum_i numerators_ik) / (sum_i denominators_ik)`` over episodes i.

    Attributes:
        numerators: float64 (episodes, terms).
        denominators: float64 (episodes, terms), not negative.
    """

    numerators: FloatArray
    denominators: FloatArray

    @classmethod
    def of_mean(cls, values: FloatArray) -> Contributions:
        """The mean of a value per episode; float64 (episodes,)."""
        return cls(values[:, None], np.ones((values.size, 1)))

    def estimates(self, counts: FloatArray) -> FloatArray:
        """The estimate for samples in which episodes occur so often.

        Args:
            counts: float64 (samples, episodes).

        Returns:
            float64 (samples,); a term whose denominators are all 0 adds nothing.
        """
        below = counts @ self.denominators
        above = counts @ self.numerators
        ratios = np.divide(above, below, out=np.zeros_like(above), where=below > 0.0)
        return np.asarray(ratios.sum(axis=1))

    def estimate(self) -> float:
        """The estimate from every episode once."""
        return float(self.estimates(np.ones((1, self.numerators.shape[0])))[0])

    def influences(self) -> FloatArray:
        """float64 (episodes,), moves of the estimate by each episode (linearised), mean 0."""
        below = self.denominators.mean(axis=0)
        safe = np.where(below > 0.0, below, 1.0)
        ratios = np.where(below > 0.0, self.numerators.mean(axis=0) / safe, 0.0)
        return np.asarray(((self.numerators - ratios * self.denominators) / safe).sum(axis=1))


def counts_of_resamples(strata: Strata, purpose: str, resamples: int) -> FloatArray:
    """Counts of each episode in each resample, drawn within strata.

    Args:
        strata: indices of episodes; together every episode once.
        purpose: what it is for; the draws depend on it alone.
        resamples: how many.

    Returns:
        float64 (resamples, episodes).
    """
    rng = generator(0, "offline evaluation", purpose)
    counts = np.zeros((resamples, sum(rows.size for rows in strata)))
    for rows in strata:
        counts[:, rows] = resample_counts(rows.size, rng, resamples)
    return counts


def cautious_interval(
    estimate: float,
    drawn: FloatArray,
    influences: FloatArray,
    strata: Strata,
    level: float = DEFAULT_LEVEL,
) -> Interval:
    """The wider of the percentile bootstrap and Student's interval from the influences.

    A bootstrap of a few episodes that came out alike has no width and proves nothing. Stratified
    influences follow Cochran (1977), "Sampling Techniques".
    """
    half = student_half_width([influences[rows] for rows in strata], level)
    return widest(
        percentile_interval(estimate, drawn, level),
        Interval(estimate, estimate - half, estimate + half, level),
    )


def refitted_interval(
    estimate: float,
    drawn: FloatArray,
    influences: FloatArray,
    strata: Strata,
    level: float = DEFAULT_LEVEL,
) -> Interval:
    """The widest of ``cautious_interval`` and Student's interval from the spread of the draws.

    A few dozen refits tell their spread, and hardly where their outermost fortieth begins; a
    resample of n episodes varies less than n fresh ones, by the root of (n - 1) / n.
    """
    from scipy.stats import t  # type: ignore[import-untyped]

    freedom = influences.size - len(strata)
    found = cautious_interval(estimate, drawn, influences, strata, level)
    if freedom < 1 or drawn.size < 2:
        return found
    error = float(drawn.std(ddof=1)) * math.sqrt(influences.size / freedom)
    half = float(t.ppf((1.0 + level) / 2.0, freedom)) * error
    return widest(found, Interval(estimate, estimate - half, estimate + half, level))
