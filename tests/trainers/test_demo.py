"""The demonstration: small here, whole; what was done is not done again."""

from __future__ import annotations

import json

import pytest

from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.trainers import demo
from golive.trainers.training.callbacks import TrainingCallback
from golive.trainers.training.configuration import with_changes

TINY = {
    "total_steps": 256,
    "n_envs": 4,
    "workers": 0,
    "ppo": {"n_steps": 32, "batch_size": 64, "n_epochs": 1, "net_arch": [8]},
    "warm_start": {"episodes": 2, "epochs": 1, "batch_size": 64, "critic_warmup_rollouts": 0},
    "evaluation": {"every_steps": 128, "episodes": 3},
    "checkpoint_every": 128,
}


@pytest.fixture
def tiny(monkeypatch):
    """The packaged configuration, cut down so that it takes seconds."""
    packaged = demo.demo_configuration

    def small(plan):
        return with_changes(packaged(plan), TINY)

    monkeypatch.setattr(demo, "demo_configuration", small)


def arguments(directory):
    return ["demo", "--out", str(directory), "--episodes", "2", "--workers", "1"]


@pytest.mark.slow
def test_one_command_trains_judges_and_reports(tiny, tmp_path, capsys):
    assert run(arguments(tmp_path)) == 0
    captured = capsys.readouterr()
    assert f"Report: {tmp_path / 'report.html'}" in captured.out
    assert "held-out customers" in captured.out
    summary = json.loads((tmp_path / "evaluation" / "summary.json").read_text())
    assert summary["plan"]["reference"] == "expert"
    assert summary["plan"]["split"] == "test"
    assert {"trained", "expert", "random", "do_nothing"} <= set(summary["ranking"])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for section in ("How it learned", "Performance profile", "One episode, side by side"):
        assert section in page

    weights = (tmp_path / "run" / "best.policy").read_bytes()
    assert run(arguments(tmp_path)) == 0
    assert "trained already" in capsys.readouterr().err
    assert (tmp_path / "run" / "best.policy").read_bytes() == weights
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page

    assert run(["demo", "--out", str(tmp_path), "--episodes", "3", "--workers", "1"]) == 0
    summary = json.loads((tmp_path / "evaluation" / "summary.json").read_text())
    assert summary["plan"]["episodes"] == 3


@pytest.mark.slow
def test_an_interruption_of_the_judging_is_gone_on_with(tiny, tmp_path):
    plan = demo.DemoPlan(tmp_path, episodes=2, workers=1)
    configuration = demo.train_demo(plan, TrainingCallback())

    def interrupt(done, total):
        if done >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.judge_demo(plan, configuration, interrupt)
    assert not (tmp_path / "report.html").exists()
    counts = []
    outcome = demo.judge_demo(plan, configuration, lambda done, total: counts.append(done))
    assert counts[0] >= 10
    assert counts[-1] > counts[0]
    assert outcome.report.exists()


def test_an_interrupted_training_ends_the_demo_with_130(tiny, tmp_path, monkeypatch, capsys):
    from golive.trainers.training import session
    from golive.trainers.training.run_directory import TrainingState

    def interrupted(*_arguments, **_options):
        return session.TrainingOutcome(TrainingState.INTERRUPTED, 10, 0.1, 0.5, 10)

    monkeypatch.setattr(session, "train", interrupted)
    assert run(arguments(tmp_path)) == 130


def test_a_file_in_place_of_the_directory_is_one_line(tmp_path, capsys):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert run(["demo", "--out", str(taken)]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert taken.read_text() == "mine"


@pytest.mark.parametrize("option", [["--steps", "0"], ["--minutes", "-1"], ["--workers", "0"]])
def test_values_out_of_range_are_one_line(tmp_path, capsys, option):
    assert run(["demo", "--out", str(tmp_path), *option]) == 2
    assert "error: " in capsys.readouterr().err


def test_too_many_episodes_are_refused_before_the_training(tmp_path):
    plan = demo.DemoPlan(tmp_path, episodes=10_001)
    with pytest.raises(GoliveError, match="10000 seeds"):
        demo.train_demo(plan, TrainingCallback())
