"""Policies of several trainings: training seed and customer are two levels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from synthetic import SyntheticPolicy, SyntheticScenario, run_synthetic

from golive.core.errors import GoliveError
from golive.trainers.evaluation import EvaluationResult, compare, evaluate, summarise
from golive.trainers.evaluation.claims import Claim, judge
from golive.trainers.evaluation.plan import Entrant, make_entrants
from golive.trainers.evaluation.tables import headline, score_table, training_table
from golive.trainers.evaluation.trainings import (
    interval_of_trainings,
    of_difference,
    of_interquartile_mean,
    of_mean,
    of_paired_improvement,
    of_unpaired_improvement,
)

SKILLS = {"run": (0.28, 0.30, 0.32), "other": (0.10, 0.11)}


@pytest.fixture(scope="module")
def result():
    entrants = [
        Entrant(f"{name}/{number}", SyntheticPolicy(f"{name}{number}", skill), f"{skill}", name)
        for name, skills in SKILLS.items()
        for number, skill in enumerate(skills)
    ]
    entrants.append(Entrant("expert", SyntheticPolicy("expert", 0.2)))
    entrants.append(Entrant("single/0", SyntheticPolicy("single", 0.1), "file", "single"))
    scenarios = [SyntheticScenario("a"), SyntheticScenario("b", 0.1)]
    told = {"first_seed": 0, "episodes": 60, "reference": "expert", "run": run_synthetic}
    return evaluate(entrants, scenarios, **told)


@pytest.fixture(scope="module")
def summary(result):
    return summarise(result)


def test_a_policy_of_several_trainings_is_one_in_the_tables(result, summary):
    assert result.plan.judged == ("run", "other", "expert", "single")
    assert set(summary.ranking()) == set(result.plan.judged)
    assert [summary.metric(name).trainings for name in result.plan.judged] == [3, 2, 0, 1]
    table = score_table(result.plan, summary)
    assert "run: 3 trainings, other: 2 trainings" in table.notes[0]
    assert "single: one training" in table.notes[1]
    rows = training_table(result, summary).rows
    assert [row[0] for row in rows if str(row[0]).startswith("run")] == ["run/0", "run/1", "run/2"]
    assert "3 trainings" in headline(result.plan, summary, "run")
    assert "One training" in headline(result.plan, summary, "single")


def test_rows_say_which_training_they_are_of(result):
    assert set(result.rows["policy"]) >= {"run/0", "run/1", "run/2"}
    tables = result.tables("run", result.score)
    assert [table.shape for table in tables] == [(3, 60), (3, 60)]
    means = np.stack([result.scores(f"run/{number}", result.score) for number in range(3)])
    assert result.scores("run", result.score)[0] == pytest.approx(means.mean(axis=0)[0])


def test_claims_are_over_trainings(result):
    claim = Claim.parse("run>expert", result.plan.judged)
    found = judge(result, claim)
    assert found.holds
    one = compare(result, "run/1", "expert").difference
    assert found.difference.high - found.difference.low > 2.0 * (one.high - one.low)
    groups = compare(result, "run", "other").difference
    assert groups.estimate == pytest.approx(0.195, abs=0.01)
    back = compare(result, "other", "run").difference
    assert (back.low, back.high) == pytest.approx((-groups.high, -groups.low), abs=2e-3)


def test_a_result_of_trainings_is_read_back(result, tmp_path):
    result.save(tmp_path)
    again = EvaluationResult.load(tmp_path)
    assert again.plan == result.plan
    assert summarise(again) == summarise(result)


def test_two_policies_cannot_have_one_name(result):
    entrants = [
        Entrant("run/0", SyntheticPolicy("a", 0.1), "1", "run"),
        Entrant("run", SyntheticPolicy("b", 0.1)),
    ]
    with pytest.raises(GoliveError, match="'run' is given twice"):
        evaluate(entrants, [SyntheticScenario()], first_seed=0, episodes=1, run=run_synthetic)


def test_a_pattern_means_several_trainings(tmp_path):
    for seed in (0, 1, 10):
        (tmp_path / f"seed-{seed}").mkdir()
        (tmp_path / f"seed-{seed}" / "best.policy").write_text(f"weights {seed}")
    expected = ["run/seed-0", "run/seed-1", "run/seed-10"]
    for pattern in ("seed-*", "seed-*/best.policy"):
        found = make_entrants([f"run={tmp_path}/{pattern}", "expert"])
        assert [one.label for one in found] == [*expected, "expert"]
        assert [one.group for one in found] == ["run", "run", "run", ""]
    (single,) = make_entrants([f"run={tmp_path}/*-10"])
    assert (single.label, single.group) == ("run/seed-10", "run")
    (tmp_path / "seed-2").mkdir()
    (tmp_path / "seed-2" / "best.policy").write_text("weights 1")
    with pytest.raises(GoliveError, match="the same policy as"):
        make_entrants([f"run={tmp_path}/seed-*"])
    with pytest.raises(GoliveError, match="there is nothing of this kind"):
        make_entrants([f"run={tmp_path}/none-*"])


def test_a_spread_of_trainings_widens_and_a_common_shift_does_not():
    rng = np.random.default_rng(0)
    table = rng.normal(0.8, 0.03, 200) + rng.normal(0.0, 0.01, (4, 200))
    spread = np.array([[-0.03], [-0.01], [0.01], [0.03]])
    alike, apart = (interval_of_trainings(of_mean([t])) for t in (table, table + spread))
    assert apart.high - apart.low > 3.0 * (alike.high - alike.low)
    assert alike.estimate == pytest.approx(table.mean())
    expected = 3.182 * spread.std(ddof=1) / 2.0  # Student's, of four means
    assert apart.high - apart.estimate == pytest.approx(expected, rel=0.15)


def test_what_trainings_estimate_is_what_a_count_over_all_pairs_finds():
    rng = np.random.default_rng(1)
    mine, other = rng.normal(0.1, 1.0, (3, 40)), rng.normal(0.0, 1.0, (2, 40))
    paired = interval_of_trainings(of_paired_improvement([mine], [other]))
    unpaired = interval_of_trainings(of_unpaired_improvement([mine], [other]))
    assert paired.estimate == pytest.approx((mine[:, None] > other[None]).mean())
    brute = (mine.ravel()[:, None] > other.ravel()[None, :]).mean()
    assert unpaired.estimate == pytest.approx(brute)
    difference = interval_of_trainings(of_difference([mine], [other]))
    assert difference.estimate == pytest.approx(mine.mean() - other.mean())
    middle = interval_of_trainings(of_interquartile_mean([mine]))
    ordered = np.sort(mine, axis=None)
    assert middle.estimate == pytest.approx(ordered[30:90].mean())


def test_the_reference_may_be_of_several_trainings(result):
    plan = replace(result.plan, reference="other")
    found = summarise(replace(result, plan=plan))
    assert found.comparison("run").difference.above(0.0)
    assert found.comparison("expert").difference.above(0.0)
