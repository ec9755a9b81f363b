"""Intervals: exact for shares, and what was not seen is allowed for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from golive.trainers.evaluation.intervals import (
    interquartile_mean_interval,
    mean_interval,
    median_interval,
    ratio_interval,
    share_interval,
    success_interval,
    table_interval,
    widest,
)
from golive.trainers.evaluation.statistics import Interval


@pytest.mark.parametrize(
    ("wins", "trials", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),  # Clopper and Pearson's chart, from tables
        (10, 10, 0.6915, 1.0),
        (5, 10, 0.1871, 0.8129),
        (73, 73, 0.9507, 1.0),
        (72, 73, 0.9260, 0.9997),
    ],
)
def test_the_interval_of_a_share_is_the_exact_one(wins, trials, low, high):
    found = share_interval(wins, trials)
    assert found.estimate == wins / trials
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValueError, match="0 of 0"):
        share_interval(0, 0)
    with pytest.raises(ValueError, match="3 of 2"):
        share_interval(3, 2)


def test_the_exact_interval_covers_at_least_as_often_as_it_says():
    share, trials = 0.95, 40
    rng = np.random.default_rng(0)
    hits = 0
    for wins in rng.binomial(trials, share, 2000):
        found = share_interval(int(wins), trials)
        hits += found.low <= share <= found.high
    assert hits / 2000 >= 0.945


def test_one_episode_says_nothing_about_a_mean():
    found = mean_interval([np.array([0.9])], bounds=(0.0, 1.0))
    assert (found.estimate, found.low, found.high) == (0.9, 0.0, 1.0)


def test_values_without_skewness_and_bounds_have_students_interval():
    values = np.array([0.8, 0.9, 1.0])
    found = mean_interval([values])
    error = values.std(ddof=1) / math.sqrt(3)
    assert found.low == pytest.approx(0.9 - 4.3027 * error, abs=1e-4)
    assert found.high == pytest.approx(0.9 + 4.3027 * error, abs=1e-4)


@pytest.mark.parametrize("count", [3, 12, 60, 200])
def test_equal_scores_leave_room_for_what_cannot_be_ruled_out(count):
    """A share of the unseen that would hide from so many with a probability of 5 %."""
    unseen = 1.0 - 0.05 ** (1.0 / count)
    found = mean_interval([np.full(count, 0.8)], bounds=(0.0, 1.0))
    assert found.low == pytest.approx(0.8 * (1.0 - unseen), abs=0.03 * unseen + 1e-4)
    assert found.high == pytest.approx(0.8 + 0.2 * unseen, abs=0.03 * unseen + 1e-4)
    middle = interquartile_mean_interval([np.full(count, 0.8)], bounds=(0.0, 1.0))
    assert middle.low < 0.8 < middle.high


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_no_event_among_three_proves_nothing(value):
    found = success_interval([np.full(2, value), np.full(1, value)])
    assert found == share_interval(int(3 * value), 3)
    assert found.high - found.low > 0.7


def test_equal_values_without_bounds_say_nothing():
    found = mean_interval([np.zeros(3)], bounds=(0.0, math.inf))
    assert (found.estimate, found.low, found.high) == (0.0, 0.0, math.inf)


def test_skewed_values_have_a_longer_end_where_the_tail_is():
    found = mean_interval([np.array([1.0, 1.1, 1.2, 1.3, 1.4, 6.0])])
    assert found.high - found.estimate > 1.5 * (found.estimate - found.low)


def test_many_values_have_the_interval_of_few_like_them():
    """Neighbours are weighed together beyond five hundred: the ends stay where they were."""
    values = np.repeat(np.random.default_rng(2).beta(8, 2, 500), 4)
    whole = mean_interval([values], bounds=(0.0, 1.0))
    error = values.std(ddof=1) / math.sqrt(values.size)
    assert whole.estimate - whole.low == pytest.approx(1.961 * error, rel=0.03)


def test_differences_between_strata_do_not_widen():
    rng = np.random.default_rng(4)
    low, high = rng.normal(0.1, 0.01, 200), rng.normal(0.9, 0.01, 200)
    apart = mean_interval([low, high], bounds=(0.0, 1.0))
    together = mean_interval([np.concatenate([low, high])], bounds=(0.0, 1.0))
    assert apart.high - apart.low < (together.high - together.low) / 3


def test_the_order_of_the_episodes_does_not_count():
    values = np.random.default_rng(5).beta(8, 2, 40)
    assert mean_interval([values], bounds=(0.0, 1.0)).low == pytest.approx(
        mean_interval([values[::-1]], bounds=(0.0, 1.0)).low
    )


def test_the_interquartile_mean_agrees_with_scipys_where_nothing_is_skewed():
    stats = pytest.importorskip("scipy.stats")
    values = stats.norm.ppf((np.arange(40) + 0.5) / 40)
    expected = stats.mstats.trimmed_mean_ci(values, (0.25, 0.25))
    found = interquartile_mean_interval([values])
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-9)


def test_the_median_has_an_interval_of_order_statistics():
    found = median_interval(np.arange(1.0, 21.0))
    assert (found.estimate, found.low, found.high) == (10.5, 6.0, 15.0)  # Conover's tables
    assert median_interval([1.0, 2.0]).high == math.inf


def test_a_table_of_one_row_says_nothing():
    def first(rows):
        return float(rows[:, 0].mean())

    found = table_interval(np.array([[0.4, 1.0]]), first, "one", bounds=(0.0, 1.0))
    assert (found.low, found.high) == (0.0, 1.0)
    rows = np.random.default_rng(3).normal(size=(30, 2))
    found = table_interval(rows, first, "mean")
    expected = mean_interval([rows[:, 0]])
    assert found.low == pytest.approx(expected.low, abs=0.03)


def test_a_ratio_keeps_pairs_together():
    below = np.linspace(0.1, 1.0, 30)
    found = ratio_interval([0.8 * below], [below], most=1.0)
    alone = mean_interval([0.8 * below], bounds=(0.0, 1.0))
    assert found is not None
    assert found.estimate == pytest.approx(0.8)
    assert found.high - found.low < (alone.high - alone.low) / below.mean()


def test_amounts_in_one_proportion_are_so_by_law_if_there_are_enough():
    below = np.arange(1.0, 31.0)
    found = ratio_interval([0.8 * below], [below])
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.8, 0.8))
    few = ratio_interval([0.8 * below[:3]], [below[:3]])
    assert few is not None
    assert (few.low, few.high) == (0.0, math.inf)


def test_a_ratio_to_nothing_is_none():
    assert ratio_interval([np.ones(3)], [np.zeros(3)]) is None


def test_a_ratio_of_one_episode_says_nothing():
    found = ratio_interval([np.array([0.5])], [np.array([1.0])])
    assert found is not None
    assert found.low == 0.0
    assert found.high == math.inf


def test_a_ratio_of_other_episodes_is_refused():
    with pytest.raises(ValueError, match="expected pairs"):
        ratio_interval([np.ones(3)], [np.ones(2)])


def test_the_widest_has_the_outer_ends():
    assert widest(Interval(0.5, 0.4, 0.6), Interval(0.5, 0.45, 0.7)) == Interval(0.5, 0.4, 0.7)
