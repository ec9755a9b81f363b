"""A member that copies another goes on exactly as the other would with its configuration."""

import json
import signal
from pathlib import Path

import pytest
from test_trainer import Signals, assert_same_result, resume, train
from training_fakes import small_configuration

from golive.trainers.training.logs import read_learning_curve
from golive.trainers.training.run_directory import RunDirectory, TrainingState
from golive.trainers.tuning.trial import pack_member, take_over_member

VARIED = {"ppo": small_configuration().ppo.model_dump(mode="json") | {"vf_coef": 0.9}}


def half_done(folder: Path, **changes: int) -> RunDirectory:
    train(folder, Signals(signal.SIGINT, "training", 600), **changes)
    return RunDirectory(folder)


@pytest.fixture(scope="module")
def better(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    return half_done(tmp_path_factory.mktemp("population") / "better")


def packed(run: RunDirectory, folder: Path) -> Path:
    folder.mkdir()
    pack_member(run, folder)
    return folder


def test_the_copy_goes_on_as_the_original_would(better: RunDirectory, tmp_path: Path) -> None:
    member = packed(better, tmp_path / "member")
    other = half_done(tmp_path / "other", seed=9)
    newest = [run.checkpoints.paths()[-1].read_bytes() for run in (better, other)]
    assert newest[0] != newest[1]
    same = RunDirectory(tmp_path / "same")
    for run in (other, same):
        take_over_member(member, run, small_configuration(**VARIED))
        assert resume(run.path).state is TrainingState.FINISHED
    assert_same_result(other.path, same.path)
    steps = read_learning_curve(other.path)["step"].to_list()
    assert steps == list(range(0, 1281, 128))


def test_a_finished_member_that_copies_is_not_finished(
    better: RunDirectory, tmp_path: Path
) -> None:
    train(tmp_path / "done", seed=9)
    done = RunDirectory(tmp_path / "done")
    take_over_member(packed(better, tmp_path / "member"), done, small_configuration(**VARIED))
    assert done.status()["state"] == TrainingState.INTERRUPTED
    assert not done.final_policy.exists()
    assert done.best_policy.read_bytes() == better.best_policy.read_bytes()
    assert json.loads((done.path / "status.json").read_text())["steps"] == 640
