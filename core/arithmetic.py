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
