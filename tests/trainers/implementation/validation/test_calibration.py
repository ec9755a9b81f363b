"""Calibration: goes on where it was, is the same again, and its files hold what it found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golive.agents.implementation.practice import without_practice
from golive.core.errors import GoliveError
from golive.scenarios.implementation.parameter_file import load_parameter_file
from golive.sim.implementation.parameter_files import load_world_parameters
from golive.sim.implementation.parameters import (
    CALIBRATION_FILE,
    PARAMETERS,
    PRIOR,
    parameters_with,
)
from golive.trainers.implementation.validation import calibration as module
from golive.trainers.implementation.validation.calibrated import (
    CALIBRATED,
    SHARED,
    calibrated_rows,
)
from golive.trainers.implementation.validation.calibration import (
    STORE_FILE,
    Answered,
    Calibration,
    CalibrationSettings,
    Calibrator,
    PointTask,
)
from golive.trainers.implementation.validation.calibration_files import (
    COMMITTED_PLAUSIBLE,
    parameter_file,
    plausible_sets,
    practice_file,
    write,
)
from golive.trainers.implementation.validation.targets import TARGETS

TINY = CalibrationSettings(
    waves=(24, 12),
    customers_per_point=25,
    finalists=2,
    customers_per_finalist=25,
    plausible_sets=5,
)


def made_up(policy: str, task: PointTask) -> Answered:
    """Answers that depend on one parameter, without simulating anything."""
    share = task.values["mean_patience"] / 2.4
    return {
        target.name: [target.low + (target.high - target.low) * share] * 8 for target in TARGETS
    }


def run_at_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let calibrations run at once and here; names of the points that will be simulated."""
    ran: list[str] = []

    def run_here(function, tasks, *, workers, name_of, on_result):
        del function, workers, name_of
        for index, task in enumerate(tasks):
            ran.append(task.name)
            on_result(index, made_up("", task))

    monkeypatch.setattr(module, "map_tasks", run_here)
    return ran


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Calibration, Path]:
    """A calibration that was not interrupted, and its store."""
    directory = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        ran = run_at_once(patch)
        found = Calibrator(TINY, directory, workers=1).run()
    assert len(ran) == 24 + 12 + 2
    return found, directory / STORE_FILE


@pytest.mark.slow
def test_an_interrupted_calibration_goes_on_and_ends_as_it_would_have(
    whole: tuple[Calibration, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, store = whole
    document = json.loads(store.read_text())
    document["points"] = dict(list(document["points"].items())[:30])
    (tmp_path / STORE_FILE).write_text(json.dumps(document))
    ran = run_at_once(monkeypatch)
    assert Calibrator(TINY, tmp_path, workers=1).run() == found
    assert len(ran) == 8


def test_a_store_of_another_calibration_is_refused(
    whole: tuple[Calibration, Path], tmp_path: Path
) -> None:
    (tmp_path / STORE_FILE).write_text(whole[1].read_text())
    other = CalibrationSettings(seed=1)
    with pytest.raises(GoliveError, match="is of another calibration"):
        Calibrator(other, tmp_path, workers=1)
    (tmp_path / STORE_FILE).write_text("{")
    with pytest.raises(GoliveError, match="expected a calibration's store"):
        Calibrator(TINY, tmp_path, workers=1)


def test_it_finds_the_middle_of_the_bands(whole: tuple[Calibration, Path], tmp_path: Path) -> None:
    found, _ = whole
    assert found.values["mean_patience"] == pytest.approx(1.2, abs=0.3)
    for row in calibrated_rows():
        low, high = found.intervals[row.name]
        assert row.low <= low <= high <= row.high
        assert row.low <= found.values[row.name] <= row.high
    assert len(found.plausible) == 5
    parameters, practice, plausible = write(found, tmp_path)
    assert load_world_parameters(parameters) == parameter_file(found)
    assert load_parameter_file(practice) == practice_file(found)
    assert plausible_sets(plausible) == [without_practice(row) for row in found.plausible]


def test_what_both_deliveries_share_is_varied_and_stays_as_it_is(
    whole: tuple[Calibration, Path],
) -> None:
    found, _ = whole
    used = {row.name: row.value for row in PARAMETERS}
    for name in SHARED:
        assert found.values[name] == pytest.approx(used[name], rel=0.01)
        low, high = found.intervals[name]
        assert low < high


def test_the_committed_file_is_what_worlds_are_made_with() -> None:
    file = load_parameter_file(CALIBRATION_FILE)
    assert set(file.parameters) == set(CALIBRATED)
    world = parameters_with({})
    prior = {row.name: row for row in PRIOR}
    for row in PARAMETERS:
        assert getattr(world, row.name) == row.value
        if row.name in CALIBRATED:
            assert row.value == file.parameters[row.name].value
            assert f"{prior[row.name].value:g} before calibration" in row.source
        else:
            assert row == prior[row.name]
    assert parameters_with({"collapse": 0.1}).collapse == 0.1


def test_every_plausible_set_is_one_that_a_world_takes() -> None:
    sets = plausible_sets()
    assert len(sets) == CalibrationSettings().plausible_sets
    for values in sets:
        assert set(values) == set(CALIBRATED)
        parameters_with(values)
    assert json.loads(COMMITTED_PLAUSIBLE.read_text())["made_by"].startswith("golive calibrate")


def test_a_damaged_file_of_plausible_sets_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plausible.json"
    path.write_text('{"sets": [3]}')
    with pytest.raises(GoliveError, match="expected the plausible sets of a calibration"):
        plausible_sets(path)
