"""The tables of an evaluation."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from rich.console import Console

from golive.trainers.evaluation import compare, save_summary, summarise
from golive.trainers.evaluation.statistics import interquartile_mean
from golive.trainers.evaluation.tables import headline, metric_table, score_table


@pytest.fixture
def summary(result):
    return summarise(result)


def test_estimates_are_those_of_the_pooled_episodes(result, summary):
    pooled = np.concatenate(result.scores("good", "go_live_score"))
    entry = summary.metric("good")
    assert entry.mean.estimate == pytest.approx(pooled.mean())
    assert entry.interquartile_mean.estimate == pytest.approx(float(interquartile_mean(pooled)))
    assert entry.episodes == 80


def test_intervals_hold_the_estimate(summary):
    for entry in summary.metrics:
        if entry.mean is not None:
            assert entry.mean.low <= entry.mean.estimate <= entry.mean.high


def test_scenarios_are_broken_down(result, summary):
    easy = result.scores("poor", "go_live_score", "easy")[0]
    entry = summary.metric("poor", scenario="easy")
    assert entry.mean.estimate == pytest.approx(easy.mean())
    assert summary.comparison("poor", scenario="hard").pairs == 40


def test_a_metric_without_a_value_in_some_episodes_counts_the_others(result, summary):
    entry = summary.metric("good", "recovery_days")
    assert entry.episodes == 40
    assert summary.comparison("good", "recovery_days").pairs == 40
    assert 3.0 <= entry.mean.estimate <= 4.0


def test_yes_or_no_metrics_have_no_interquartile_mean(summary):
    assert summary.metric("good", "success").interquartile_mean is None
    assert summary.metric("good", "success").mean is not None


def test_comparisons_are_paired_and_have_the_right_sign(result, summary):
    left = np.concatenate(result.scores("good", "go_live_score"))
    right = np.concatenate(result.scores("expert", "go_live_score"))
    entry = summary.comparison("good")
    assert entry.difference.estimate == pytest.approx((left - right).mean())
    assert entry.difference.above(0.0)
    assert summary.comparison("poor").difference.below(0.0)
    assert entry.probability_of_improvement.estimate == pytest.approx((left > right).mean())
    assert entry.unpaired_probability.estimate < entry.probability_of_improvement.estimate


def test_any_two_policies_can_be_compared(result):
    there = compare(result, "good", "poor")
    back = compare(result, "poor", "good")
    assert there.difference.estimate == pytest.approx(-back.difference.estimate)


def test_the_ranking_is_by_interquartile_mean(summary):
    assert summary.ranking() == ["good", "expert", "poor"]


def test_the_same_rows_give_the_same_summary(result, summary):
    assert summarise(result) == summary


def test_json_is_strict_and_holds_the_tables(result, summary, tmp_path):
    text = save_summary(result, summary, tmp_path).read_text()
    content = json.loads(text, parse_constant=pytest.fail)
    assert content["ranking"] == ["good", "expert", "poor"]
    assert content["plan"]["first_seed"] == 1000
    first = next(e for e in content["metrics"] if e["metric"] == "go_live_score")
    assert first["mean"]["estimate"] == summary.metric(first["policy"]).mean.estimate


def text_of(table):
    console = Console(width=200, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(table.to_console(narrow=True))
    return capture.get()


def test_the_console_table_has_every_policy_and_its_interval(result, summary):
    text = text_of(score_table(result.plan, summary))
    entry = summary.metric("good").mean
    assert f"{entry.estimate:.3f}" in text
    assert f"{entry.low:.3f} to {entry.high:.3f}" in text
    assert re.search(r"expert .*reference", text)
    assert "poor" in text_of(metric_table(result.plan, summary))


def test_the_headline_says_which_is_better_and_how_sure_it_is(result, summary):
    assert "good scores higher than expert on 80 customers: +0.1" in headline(
        result.plan, summary, "good"
    )
    assert "poor scores lower than expert" in headline(result.plan, summary, "poor")
