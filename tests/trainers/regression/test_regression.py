"""The regression benchmark as a user meets it: what passes, what fails, what is written."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from golive.cli.app import run
from golive.trainers.regression import run as regression_run
from golive.trainers.regression.baseline import SpeedRecord

SUITE = """
name: tiny
title: Two customers
scenarios: [{scenario: furniture}]
seeds: {start: 3_000_006, stop: 3_000_008}
baselines: [critical_path]
probes: [do_nothing]
reference: critical_path
speed: {repetitions: 2, episodes: 1, policy: critical_path}
"""
CELL = ("figures", "scenarios", "furniture")


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> dict[str, Any]:
    """The content of a baseline of the suite, made once."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "bench.yaml").write_text(SUITE, "utf-8")
    path = folder / "baseline.json"
    command = ["bench", "--suite", str(folder / "bench.yaml"), "--against", str(path)]
    made = [*command, "--update", "--reason", "First baseline", "--no-speed", "--workers", "1"]
    assert run(made) == 0
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


class Bench:
    """A suite and its baseline in a folder."""

    def __init__(self, folder: Path, content: dict[str, Any]) -> None:
        self.suite, self.baseline = folder / "bench.yaml", folder / "baseline.json"
        self.suite.write_text(SUITE, "utf-8")
        self.content: dict[str, Any] = json.loads(json.dumps(content))
        self.store()

    def store(self) -> None:
        self.baseline.write_text(json.dumps(self.content), "utf-8")

    def cell(self, role: str, policy: str) -> dict[str, Any]:
        found: Any = self.content
        for key in (*CELL, role, policy):
            found = found[key]
        return found

    def add_to_score(self, role: str, policy: str, amount: float) -> None:
        cell = self.cell(role, policy)
        cell["scores"][0] += amount
        cell["mean_score"] = math.fsum(cell["scores"]) / len(cell["scores"])
        self.store()

    def run(self, *options: str) -> int:
        command = ["bench", "--suite", str(self.suite), "--against", str(self.baseline)]
        quick = [] if "--speed" in options else ["--no-speed"]
        given = [option for option in options if option != "--speed"]
        return run([*command, "--workers", "1", *quick, *given])


@pytest.fixture
def bench(tmp_path, first) -> Bench:
    return Bench(tmp_path, first)


def test_what_did_not_move_passes(bench, capsys):
    assert bench.run() == 0
    out = capsys.readouterr().out
    assert "unchanged" in out
    assert "--update" not in out


def test_a_score_that_fell_by_the_last_digit_is_a_regression(bench, capsys):
    cell = bench.cell("baselines", "critical_path")
    bench.add_to_score("baselines", "critical_path", 4 * math.ulp(cell["scores"][0]))
    assert bench.run() == 1
    out = capsys.readouterr().out
    assert "regression" in out
    assert "furniture / critical_path: go-live score fell from" in out
    assert '--update --reason "..."' in out


def test_a_better_score_needs_a_reason_too(bench, capsys):
    bench.add_to_score("baselines", "critical_path", -0.05)
    assert bench.run() == 1
    out = capsys.readouterr().out
    assert "changed" in out
    assert "regression" not in out
    assert "+0.025" in out
    assert "also if it is for the better" in out


def test_moved_metrics_and_reward_terms_are_listed_worst_first(bench, capsys):
    cell = bench.cell("baselines", "critical_path")
    cell["metrics"]["nps"][0] += 50.0
    cell["metrics"]["adoption"][1] -= 0.001
    cell["metrics"]["days"][0] += 1
    cell["reward_terms"]["timeline_accuracy"][1] += 1.0
    bench.store()
    assert bench.run("--json") == 1
    comparison = json.loads(capsys.readouterr().out)["comparison"]
    assert comparison["differences"][0]["name"] in ("nps", "timeline_accuracy")
    names = {(d["kind"], d["name"]): d for d in comparison["differences"]}
    assert set(names) == {
        ("metric", "nps"),
        ("metric", "adoption"),
        ("metric", "days"),
        ("reward_term", "timeline_accuracy"),
    }
    assert comparison["differences"][-1]["name"] == "adoption"
    assert names["metric", "nps"]["change"] == pytest.approx(-25.0)
    assert names["metric", "nps"]["seeds_moved"] == 1


