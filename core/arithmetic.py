"""Arithmetic that gives the same bits on every Python, platform and mathematical library.

Additions, products, quotients and square roots of floats are exact to the bit everywhere (IEEE
754). ``sum`` is not: Python compensates it from 3.12 on. Nor are powers, exponentials and
logarithms, whose last digit is the C library's own choice. Whatever a digest depends on takes the
functions of this module; ``tools/check_same_bits.py`` sees to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import reduce
from operator import add, index

import numpy as np
from numpy.typing import NDArray

SIGNIFICANT_DIGITS = 12
"""Mathematical libraries differ in the last of a float's 16; a few more are left for what is
computed from such numbers."""


def plain_sum(values: Iterable[float]) -> float:
    """Sum of floats, added one after the other; 0.0 if there are none."""
    return reduce(add, values, 0.0)


def whole_sum(values: Iterable[int]) -> int:
    """Sum of whole numbers, or of conditions: how many hold.

    Raises:
        TypeError: one of them is a float; ``plain_sum`` adds those.
    """
    return index(sum(values))


def power(base: float, exponent: float) -> float:
    """``base ** exponent`` of a base that is not negative, to 12 significant digits."""
    return rounded(math.pow(base, exponent))


def exponential(value: float) -> float:
    """``e ** value``, to 12 significant digits."""
    return rounded(math.exp(value))


def binary_logarithm(value: float) -> float:
    """Logarithm to base 2 of a positive number, to 12 significant digits."""
    return rounded(math.log2(value))


def rounded(value: float) -> float:
    """A float to 12 significant digits: differences between mathematical libraries vanish."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def powers_of_two(exponents: NDArray[np.float64]) -> NDArray[np.float64]:
    """``2 ** exponent`` of an array, bit-equal to ``power(2.0, exponent)``.

    A quotient of two whole numbers that floats hold is the float nearest to it, as a decimal that
    is read is. Only where the 13th digit is nearly a five is the text itself needed.
    """
    found = np.exp2(exponents)  # same bits: rounded below
    with np.errstate(divide="ignore"):
        place = np.floor(np.log10(found))  # same bits: a digit more or less is seen below
    usual = (found > 1e-9) & (found < 1e9)
    scale = _SCALES[np.where(usual, SIGNIFICANT_DIGITS - 1 - place, 0).astype(np.int64)]
    scaled = found * scale
    whole = np.rint(scaled)
    sure = usual & (np.abs(np.abs(scaled - whole) - 0.5) > 1e-3)
    sure &= (whole > 10.0 ** (SIGNIFICANT_DIGITS - 1)) & (whole < 10.0**SIGNIFICANT_DIGITS)
    rounded_all: NDArray[np.float64] = whole / scale
    for where in np.argwhere(~sure):
        at = tuple(where)
        rounded_all[at] = power(2.0, float(exponents[at]))
    return rounded_all


_SCALES = np.array([float(10**digits) for digits in range(22)])
