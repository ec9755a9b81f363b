from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from golive.sim.gateway.laws import (
    CLOSES,
    OPENS,
    after_working_hours,
    logistic,
    logistic_all,
    next_opening,
    whole_ticks,
)

HOURS = st.floats(0.0, 1_500.0, allow_nan=False)


@given(st.lists(st.floats(-30.0, 30.0, allow_nan=False), min_size=1, max_size=20))
def test_the_logistic_table_is_the_law_and_the_same_alone_and_in_arrays(
    logits: list[float],
) -> None:
    found = logistic_all(np.array(logits))
    for value, chance in zip(logits, found.tolist(), strict=True):
        assert chance == logistic(value)
        assert math.isclose(chance, 1.0 / (1.0 + math.exp(-value)), abs_tol=2e-6)


@given(HOURS, HOURS)
def test_ticks_add_up_and_differ_exactly(one: float, other: float) -> None:
    a, b = whole_ticks(one), whole_ticks(other)
    assert (a + b) - b == a
    assert abs(a - one) <= 2.0**-21


@given(HOURS, st.floats(0.0, 60.0, allow_nan=False))
def test_people_work_from_eight_to_five_on_weekdays(hour: float, hours: float) -> None:
    opens = next_opening(hour)
    assert opens >= hour
    assert int(opens // 24) % 7 < 5
    assert OPENS <= opens % 24 < CLOSES
    done = after_working_hours(hour, hours)
    assert OPENS - 1e-6 <= done % 24 <= CLOSES + 1e-6
    weekdays = {day for day in range(int(opens // 24), int(done // 24) + 1) if day % 7 < 5}
    longest = len(weekdays) * (CLOSES - OPENS)
    assert hours <= longest + 1e-5
    assert done - opens >= hours - 1e-5


def test_a_friday_afternoon_s_work_ends_on_monday() -> None:
    friday = 4 * 24.0 + 16.0
    assert after_working_hours(friday, 2.0) == 7 * 24.0 + 9.0
