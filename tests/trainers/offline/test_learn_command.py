"""``golive learn`` as its users meet it, on episodes of real worlds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from golive.agents.learned import LearnedPolicy
from golive.agents.policy_file import read_policy_file
from golive.cli.app import run
from golive.scenarios.loader import load_scenario
from golive.trainers.datasets import record
from golive.trainers.training.progress import ConsoleReporter

SMALL = {"gradient_steps": 6, "batch_size": 32, "net_arch": [8], "report_every": 3}
TRAINING = {
    "total_steps": 32,
    "n_envs": 2,
    "workers": 0,
    "ppo": {"n_steps": 16, "batch_size": 32, "n_epochs": 1, "net_arch": [8]},
    "evaluation": {"every_steps": 32, "episodes": 1},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with a dataset, a configuration and a policy learned from the dataset."""
    folder = tmp_path_factory.mktemp("offline")
    record(
        ["random", "plan_follower"],
        [load_scenario("furniture")],
        folder / "short-v0",
        first_seed=0,
        episodes=2,
    )
    (folder / "small.yaml").write_text(yaml.safe_dump(SMALL))
    assert run(command(folder, folder / "cloned", "--method", "bc")) == 0
    return folder


def command(place: Path, out: Path, *more: str) -> list[str]:
    data, config = str(place / "short-v0"), str(place / "small.yaml")
    return ["learn", data, "--config", config, "--out", str(out), *more]


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert run(arguments) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()[-1:]
    assert line.startswith("error: ")
    return line


def test_the_schema_is_printed_without_learning(capsys) -> None:
    assert run(["learn", "--schema"]) == 0
    assert "gradient_steps" in json.loads(capsys.readouterr().out)["properties"]


def test_what_was_learned_decides_and_is_the_same_when_learned_again(place, tmp_path) -> None:
    policy = LearnedPolicy.load(place / "cloned")
    assert policy.policy_file.training.scenario == "furniture"
    assert policy.policy_file.training.validation_score is None
    assert run(command(place, tmp_path / "again")) == 0
    files = [folder / "final.policy" for folder in (place / "cloned", tmp_path / "again")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_validation_simulates_only_when_asked_and_is_put_on_record(place, tmp_path, capsys) -> None:
    more = ["--method", "iql", "--validate", "furniture", "--episodes", "2", "--workers", "1"]
    assert run(command(place, tmp_path / "run", *more)) == 0
    assert "Validation: score" in capsys.readouterr().out
    training = read_policy_file(tmp_path / "run").training
    assert training.validation_episodes == 2
    assert training.validation_score is not None
    assert 0.0 <= training.validation_score <= 1.0


def test_a_training_goes_on_from_what_was_learned(place, tmp_path) -> None:
    start = {"file": str(place / "cloned"), "critic_warmup_rollouts": 1}
    own = TRAINING | {"initial_policy": start}
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(own))
    arguments = ["train", "--config", str(tmp_path / "own.yaml"), "--out", str(tmp_path / "run")]
    assert run(arguments) == 0
    found = read_policy_file(tmp_path / "run" / "final.policy").layers
    for layer, its in zip(found, read_policy_file(place / "cloned").layers, strict=True):
        np.testing.assert_array_equal(layer[0], its[0])  # its one rollout trained the critic


def test_an_interrupt_leaves_nothing_behind(place, tmp_path, monkeypatch, capsys) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ConsoleReporter, "advance", interrupted)
        assert run(command(place, tmp_path / "run")) == 130
    assert not (tmp_path / "run").exists()
    assert run(command(place, tmp_path / "run")) == 0


def test_a_folder_that_is_not_empty_is_refused(place, capsys) -> None:
    line = refused(capsys, command(place, place / "cloned"))
    assert line.endswith("exists and is not empty: give another directory")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["learn"], "expected a dataset and --out"),
        (["learn", "./none-v0", "--out", "x"], "none"),
        (["learn", "./x-v0", "--out", "x", "--validate", "furnitur"], "did you mean furniture"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path, monkeypatch, capsys, arguments, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in refused(capsys, arguments)
