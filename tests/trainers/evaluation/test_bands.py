"""Bands: a mean with its interval beside published figures."""

from __future__ import annotations

import pytest

from golive.trainers.evaluation.bands import judge_band

RESAMPLES = 500


def test_a_mean_inside_its_band_is_said_to_be_inside() -> None:
    verdict = judge_band("late", 0.4, 0.6, [[0.0, 1.0] * 20, [1.0, 0.0] * 10], resamples=RESAMPLES)
    assert verdict.word == "inside"
    assert verdict.inside
    assert verdict.answers == 60
    assert verdict.value is not None
    assert verdict.value.estimate == 0.5
    assert verdict.value.low < 0.5 < verdict.value.high


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([0.0] * 40, "below"),
        ([1.0] * 40, "above"),
        ([0.0] * 13 + [1.0] * 7, "below, within error"),
        ([1.0] * 13 + [0.0] * 7, "above, within error"),
    ],
)
def test_a_mean_outside_says_on_which_side_and_whether_sampling_explains_it(
    values: list[float], word: str
) -> None:
    verdict = judge_band("late", 0.4, 0.6, [values], resamples=RESAMPLES)
    assert not verdict.inside
    assert verdict.word == word


def test_nobody_to_answer_is_no_answer_and_not_inside() -> None:
    verdict = judge_band("late", 0.0, 1.0, [])
    assert verdict.word == "no answer"
    assert not verdict.inside
    assert not verdict.compatible


def test_the_interval_depends_on_the_name_and_the_seed_alone() -> None:
    strata = [[0.0, 1.0, 1.0] * 5]
    first = judge_band("late", 0.4, 0.6, strata, resamples=RESAMPLES)
    judge_band("early", 0.4, 0.6, strata, resamples=RESAMPLES)
    assert judge_band("late", 0.4, 0.6, strata, resamples=RESAMPLES) == first
