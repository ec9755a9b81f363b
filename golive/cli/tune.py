"""``golive tune``: search for better training configurations."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument

from ..core.errors import GoliveError
from . import completion
from .exits import INTERRUPTED, JUDGED_FAILED
from .options import (
    MOST_STEPS,
    AsJson,
    PrintSchema,
    WorkersOption,
    option,
    option_record,
    writable_directory,
)
from .output import complain, show, show_json

if TYPE_CHECKING:
    from ..trainers.training import TrainingConfiguration
    from ..trainers.tuning import TuningResult, TuningSettings

_LEFT_TO_THE_FOLDER = "expected none with --resume: the search goes on as it was told"


_BASE = "scratch"
"""Configuration that is tuned unless another is named: plain PPO, in which each field tells."""


@option_record
class Search:
    """Options of a search."""

    space: str | None = option(
        None, "Search space: a file, or ppo or ppo-population (default: ppo)."
    )
    out: Path = option(Path("runs/tune"), "Directory of the search.", callback=writable_directory)
    resume: bool = option(False, "Go on with the interrupted search in --out.")
    trials: int | None = option(
        None, "Trainings instead of the space's number.", min=1, max=100_000
    )
    scheduler: str | None = option(None, "asha, none or population instead of the space's.")
    seed: int | None = option(None, "Of the proposals, instead of the space's.", min=0)
    steps: int | None = option(
        None, "Steps of a training instead of the base's.", min=1, max=MOST_STEPS
    )
    workers: WorkersOption = None
    ray_address: str | None = option(
        None, "Ray cluster: auto or host:6379 (default: this machine)."
    )
    schema: PrintSchema = False
    as_json: AsJson = False


def tune(
    config: Annotated[
        str | None,
        Argument(
            help="Base configuration: a file, or a name (default: scratch).",
            autocompletion=completion.configurations,
        ),
    ] = None,
    *,
    told: Search,
) -> None:
    """Train with many configurations and keep the one that validates best.

    Ctrl-C ends it so that --resume goes on; exit code 1 if every trial failed.
    """
    if told.schema:
        from ..trainers.training.configuration_files import record_schema
        from ..trainers.tuning.settings import TuningSettings

        typer.echo(record_schema(TuningSettings))
        return
    from ..trainers.tuning import tune as run_search

    own = {"trials": told.trials, "scheduler": told.scheduler, "seed": told.seed}
    changes = {name: value for name, value in own.items() if value is not None}
    if told.resume:
        _refuse_beside_resume(config=config, space=told.space, steps=told.steps, **changes)
        settings, base = None, None
    else:
        settings, base = _settings(told.space, changes), _base(config, told.steps)
    from ..trainers.tuning.console import ConsoleListener, result_table

    with ConsoleListener() as listener:
        result = run_search(
            settings,
            base,
            told.out,
            workers=told.workers,
            address=told.ray_address,
            resume=told.resume,
            listener=listener,
        )
    if told.as_json:
        show_json(asdict(result))
    else:
        show(result_table(result))
    _report(result, told.out, told.as_json)


def _refuse_beside_resume(**given: Any) -> None:
    for name, value in given.items():
        if value is not None:
            option = name.upper() if name == "config" else f"--{name}"
            raise GoliveError(f"{option}: {value}: {_LEFT_TO_THE_FOLDER}")


def _settings(space: str | None, changes: dict[str, Any]) -> TuningSettings:
    from ..trainers.training.configuration_files import changed_record
    from ..trainers.tuning.settings import read_settings, shipped_space

    name = space or "ppo"
    path = Path(name)
    is_file = path.is_file() or path.suffix in (".yaml", ".yml") or len(path.parts) > 1
    return changed_record(read_settings(path if is_file else shipped_space(name)), changes)


def _base(config: str | None, steps: int | None) -> TrainingConfiguration:
    from ..trainers.training.configuration import read_configuration, with_changes
    from .train import configuration_file

    name = config or _BASE
    base = read_configuration(configuration_file(name))
    return base if steps is None else with_changes(base, {"total_steps": steps})


def _report(result: TuningResult, out: Path, as_json: bool) -> None:
    """Say what came of it and where it is."""
    if result.best is not None and not as_json:
        typer.echo(f"Policy: {out / 'best.policy'}")
        typer.echo(f"Configuration: {out / 'best.yaml'}")
    if result.is_interrupted:
        how = f"golive tune --resume --out {shlex.quote(str(out))}"
        typer.echo(f"interrupted; go on with: {how}", err=True)
        raise typer.Exit(INTERRUPTED)
    if result.best is None:
        complain("every trial failed")
        raise typer.Exit(JUDGED_FAILED)
