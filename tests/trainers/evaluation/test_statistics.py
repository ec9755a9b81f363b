"""Statistics against brute force and known values; coverage is tested in ``test_coverage``."""

from __future__ import annotations

import numpy as np
import pytest

from golive.trainers.evaluation.intervals import (
    mean_interval,
    paired_difference_interval,
    paired_probability_of_improvement,
    performance_profile,
    probability_of_improvement,
)
from golive.trainers.evaluation.statistics import (
    generator,
    interquartile_mean,
    paired_differences,
)


def test_interquartile_mean_drops_a_quarter_from_each_end():
    values = np.array([100.0, 3.0, 2.0, -50.0, 4.0, 5.0, 1.0, 0.0])
    assert interquartile_mean(values) == pytest.approx(np.mean([1.0, 2.0, 3.0, 4.0]))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 10, 199, 200])
def test_interquartile_mean_agrees_with_the_trimmed_mean_of_scipy(count):
    stats = pytest.importorskip("scipy.stats")
    values = np.random.default_rng(count).normal(size=count)
    assert interquartile_mean(values) == pytest.approx(stats.trim_mean(values, 0.25))


def test_interquartile_mean_works_row_by_row():
    table = np.random.default_rng(0).normal(size=(7, 41))
    expected = [float(interquartile_mean(row)) for row in table]
    assert np.asarray(interquartile_mean(table)).tolist() == pytest.approx(expected)


def test_pairing_on_common_seeds_narrows_the_interval():
    data = np.random.default_rng(2)
    customer = data.normal(0, 1, 200)
    reference = [customer + data.normal(0, 0.1, 200)]
    better = [customer + 0.2 + data.normal(0, 0.1, 200)]
    paired = paired_difference_interval(better, reference)
    alone = mean_interval(better)
    assert paired.above(0.0)
    assert paired.estimate == pytest.approx(0.2, abs=0.03)
    assert paired.high - paired.low < (alone.high - alone.low) / 3


def test_pairs_must_match():
    with pytest.raises(ValueError, match="expected pairs"):
        paired_differences([np.zeros(3)], [np.zeros(4)])
    with pytest.raises(ValueError, match="expected as many"):
        paired_differences([np.zeros(3)], [np.zeros(3), np.zeros(3)])


def test_probability_of_improvement_is_the_mann_whitney_statistic():
    stats = pytest.importorskip("scipy.stats")
    data = np.random.default_rng(5)
    left, right = data.integers(0, 6, 40).astype(float), data.integers(0, 5, 40).astype(float)
    brute = np.mean([(a > b) + 0.5 * (a == b) for a in left for b in right])
    interval = probability_of_improvement([left], [right])
    assert interval.estimate == pytest.approx(brute)
    statistic = stats.mannwhitneyu(left, right).statistic
    assert interval.estimate == pytest.approx(statistic / (40 * 40))


def test_interval_of_the_probability_of_improvement_holds_that_of_a_bootstrap_of_customers():
    data = np.random.default_rng(6)
    left, right = data.normal(0.5, 1, 200), data.normal(0, 1, 200)
    interval = probability_of_improvement([left], [right])
    wins = left[:, None] > right[None, :]
    drawn = []
    for _ in range(2_000):
        rows = data.integers(0, 200, 200)
        drawn.append(wins[np.ix_(rows, rows)].mean())
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert interval.low == pytest.approx(low, abs=0.02)
    assert interval.high == pytest.approx(high, abs=0.02)


def test_probability_of_improvement_over_oneself_is_a_half():
    values = [np.random.default_rng(8).normal(size=50)]
    assert probability_of_improvement(values, values).estimate == 0.5
    assert paired_probability_of_improvement(values, values).estimate == 0.5


def test_paired_probability_counts_wins_and_half_of_the_ties():
    left, right = [np.array([1.0, 2.0, 3.0, 4.0])], [np.array([0.0, 2.0, 4.0, 3.0])]
    interval = paired_probability_of_improvement(left, right)
    assert interval.estimate == pytest.approx((1 + 0.5 + 0 + 1) / 4)


def test_performance_profile_is_the_share_above_each_threshold():
    strata = [np.array([0.1, 0.4, 0.9]), np.array([0.6])]
    profile = performance_profile(strata, [0.0, 0.4, 0.5, 1.0])
    assert profile.share.tolist() == pytest.approx([1.0, 0.5, 0.5, 0.0])
    assert (profile.low <= profile.share + 1e-12).all()
    assert (profile.share <= profile.high + 1e-12).all()


def test_a_generator_depends_on_seed_and_purpose_alone():
    first = generator(3, "a").random()
    assert generator(3, "a").random() == first
    assert generator(3, "b").random() != first
    assert generator(0, "a").random() != first


def test_the_global_generator_is_left_alone():
    state = np.random.get_state()[1].copy()  # noqa: NPY002 - it is what is being watched
    mean_interval([np.arange(10.0) / 10], bounds=(0.0, 1.0))
    performance_profile([np.arange(10.0)], [1.0])
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002


@pytest.mark.parametrize(
    ("strata", "match"),
    [([], "expected at least one"), ([np.array([])], "shape"), ([np.array([np.nan])], "finite")],
)
def test_unusable_scores_are_refused(strata, match):
    with pytest.raises(ValueError, match=match):
        mean_interval(strata)


def test_a_level_must_be_a_share():
    with pytest.raises(ValueError, match="between 0 and 1"):
        mean_interval([np.arange(3.0)], level=95)
