"""Decision accuracy: good policies have more of it, and noise does not make it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from golive.agents.implementation.probes import DoNothing
from golive.agents.judgement import JudgedDecision, judge_episode
from golive.agents.registry import load_policy
from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario
from golive.trainers.evaluation.accuracy import decision_accuracy, kept_share

SCENARIO = load_scenario("furniture")
SEEDS = tuple(range(1_000_000, 1_000_003))


def judged(policy, seeds=SEEDS, **changes):
    arguments = {"every": 18, "futures": 4, "most": 3} | changes
    return decision_accuracy(policy, SCENARIO, seeds, **arguments)


@pytest.fixture(scope="module")
def expert():
    return judged("expert")


def test_the_expert_loses_less_by_its_decisions_than_lots_do(expert):
    lots = judged("random")
    assert expert.regret.estimate < lots.regret.estimate
    assert lots.regret.estimate > 0.0


def test_every_so_manieth_decision_of_every_episode_is_judged(expert):
    assert {row.seed for row in expert.decisions} == set(SEEDS)
    for seed in SEEDS:
        days = [row.day for row in expert.decisions if row.seed == seed]
        assert days == list(range(0, 18 * len(days), 18))
        assert len(days) >= 2
    assert (expert.every, expert.futures, expert.continuation) == (18, 4, "expert")


def test_the_estimates_are_the_means_of_the_rows(expert):
    regrets = []
    for seed in SEEDS:
        rows = [row for row in expert.decisions if row.seed == seed]
        regrets.append(sum(row.regret for row in rows) / len(rows))
    kept = sum(row.value - row.worst_value for row in expert.decisions)
    stake = sum(row.best_value - row.worst_value for row in expert.decisions)
    assert expert.accuracy.estimate == pytest.approx(min(1.0, kept / stake))
    assert expert.regret.estimate == pytest.approx(sum(regrets) / len(regrets))
    assert expert.accuracy.low <= expert.accuracy.estimate <= expert.accuracy.high


def test_where_the_decision_is_the_best_nothing_is_given_away(expert):
    best = [row for row in expert.decisions if not row.best]
    assert best
    assert all(row.regret == 0.0 for row in best)


def test_a_decision_by_which_nothing_is_lost_counts_for_nothing():
    row = JudgedDecision(0, 0, "chosen", "", 3, 0.5, 0.6, 0.2)
    over = JudgedDecision(0, 50, "chosen", "", 3, 0.5, 0.5, 0.5)
    found = kept_share([[row, over, over, over, replace(row, seed=1)]])
    assert found.estimate == pytest.approx(0.75)
    assert kept_share([[over]]) is None


def test_a_mistake_gives_away_more_than_the_tolerance(expert):
    wide, strict = replace(expert, tolerance=1.0), replace(expert, tolerance=0.0)
    assert wide.mistakes == 0
    assert strict.mistakes == sum(row.regret > 0.0 for row in expert.decisions)


def test_the_best_is_compared_where_it_was_not_chosen(monkeypatch):
    """With luck alone, the chosen maximum has no advantage left in the other half."""
    import numpy as np

    from golive.agents import judgement

    def luck(_snapshot, decisions, _policy, seeds):
        rng = np.random.default_rng([seed % 2**32 for seed in seeds])
        return rng.normal(0.5, 0.1, (len(decisions), len(seeds)))

    monkeypatch.setattr(judgement, "values", luck)
    result = judged("do_nothing", range(20), every=4, futures=8)
    regrets = np.asarray([row.regret for row in result.decisions if row.best])
    error = regrets.std() / np.sqrt(regrets.size)
    assert abs(regrets.mean()) < 3.0 * error
    assert 0.1 / np.sqrt(4) > 3.0 * error  # what the curse would have made of it


def test_the_result_does_not_depend_on_the_workers(expert):
    seen = []
    again = judged(
        "expert", SEEDS[:2], workers=2, progress=lambda done, total: seen.append((done, total))
    )
    assert again.decisions == tuple(row for row in expert.decisions if row.seed in SEEDS[:2])
    assert seen == [(1, 2), (2, 2)]


def test_a_policy_that_looks_into_the_world_can_be_judged():
    rows = judge_episode(
        load_policy("planner:1"),
        SCENARIO,
        SEEDS[0],
        every=1000,
        futures=2,
        continuation=DoNothing(),
        most=2,
    )
    assert [row.day for row in rows] == [0]


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"seeds": ()}, "seeds: none"),
        ({"every": 0}, "every: 0"),
        ({"futures": 1}, "futures: 1"),
        ({"tolerance": -0.1}, "tolerance: -0.1"),
        ({"most": 0}, "most: 0"),
        ({"workers": 0}, "workers: 0"),
        ({"continuation": "planner:8"}, "continuation: 'planner:8'"),
        ({"continuation": "nobody"}, "policy: 'nobody'"),
    ],
)
def test_wrong_arguments_are_refused_before_any_work(changes, match):
    with pytest.raises(GoliveError, match=match):
        judged("expert", **({"seeds": SEEDS} | changes))
    with pytest.raises(GoliveError, match="policy: 'nobody'"):
        judged("nobody")


def test_rows_are_plain_and_comparable(expert):
    row = expert.decisions[0]
    assert replace(row) == row
    assert "pace" in row.chosen
    assert row.alternatives > 1
