"""Ways to train are compared at equal processor time, with what each had in time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.command import run
from benchmarks.training_methods import METHODS, command, measure_methods
from golive.core.yaml_reader import read_document
from golive.trainers.training import parse_configuration

FILE = """
common:
  environment: {scenario: furniture}
  total_steps: 100_000_000
  workers: 0
  evaluation: {every_steps: 64, episodes: 2}
beside: [do_nothing]
methods:
  ppo-alone:
    - {until: 0.5, n_envs: 2, ppo: &small {n_steps: 32, batch_size: 64, net_arch: [4]}}
    - {n_envs: 2, ppo: *small, initial_policy: {critic_warmup_rollouts: 0}}
  cloning:
    - ppo: {net_arch: [4]}
      warm_start:
        {demonstrator: expert, episodes: 2, epochs: 1, corrections: {rounds: 1, episodes: 1}}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("methods")
    (folder / "methods.yaml").write_text(FILE)
    return folder


def test_each_method_is_trained_judged_and_drawn(made: Path, capsys) -> None:
    arguments = ["--methods", str(made / "methods.yaml"), "--out", str(made / "out")]
    told = [*arguments, "--seconds", "1", "--seeds", "2", "--episodes", "2", "--json"]
    assert run(command, told) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report["rows"]) == ["ppo-alone", "cloning", "do_nothing"]
    assert all(row["difference"] is not None for row in report["rows"].values())
    assert report["curves"]["cloning"]["seconds"][-1] == 1.0
    assert (made / "out/curves.png").read_bytes().startswith(b"\x89PNG")
    policies = list((made / "out").glob("*/seed-*/in-time.policy"))
    assert len(policies) == 4


def test_what_is_there_is_not_made_again(made: Path) -> None:
    again = measure_methods(made / "methods.yaml", made / "out", 1.0, 2, 2, 1)
    before = json.loads((made / "out/report.json").read_text())
    assert again.rows["cloning"].score.estimate == before["rows"]["cloning"]["score"]["estimate"]


def test_the_stages_that_come_with_it_are_configurations() -> None:
    content = read_document(METHODS).data
    for stages in content["methods"].values():
        for number, stage in enumerate(stages):
            told = {**content["common"], **stage}
            told.pop("until", None)
            if number:
                told["initial_policy"] = {**told["initial_policy"], "file": "a.policy"}
            assert parse_configuration(told, "methods").workers == 0
