"""Attempts at the same customer: other luck, averaged figures, and pass^k."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from golive import GoliveError, load_scenario
from golive.agents.registry import load_policy
from golive.core.execution.cache import ResultCache
from golive.sim.episodes import run_episode
from golive.sim.worlds import kind_of
from golive.trainers.evaluation import evaluate, save_summary, summarise
from golive.trainers.evaluation.keeper import Existing
from golive.trainers.evaluation.reliability import pass_powers
from golive.trainers.evaluation.result import EvaluationResult

SCENARIO = load_scenario("furniture")
POLICIES = ["plan_follower", "noisy:expert:0.3"]
FIRST, CUSTOMERS, ATTEMPTS = 70, 4, 3


@pytest.fixture(scope="module")
def result() -> EvaluationResult:
    return evaluate(
        POLICIES, [SCENARIO], first_seed=FIRST, episodes=CUSTOMERS, attempts=ATTEMPTS,
        reference="plan_follower",
    )  # fmt: skip


def test_the_first_attempt_is_the_episode_and_the_others_have_other_luck(
    result: EvaluationResult,
) -> None:
    once = evaluate(POLICIES, [SCENARIO], first_seed=FIRST, episodes=CUSTOMERS)
    first = result.rows.filter(result.rows["attempt"] == 0).drop("attempt")
    assert first.equals(once.rows)
    assert result.rows["digest"].n_unique() == len(POLICIES) * CUSTOMERS * ATTEMPTS


def test_the_customer_stays_the_same() -> None:
    world = kind_of(SCENARIO).build(SCENARIO, FIRST)
    again = kind_of(SCENARIO).restore(world.snapshot(), seed=123)
    assert again.customer == world.customer
    played = [
        run_episode(load_policy("expert"), SCENARIO, FIRST, luck=luck) for luck in (123, 123, 124)
    ]
    assert played[0].digest == played[1].digest != played[2].digest


def test_figures_are_means_over_attempts(result: EvaluationResult) -> None:
    [scores] = result.scores("noisy:expert:0.3", result.score)
    [table] = result.attempts("noisy:expert:0.3", result.score)
    assert table.shape == (CUSTOMERS, ATTEMPTS)
    np.testing.assert_allclose(scores, table.mean(axis=1))
    summary = summarise(result)
    assert summary.metric("noisy:expert:0.3", "success").episodes == CUSTOMERS
    assert summary.comparison("noisy:expert:0.3").pairs == CUSTOMERS


def test_pass_k_is_the_share_of_sets_of_attempts_that_all_succeed(
    result: EvaluationResult, tmp_path: Path
) -> None:
    powers = {(one.policy, one.attempts): one.share for one in pass_powers(result)}
    assert set(powers) == {(policy, k) for policy in POLICIES for k in range(1, ATTEMPTS + 1)}
    for policy in POLICIES:
        [table] = result.attempts(policy, "success")
        for k in range(1, ATTEMPTS + 1):
            sets = list(combinations(range(ATTEMPTS), k))
            expected = np.mean([[row[list(one)].all() for one in sets] for row in table])
            share = powers[policy, k]
            assert share.estimate == pytest.approx(expected)
            assert 0.0 <= share.low <= share.estimate <= share.high <= 1.0
    save_summary(result, summarise(result), tmp_path)
    kept = json.loads((tmp_path / "summary.json").read_text())
    assert len(kept["reliability"]) == len(powers)
    assert kept["plan"]["attempts"] == ATTEMPTS


def test_one_attempt_says_nothing_of_reliability() -> None:
    once = evaluate(["do_nothing"], [SCENARIO], first_seed=FIRST, episodes=1)
    assert pass_powers(once) == ()
    assert "attempt" not in once.rows.columns
    with pytest.raises(GoliveError, match="attempts: 0: expected at least 1"):
        evaluate(["do_nothing"], [SCENARIO], first_seed=FIRST, episodes=1, attempts=0)


def test_attempts_are_kept_resumed_and_cached(result: EvaluationResult, tmp_path: Path) -> None:
    played = {"first_seed": FIRST, "episodes": CUSTOMERS, "reference": "plan_follower"}
    with ResultCache(warn=pytest.fail) as cache:
        once = evaluate(POLICIES, [SCENARIO], cache=cache, **played)
        kept = evaluate(
            POLICIES, [SCENARIO], cache=cache, attempts=ATTEMPTS, directory=tmp_path / "a", **played
        )
        assert kept.rows.equals(result.rows)
        again = evaluate(POLICIES, [SCENARIO], cache=cache, attempts=ATTEMPTS, **played)
        assert again.rows.equals(result.rows)
    assert EvaluationResult.load(tmp_path / "a").rows.equals(result.rows)
    with pytest.raises(GoliveError, match="attempts: 3 there, 2 now"):
        evaluate(
            POLICIES, [SCENARIO], attempts=2, directory=tmp_path / "a", existing=Existing.RESUME,
            **played,
        )  # fmt: skip
    assert once.rows.height == len(POLICIES) * CUSTOMERS
