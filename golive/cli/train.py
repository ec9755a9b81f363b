"""``golive train``: a policy from a configuration."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument

from . import completion
from .exits import INTERRUPTED
from .options import (
    MOST_STEPS,
    MOST_WORKERS,
    AsJson,
    ParametersOption,
    PrintSchema,
    option,
    option_record,
    writable_directory,
)
from .output import complain, show_result
from .world_view import view_of

if TYPE_CHECKING:
    from ..trainers.training import TrainingConfiguration, TrainingOutcome, TrainingState

_TEAM = "team"
"""Name of the configuration by which a team is trained unless another is named."""


@option_record
class Run:
    """Options of what is trained from, and where it is kept."""

    config: str | None = option(
        None,
        "Configuration: a file, or the name of one that comes with golive "
        "(default: the scenario's own, or else that of its world's first scenario).",
        autocompletion=completion.configurations,
    )
    team: bool = option(
        False,
        "Train a team, in which each role decides from what it sees (default configuration: team).",
    )
    out: Path | None = option(
        None,
        "Directory of the run (default: runs/SCENARIO, of a team runs/SCENARIO-team).",
        callback=writable_directory,
    )
    resume: bool = option(False, "Go on with the interrupted training in --out.")
    seeds: int | None = option(
        None, "Train with so many seeds, each in a folder of its own below --out.", min=1
    )
    callback: list[str] | None = option(
        None,
        "Who hears how it goes and may act, package.module:Class; may repeat.",
        metavar="PLACE",
    )

    def directory(self, scenario: str | None) -> Path:
        """The directory of the run."""
        name = Path(scenario or _default_scenario()).stem
        return self.out or Path("runs") / (f"{name}-team" if self.team else name)

    def configuration(self, scenario: str | None) -> TrainingConfiguration:
        """The configuration asked for, before the command line says otherwise."""
        from ..trainers.training.configuration import read_configuration
        from ..trainers.training.run_directory import stored_configuration
        from ..trainers.training.session import stored_seeds

        if self.config is not None:
            return read_configuration(configuration_file(self.config))
        if self.resume:
            stored = stored_configuration if self.seeds is None else stored_seeds
            return stored(self.directory(scenario))
        if self.team:
            return read_configuration(configuration_file(_TEAM))
        return read_configuration(_own_configuration(scenario or _default_scenario()))


@option_record
class Instead:
    """Options that hold instead of the configuration's."""

    parameters: ParametersOption = None
    steps: int | None = option(
        None, "Environment steps instead of the configuration's.", min=1, max=MOST_STEPS
    )
    seed: int | None = option(None, "Seed instead of the configuration's.", min=0)
    minutes: float | None = option(
        None, "Stop early after so many minutes, and say so.", min=0.0001
    )
    workers: int | None = option(
        None, "Workers instead of the configuration's.", min=0, max=MOST_WORKERS
    )
    backend: str | None = option(None, "What workers are: process or ray.", metavar="BACKEND")
    ray_address: str | None = option(
        None, "Ray cluster: auto, host:6379 or ray://host:10001 (default: none)."
    )

    def changed(
        self, base: TrainingConfiguration, scenario: str | None, team: bool = False
    ) -> TrainingConfiguration:
        """The configuration with what the command line says."""
        from ..trainers.training.configuration import with_changes

        told = {
            "total_steps": self.steps,
            "seed": self.seed,
            "max_minutes": self.minutes,
            "workers": self.workers,
            "backend": self.backend,
            "ray_address": self.ray_address,
            "environment": None if scenario is None else {"scenario": scenario},
            "team": {} if team and base.team is None else None,
        }
        given: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
        configuration = with_changes(base, given)
        if self.parameters is None:
            return configuration
        values = view_of(configuration.environment.kind).parameter_values(self.parameters)
        return with_changes(configuration, {"environment": {"parameters": values}})


def train(
    scenario: Annotated[
        str | None,
        Argument(
            help="Scenario by name or file (default: the configuration's).",
            autocompletion=completion.scenarios,
        ),
    ] = None,
    *,
    run: Run,
    instead: Instead,
    schema: PrintSchema = False,
    as_json: AsJson = False,
) -> None:
    """Train an agent: same configuration and seed, same weights.

    Ctrl-C ends it after the rollout at hand, with a checkpoint; a second one at once.
    """
    from ..trainers.training.configuration import configuration_schema

    if schema:
        typer.echo(configuration_schema())
        return
    directory = run.directory(scenario)
    configuration = instead.changed(run.configuration(scenario), scenario, run.team)
    outcomes = _train(configuration, directory, run)
    _report(outcomes, configuration, directory, run.seeds, as_json)