def test_tables_have_so_many_rows_and_count_the_rest(bench, capsys):
    cell = bench.cell("baselines", "critical_path")
    for name in ("nps", "adoption", "cost_usd", "dip_days"):
        cell["metrics"][name][0] += 1.0
    bench.store()
    assert bench.run("--rows", "1") == 1
    assert "and 3 more rows" in capsys.readouterr().out


def test_a_moved_digest_alone_fails(bench, capsys):
    bench.cell("probes", "do_nothing")["digests"][1] = "0" * 32
    bench.store()
    assert bench.run() == 1
    out = capsys.readouterr().out
    assert "Moved digests" in out
    assert "3000007" in out
    assert "3000006" not in out


def test_a_probe_that_does_not_lose_fails_and_no_baseline_is_written(bench, capsys):
    text = SUITE.replace("[do_nothing]", "[expert]").replace("critical_path", "plan_follower")
    bench.suite.write_text(text, "utf-8")
    before = bench.baseline.read_bytes()
    assert bench.run() == 1
    assert "because a probe must lose" in capsys.readouterr().out
    assert bench.run("--update", "--reason", "x") == 1
    assert "The baseline is not written" in capsys.readouterr().err
    assert bench.baseline.read_bytes() == before


@pytest.mark.parametrize(("ratio", "code"), [(0.10, 1), (0.06, 0), (0.01, 0)])
def test_a_slower_engine_fails_only_beyond_the_tolerance(bench, monkeypatch, capsys, ratio, code):
    now = SpeedRecord(ratio=0.05, low=0.04, high=0.06, repetitions=2)
    monkeypatch.setattr(regression_run, "measure_suite_speed", lambda *_: now)
    bench.content["figures"]["speed"] = {
        "ratio": ratio, "low": ratio, "high": ratio, "repetitions": 2,
    }  # fmt: skip
    bench.store()
    assert bench.run("--speed") == code
    assert ("expected at least 0.0700" in capsys.readouterr().out) == bool(code)
    assert bench.run() == 0, "--no-speed leaves it out"


@pytest.mark.slow
def test_the_speed_is_measured_and_kept_by_a_renewal_without_it(bench):
    assert bench.run("--speed", "--update", "--reason", "With speed") == 0
    speed = json.loads(bench.baseline.read_text("utf-8"))["figures"]["speed"]
    assert 0 <= speed["low"] <= speed["ratio"] <= speed["high"]
    assert bench.run("--update", "--reason", "Without") == 0
    assert json.loads(bench.baseline.read_text("utf-8"))["figures"]["speed"] == speed


def test_a_renewal_takes_what_moved_and_adds_its_reason(bench, capsys):
    bench.add_to_score("baselines", "critical_path", 0.1)
    assert bench.run("--update", "--reason", "  Meant \n so ") == 0
    assert "reason: Meant so" in capsys.readouterr().err
    content = json.loads(bench.baseline.read_text("utf-8"))
    assert content["reason"] == "Meant so"
    assert [entry["reason"] for entry in content["history"]] == ["First baseline", "Meant so"]
    assert bench.run() == 0


