"""Running policies on common seeds, keeping what is finished and going on."""

from __future__ import annotations

import polars as pl
import pytest
from synthetic import SyntheticPolicy, SyntheticScenario, run_synthetic

from golive.core.errors import GoliveError
from golive.core.execution import TaskError
from golive.trainers.evaluation import EvaluationResult, evaluate
from golive.trainers.evaluation.keeper import Existing
from golive.trainers.evaluation.poisoned import PoisonedEpisodesError


def run(policies, scenarios, **changes):
    arguments = {"first_seed": 0, "episodes": 10, "backend": "serial", "run": run_synthetic}
    return evaluate(policies, scenarios, **(arguments | changes))


def test_every_policy_meets_the_same_seeds_in_every_scenario(result):
    seeds = result.rows.group_by("policy", "scenario").agg(pl.col("seed").sort())
    assert seeds.height == 6
    assert all(row == list(range(1000, 1040)) for row in seeds["seed"].to_list())


def test_rows_hold_the_scorecard_as_it_was(result, policies, scenarios):
    row = result.rows.filter(
        (pl.col("policy") == "poor") & (pl.col("scenario") == "hard") & (pl.col("seed") == 1007)
    ).to_dicts()[0]
    outcome = run_synthetic(policies[2], scenarios[1], 1007)
    assert row["digest"] == outcome.digest
    assert row["decisions"] == outcome.decisions
    for name, value in outcome.scorecard.as_dict().items():
        assert row[name] == pytest.approx(value, abs=0, nan_ok=True)


def test_scores_come_in_the_order_of_the_seeds(result, policies, scenarios):
    easy, hard = result.scores("good", "go_live_score")
    expected = [
        run_synthetic(policies[0], scenarios[1], seed).scorecard.go_live_score
        for seed in range(1000, 1040)
    ]
    assert hard.tolist() == expected
    assert easy.shape == (40,)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (("nobody", "go_live_score"), "policy: 'nobody': expected one of good, expert, poor"),
        (("good", "beauty"), "metric: 'beauty'"),
        (("good", "go_live_score", "elsewhere"), "scenario: 'elsewhere'"),
    ],
)
def test_unknown_names_are_refused(result, arguments, match):
    with pytest.raises(GoliveError, match=match):
        result.scores(*arguments)


def test_a_result_is_read_back_as_it_was_written(result, tmp_path):
    result.save(tmp_path)
    again = EvaluationResult.load(tmp_path)
    assert again.plan == result.plan
    assert again.rows.equals(result.rows, null_equal=True)


def test_processes_give_the_same_rows_as_one(policies, scenarios, result):
    parallel = evaluate(
        policies,
        scenarios,
        first_seed=1000,
        episodes=40,
        reference="expert",
        workers=2,
        backend="process",
        run=run_synthetic,
    )
    assert parallel.rows.equals(result.rows, null_equal=True)


class Interrupted(Exception):
    pass


def stop_after(count):
    def progress(done, _total):
        if done >= count:
            raise KeyboardInterrupt

    return progress


def test_an_interrupted_evaluation_keeps_its_episodes_and_ends_the_same(
    policies, scenarios, tmp_path
):
    whole = run(policies, scenarios)
    with pytest.raises(KeyboardInterrupt):
        run(policies, scenarios, directory=tmp_path, progress=stop_after(2))
    kept = pl.read_parquet(tmp_path / "partial.parquet").height
    assert 2 <= kept < 60
    calls = []
    resumed = run(
        policies,
        scenarios,
        directory=tmp_path,
        existing=Existing.RESUME,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert calls[0] == (kept, 60)
    assert calls[-1] == (60, 60)
    assert resumed.rows.equals(whole.rows, null_equal=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.json", "results.parquet"]


def test_a_finished_evaluation_is_not_run_again_by_resume(policies, scenarios, tmp_path):
    first = run(policies, scenarios, directory=tmp_path)
    broken = [SyntheticPolicy(p.name, p.skill, fails_on=frozenset(range(10))) for p in policies]
    again = run(broken, scenarios, directory=tmp_path, existing=Existing.RESUME)
    assert again.rows.equals(first.rows, null_equal=True)


def test_a_directory_that_holds_an_evaluation_is_not_overwritten(policies, scenarios, tmp_path):
    run(policies, scenarios, directory=tmp_path)
    before = (tmp_path / "results.parquet").read_bytes()
    with pytest.raises(GoliveError, match="holds an evaluation already"):
        run(policies, scenarios, directory=tmp_path)
    assert (tmp_path / "results.parquet").read_bytes() == before


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"episodes": 11}, "episodes: 10 there, 11 now"),
        ({"first_seed": 5}, "first_seed: 0 there, 5 now"),
        ({"split": "test"}, "split"),
    ],
)
def test_another_evaluation_is_not_gone_on_with(policies, scenarios, tmp_path, changes, match):
    run(policies, scenarios, directory=tmp_path)
    with pytest.raises(GoliveError, match=match):
        run(policies, scenarios, directory=tmp_path, existing=Existing.RESUME, **changes)


