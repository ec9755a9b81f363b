"""``golive calibrate``: choose the weak parameters by published outcomes, again from a seed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ...core.errors import GoliveError
from ...core.files import removed_if_refused
from ...core.tables import Table, figures
from ..exits import JUDGED_FAILED
from ..options import (
    LARGEST_SEED,
    AsJson,
    WorkersOption,
    option,
    option_record,
    processes,
    writable_directory,
)
from ..output import complain, show, show_result

if TYPE_CHECKING:
    from ...trainers.implementation.validation.calibration import Calibration, CalibrationSettings


MOST_POINTS = 1_000_000


@option_record
class Calibrating:
    """Options of a calibration."""

    seed: int = option(0, "Of the design and the emulators.", min=0, max=LARGEST_SEED)
    waves: str = option("96,80", "Points to simulate in each wave, such as 96,80.")
    customers_per_point: int = option(
        32, "Projects simulated at each point.", min=25, max=MOST_POINTS
    )
    finalists: int = option(
        24, "Points simulated on many customers; the best is taken.", min=1, max=MOST_POINTS
    )
    customers_per_finalist: int = option(
        200, "Projects simulated at each of them.", min=25, max=MOST_POINTS
    )
    workers: WorkersOption = None
    out: Path = option(
        Path("runs/calibration"),
        "Directory for simulated points and results; it is gone on with.",
        callback=writable_directory,
    )
    check: bool = option(False, "Exit with 1 unless the result is what golive runs with.")
    as_json: AsJson = False


def calibrate(*, told: Calibrating) -> None:
    """Choose the weak parameters by the fitted half of the published outcomes.

    History matching: simulate, emulate, rule out, simulate again. Ctrl-C is safe; the same
    command goes on. With its defaults it makes the parameters that golive runs with.
    """
    from ...trainers.implementation.validation.calibration import STORE_FILE, CalibrationSettings
    from ...trainers.implementation.validation.calibration_files import is_committed, write

    settings = CalibrationSettings(
        seed=told.seed,
        waves=_waves(told.waves),
        customers_per_point=told.customers_per_point,
        finalists=told.finalists,
        customers_per_finalist=told.customers_per_finalist,
    )
    with removed_if_refused(told.out, (told.out / STORE_FILE).exists):
        found = _run(settings, told.out, processes(told.workers))
    parameters, practice, plausible = write(found, told.out)
    if not told.as_json:
        _print(found)
    show_result(
        told.as_json,
        {**asdict(found), "files": [parameters, practice, plausible]},
        f"Parameters: {parameters} (golive evaluate --parameters {parameters} ...)",
        f"Mixture of firms: {practice}",
        f"Sets that are not ruled out: {plausible}",
    )
    if told.check and not is_committed(parameters, practice, plausible):
        complain("They are not those that golive runs with.")
        raise typer.Exit(JUDGED_FAILED)


def _waves(text: str) -> tuple[int, ...]:
    try:
        waves = tuple(int(word) for word in text.split(","))
    except ValueError:
        waves = ()
    if not waves or min(waves) < 8 or max(waves) > MOST_POINTS:
        raise GoliveError(
            f"--waves: {text!r}: expected points of each wave such as 96,80, 8 to {MOST_POINTS:,}"
        )
    return waves


def _run(settings: CalibrationSettings, out: Path, workers: int) -> Calibration:
    from ...trainers.evaluation.progress import counting_bar
    from ...trainers.implementation.validation.calibration import Calibrator

    told: list[str] = []
    with counting_bar("Calibrating") as progress:

        def count(what: str, done: int, total: int) -> None:
            if what not in told:
                told.append(what)
                typer.echo(f"Calibrating, {what}", err=True)
            progress(done, total)

        return Calibrator(settings, out, workers=workers, on_points=count).run()


def _print(found: Calibration) -> None:
    from ...trainers.implementation.validation.calibrated import calibrated_rows

    rows = []
    for row in calibrated_rows():
        low, high = found.intervals[row.name]
        rows.append(
            (
                row.name,
                f"{row.value:g}",
                f"{found.values[row.name]:g}",
                f"{low:g} to {high:g}",
                f"{row.low:g} to {row.high:g}",
            )
        )
    left = ", ".join(f"{100.0 * share:.2g} %" for share in found.share_left)
    columns = figures("parameter", "before", "chosen", "not ruled out (90 %)", "range")
    show(
        Table(f"{found.points} points, {found.projects} projects", columns, rows),
        f"Candidates not ruled out after each wave: {left}",
    )
