"""``golive tune``: search for better training configurations."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..core.errors import GoliveError
from .exits import INTERRUPTED, JUDGED_FAILED
from .options import PrintSchema, WorkersOption
from .output import show

if TYPE_CHECKING:
    from ..trainers.training import TrainingConfiguration
    from ..trainers.tuning import TuningResult, TuningSettings

_LEFT_TO_THE_FOLDER = "expected none with --resume: the search goes on as it was told"


def tune(
    config: Annotated[
        str | None,
        typer.Argument(help="Base configuration: a file, or a name (default: furniture)."),
    ] = None,
    *,
    space: Annotated[
        str | None,
        typer.Option(help="Search space: a file, or ppo or ppo-population (default: ppo)."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Directory of the search.")] = Path("runs/tune"),
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the interrupted search in --out.")
    ] = False,
    trials: Annotated[
        int | None, typer.Option(min=1, help="Trainings instead of the space's number.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="asha, none or population instead of the space's.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of the proposals, instead of the space's.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, help="Steps of a training instead of the base's.")
    ] = None,
    workers: WorkersOption = None,
    ray_address: Annotated[
        str | None, typer.Option(help="Ray cluster: auto or host:6379 (default: this machine).")
    ] = None,
    schema: PrintSchema = False,
) -> None:
    """Train with many configurations and keep the one that validates best.

    Ctrl-C ends it so that --resume goes on; exit code 1 if every trial failed.
    """
    if schema:
        from ..trainers.tuning.settings import settings_schema

        typer.echo(settings_schema())
        return
    from ..trainers.tuning import tune as run_search

    told = {"trials": trials, "scheduler": scheduler, "seed": seed}
    changes = {name: value for name, value in told.items() if value is not None}
    if resume:
        _refuse_beside_resume(config=config, space=space, steps=steps, **changes)
        settings, base = None, None
    else:
        settings, base = _settings(space, changes), _base(config, steps)
    from ..trainers.tuning.console import ConsoleListener, result_table

    with ConsoleListener() as listener:
        result = run_search(
            settings,
            base,
            out,
            workers=workers,
            address=ray_address,
            resume=resume,
            listener=listener,
        )
    show(result_table(result))
    _report(result, out)


def _refuse_beside_resume(**given: Any) -> None:
    for name, value in given.items():
        if value is not None:
            option = name.upper() if name == "config" else f"--{name}"
            raise GoliveError(f"{option}: {value}: {_LEFT_TO_THE_FOLDER}")


def _settings(space: str | None, changes: dict[str, Any]) -> TuningSettings:
    from ..trainers.tuning.settings import read_settings, settings_with, shipped_space

    name = space or "ppo"
    path = Path(name)
    is_file = path.is_file() or path.suffix in (".yaml", ".yml") or len(path.parts) > 1
    return settings_with(read_settings(path if is_file else shipped_space(name)), changes)


def _base(config: str | None, steps: int | None) -> TrainingConfiguration:
    from ..trainers.training.configuration import read_configuration, with_changes
    from .train import GENERAL_CONFIGURATION, configuration_file

    base = read_configuration(configuration_file(config or GENERAL_CONFIGURATION))
    return base if steps is None else with_changes(base, {"total_steps": steps})


def _report(result: TuningResult, out: Path) -> None:
    """Say what came of it and where it is."""
    if result.best is not None:
        typer.echo(f"Policy: {out / 'best.policy'}")
        typer.echo(f"Configuration: {out / 'best.yaml'}")
    if result.is_interrupted:
        how = f"golive tune --resume --out {shlex.quote(str(out))}"
        typer.echo(f"interrupted; go on with: {how}", err=True)
        raise typer.Exit(INTERRUPTED)
    if result.best is None:
        typer.echo("every trial failed", err=True)
        raise typer.Exit(JUDGED_FAILED)
