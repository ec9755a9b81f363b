"""Bands: a mean with its interval beside published figures."""

from __future__ import annotations

import pytest

from golive.trainers.evaluation.bands import judge_band


def test_a_mean_inside_its_band_is_said_to_be_inside() -> None:
    verdict = judge_band("late", 0.4, 0.6, [[0.0, 1.0] * 20, [1.0, 0.0] * 10], is_share=True)
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
    verdict = judge_band("late", 0.4, 0.6, [values], is_share=True)
    assert not verdict.inside
    assert verdict.word == word


def test_nobody_to_answer_is_no_answer_and_not_inside() -> None:
    verdict = judge_band("late", 0.0, 1.0, [])
    assert verdict.word == "no answer"
    assert not verdict.inside
    assert not verdict.compatible


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_event_among_few_projects_proves_nothing(count: int) -> None:
    verdict = judge_band("failed", 0.1, 0.3, [[0.0] * count], is_share=True)
    assert verdict.word == "below, within error"
    assert verdict.value is not None
    assert verdict.value.high > 0.7


def test_one_ratio_says_nothing() -> None:
    verdict = judge_band("mean_cost_ratio", 1.1, 1.3, [[1.05]])
    assert verdict.word == "below, within error"
