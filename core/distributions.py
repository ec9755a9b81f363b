"""Distributions by inverse transform: a uniform number goes in, a draw comes out.

Quantiles are tabulated once and interpolated linearly, so that no mathematical library is
called at draw time and two platforms, or a compiled engine, draw the same numbers. Tables are
cached and computed when first asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from math import exp, lgamma, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from .arithmetic import exponential, plain_sum, rounded

INTERVALS = 2048
"""Intervals of a table; a power of two makes the index of a uniform number exact."""
_TAIL_POINTS = 4096  # of which the mean of an outermost interval is taken
_LARGE_POISSON_MEAN = 400.0  # exp(-mean) is too small for a float from about 745 on
MOST_PROGENY = 256
"""A total progeny is cut off here: no project has more components."""


class QuantileTable:
    """A distribution as its quantiles at 0, 1/n, 2/n, ... 1.

    They are rounded to 12 significant digits, so that last-bit differences between mathematical
    libraries vanish.
    """

    __slots__ = ("_array", "_intervals", "_values")

    def __init__(self, values: Sequence[float]) -> None:
        """Tabulate the quantiles ``values``, ascending and at least two.

        Raises:
            ValueError: if they are fewer than two or not ascending.
        """
        if len(values) < 2:
            raise ValueError(f"values: {len(values)} given: expected at least two")
        self._values = tuple(rounded(float(value)) for value in values)
        if any(high < low for low, high in pairwise(self._values)):
            raise ValueError("values: expected ascending quantiles")
        self._intervals = len(values) - 1
        self._array = np.asarray(self._values)

    @property
    def values(self) -> tuple[float, ...]:
        """The tabulated quantiles."""
        return self._values

    @property
    def mean(self) -> float:
        """Mean of what the table draws."""
        inner = plain_sum(self._values[1:-1])
        return (inner + 0.5 * (self._values[0] + self._values[-1])) / self._intervals

    def at(self, u: float) -> float:
        """The quantile at ``u`` in [0, 1)."""
        position = u * self._intervals
        index = int(position)
        low = self._values[index]
        return low + (self._values[index + 1] - low) * (position - index)

    def at_all(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """The quantiles at an array of numbers in [0, 1), bit-equal to ``at``."""
        values = self._array
        position = np.asarray(u, dtype=np.float64) * self._intervals
        index = position.astype(np.int64)
        low = values[index]
        return np.asarray(low + (values[index + 1] - low) * (position - index))


@cache
def normal_table() -> QuantileTable:
    """Standard normal distribution (tails beyond about 3.6 cut at their mean)."""
    return _tabulate(np.vectorize(NormalDist().inv_cdf, otypes=[float]))


@cache
def lognormal_table(sigma: float) -> QuantileTable:
    """Lognormal distribution with median 1; sigma, >= 0, is the logarithm's standard deviation.

    Raises:
        ValueError: if sigma is negative.
    """
    if sigma < 0.0:
        raise ValueError(f"sigma: {sigma!r}: expected at least 0")
    inverse = np.vectorize(NormalDist().inv_cdf, otypes=[float])
    return _tabulate(lambda u: np.exp(sigma * inverse(u)))


@cache
def gamma_table(shape: float) -> QuantileTable:
    """Gamma distribution with scale 1, so mean ``shape``.

    Raises:
        ValueError: if the shape is not positive.
    """
    if shape <= 0.0:
        raise ValueError(f"shape: {shape!r}: expected more than 0")
    from scipy.special import gammaincinv  # type: ignore[import-untyped]

    return _tabulate(lambda u: np.asarray(gammaincinv(shape, u)), low=0.0)


@cache
def beta_table(a: float, b: float) -> QuantileTable:
    """Beta distribution on [0, 1] with mean ``a / (a + b)``.

    Raises:
        ValueError: if a parameter is not positive.
    """
    if a <= 0.0 or b <= 0.0:
        raise ValueError(f"a, b: {a!r}, {b!r}: expected more than 0")
    from scipy.special import betaincinv

    return _tabulate(lambda u: np.asarray(betaincinv(a, b, u)), low=0.0, high=1.0)


def poisson_count(mean: float, u: float) -> int:
    """Poisson draw by summing the probabilities of 0, 1, 2, ... up to ``u`` in [0, 1).

    Above a mean of 400 the normal approximation with continuity correction is used.

    Raises:
        ValueError: if the mean is negative.
    """
    if mean < 0.0:
        raise ValueError(f"mean: {mean!r}: expected at least 0")
    if mean > _LARGE_POISSON_MEAN:
        return max(0, int(mean + sqrt(mean) * normal_table().at(u) + 0.5))
    probability = exponential(-mean)
    total, count = probability, 0
    limit = int(mean + 12.0 * sqrt(mean)) + 30
    while u >= total and count < limit:
        count += 1
        probability *= mean / count
        total += probability
    return count


@cache
def total_progeny_table(mean: float) -> tuple[float, ...]:
    """Cumulative probabilities of 1, 2, 3, ... individuals in all, from one ancestor.

    Each individual has a Poisson number of children. The total is Borel distributed, with mean
    ``1 / (1 - mean)`` and, near a mean of 1, a tail that falls as ``n ** -1.5`` only (Borel 1942).

    Returns:
        Up to ``MOST_PROGENY`` entries, rounded to 12 digits so that platforms agree.

    Raises:
        ValueError: if the mean is not in [0, 1).
    """
    if not 0.0 <= mean < 1.0:
        raise ValueError(f"mean: {mean!r}: expected at least 0 and less than 1")
    total = 0.0
    cumulative: list[float] = []
    for count in range(1, MOST_PROGENY + 1):
        if count > 1 and mean == 0.0:
            break
        logarithm = (count - 1) * log(mean * count) if count > 1 else 0.0
        total += exp(logarithm - mean * count - lgamma(count + 1))
        cumulative.append(rounded(min(1.0, total)))
    return tuple(cumulative)


def total_progeny(mean: float, u: float) -> int:
    """Borel draw at ``u`` in [0, 1): individuals in all, 1 to ``MOST_PROGENY``."""
    return min(bisect_right(total_progeny_table(mean), u) + 1, MOST_PROGENY)


def _tabulate(
    quantile: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    low: float | None = None,
    high: float | None = None,
) -> QuantileTable:
    """Tabulate a quantile function.

    ``low`` and ``high`` are the ends of the support; an infinite end (``None``) gets the value
    that gives the outermost interval its true mean, so that the table's mean is right.
    """
    inner = quantile(np.arange(1, INTERVALS) / INTERVALS)
    tail = (np.arange(_TAIL_POINTS) + 0.5) / (_TAIL_POINTS * INTERVALS)
    first = 2.0 * float(quantile(tail).mean()) - float(inner[0]) if low is None else low
    last = 2.0 * float(quantile(1.0 - tail).mean()) - float(inner[-1]) if high is None else high
    return QuantileTable([first, *inner.tolist(), last])
