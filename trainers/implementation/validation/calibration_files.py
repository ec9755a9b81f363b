"""The files of a calibration: its parameters, and the sets that are not ruled out."""

from __future__ import annotations

import json
from pathlib import Path

from ....core.errors import GoliveError
from ....core.files import json_text, write_text_atomically
from ....scenarios.implementation.parameter_file import (
    Confidence,
    ParameterEstimate,
    ParameterFile,
    save_parameter_file,
)
from ....sim.implementation.parameters import CALIBRATION_FILE
from .calibrated import calibrated_rows
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
    """The chosen values as a parameter file; intervals are of what is not ruled out."""
    settings = calibration.settings
    command = command_of(settings)
    return ParameterFile(
        name="golive calibration",
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
        },
    )


def write(calibration: Calibration, directory: Path) -> tuple[Path, Path]:
    """Write both files.

    Returns:
        Path of the parameter file and of the plausible sets.
    """
    parameters, plausible = directory / PARAMETERS_FILE, directory / PLAUSIBLE_FILE
    save_parameter_file(parameters, parameter_file(calibration))
    document = {"made_by": command_of(calibration.settings), "sets": calibration.plausible}
    write_text_atomically(plausible, json_text(document, 1) + "\n")
    return parameters, plausible


def is_committed(parameters: Path, plausible: Path) -> bool:
    """True if both files are those that this golive runs with, byte by byte."""
    return (
        parameters.read_bytes() == CALIBRATION_FILE.read_bytes()
        and plausible.read_bytes() == COMMITTED_PLAUSIBLE.read_bytes()
    )


def plausible_sets(path: Path = COMMITTED_PLAUSIBLE) -> list[dict[str, float]]:
    """Parameter sets that published outcomes do not rule out.

    Raises:
        GoliveError: the file cannot be read or holds something else.
    """
    try:
        sets = json.loads(path.read_text(encoding="utf-8"))["sets"]
        return [{str(name): float(value) for name, value in row.items()} for row in sets]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoliveError(
            f"{path}: {error}: expected the plausible sets of a calibration"
        ) from None
