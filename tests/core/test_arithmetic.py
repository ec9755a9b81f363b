"""Sums, powers and exponentials are the same bits whatever Python and library compute them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.core import arithmetic
from golive.core.arithmetic import exponential, plain_sum, power, powers_of_two, whole_sum

FLOATS = st.floats(-1e9, 1e9)


@given(st.lists(FLOATS))
def test_floats_are_added_one_after_the_other(values):
    result = 0.0
    for value in values:
        result += value
    assert plain_sum(values) == result


def test_nothing_is_compensated():
    assert plain_sum([0.1] * 10) == 0.9999999999999999  # 1.0 by sum() from Python 3.12 on
    assert plain_sum([1e16, 1.0, -1e16]) == 0.0


def test_whole_numbers_and_conditions_are_counted_and_floats_refused():
    assert whole_sum([2, 3]) == 5
    assert whole_sum(value > 1 for value in (1, 2, 3)) == 2
    with pytest.raises(TypeError):
        whole_sum([1.0, 2])  # type: ignore[list-item]


@given(st.floats(1e-6, 1e6), st.floats(-3, 3))
def test_a_power_is_a_power_to_twelve_digits(base, exponent):
    assert power(base, exponent) == pytest.approx(base**exponent, rel=1e-11)
    assert exponential(exponent) == pytest.approx(math.exp(exponent), rel=1e-11)


@given(st.lists(st.floats(-1_100.0, 60.0), min_size=1, max_size=50))
def test_powers_of_two_of_an_array_are_each_power_to_the_bit(exponents):
    found = powers_of_two(np.array(exponents))
    assert found.tolist() == [power(2.0, exponent) for exponent in exponents]


@pytest.mark.parametrize("direction", [math.inf, -math.inf])
def test_another_librarys_last_bit_is_not_seen(monkeypatch, direction):
    bases = [1.0 + step / 97.0 for step in range(500)]
    here = [power(base, 0.37) for base in bases], [exponential(-base) for base in bases]
    library = arithmetic.math

    class Another:
        pow = staticmethod(lambda x, y: math.nextafter(library.pow(x, y), direction))
        exp = staticmethod(lambda x: math.nextafter(library.exp(x), direction))

    monkeypatch.setattr(arithmetic, "math", Another)
    assert ([power(base, 0.37) for base in bases], [exponential(-base) for base in bases]) == here
