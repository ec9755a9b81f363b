"""The adapting policy is compared with the static one that hindsight chooses."""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks.implementation.decisions import decisions_line, judge_decisions
from golive.trainers.evaluation import EvaluationPlan, EvaluationResult


def test_the_hindsight_best_static_policy_is_the_one_with_the_best_mean():
    scores = {"adapting": [0.5, 0.7, 0.6], "one": [0.4, 0.6, 0.4], "two": [0.9, 0.1, 0.2]}
    rows = [
        {"policy": name, "scenario": "s", "seed": seed, "go_live_score": value}
        for name, values in scores.items()
        for seed, value in enumerate(20 * values)
    ]
    plan = EvaluationPlan(tuple(scores), ("",) * 3, ("s",), ("",), 0, 60)
    report = judge_decisions(EvaluationResult(plan, pl.DataFrame(rows)), "adapting", ["one", "two"])
    assert report.best_static == "one"
    assert report.static_count == 2
    assert report.difference.estimate == pytest.approx((0.1 + 0.1 + 0.2) / 3)
    assert report.decisions_matter
    assert "adapting (0.600) beats the hindsight-best of 2 static policies, one" in (
        decisions_line(report)
    )
