"""The benchmark's figures from rows made by hand, and a whole run on two short recordings."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks import ope
from benchmarks.command import run as run_benchmark
from benchmarks.ope import default_behaviours, default_targets
from benchmarks.ope_result import BenchPlan, BenchResult, bench_tables
from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.statistics import Interval
from golive.trainers.offline_evaluation import Estimator
from tools.pages.__main__ import app

from ..trainers.offline_evaluation.toy import Toy, drawn_policy

REPOSITORY = Path(__file__).parents[2]
PLAN = BenchPlan(
    behaviours={"noisy": ("random",)},
    targets=("a", "b", "c"),
    metric="worth",
    estimators=(Estimator.DIRECT,),
    datasets=2,
    episodes=10,
)
TRUTH = {"a": Interval(0.1, 0.0, 0.2), "b": Interval(0.5, 0.4, 0.6), "c": Interval(0.9, 0.8, 1.0)}


def row(dataset, target, estimate, half_width, supported):
    return {
        "behaviour": "noisy",
        "dataset": dataset,
        "target": target,
        "estimator": "direct",
        "estimate": estimate,
        "low": estimate - half_width,
        "high": estimate + half_width,
        "supported": supported,
        "against": "",
    }


@pytest.fixture(scope="module")
def result():
    rows = [
        row(0, "a", 0.2, 0.15, True),
        row(0, "b", 0.6, 0.05, True),
        row(0, "c", 0.8, 0.15, False),
        row(1, "a", 0.4, 0.05, False),
        row(1, "b", 0.3, 0.25, True),
        row(1, "c", 0.2, 0.05, False),
    ]
    return BenchResult(PLAN, "toy", TRUTH, rows)


def test_errors_and_coverage_by_hand(result):
    cell = next(one for one in result.cells() if one["target"] == "a")
    assert cell["estimate"] == pytest.approx(0.3)
    assert cell["error"] == pytest.approx(0.2)
    assert cell["root_mean_square_error"] == pytest.approx(np.sqrt((0.01 + 0.09) / 2))
    assert cell["coverage"] == 0.5
    assert cell["supported_share"] == 0.5


def test_the_summary_by_hand(result):
    (summary,) = result.summaries()
    errors = np.array([0.1, 0.1, -0.1, 0.3, -0.2, -0.7])
    assert summary["root_mean_square_error"] == pytest.approx(np.sqrt(np.mean(errors**2)))
    assert summary["rank_correlation"] == pytest.approx((1.0 - 1.0) / 2)
    assert summary["coverage"].estimate == pytest.approx(3 / 6)
    assert summary["supported"] == 3
    assert summary["coverage_supported"] == pytest.approx(2 / 3)


def test_estimates_that_are_all_alike_rank_nothing():
    rows = [row(dataset, name, 0.5, 0.1, True) for dataset in range(2) for name in "abc"]
    (summary,) = BenchResult(PLAN, "toy", TRUTH, rows).summaries()
    assert summary["rank_correlation"] is None


def test_rows_carry_the_truth_and_tables_every_estimator(result):
    assert result.frame["truth"].to_list() == [0.1, 0.5, 0.9] * 2
    summary, cells = bench_tables(result)
    assert summary.rows[0][6] == "3 of 6"
    assert (len(summary.rows), len(cells.rows)) == (1, 3)


def test_truth_is_simulated_on_other_customers():
    with pytest.raises(GoliveError, match="customers that are not recorded"):
        dataclasses.replace(PLAN, truth_first_seed=PLAN.first_seed + 19)
    with pytest.raises(GoliveError, match="datasets: 1"):
        dataclasses.replace(PLAN, datasets=1)


def test_a_part_of_a_recording_holds_those_episodes():
    whole, _ = Toy.drawn(0).record(drawn_policy(1), drawn_policy(2), 9, 0)
    parts = [whole.of_episodes(np.arange(first, first + 3)) for first in (0, 3, 6)]
    assert sum(part.lengths.size for part in parts) == 9
    assert np.array_equal(np.concatenate([part.rewards for part in parts]), whole.rewards)
    middle = parts[1]
    assert middle.episodes["seed"].to_list() == [3, 4, 5]
    assert middle.observations.shape[0] == middle.lengths.sum() == middle.masks.shape[0]


@pytest.fixture(scope="module")
def benched(tmp_path_factory):
    """A run of the command on random play, which is over soon."""
    out = tmp_path_factory.mktemp("bench")
    command = ["--out", str(out), "--behaviours", "random", "--targets", "random,noisy:random:0.5"]
    command += ["--estimators", "recorded,per_decision", "--workers", "1"]
    command += ["--datasets", "2", "--episodes", "4", "--truth-episodes", "4"]
    assert run_benchmark(ope.command, command) == 0
    return out, command


def test_the_command_writes_rows_tables_and_picture(benched):
    out, _ = benched
    document = json.loads((out / "ope-bench.json").read_text("utf-8"))
    rows = pl.read_parquet(out / "rows.parquet")
    assert rows.height == 2 * 2 * len(document["plan"]["estimators"])
    assert (out / "ope-bench.png").read_bytes().startswith(b"\x89PNG")
    assert "| random | per_decision |" in (out / "ope-bench.md").read_text("utf-8")
    own = rows.filter(pl.col("target") == "random", pl.col("estimator") == "recorded")
    assert own["supported"].all()


def test_a_second_run_simulates_nothing_and_finds_the_same(benched, monkeypatch):
    out, command = benched
    before = pl.read_parquet(out / "rows.parquet")
    monkeypatch.setattr("golive.trainers.datasets.recording.play_episode", None)
    monkeypatch.setattr("golive.sim.episodes.run_episode", None)
    monkeypatch.setattr("benchmarks.ope_run.target_probabilities", None)
    assert run_benchmark(ope.command, command) == 0
    assert pl.read_parquet(out / "rows.parquet").equals(before)


def test_ope_judges_a_recording(benched, capsys):
    out, _ = benched
    (recording,) = out.glob("recording-*-v0")
    command = ["ope", str(recording), "--policy", "random", "--workers", "1"]
    capsys.readouterr()
    few = ["--estimators", "recorded,per_decision,direct"]
    assert run([*command, *few, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["support"]["effective_episodes"] == pytest.approx(8.0)
    assert content["supported"]
    assert content["model"]["holds"] == (content["model"]["p_value"] > 0.05)
    command[3] = "critical_path"
    assert run([*command, *few, "--require-support"]) == 1
    said = capsys.readouterr()
    assert "these data cannot carry the question" in said.err
    assert "Effective episodes" in said.out
    assert "direct: the " in said.out


def test_unknown_estimators_and_policies_are_wrong_usage(benched, capsys):
    out, _ = benched
    (recording,) = out.glob("recording-*-v0")
    assert run(["ope", str(recording), "--policy", "random", "--estimators", "oracle"]) == 2
    assert "--estimators: 'oracle': expected some of recorded" in capsys.readouterr().err
    assert run(["ope", str(recording), "--policy", "oracle"]) == 2


def test_the_page_takes_what_the_command_wrote(benched, tmp_path):
    out, _ = benched
    page = tmp_path / "offline-evaluation.md"
    page.write_text((REPOSITORY / "docs" / page.name).read_text("utf-8"), "utf-8")
    assert run_benchmark(app, ["ope", str(out), "--page", str(page)]) == 0
    written = page.read_text("utf-8")
    assert "| random | per_decision |" in written
    assert "Not run yet" not in written
    assert (tmp_path / "images" / "ope-bench.png").exists()
    assert run_benchmark(app, ["ope", str(tmp_path), "--page", str(page)]) == 2


def test_the_defaults_are_of_the_worlds_own_baselines():
    kind = world_kind("implementation")
    assert default_behaviours(kind)["noisy critical path"] == ("noisy:critical_path:0.1",)
    assert len(default_behaviours(kind)["mixed"]) == 4
    assert default_targets(kind, quick=True) == (
        "noisy:critical_path:0.1",
        "noisy:plan_follower:0.1",
        "random",
    )
    assert set(default_targets(kind, quick=True)) < set(default_targets(kind, quick=False))
