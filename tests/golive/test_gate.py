"""``golive gate`` as a user meets it: verdicts, report, seal, exit codes, one line per error."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from golive.cli.app import run

GATE = """
name: tiny
title: Tiny
scenarios: [furniture]
episodes: 4
edge_cases: {kinds: [environment_outage], severities: [critical], episodes: 2}
accuracy: {episodes: 4, every: 20, futures: 2}
adaptation: {scenarios: [textile-knitting], episodes: 7, iterations: 1}
"""
EASY = GATE.replace("iterations: 1}", "iterations: 1, level: 0.2}")
EASY += """
thresholds:
  {completion: 0, accuracy: 0, adaptation_iterations: 9, retention: 0, collaboration: 0,
   recovery: 0, test_scenario: 0}
"""
"""Thresholds that a good policy exceeds on a handful of customers (more than 0 is asked for)."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("gate")
    (folder / "tiny.yaml").write_text(GATE)
    (folder / "easy.yaml").write_text(EASY)
    return folder


def gate(*arguments: object) -> int:
    return run(["gate", *map(str, arguments)])


def through(folder: Path, policy: str, name: str = "tiny", *more: object) -> tuple[int, dict]:
    """Run a policy through a gate; the exit code and the report."""
    out = folder / f"{name}-{policy}"
    code = gate(
        "--policy", policy, "--gate", folder / f"{name}.yaml", "--workers", 1, "--out", out, *more
    )
    return code, json.loads((out / "report.json").read_text())


def verdicts(report: dict) -> dict[str, str]:
    return {c["name"]: c["verdict"] for c in report["criteria"]}


@pytest.fixture(scope="module")
def follower(folder) -> dict:
    code, report = through(folder, "plan_follower")
    assert code == 1
    return report


def test_who_follows_the_plan_does_not_pass(follower):
    assert not follower["passed"]
    assert not follower["signed_off"]
    assert {verdicts(follower)[name] for name in ("completion", "collaboration")} == {"fails"}
    assert verdicts(follower)["adaptation"] == "fails"
    assert verdicts(follower)["test_scenarios"] == "fails"


def test_who_decides_at_random_does_not_pass(folder, capsys):
    code, report = through(folder, "random")
    assert code == 1
    assert not report["passed"]
    assert verdicts(report)["completion"] == "fails"
    assert verdicts(report)["collaboration"] == "fails"
    assert "not passed" in capsys.readouterr().out


def test_who_is_good_enough_passes_and_a_quick_look_signs_nothing_off(folder, capsys):
    code, report = through(folder, "expert", "easy")
    assert code == 0, verdicts(report)
    assert report["passed"]
    assert report["signed_off"]
    assert "passed" in capsys.readouterr().out
    code = gate(
        *("--policy", "expert", "--gate", folder / "easy.yaml", "--workers", 1),
        *("--out", folder / "quick", "--quick", "--json"),
    )
    report = json.loads(capsys.readouterr().out)
    assert code == (0 if report["passed"] else 1)  # so few decisions may decide nothing
    assert report["quick"]
    assert not report["signed_off"]
    assert "quick look" in (folder / "quick" / "report.html").read_text()


def test_the_report_holds_what_a_reader_needs_to_judge_it(follower):
    assert follower["gate"]["name"] == "tiny"
    assert re.fullmatch(r"[0-9a-f]{64}", follower["gate_sha256"])
    assert follower["policy"] == {
        "name": "plan_follower",
        "spec": "plan_follower",
        "sha256": None,
        "trained": None,
        "sees_world": False,
    }
    assert follower["versions"]["golive"]
    assert follower["versions"]["python"].startswith("3.")
    assert len(follower["episodes"]) == 6
    assert [cell["seeds"]["start"] for cell in follower["cells"]] == [2_000_000, 2_000_000]
    assert set(follower["metrics"]) == {
        "accuracy",
        "best_responses",
        "speed",
        "robustness",
        "collaboration",
        "adaptation",
        "learning",
    }
    assert follower["metrics"]["speed"]["latency"]["decisions"] > 100
    assert follower["profiles"][0]["scenario"] == "furniture"
    assert follower["decisions"]


def test_the_page_is_one_file_for_light_and_dark(folder, follower):
    page = (folder / "tiny-plan_follower" / "report.html").read_text()
    assert "prefers-color-scheme: dark" in page
    assert "Not passed" in page
    assert follower["seal"] in page
    for criterion in follower["criteria"]:
        assert criterion["title"] in page
    assert not re.search(r'(src|href)="', page)


def test_the_seal_shows_that_nothing_was_changed(folder, follower, tmp_path, capsys):
    assert gate("--check", folder / "tiny-plan_follower") == 0
    assert "the seal holds: plan_follower: not passed, no sign-off" in capsys.readouterr().out
    changed = json.loads(json.dumps(follower))
    changed["criteria"][0]["verdict"] = "holds"
    for number, content in enumerate((changed, follower | {"signed_off": True})):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(content))
        assert gate("--check", path) == 1
        assert "the seal is broken" in capsys.readouterr().err
    path.write_text(json.dumps(follower))  # another layout of the same content
    assert gate("--check", path) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--policy: missing"),
        (["--policy", "nobody"], "policy: 'nobody': neither a path"),
        (
            ["--policy", "expert", "--gate", "nowhere.yaml"],
            "nowhere.yaml: there is no such file: expected a gate",
        ),
        (["--policy", "expert", "--workers", "0"], "greater than or equal to 1"),
        (["--check", "nowhere.json"], "nowhere.json: there is no such file"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    assert gate(*arguments) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("error: ")
    assert message in error
    assert not list(tmp_path.iterdir())


def test_what_is_no_report_is_not_checked(tmp_path, capsys):
    path = tmp_path / "x.json"
    for text, message in (("{", "not JSON"), ("{}", "kind: expected"), ("[]", "kind: expected")):
        path.write_text(text)
        assert gate("--check", path) == 2
        assert message in capsys.readouterr().err


def test_a_report_is_not_written_over(folder, follower, capsys):
    out = folder / "tiny-plan_follower"
    assert gate("--policy", "random", "--gate", folder / "tiny.yaml", "--out", out) == 2
    assert "holds a report already" in capsys.readouterr().err


def test_the_schema_is_printed(capsys):
    assert gate("--schema") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "GateSuite"


@pytest.mark.slow
def test_ctrl_c_leaves_no_half_report(folder, tmp_path):
    (tmp_path / "long.yaml").write_text(GATE.replace("episodes: 4", "episodes: 4000"))
    command = [sys.executable, "-m", "golive", "gate", "--policy", "expert", "--workers", "2"]
    command += ["--gate", str(tmp_path / "long.yaml"), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (tmp_path / "out").exists() and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert error.strip().splitlines()[-1] == "interrupted"
    assert not (tmp_path / "out").exists()
