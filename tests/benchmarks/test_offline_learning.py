"""What offline learning is worth, by simulation: learners compared, and a head start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from benchmarks import head_start, offline_learning
from benchmarks.command import run
from golive.cli.app import run as run_golive
from golive.scenarios.loader import load_scenario
from golive.trainers.datasets import record

from ..trainers.offline.test_learn_command import SMALL, TRAINING


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with a dataset, two configurations and a policy learned from the dataset."""
    folder = tmp_path_factory.mktemp("offline")
    scenario, data, small = load_scenario("furniture"), folder / "short-v0", folder / "small.yaml"
    record(["random", "plan_follower"], [scenario], data, first_seed=0, episodes=2)
    small.write_text(yaml.safe_dump(SMALL))
    (folder / "training.yaml").write_text(yaml.safe_dump(TRAINING))
    learn = ["learn", str(data), "--config", str(small), "--method", "bc"]
    assert run_golive([*learn, "--out", str(folder / "cloned")]) == 0
    return folder


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a/x-v0", "b/x-v1", "--out", "y"], "two are called x"),
        (["x-v0", "--out", "y", "--methods", "cql"], "bc, filtered_bc, iql"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path, monkeypatch, capsys, arguments, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(offline_learning.command, arguments) == 2
    assert message in capsys.readouterr().err


def test_learners_are_compared_by_simulation_and_nothing_is_done_twice(
    place, tmp_path, capsys
) -> None:
    arguments = [
        *(str(place / "short-v0"), "--out", str(tmp_path / "out")),
        *("--methods", "bc,iql", "--config", str(place / "small.yaml")),
        *("--episodes", "2", "--workers", "1"),
    ]
    assert run(offline_learning.command, [*arguments, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["recorded"]["label"], row["recorded"]["episodes"]) == ("short", 4)
    assert set(row["learned"]) == {"bc", "iql"}
    policies = sorted((tmp_path / "out").rglob("final.policy"))
    written = [path.stat().st_mtime_ns for path in policies]
    assert run(offline_learning.command, arguments) == 0
    assert "| short | 4 |" in capsys.readouterr().out
    assert [path.stat().st_mtime_ns for path in policies] == written
    assert run(offline_learning.command, [*arguments, "--steps", "7"]) == 2
    assert "another configuration" in capsys.readouterr().err


def test_the_head_start_of_a_policy_is_measured_and_gone_on_with(place, tmp_path, capsys) -> None:
    arguments = [
        *("--policy", str(place / "cloned"), "--out", str(tmp_path)),
        *("--config", str(place / "training.yaml"), "--seeds", "2"),
        *("--steps", "32", "--every", "32", "--episodes", "1"),
    ]
    assert run(head_start.command, [*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [point["steps"] for point in found["points"]] == [0, 32]
    for point in found["points"]:
        means = [point[name]["estimate"] for name in ("scratch", "started", "difference")]
        assert means[1] - means[0] == pytest.approx(means[2])
    assert (tmp_path / "warm-start.png").read_bytes().startswith(b"\x89PNG")
    again = [*arguments, "--picture", str(tmp_path / "other.png")]
    assert run(head_start.command, again) == 0
    printed = capsys.readouterr()
    assert "from the policy" in printed.out
    assert (tmp_path / "other.png").read_bytes() == (tmp_path / "warm-start.png").read_bytes()