def configuration_file(name_or_path: str) -> Path:
    """A configuration's file: the path itself, or that of one that comes with golive.

    Raises:
        GoliveError: there is none of this name.
    """
    from ..trainers.training import shipped_configuration

    path = Path(name_or_path)
    if path.is_file() or path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        return path
    return shipped_configuration(name_or_path)


def _default_scenario() -> str:
    from ..sim.worlds import DEFAULT_WORLD, world_kind

    return world_kind(DEFAULT_WORLD).default_scenario


def _own_configuration(scenario: str) -> Path:
    """The configuration of a scenario's name, or else that of its world's first scenario.

    Raises:
        GoliveError: there is no such scenario, or no such configuration.
    """
    from ..scenarios.loader import load_scenario
    from ..sim.worlds import kind_of
    from ..trainers.training import shipped_configuration
    from ..trainers.training.session import shipped_configuration_names

    general = kind_of(load_scenario(scenario)).default_scenario
    known = shipped_configuration_names()
    return shipped_configuration(scenario if scenario in known else general)


def _train(
    configuration: TrainingConfiguration, directory: Path, run: Run
) -> list[TrainingOutcome]:
    from ..trainers.training import train as run_training
    from ..trainers.training import train_seeds
    from ..trainers.training.callbacks import load_callback
    from ..trainers.training.progress import ConsoleReporter

    callbacks = [load_callback(place) for place in run.callback or ()]
    try:
        with ConsoleReporter() as reporter:
            told: Any = {"resume": run.resume, "reporter": reporter, "callbacks": callbacks}
            if run.seeds is not None:
                return train_seeds(configuration, directory, run.seeds, **told)
            return [run_training(configuration, directory, **told)]
    except KeyboardInterrupt:
        places = "config.yaml" if run.seeds is None else "seed-*/config.yaml"
        if not any(directory.glob(places)):
            raise
        typer.echo(f"stopped at once; {_how_to_resume(directory, run.seeds)}", err=True)
        raise typer.Exit(INTERRUPTED) from None


def _report(
    outcomes: Sequence[TrainingOutcome],
    configuration: TrainingConfiguration,
    directory: Path,
    seeds: int | None,
    as_json: bool,
) -> None:
    """Say what came of a training, or of one with each seed, and where it is."""
    from ..trainers.training import TrainingState
    from ..trainers.training.session import seed_directory

    advice = _how_to_resume(directory, seeds)
    contents: list[dict[str, Any]] = []
    lines: list[str] = []
    for seed, outcome in enumerate(outcomes, configuration.seed):
        if outcome.state is TrainingState.INTERRUPTED:
            complain(f"interrupted at step {outcome.steps:,}; {advice}")
            raise typer.Exit(INTERRUPTED)
        folder = directory if seeds is None else seed_directory(directory, seed)
        policy = folder / "best.policy"
        contents.append({**asdict(outcome), "run": folder, "policy": policy})
        lines += [
            f"{outcome.steps:,} steps in {outcome.minutes:.1f} min{_before(configuration)}; best "
            f"validation score {outcome.best_score:.3f} at step {outcome.best_steps:,}",
            f"Run: {folder}",
            f"Policy: {policy}",
        ]
    if seeds is None:
        show_result(as_json, contents[0], *lines)
    else:
        pattern = shlex.quote(f"run={directory}/seed-*")
        lines.append(f"Judge them together: golive evaluate --policies {pattern},expert")
        show_result(as_json, {"trainings": contents}, *lines)
    for state in {outcome.state: None for outcome in outcomes}:
        _say_why_it_stopped(state, configuration, advice)


def _say_why_it_stopped(
    state: TrainingState, configuration: TrainingConfiguration, advice: str
) -> None:
    from ..trainers.training import TrainingState

    if state is TrainingState.TIME_LIMIT:
        typer.echo(
            f"stopped early by the limit of {configuration.max_minutes:g} min, before "
            f"{configuration.total_steps:,} steps: another machine would stop elsewhere; "
            f"{advice} and more --minutes",
            err=True,
        )
    if state is TrainingState.STOPPED:
        typer.echo(f"stopped by a callback; {advice}", err=True)


def _before(configuration: TrainingConfiguration) -> str:
    """Say in words what was learned from before the steps."""
    start = configuration.warm_start
    if start is None:
        return ""
    return f", after a warm start on {start.episodes:,} episodes of {start.demonstrator}"


def _how_to_resume(directory: Path, seeds: int | None) -> str:
    several = "" if seeds is None else f" --seeds {seeds}"
    return f"go on with: golive train --resume{several} --out {shlex.quote(str(directory))}"
