"""Statistics against brute force, known values and simulated coverage."""

from __future__ import annotations

import numpy as np
import pytest

from golive.trainers.evaluation.statistics import (
    bootstrap_interval,
    generator,
    interquartile_mean,
    mean,
    paired_difference_interval,
    paired_differences,
    paired_probability_of_improvement,
    performance_profile,
    probability_of_improvement,
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


def test_bootstrap_interval_agrees_with_a_loop_that_resamples_one_by_one():
    data = np.random.default_rng(1)
    strata = [data.normal(0, 1, 30), data.normal(5, 2, 50)]
    fast = bootstrap_interval(strata, mean, generator(0, "fast"), resamples=20_000)
    slow_rng = np.random.default_rng(7)
    slow = [
        np.concatenate([slow_rng.choice(s, s.size) for s in strata]).mean() for _ in range(20_000)
    ]
    low, high = np.quantile(slow, [0.025, 0.975])
    assert fast.estimate == pytest.approx(np.concatenate(strata).mean())
    assert fast.low == pytest.approx(low, abs=0.02)
    assert fast.high == pytest.approx(high, abs=0.02)


def test_resampling_stays_inside_the_strata():
    """Two constant scenarios: no resample can have more of the one than of the other."""
    strata = [np.zeros(20), np.ones(20)]
    interval = bootstrap_interval(strata, mean, generator(0))
    assert (interval.low, interval.estimate, interval.high) == (0.5, 0.5, 0.5)


def test_batches_do_not_change_the_width_of_an_interval(monkeypatch):
    values = [np.random.default_rng(3).normal(size=100)]
    whole = bootstrap_interval(values, mean, generator(0), resamples=5_000)
    monkeypatch.setattr("golive.trainers.evaluation.statistics._CELLS_AT_ONCE", 1_000)
    pieces = bootstrap_interval(values, mean, generator(0), resamples=5_000)
    assert pieces.high - pieces.low == pytest.approx(whole.high - whole.low, rel=0.05)


@pytest.mark.parametrize(
    ("statistic", "truth"), [(mean, 1.0), (interquartile_mean, None)], ids=["mean", "iqm"]
)
def test_intervals_cover_the_truth_about_as_often_as_they_say(statistic, truth):
    """400 samples of a skewed distribution (exponential, mean 1), 95 % intervals."""
    if truth is None:
        quantiles = -np.log1p(-(np.arange(250_000) + 0.5) / 250_000)
        truth = float(interquartile_mean(quantiles))
    data = np.random.default_rng(11)
    covered = 0
    for trial in range(400):
        sample = [data.exponential(1.0, 80)]
        interval = bootstrap_interval(sample, statistic, generator(trial), resamples=600)
        covered += interval.low <= truth <= interval.high
    assert 0.91 <= covered / 400 <= 0.98


def test_pairing_on_common_seeds_narrows_the_interval():
    data = np.random.default_rng(2)
    customer = data.normal(0, 1, 200)
    reference = [customer + data.normal(0, 0.1, 200)]
    better = [customer + 0.2 + data.normal(0, 0.1, 200)]
    paired = paired_difference_interval(better, reference, generator(0))
    alone = bootstrap_interval(better, mean, generator(0))
    assert paired.above(0.0)
    assert paired.estimate == pytest.approx(0.2, abs=0.03)
    assert paired.high - paired.low < (alone.high - alone.low) / 3


def test_paired_difference_interval_excludes_zero_only_when_there_is_a_difference():
    data = np.random.default_rng(4)
    false_alarms = 0
    for trial in range(300):
        left, right = [data.normal(size=60)], [data.normal(size=60)]
        interval = paired_difference_interval(left, right, generator(trial), resamples=500)
        false_alarms += interval.above(0.0) or interval.below(0.0)
    assert 0.02 <= false_alarms / 300 <= 0.09


def test_pairs_must_match():
    with pytest.raises(ValueError, match="expected pairs"):
        paired_differences([np.zeros(3)], [np.zeros(4)])
    with pytest.raises(ValueError, match="expected as many"):
        paired_differences([np.zeros(3)], [np.zeros(3), np.zeros(3)])


def test_probability_of_improvement_is_the_mann_whitney_statistic():
    stats = pytest.importorskip("scipy.stats")
    data = np.random.default_rng(5)
    left, right = data.integers(0, 6, 40).astype(float), data.integers(0, 5, 25).astype(float)
    brute = np.mean([(a > b) + 0.5 * (a == b) for a in left for b in right])
    interval = probability_of_improvement([left], [right], generator(0))
    assert interval.estimate == pytest.approx(brute)
    statistic = stats.mannwhitneyu(left, right).statistic
    assert interval.estimate == pytest.approx(statistic / (40 * 25))


def test_interval_of_the_probability_of_improvement_agrees_with_a_plain_bootstrap():
    data = np.random.default_rng(6)
    left, right = data.normal(0.5, 1, 40), data.normal(0, 1, 30)
    interval = probability_of_improvement([left], [right], generator(0), resamples=5_000)
    rng = np.random.default_rng(9)
    plain = [
        np.mean(rng.choice(left, 40)[:, None] > rng.choice(right, 30)[None, :])
        for _ in range(5_000)
    ]
    low, high = np.quantile(plain, [0.025, 0.975])
    assert interval.low == pytest.approx(low, abs=0.02)
    assert interval.high == pytest.approx(high, abs=0.02)


def test_probability_of_improvement_over_oneself_is_a_half():
    values = [np.random.default_rng(8).normal(size=50)]
    assert probability_of_improvement(values, values, generator(0)).estimate == 0.5
    assert paired_probability_of_improvement(values, values, generator(0)).estimate == 0.5


def test_paired_probability_counts_wins_and_half_of_the_ties():
    left, right = [np.array([1.0, 2.0, 3.0, 4.0])], [np.array([0.0, 2.0, 4.0, 3.0])]
    interval = paired_probability_of_improvement(left, right, generator(0))
    assert interval.estimate == pytest.approx((1 + 0.5 + 0 + 1) / 4)


def test_performance_profile_is_the_share_above_each_threshold():
    strata = [np.array([0.1, 0.4, 0.9]), np.array([0.6])]
    profile = performance_profile(strata, [0.0, 0.4, 0.5, 1.0], generator(0))
    assert profile.share.tolist() == pytest.approx([1.0, 0.5, 0.5, 0.0])
    assert (profile.low <= profile.share + 1e-12).all()
    assert (profile.share <= profile.high + 1e-12).all()


def test_the_same_seed_and_purpose_give_the_same_interval_in_any_order():
    values = [np.random.default_rng(1).normal(size=100)]
    first = bootstrap_interval(values, mean, generator(3, "a"))
    bootstrap_interval(values, mean, generator(3, "b"))
    assert bootstrap_interval(values, mean, generator(3, "a")) == first
    assert bootstrap_interval(values, mean, generator(3, "b")) != first
    assert bootstrap_interval(values, mean, generator(0, "a")) != first


def test_the_global_generator_is_left_alone():
    state = np.random.get_state()[1].copy()  # noqa: NPY002 - it is what is being watched
    bootstrap_interval([np.arange(10.0)], mean, generator(0))
    performance_profile([np.arange(10.0)], [1.0], generator(0))
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002


@pytest.mark.parametrize(
    ("strata", "match"),
    [([], "expected at least one"), ([np.array([])], "shape"), ([np.array([np.nan])], "finite")],
)
def test_unusable_scores_are_refused(strata, match):
    with pytest.raises(ValueError, match=match):
        bootstrap_interval(strata, mean, generator(0))


def test_a_level_must_be_a_share():
    with pytest.raises(ValueError, match="between 0 and 1"):
        bootstrap_interval([np.arange(3.0)], mean, generator(0), level=95)
