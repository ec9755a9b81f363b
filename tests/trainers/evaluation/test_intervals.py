"""Cautious intervals: exact for shares, and a few equal episodes prove nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from golive.trainers.evaluation.intervals import (
    mean_interval,
    ratio_interval,
    share_interval,
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
    found = mean_interval([np.array([0.9])], "one", bounds=(0.0, 1.0))
    assert (found.estimate, found.low, found.high) == (0.9, 0.0, 1.0)


def test_few_episodes_say_less_than_their_bootstrap():
    values = np.array([0.8, 0.9, 1.0])
    found = mean_interval([values], "three")
    error = values.std(ddof=1) / math.sqrt(3)
    assert found.low == pytest.approx(0.9 - 4.3027 * error, abs=1e-4)
    assert found.high == pytest.approx(0.9 + 4.3027 * error, abs=1e-4)


def test_intervals_of_small_samples_cover():
    rng = np.random.default_rng(1)
    hits = 0
    for number in range(300):
        values = rng.normal(size=4)
        found = mean_interval([values], str(number), resamples=400)
        hits += found.low <= 0.0 <= found.high
    assert hits / 300 > 0.92


def test_differences_between_strata_do_not_widen():
    low, high = np.full(20, 0.1), np.full(20, 0.9)
    found = mean_interval([low, high], "strata")
    assert (found.low, found.high) == pytest.approx((0.5, 0.5))


def test_a_ratio_keeps_pairs_together():
    below = np.linspace(0.1, 1.0, 30)
    found = ratio_interval([0.8 * below], [below], "pairs")
    assert found is not None
    assert (found.estimate, found.low, found.high) == pytest.approx((0.8, 0.8, 0.8))


def test_a_ratio_to_nothing_is_none():
    assert ratio_interval([np.ones(3)], [np.zeros(3)], "nothing") is None


def test_a_ratio_of_one_episode_says_nothing():
    found = ratio_interval([np.array([0.5])], [np.array([1.0])], "one")
    assert found is not None
    assert found.low == 0.0
    assert found.high == math.inf


def test_a_ratio_of_other_episodes_is_refused():
    with pytest.raises(ValueError, match="expected pairs"):
        ratio_interval([np.ones(3)], [np.ones(2)], "pairs")


def test_the_widest_has_the_outer_ends():
    assert widest(Interval(0.5, 0.4, 0.6), Interval(0.5, 0.45, 0.7)) == Interval(0.5, 0.4, 0.7)
