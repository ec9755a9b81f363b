"""``golive calibrate``: choose the weak parameters by published outcomes, again from a seed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import GoliveError
from ...core.tables import Table, figures
from ..exits import JUDGED_FAILED
from ..options import WorkersOption
from ..output import show

if TYPE_CHECKING:
    from ...trainers.implementation.validation.calibration import Calibration, CalibrationSettings


def calibrate(
    *,
    seed: Annotated[int, typer.Option(min=0, help="Of the design and the emulators.")] = 0,
    waves: Annotated[
        str, typer.Option(help="Points to simulate in each wave, such as 96,80.")
    ] = "96,80",
    customers_per_point: Annotated[
        int, typer.Option(min=25, help="Projects simulated at each point.")
    ] = 32,
    finalists: Annotated[
        int, typer.Option(min=1, help="Points simulated on many customers; the best is taken.")
    ] = 6,
    customers_per_finalist: Annotated[
        int, typer.Option(min=25, help="Projects simulated at each of them.")
    ] = 200,
    workers: WorkersOption = None,
    out: Annotated[
        Path, typer.Option(help="Directory for simulated points and results; it is gone on with.")
    ] = Path("runs/calibration"),
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit with 1 unless the result is what golive runs with."),
    ] = False,
) -> None:
    """Choose the weak parameters by the fitted half of the published outcomes.

    History matching: simulate, emulate, rule out, simulate again. Ctrl-C is safe; the same
    command goes on. With its defaults it makes the parameters that golive runs with.
    """
    from ...core.execution import default_workers
    from ...trainers.implementation.validation.calibration import CalibrationSettings
    from ...trainers.implementation.validation.calibration_files import is_committed, write

    settings = CalibrationSettings(
        seed=seed,
        waves=_waves(waves),
        customers_per_point=customers_per_point,
        finalists=finalists,
        customers_per_finalist=customers_per_finalist,
    )
    found = _run(settings, out, default_workers() if workers is None else workers)
    _print(found)
    parameters, plausible = write(found, out)
    typer.echo(f"Parameters: {parameters} (golive evaluate --parameters {parameters} ...)")
    typer.echo(f"Sets that are not ruled out: {plausible}")
    if check and not is_committed(parameters, plausible):
        typer.echo("They are not those that golive runs with.", err=True)
        raise typer.Exit(JUDGED_FAILED)


def _waves(text: str) -> tuple[int, ...]:
    try:
        waves = tuple(int(word) for word in text.split(","))
    except ValueError:
        waves = ()
    if not waves or min(waves) < 8:
        raise GoliveError(
            f"--waves: {text!r}: expected points of each wave such as 96,80, at least 8"
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
