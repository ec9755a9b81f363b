"""Callbacks hear how a training goes, and act on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_level_training import configuration
from test_trainer import assert_same_result, resume
from test_trainer import train as train_game
from test_world_ground import assert_same_weights
from test_world_ground import configuration as plain

from golive.core.errors import GoliveError
from golive.trainers.training import (
    Change,
    TrainingCallback,
    TrainingState,
    load_callback,
    read_learning_curve,
    train,
)


class StopsAt(TrainingCallback):
    """Stops once so many steps are made; what is said besides is written down."""

    def __init__(self, steps: int = 300) -> None:
        self.steps = steps
        self.heard: list[str] = []

    def learned(self, steps, figures):
        assert "episode/return" in figures or steps < 300
        return Change(stop=True) if steps >= self.steps else None

    def evaluated(self, steps, result, is_best):
        self.heard.append(f"{steps}: {result.score:.3f}")


class Hardens(TrainingCallback):
    """From the first evaluation on, levels have three edge cases and the reference customer."""

    def __init__(self, **change) -> None:
        self.change = change or {
            "levels": {"counts": [0.0, 0.0, 0.0, 1.0], "opponent_probability": 0.0},
            "options": {"customer": "reference"},
        }

    def evaluated(self, steps, result, is_best):
        return Change(**self.change)


def test_one_can_stop_a_training_which_then_goes_on_as_if_it_had_not(tmp_path: Path) -> None:
    train_game(tmp_path / "whole")
    callback = StopsAt()
    outcome = train_game(tmp_path / "run", callback)
    assert (outcome.state, outcome.steps) == (TrainingState.STOPPED, 384)
    assert (tmp_path / "run" / "final.policy").is_file()
    assert [line.partition(":")[0] for line in callback.heard] == ["0", "256"]
    assert resume(tmp_path / "run").state is TrainingState.FINISHED
    assert_same_result(tmp_path / "run", tmp_path / "whole")


def test_one_can_change_levels_and_a_resumed_training_goes_on_with_them(tmp_path: Path) -> None:
    evaluation = {"every_steps": 10_000, "episodes": 1}
    told = configuration("randomised", total_steps=1024, evaluation=evaluation)
    train(told, tmp_path / "whole", callbacks=[Hardens()])
    curve = read_learning_curve(tmp_path / "whole")["levels/edge_cases"].drop_nulls()
    assert curve[-1] > 2.5
    stopped = train(told, tmp_path / "run", callbacks=[Hardens(), StopsAt(256)])
    assert stopped.state is TrainingState.STOPPED
    train(None, tmp_path / "run", resume=True)
    assert_same_weights(tmp_path / "run", tmp_path / "whole")


@pytest.mark.parametrize(
    ("mode", "change", "message"),
    [
        (None, {"levels": {"counts": [1]}}, "expected environment.levels.mode randomised"),
        ("randomised", {"levels": {"mode": "fixed"}}, "levels.mode: cannot change"),
        ("randomised", {"levels": {"counts": [0.0]}}, "callback: levels: counts"),
        ("randomised", {"options": {"customr": "x"}}, "customr: no such option"),
    ],
)
def test_what_cannot_be_changed_is_one_line(tmp_path: Path, mode, change, message) -> None:
    told = plain(warm_start=None) if mode is None else configuration(mode)
    with pytest.raises(GoliveError, match=message) as caught:
        train(told, tmp_path / "run", callbacks=[Hardens(**change)])
    assert "\n" not in str(caught.value)


def test_one_is_found_by_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "my_callbacks.py").write_text(
        "from golive.trainers.training import TrainingCallback\n"
        "class Mine(TrainingCallback):\n    pass\n"
    )
    assert type(load_callback("my_callbacks:Mine")).__name__ == "Mine"
    for spec, message in (
        ("my_callbacks:Yours", "'my_callbacks:Yours': cannot be loaded: AttributeError"),
        ("no_such_module:Mine", "cannot be loaded: ModuleNotFoundError"),
        ("pathlib:Path", "expected a TrainingCallback"),
    ):
        with pytest.raises(GoliveError, match=message):
            load_callback(spec)
