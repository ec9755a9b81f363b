"""The files of a calibration: its parameters, and the sets that are not ruled out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ....agents.implementation.practice import PRACTICE_FILE, PRACTICE_PRIOR, without_practice
from ....core.errors import GoliveError
from ....core.files import json_text, write_text_atomically
from ....scenarios.implementation.parameter_file import (
    Confidence,
    ParameterEstimate,
    ParameterFile,
    save_parameter_file,
)
from ....sim.implementation.parameters import CALIBRATION_FILE
from .calibrated import CALIBRATED, calibrated_rows
from .calibration import FITTED, Calibration, CalibrationSettings

PARAMETERS_FILE = "calibrated.yaml"
PLAUSIBLE_FILE = "plausible.json"
COMMITTED_PLAUSIBLE = Path(__file__).with_name(PLAUSIBLE_FILE)
INTERVAL_LEVEL = 0.9


def command_of(settings: CalibrationSettings) -> str:
    """The command that makes a calibration."""
    defaults = CalibrationSettings()
    parts = ["golive calibrate", f"--seed {settings.seed}"]
    if settings.waves != defaults.waves:
        parts.append("--waves " + ",".join(str(points) for points in settings.waves))
    for name in ("customers_per_point", "finalists", "customers_per_finalist"):
        if getattr(settings, name) != getattr(defaults, name):
            parts.append(f"--{name.replace('_', '-')} {getattr(settings, name)}")
    return " ".join(parts)


def parameter_file(calibration: Calibration) -> ParameterFile:
    """The world's chosen values as a parameter file; intervals are of what is not ruled out."""
    return _file_of("golive calibration", CALIBRATED, calibration)


def practice_file(calibration: Calibration) -> ParameterFile:
    """The chosen mixture of firms, likewise."""
    names = [row.name for row in PRACTICE_PRIOR]
    return _file_of("golive calibration, typical practice", names, calibration)


def _file_of(name: str, names: Sequence[str], calibration: Calibration) -> ParameterFile:
    settings = calibration.settings
    command = command_of(settings)
    return ParameterFile(
        name=name,
        made_by=command,
        description=(
            f"Chosen by history matching on {len({target.row for target in FITTED})} published "
            f"outcomes of conventional projects: {calibration.points} points, "
            f"{calibration.projects} simulated projects. Intervals hold 90 % of the points that "
            "those outcomes do not rule out."
        ),
        parameters={
            row.name: ParameterEstimate(
                value=calibration.values[row.name],
                low=calibration.intervals[row.name][0],
                high=calibration.intervals[row.name][1],
                level=INTERVAL_LEVEL,
                unit=row.unit,
                source=f"{command}; {row.value:g} in {row.low:g} to {row.high:g} before",
                confidence=Confidence.CALIBRATED,
            )
            for row in calibrated_rows()
            if row.name in names
        },
    )


def write(calibration: Calibration, directory: Path) -> tuple[Path, Path, Path]:
    """Write the files.

    Returns:
        Path of the parameter file, of the mixture and of the plausible sets.
    """
    parameters, plausible = directory / PARAMETERS_FILE, directory / PLAUSIBLE_FILE
    practice = directory / PRACTICE_FILE.name
    save_parameter_file(parameters, parameter_file(calibration))
    save_parameter_file(practice, practice_file(calibration))
    document = {"made_by": command_of(calibration.settings), "sets": calibration.plausible}
    write_text_atomically(plausible, json_text(document, 1) + "\n")
    return parameters, practice, plausible


def is_committed(*written: Path) -> bool:
    """True if the files are those that this golive runs with, byte by byte."""
    committed = (CALIBRATION_FILE, PRACTICE_FILE, COMMITTED_PLAUSIBLE)
    pairs = zip(written, committed, strict=True)
    return all(path.read_bytes() == ours.read_bytes() for path, ours in pairs)


def plausible_sets(path: Path = COMMITTED_PLAUSIBLE) -> list[dict[str, float]]:
    """Parameter sets of the world that published outcomes do not rule out.

    Raises:
        GoliveError: the file cannot be read or holds something else.
    """
    try:
        sets = json.loads(path.read_text(encoding="utf-8"))["sets"]
        rows = [{str(name): float(value) for name, value in row.items()} for row in sets]
        return [without_practice(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoliveError(
            f"{path}: {error}: expected the plausible sets of a calibration"
        ) from None
