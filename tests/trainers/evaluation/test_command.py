"""``golive evaluate`` as a user meets it: tables, files, exit codes, one line per error."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from golive.cli.app import run

PAIR = ["evaluate", "--policies", "critical_path,do_nothing", "--reference", "do_nothing"]
SMALL = [*PAIR, "--suite", "furniture-test", "--episodes", "6", "--workers", "1"]


def test_a_table_is_printed(capsys):
    assert run(SMALL) == 0
    out = capsys.readouterr().out
    assert "Go-live score on furniture test: 6 customers, seeds 2000000 to 2000005" in out
    assert "critical_path" in out


def test_json_is_all_that_is_printed_on_request(capsys):
    assert run([*SMALL, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["plan"]["episodes"] == 6
    assert content["ranking"][0] == "critical_path"


def test_rows_summary_plan_and_report_are_written(tmp_path, capsys):
    assert run([*SMALL, "--out", str(tmp_path)]) == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["plan.json", "report.html", "results.parquet", "summary.json"]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "One episode, side by side" in page
    assert "Who worked on what" in page


def test_a_required_claim_decides_the_exit_code(capsys):
    enough = [*SMALL, "--policies", "expert,do_nothing", "--episodes", "12"]
    assert run([*enough, "--require", "expert>do_nothing"]) == 0
    assert "holds" in capsys.readouterr().err
    assert run([*enough, "--require", "do_nothing>expert"]) == 1
    assert "does not hold" in capsys.readouterr().err


def test_policies_can_be_named(capsys):
    arguments = [*SMALL, "--policies", "planner=plan_follower,do_nothing"]
    assert run([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"]["policies"] == ["planner", "do_nothing"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--policies", "nobody"], "policy: 'nobody': neither a path"),
        (["--policies", ","], "policies: none given"),
        (["--policies", "random,random"], "'random' is given twice"),
        (["--suite", "nowhere"], "nowhere"),
        (["--split", "tset"], "--split: 'tset': expected one of train, validation, test"),
        (["--episodes", "0"], "episodes: 0: expected at least 1"),
        (["--episodes", "10001"], "expected at most the 10000 seeds"),
        (["--workers", "0"], "'--workers': Input should be greater than"),
        (["--reference", "nobody"], "reference: 'nobody': expected one of"),
        (["--require", "plan_follower"], 'expected "A>B"'),
        (["--resume"], "--resume: expected --out"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(capsys, arguments, message):
    usual = {"--policies": "plan_follower,random", "--suite": "furniture", "--episodes": "3"}
    given = {name: value for name, value in usual.items() if name not in arguments}
    line = ["evaluate", *(part for item in given.items() for part in item), *arguments]
    assert run(line) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("error: ")
    assert message in error


def test_a_file_that_is_no_policy_is_one_line(tmp_path, capsys):
    path = tmp_path / "x.policy"
    path.write_bytes(b"no policy at all")
    assert run(["evaluate", "--policies", f"random,{path}", "--episodes", "2"]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("error: ")
    assert str(path) in error


def test_a_read_only_directory_is_met_before_the_first_episode(tmp_path, capsys, monkeypatch):
    from golive.trainers.evaluation import runner

    monkeypatch.setattr(runner, "map_chunks", pytest.fail)
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert run([*SMALL, "--out", str(taken / "below")]) == 2
    assert "error: " in capsys.readouterr().err


KEEPS_AT_ONCE = """
from golive.__main__ import main
from golive.trainers.evaluation import keeper

keeper._SECONDS_BETWEEN_CHECKPOINTS = 0.0
if __name__ == "__main__":
    main()
"""
"""The command line that keeps every episode as it ends, so that few are enough to interrupt."""


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_done_and_resume_ends_as_if_nothing_had_happened(tmp_path):
    script = tmp_path / "keeps_at_once.py"
    script.write_text(KEEPS_AT_ONCE)
    words = [*PAIR, "--suite", "furniture", "--episodes", "60"]
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    process = subprocess.Popen(
        [sys.executable, str(script), *words, "--workers", "2", "--out", str(broken)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not (broken / "partial.parquet").exists() and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert error.strip().splitlines()[-1] == "interrupted"
    assert (broken / "partial.parquet").exists()
    assert not (broken / "results.parquet").exists()
    assert run([*words, "--workers", "1", "--out", str(broken), "--resume"]) == 0
    assert run([*words, "--workers", "1", "--out", str(whole)]) == 0
    for name in ("results.parquet", "summary.json"):
        assert (broken / name).read_bytes() == (whole / name).read_bytes()
