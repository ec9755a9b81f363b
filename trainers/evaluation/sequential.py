"""Experiments that may be looked at every day: intervals that hold at all times together.

Who looks at a usual interval each morning and stops when it leaves zero is wrong far oftener than
it says. A confidence sequence holds at all looks at once. This one is the asymptotic normal mixture
of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024, "Time-uniform central limit theory and
asymptotic confidence sequences", Annals of Statistics 52(6), theorem 2.2): it asks for no more than
that fresh observations have means given the past, which may drift, and a variance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ...core.errors import GoliveError
from .statistics import FloatArray, Interval

LEAST_UNITS = 50
"""Units before which nothing is said: the variance is not known before."""
SURE_SPLIT = 0.001
"""Probability below which a split that is not as planned is called broken."""


class Verdict(StrEnum):
    """Judgements of an experiment, of B against A."""

    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Look:
    """Result of one look.

    Attributes:
        units: that had been observed.
        interval: of B minus A; None before there are enough.
        verdict: by this look's interval.
    """

    units: int
    interval: Interval | None
    verdict: Verdict


def sequence_half_width(units: int, sd: float, level: float, best_at: int) -> float:
    """Half the width of the confidence sequence of a mean.

    Args:
        units: observed so far.
        sd: their standard deviation.
        level: probability that the mean is within at all looks together.
        best_at: units at which it is as narrow as it can be.
    """
    alpha = 1.0 - level
    wish = -2.0 * math.log(alpha)
    rho2 = (wish + math.log(wish + 1.0)) / best_at
    grown = units * rho2 + 1.0
    return sd * math.sqrt(2.0 * grown / (units**2 * rho2) * math.log(math.sqrt(grown) / alpha))


def looks_at(
    values: FloatArray,
    ends: Sequence[int],
    *,
    level: float = 0.95,
    best_at: int = 500,
    blocks: NDArray[np.int64] | None = None,
) -> list[Look]:
    """Results of looking again and again.

    Args:
        values: of the units in the order in which they were observed, each an unbiased estimate
            of B minus A given the past, float64 (units,).
        ends: units that had been observed at each look, growing.
        level: that all looks' intervals hold with together.
        best_at: units at which the intervals are as narrow as they can be.
        blocks: growing numbers of the units' days, int64 (units,): what varies between days as a
            whole then widens the intervals. None: units were drawn by lot, each by itself.

    Raises:
        GoliveError: a level or a number of units that there cannot be.
    """
    if not 0.5 < level < 1.0:
        raise GoliveError(f"level: {level!r}: expected more than 0.5 and less than 1")
    if best_at < 1:
        raise GoliveError(f"best_at: {best_at!r}: expected at least 1")
    found = []
    sums, squares = np.cumsum(values), np.cumsum(values**2)
    for units in ends:
        if units < LEAST_UNITS:
            found.append(Look(units, None, Verdict.UNDECIDED))
            continue
        mean = float(sums[units - 1]) / units
        variance = max(0.0, float(squares[units - 1]) / units - mean * mean)
        if blocks is not None:
            together = np.bincount(blocks[:units] - blocks[0], values[:units] - mean)
            variance = max(variance, float(together @ together) / units)
        half = sequence_half_width(units, math.sqrt(variance), level, best_at)
        interval = Interval(mean, mean - half, mean + half, level)
        found.append(Look(units, interval, verdict_of(interval)))
    return found


def verdict_of(interval: Interval) -> Verdict:
    """Better or worse where the interval of B minus A leaves no doubt."""
    if interval.above(0.0):
        return Verdict.BETTER
    return Verdict.WORSE if interval.below(0.0) else Verdict.UNDECIDED


def decided_at(looks: Sequence[Look]) -> int | None:
    """The place of the first look that decides, at which the experiment can be stopped."""
    places = (n for n, look in enumerate(looks) if look.verdict is not Verdict.UNDECIDED)
    return next(places, None)


def assigned_values(outcomes: FloatArray, is_b: FloatArray, share: float) -> FloatArray:
    """Estimates of B minus A from units of which each was done by one of the two.

    Each outcome is weighed by the inverse of the chance of what it was assigned to, less what
    units were worth before it: that has the right mean whatever the outcomes are, and the less
    noise the better the past foretells. (Augmented inverse probability weighting with one
    regression for both arms.)

    Args:
        outcomes: of the units, in the order in which they were observed, float64 (units,).
        is_b: 1 where B did it, else 0, float64 (units,).
        share: chance of B.
    """
    before = np.concatenate([[0.0], np.cumsum(outcomes)[:-1]])
    usual = before / np.maximum(1.0, np.arange(len(outcomes)))
    weights = is_b / share - (1.0 - is_b) / (1.0 - share)
    found: FloatArray = weights * (outcomes - usual)
    return found


def split_probability(of_b: int, units: int, share: float) -> float:
    """Probability of a split at least so far from plan, by chi-square: the sample-ratio check.

    Raises:
        GoliveError: there are no units.
    """
    from scipy.stats import chisquare  # type: ignore[import-untyped]

    if units < 1:
        raise GoliveError("units: 0: expected at least 1 to check their split")
    expected = [units * (1.0 - share), units * share]
    return float(chisquare([units - of_b, of_b], expected).pvalue)
