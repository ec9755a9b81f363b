"""``golive calibrate``."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from golive.cli.app import run
from golive.scenarios.implementation.parameter_file import load_parameter_file
from golive.trainers.implementation.validation import calibration
from golive.trainers.implementation.validation.calibrated import CALIBRATED
from golive.trainers.implementation.validation.targets import TARGETS

TINY = [
    "calibrate",
    "--waves",
    "24,8",
    "--customers-per-point",
    "25",
    "--finalists",
    "2",
    "--customers-per-finalist",
    "25",
    "--workers",
    "1",
]


@pytest.mark.slow
def test_it_writes_a_parameter_file_and_says_whether_golive_runs_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_here(function, tasks, *, workers, name_of, on_result):
        del function, workers, name_of
        for index, task in enumerate(tasks):
            share = task.values["collapse"] / 0.8
            on_result(
                index,
                {
                    target.name: [target.low + (target.high - target.low) * share] * 4
                    for target in TARGETS
                },
            )

    monkeypatch.setattr(calibration, "map_tasks", run_here)
    monkeypatch.setenv("COLUMNS", "200")
    assert run([*TINY, "--out", str(tmp_path), "--check"]) == 1
    printed = capsys.readouterr()
    assert "not those that golive runs with" in printed.err
    for name in CALIBRATED:
        assert name in printed.out
    file = load_parameter_file(tmp_path / "calibrated.yaml")
    assert set(file.parameters) == set(CALIBRATED)
    assert "--waves 24,8" in file.made_by


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--waves", "many"], "--waves: 'many'"),
        (["--waves", "96,2"], "--waves: '96,2'"),
    ],
)
def test_wrong_input_is_one_line_and_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["calibrate", *arguments]) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert len(printed.strip().splitlines()) == 1


def test_the_defaults_are_those_that_made_the_committed_parameters() -> None:
    from golive.cli.implementation.calibrate import Calibrating
    from golive.trainers.implementation.validation.calibration import CalibrationSettings

    told = {field.name: field.default for field in dataclasses.fields(Calibrating)}
    settings = CalibrationSettings()
    assert told["waves"] == ",".join(str(points) for points in settings.waves)
    for name in ("seed", "customers_per_point", "finalists", "customers_per_finalist"):
        assert told[name] == getattr(settings, name)