def test_a_renewal_without_a_change_is_the_same_file_but_for_the_reason(bench, first):
    assert bench.run("--update", "--reason", "Again") == 0
    one = bench.baseline.read_text("utf-8")
    content = json.loads(one)
    assert content["figures"] == first["figures"]
    assert one.count("\n") < 120
    assert '"adoption": [0.' in one


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--update"], "--reason: expected with --update"),
        (["--update", "--reason", "  "], "--reason: expected with --update"),
        (["--reason", "x"], "--reason: expected --update"),
    ],
)
def test_a_renewal_needs_its_reason(bench, capsys, options, message):
    before = bench.baseline.read_bytes()
    assert bench.run(*options) == 2
    assert message in capsys.readouterr().err
    assert bench.baseline.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "damaged: not JSON"),
        ('{"kind": "golive reg', "damaged: not JSON"),
        ("[]", "this is no baseline of golive bench"),
        ('{"kind": "other"}', "this is no baseline of golive bench"),
        ('{"kind": "golive regression baseline", "format_version": 2}', "format_version: 2"),
        ('{"kind": "golive regression baseline", "format_version": 1}', "golive_version: missing"),
    ],
)
def test_what_is_no_baseline_is_refused_in_a_line_and_never_overwritten(
    bench, capsys, text, message
):
    bench.baseline.write_text(text, "utf-8")
    for options in ([], ["--update", "--reason", "x"]):
        assert bench.run(*options) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert message in line
        assert "baseline.json" in line
        assert bench.baseline.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["suite"].update(name="other"), "this is the baseline of another suite"),
        (lambda c: c["figures"]["seeds"].__setitem__(0, 7), "figures.seeds: 7 to 3000007"),
        (lambda c: c["figures"]["seeds"].append(8), "expected one for each of the 3 seeds"),
        (
            lambda c: c["figures"]["scenarios"]["furniture"]["probes"]["do_nothing"].update(
                mean_score=0.5
            ),
            "mean_score: 0.5: expected the mean of the scores",
        ),
        (lambda c: c["figures"].update(speed={"ratio": "fast"}), "figures.speed.ratio: 'fast'"),
        (lambda c: c.update(more=1), "more: unknown field"),
    ],
)
def test_a_baseline_of_something_else_or_mended_by_hand_is_refused(bench, capsys, change, message):
    change(bench.content)
    bench.store()
    assert bench.run() == 2
    assert message in capsys.readouterr().err


def test_without_a_baseline_the_message_says_how_to_make_one(bench, capsys):
    bench.baseline.unlink()
    assert bench.run() == 2
    error = capsys.readouterr().err
    assert "there is no such baseline: make it with: golive bench --suite" in error
    assert "--update --reason" in error


def test_a_changed_suite_and_its_new_and_missing_policies_need_a_reason(bench, capsys):
    text = SUITE.replace("[do_nothing]", "[rush_always]")
    bench.suite.write_text(text, "utf-8")
    assert bench.run() == 1
    out = capsys.readouterr().out
    assert "furniture / rush_always: measured, but not in the baseline" in out
    assert "furniture / do_nothing: in the baseline, but no longer measured" in out
    assert "the suite's file is not the one" in out


def test_a_loosened_tolerance_is_seen(bench, capsys):
    bench.suite.write_text(SUITE + "tolerances: {speed: 0.9}\n", "utf-8")
    assert bench.run() == 1
    assert "the suite's file is not the one" in capsys.readouterr().out


def test_another_machine_is_a_note_and_no_failure(bench, capsys):
    bench.content["environment"]["machine"] = "pdp11"
    bench.store()
    assert bench.run() == 0
    assert "machine: the baseline was made with pdp11" in capsys.readouterr().out


def test_result_and_summary_are_written(bench, tmp_path, capsys):
    bench.add_to_score("baselines", "critical_path", 0.1)
    out, summary = tmp_path / "result.json", tmp_path / "summary.md"
    assert bench.run("--out", str(out), "--summary", str(summary)) == 1
    result = json.loads(out.read_text("utf-8"))
    assert result["verdict"] == "regression"
    assert result["figures"]["scenarios"]["furniture"]["probes"]["do_nothing"]["scores"]
    text = summary.read_text("utf-8")
    assert text.startswith("## golive bench: ")
    assert "| furniture | critical_path | go_live_score |" in text
    assert '--update --reason "..."' in text
    assert text.endswith("\n")


def test_json_is_all_that_is_printed(bench, capsys):
    assert bench.run("--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["verdict"] == "unchanged"
    assert result["comparison"]["cells"] == 2


@pytest.mark.parametrize(
    "options",
    [
        ["--against", "x"],
        ["--update"],
        ["--reason", "x"],
        ["--no-speed"],
        ["--workers", "1"],
        ["--out", "x"],
        ["--summary", "x"],
    ],
)
def test_its_options_need_a_suite(capsys, options):
    assert run(["bench", *options]) == 2
    assert "--suite: expected a bench suite" in capsys.readouterr().err


def test_a_suite_needs_a_baseline(capsys):
    assert run(["bench", "--suite", "ci"]) == 2
    assert "--against: expected with --suite" in capsys.readouterr().err