def test_a_changed_scenario_is_another_evaluation(policies, tmp_path):
    run(policies, [SyntheticScenario("one")], directory=tmp_path)
    with pytest.raises(GoliveError, match="scenario_fingerprints"):
        run(policies, [SyntheticScenario("one", 0.1)], directory=tmp_path, existing=Existing.RESUME)


def test_another_reference_is_the_same_evaluation(policies, scenarios, tmp_path):
    run(policies, scenarios, directory=tmp_path, reference="expert")
    again = run(policies, scenarios, directory=tmp_path, reference="poor", existing=Existing.RESUME)
    assert again.plan.reference == "poor"


@pytest.fixture
def half_faulty():
    return [SyntheticPolicy("fine", 0.0), SyntheticPolicy("faulty", 0.0, frozenset({4}))]


def test_a_failing_episode_is_named_and_all_others_are_finished(half_faulty, scenarios, tmp_path):
    with pytest.raises(
        PoisonedEpisodesError,
        match=r"faulty on easy, seed 4: RuntimeError: the policy gave up \(and 1 more\)",
    ) as caught:
        run(half_faulty, scenarios, directory=tmp_path)
    assert "run_synthetic" in caught.value.details
    assert pl.read_parquet(tmp_path / "partial.parquet").height == 38
    result = EvaluationResult.load(tmp_path)
    assert result.rows.equals(caught.value.result.rows, null_equal=True)
    assert result.poisoned == caught.value.result.poisoned


def test_policies_are_still_compared_on_the_same_customers(half_faulty, scenarios):
    result = run(half_faulty, scenarios, raise_poisoned=False)
    assert [(one.policy, one.scenario, one.seed) for one in result.poisoned] == [
        ("faulty", "easy", 4),
        ("faulty", "hard", 4),
    ]
    seeds = result.rows.group_by("policy", "scenario").agg(pl.col("seed").sort())["seed"]
    assert seeds.to_list() == [[0, 1, 2, 3, 5, 6, 7, 8, 9]] * 4


def test_poisoned_episodes_are_tried_again_by_resume(half_faulty, scenarios, tmp_path):
    run(half_faulty, scenarios, directory=tmp_path, raise_poisoned=False)
    mended = [half_faulty[0], SyntheticPolicy("faulty", 0.0)]
    result = run(mended, scenarios, directory=tmp_path, existing=Existing.RESUME)
    assert result.rows.equals(run(mended, scenarios).rows, null_equal=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.json", "results.parquet"]


def test_an_evaluation_in_which_most_fails_is_not_gone_on_with(scenarios):
    faulty = SyntheticPolicy("faulty", 0.0, frozenset(range(1_000)))
    with pytest.raises(TaskError, match="episodes failed, more than were finished"):
        run([faulty], scenarios, episodes=1_000)


def test_an_evaluation_that_loses_every_customer_has_no_result(scenarios):
    faulty = SyntheticPolicy("faulty", 0.0, frozenset(range(10)))
    fine = [SyntheticPolicy(str(number), 0.0) for number in range(4)]
    with pytest.raises(TaskError, match="no customer is left: faulty on easy, seed 0"):
        run([faulty, *fine], scenarios, raise_poisoned=False)


@pytest.mark.parametrize(
    ("content", "match"),
    [(b"", "cannot be read as Parquet"), (b"PAR1 nonsense PAR1", "cannot be read as Parquet")],
)
def test_a_truncated_partial_file_is_one_clear_error(policies, scenarios, tmp_path, content, match):
    run(policies, scenarios, directory=tmp_path)
    (tmp_path / "partial.parquet").write_bytes(content)
    with pytest.raises(GoliveError, match=match):
        run(policies, scenarios, directory=tmp_path, existing=Existing.RESUME)


def test_a_file_in_place_of_the_directory_is_refused(policies, scenarios, tmp_path):
    path = tmp_path / "taken"
    path.write_text("mine")
    with pytest.raises(GoliveError, match="taken"):
        run(policies, scenarios, directory=path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"episodes": 0}, "episodes: 0: expected at least 1"),
        ({"first_seed": -1}, "first seed: -1"),
        ({"reference": "nobody"}, "reference: 'nobody': expected one of good, expert, poor"),
    ],
)
def test_wrong_arguments_are_refused(policies, scenarios, changes, match):
    with pytest.raises(GoliveError, match=match):
        run(policies, scenarios, **changes)


def test_a_policy_given_twice_is_refused(policies, scenarios):
    with pytest.raises(GoliveError, match="'good' is given twice"):
        run([policies[0], policies[0]], scenarios)
