"""Confidence sequences hold at all looks together, and assignment by lot is unbiased."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.core.errors import GoliveError
from golive.trainers.evaluation.sequential import (
    LEAST_UNITS,
    Verdict,
    assigned_values,
    decided_at,
    looks_at,
    sequence_half_width,
    split_probability,
    verdict_of,
)
from golive.trainers.evaluation.statistics import Interval

EVERY = range(20, 2_001, 20)


def ever_wrong(values: np.ndarray, means: np.ndarray) -> bool:
    """Whether any look's interval misses the running mean of the means."""
    running = np.cumsum(means) / np.arange(1, len(means) + 1)
    looks = ((running[look.units - 1], look.interval) for look in looks_at(values, EVERY))
    return any(found.above(true) or found.below(true) for true, found in looks if found)


@pytest.mark.parametrize("drift", [0.0, 1.0])
def test_a_hundred_looks_are_seldom_wrong_where_usual_ones_often_are(drift):
    rng, wrong, peeked = np.random.default_rng(4), 0, 0
    means = drift * np.sin(np.arange(2_000) / 90.0)
    units = np.arange(LEAST_UNITS, 2_001, 20)
    for _ in range(400):
        noise = rng.standard_exponential(2_000) - 1.0
        wrong += ever_wrong(means + noise, means)
        sums = np.cumsum(noise)[units - 1]
        peeked += bool((np.abs(sums) > 1.96 * np.sqrt(units)).any())
    assert wrong / 400 <= 0.05
    assert peeked / 400 > 0.25


@given(
    st.integers(50, 10**6),
    st.floats(0.6, 0.999),
    st.integers(10, 10**5),
)
def test_intervals_shrink_and_widen_as_they_should(units, level, best_at):
    width = sequence_half_width(units, 1.0, level, best_at)
    usual = 1.0 / np.sqrt(units)
    assert width > 1.0 * usual * (2.0 * np.log(1.0 / (1.0 - level))) ** 0.5  # looks cost something
    assert sequence_half_width(2 * units, 1.0, level, best_at) < width
    assert sequence_half_width(units, 2.0, level, best_at) == pytest.approx(2.0 * width)
    assert sequence_half_width(units, 1.0, 1.0 - (1.0 - level) / 2.0, best_at) > width


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=7),
    st.floats(0.1, 0.9),
)
def test_over_all_assignments_the_mean_is_the_difference(outcomes, share):
    a, b = np.array(outcomes).T
    mean = 0.0
    for arms in product((0.0, 1.0), repeat=len(a)):
        is_b = np.array(arms)
        chance = np.prod(np.where(is_b > 0.0, share, 1.0 - share))
        seen = np.where(is_b > 0.0, b, a)
        mean += chance * assigned_values(seen, is_b, share).mean()
    assert mean == pytest.approx((b - a).mean(), abs=1e-9)


def test_what_varies_by_the_day_widens_the_intervals():
    rng = np.random.default_rng(1)
    days = np.repeat(np.arange(20), 30)
    values = rng.normal(size=600) + rng.normal(size=20)[days]
    (plain,) = looks_at(values, [600])
    (by_day,) = looks_at(values, [600], blocks=days)
    assert by_day.interval.high - by_day.interval.low > 2 * (
        plain.interval.high - plain.interval.low
    )


def test_a_difference_is_found_and_the_first_look_that_finds_it():
    values = np.random.default_rng(2).normal(0.3, 1.0, 1_000)
    looks = looks_at(values, range(10, 1_001, 10))
    place = decided_at(looks)
    assert looks[place].verdict is Verdict.BETTER
    assert all(look.interval is None for look in looks if look.units < LEAST_UNITS)
    assert all(look.verdict is Verdict.UNDECIDED for look in looks[:place])
    assert decided_at(looks_at(np.zeros(100), [60, 100])) is None
    assert verdict_of(Interval(-0.2, -0.3, -0.1)) is Verdict.WORSE


def test_a_split_that_went_wrong_is_seen_and_a_planned_one_is_not():
    assert split_probability(500, 1_000, 0.5) == pytest.approx(1.0)
    assert split_probability(200, 1_000, 0.2) == pytest.approx(1.0)
    assert split_probability(560, 1_000, 0.5) < 0.001


def test_what_cannot_be_is_refused():
    with pytest.raises(GoliveError, match="level"):
        looks_at(np.zeros(100), [100], level=1.0)
    with pytest.raises(GoliveError, match="best_at"):
        looks_at(np.zeros(100), [100], best_at=0)
    with pytest.raises(GoliveError, match="units"):
        split_probability(0, 0, 0.5)
