"""``golive train`` as its user meets it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from golive.cli.app import run
from golive.trainers.training import read_configuration

SMALL = {
    "total_steps": 512,
    "n_envs": 4,
    "workers": 1,
    "ppo": {"n_steps": 16, "batch_size": 32, "n_epochs": 1, "net_arch": [8]},
    "evaluation": {"every_steps": 10_000, "episodes": 2},
    "checkpoint_every": 128,
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(SMALL))
    return path


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """The one line of an error."""
    assert run(["train", *arguments]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    return lines[0]


def test_the_schema_is_printed_without_training(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--schema"]) == 0
    assert "total_steps" in json.loads(capsys.readouterr().out)["properties"]


def test_a_training_says_where_its_results_are(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    arguments = ["train", "furniture", "--config", str(config), "--out", str(out)]
    assert run([*arguments, "--steps", "64", "--seed", "5", "--workers", "0"]) == 0
    printed = capsys.readouterr().out
    assert f"Run: {out}" in printed
    assert f"Policy: {out / 'best.policy'}" in printed
    assert (out / "best.policy").is_file()
    stored = read_configuration(out / "config.yaml")
    assert (stored.total_steps, stored.seed, stored.workers) == (64, 5, 0)


def test_several_seeds_are_trained_resumed_and_judged_together(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "runs"
    arguments = ["train", "furniture", "--config", str(config), "--out", str(out)]
    arguments += ["--steps", "64", "--seed", "5", "--workers", "0"]
    assert run([*arguments, "--seeds", "2"]) == 0
    assert "training 2 of 2: seed 6" in capsys.readouterr().err.replace("\n", "")
    weights = (out / "seed-5" / "best.policy").read_bytes()
    assert read_configuration(out / "seed-6" / "config.yaml").seed == 6

    assert run([*arguments, "--seeds", "2"]) == 2  # not empty
    assert run(["train", "--resume", "--seeds", "3", "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["seed-5", "seed-6", "seed-7"]
    assert (out / "seed-5" / "best.policy").read_bytes() == weights

    alone = tmp_path / "alone"
    told = ["--config", str(config), "--steps", "64", "--seed", "5", "--workers", "0"]
    assert run(["train", "furniture", *told, "--out", str(alone)]) == 0
    assert (alone / "best.policy").read_bytes() == weights

    capsys.readouterr()
    judged = ["evaluate", "--policies", f"run={out}/seed-*,one={alone},do_nothing"]
    judged += ["--reference", "do_nothing", "--episodes", "2", "--workers", "1", "--no-cache"]
    assert run([*judged, "--out", str(tmp_path / "judged")]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "run: 3 trainings; intervals are over trainings and customers" in printed
    assert "one: one training" in printed
    page = (tmp_path / "judged" / "report.html").read_text(encoding="utf-8")
    assert "Training by training" in page and "run/seed-7" in page
    summary = json.loads((tmp_path / "judged" / "summary.json").read_text(encoding="utf-8"))
    assert summary["plan"]["trainings"] == {
        "run": ["run/seed-5", "run/seed-6", "run/seed-7"],
        "one": ["one"],
    }
    assert {row["policy"]: row["trainings"] for row in summary["metrics"]} == {
        "run": 3,
        "one": 1,
        "do_nothing": 0,
    }


def test_several_seeds_where_none_were_trained_cannot_be_resumed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(capsys, ["--resume", "--seeds", "2", "--out", str(tmp_path)])
    assert "no trainings of several seeds to resume" in line


def test_a_folder_that_is_not_empty_is_refused(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.txt").write_text("mine")
    line = refused(capsys, ["--config", str(config), "--out", str(tmp_path / "run")])
    assert "not empty" in line and "--resume" in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--config", "none.yaml"], "none.yaml: there is no such file"),
        (["--config", "furnitur"], "did you mean furniture?"),
        (["furnitur"], "did you mean furniture?"),
        (["--steps", "0", "furniture"], "--steps"),
        (["--seed", "-1", "furniture"], "--seed"),
        (["--resume"], "no training to resume"),
    ],
)
def test_bad_arguments_are_one_line_and_make_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert message in refused(capsys, [*arguments, "--out", str(tmp_path / "run")])
    assert not (tmp_path / "run").exists()


def test_resuming_with_another_seed_names_the_field(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "run")
    arguments = ["--config", str(config), "--out", out, "--workers", "0"]
    assert run(["train", *arguments, "--steps", "64"]) == 0
    capsys.readouterr()
    line = refused(capsys, ["--resume", "--out", out, "--seed", "9"])
    assert "seed: 9: expected 0" in line
    line = refused(capsys, ["--resume", *arguments])
    assert "total_steps: 512: expected 64" in line


def test_the_shipped_configurations_are_found_by_name() -> None:
    from golive.trainers.training import shipped_configuration

    for name in ("furniture", "demo"):
        path = shipped_configuration(name)
        assert read_configuration(path).environment.scenario == "furniture"


def start(config: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """The command in a process group of its own, as a terminal has it."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "golive",
            "train",
            "--config",
            str(config),
            "--out",
            str(out),
            *more,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_checkpoint(out: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while not list(out.glob("checkpoints/step-*[1-9]*.checkpoint")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_ctrl_c_ends_with_a_checkpoint_and_says_how_to_go_on(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    process = start(config, out, "--steps", "100000")
    wait_for_checkpoint(out, process)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=180)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert f"golive train --resume --out {out}" in errors
    status = json.loads((out / "status.json").read_text())
    assert status["state"] == "interrupted"
    newest = sorted((out / "checkpoints").iterdir())[-1].name
    assert newest == f"step-{status['steps']:012d}.checkpoint"

    arguments = ["--config", str(config), "--out", str(out), "--resume", "--steps", "100000"]
    assert run(["train", *arguments, "--minutes", "0.0001", "--workers", "0"]) == 0
    errors = capsys.readouterr().err
    assert f"resuming at step {status['steps']:,}" in errors
    assert "stopped early by the limit" in errors


@pytest.mark.slow
def test_a_second_ctrl_c_stops_at_once(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = start(config, out, "--steps", "100000", "--workers", "0")
    wait_for_checkpoint(out, process)
    os.killpg(process.pid, signal.SIGINT)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=180)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert not [path.name for path in out.rglob(".*")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_refused(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fixed").mkdir(mode=0o500)
    line = refused(capsys, ["--config", str(config), "--out", str(tmp_path / "fixed" / "run")])
    assert "not writable" in line
