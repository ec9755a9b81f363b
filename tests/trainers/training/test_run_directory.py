"""Which folders a training takes, and which it refuses."""

from pathlib import Path

import pytest
from training_fakes import small_configuration

from golive.core.errors import GoliveError
from golive.trainers.training.run_directory import RunDirectory


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(GoliveError, match=r"not empty.*--resume"):
        RunDirectory.create(tmp_path, small_configuration())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(GoliveError, match="run: cannot be used as output directory"):
        RunDirectory.create(tmp_path / "run", small_configuration())


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    RunDirectory.create(tmp_path, small_configuration())
    assert (tmp_path / "config.yaml").is_file()


def test_resuming_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoliveError, match=r"no training to resume"):
        RunDirectory.reopen(tmp_path / "none", None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 4}, r"seed: 4: expected 3"),
        ({"total_steps": 5000}, r"total_steps: 5000: expected 1280"),
        ({"ppo": {"n_steps": 16, "batch_size": 64}}, r"ppo\.learning_rate\.end: "),
        ({"warm_start": {"episodes": 3}}, r"warm_start: .*expected None"),
    ],
)
def test_resuming_with_another_configuration_names_the_field(
    tmp_path: Path, changes: dict, message: str
) -> None:
    RunDirectory.create(tmp_path, small_configuration())
    with pytest.raises(GoliveError, match=message):
        RunDirectory.reopen(tmp_path, small_configuration(**changes))


def test_workers_and_time_limit_may_differ_on_resume(tmp_path: Path) -> None:
    RunDirectory.create(tmp_path, small_configuration())
    _, configuration = RunDirectory.reopen(tmp_path, small_configuration(workers=2, max_minutes=5))
    assert (configuration.workers, configuration.max_minutes) == (2, 5)
