"""The package that `golive openenv init` writes; OpenEnv itself is not needed for it."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import yaml

from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.envs.faces.openenv_package import write_package
from golive.envs.faces.openenv_tasks import MOST_LISTED, Tasks, seeds_of_splits
from golive.scenarios.loader import load_suite
from golive.scenarios.suite import SeedRange
from golive.sim.worlds import world_kind


def test_what_the_package_declares_is_so(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["openenv", "init"]) == 0
    assert capsys.readouterr().out == "Wrote golive_furniture\n"
    made = tmp_path / "golive_furniture"
    declared = yaml.safe_load((made / "openenv.yaml").read_text())["validation"]
    kind = world_kind("implementation")
    can = declared["capabilities"]
    assert can["declared_tools"] == [tool.name for tool in kind.speech.tools]
    assert can["declared_task_count"] == {
        str(split): len(seeds) for split, seeds in load_suite("furniture").splits.items()
    }
    assert tuple(declared["reward"]["range"]) == kind.reward_language.bounds["score"]
    probe = json.loads((made / declared["execution"]["probe_path"]).read_text())
    assert {one["tool"] for one in probe["actions"]} >= {"look", "advance"}
    for file in made.rglob("*"):
        assert "@" not in file.name
        if file.is_file():
            text = file.read_text("utf-8")
            assert not any(f"@{word}@" in text for word in ("NAME", "MODEL", "WORLD", "SPLITS"))
        if file.suffix == ".py":
            ast.parse(file.read_text("utf-8"))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/x").touch()
    (tmp_path / "file").touch()
    for name in ("full", "file"):
        with pytest.raises(GoliveError, match="expected a folder that is new or empty"):
            write_package(tmp_path / name)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "full", "x"]
    (tmp_path / "empty").mkdir()
    assert (write_package(tmp_path / "empty") / "server/app.py").is_file()


def test_an_error_leaves_nothing_behind(tmp_path: Path, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(GoliveError, match="the disk is full"):
        write_package(tmp_path / "not/there/yet")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"world": "nonsense"}, "nonsense"),
        ({"scenario": "nonsense"}, "scenario: 'nonsense': expected one of the library"),
        ({"reward": "mission"}, "reward: 'mission': expected a preset of implementation with"),
    ],
)
def test_what_cannot_be_written_is_told(arguments, words, tmp_path: Path) -> None:
    with pytest.raises(GoliveError, match=words):
        write_package(tmp_path / "new", **arguments)
    assert list(tmp_path.iterdir()) == []


class Some(Tasks):
    scenario, usual = "furniture", "train"
    splits = {"train": SeedRange(start=10, stop=5_010), "test": SeedRange(start=6_000, stop=6_003)}  # noqa: RUF012


def test_tasks_are_the_seeds_of_the_splits() -> None:
    tasks = Some()
    assert tasks.list_splits() == ["train", "test"]
    assert tasks.num_tasks("train") == 5_000
    assert len(tasks.list_tasks("train")) == MOST_LISTED
    assert [one["episode_seed"] for one in tasks.list_tasks("test")] == [6_000, 6_001, 6_002]
    assert tasks.get_task_range("train", 4_999) == [tasks.get_task("train", 4_999)]
    assert tasks.episode_seed(None, "test", 1) == 6_001
    assert tasks.episode_seed(77, None, None) == 77
    assert {tasks.episode_seed(None, "test", None) for _ in range(50)} == {6_000, 6_001, 6_002}
    assert 10 <= tasks.episode_seed(None, None, None) < 5_010
    assert set(seeds_of_splits(world_kind("implementation"), "techmold")) == {
        "train",
        "validation",
        "test",
    }
    for wrong, error in (
        ((None, "nonsense", None), "split: 'nonsense': expected one of train, test"),
        ((None, ["test"], None), "split: "),
        ((None, "test", 3), "index: 3: expected at most 2"),
        ((None, "test", True), "index: True: expected an integer"),
        ((1, "test", 0), "seed: 1: given with split or index"),
        ((-1, None, None), "seed: -1: expected an integer"),
    ):
        with pytest.raises((GoliveError, IndexError), match=error):
            tasks.episode_seed(*wrong)
