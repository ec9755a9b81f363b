"""``golive simulate --profile``: all replicas of a simulation environment at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..core.errors import GoliveError

if TYPE_CHECKING:
    from ..trainers.simulation import Profile, SimulationResult

_JUDGED_FAILED = 1


@dataclass(frozen=True, slots=True)
class ProfileOptions:
    """What the command line says in place of the profile; None: what the profile says.

    Attributes:
        scenario: by name or file, in place of the profile's scenario, suite or gate.
        policy: who decides.
        edge_cases: as after ``--with``; with the opponent in place of the profile's failures.
        opponent: as after ``--opponent``.
        parameters: parameter file.
        first_seed: of the first customer.
        replicas: how many.
        acceleration: working time over the clock's.
        backend: where replicas live.
        workers: among how many processes.
        ray_address: Ray cluster to run on, instead of the backend.
        out: directory for the results.
        as_json: print JSON instead of tables.
    """

    scenario: str | None
    policy: str | None
    edge_cases: tuple[str, ...]
    opponent: str | None
    parameters: Path | None
    first_seed: int | None
    replicas: int | None
    acceleration: float | None
    backend: str | None
    workers: int | None
    ray_address: str | None
    out: Path | None
    as_json: bool


def refuse(given: Mapping[str, object], reason: str) -> None:
    """Refuse options that have been given.

    Args:
        given: value by option; None and False mean that it was not given.
        reason: why they are refused.

    Raises:
        GoliveError: one was given.
    """
    for option, value in given.items():
        if value is not None and value is not False:
            raise GoliveError(f"{option}: {reason}")


def run_profile(name: str, options: ProfileOptions) -> None:
    """Simulate a profile, print what came of it; exit with 1 if a replica failed."""
    from ..trainers.simulation import simulate_profile
    from ..trainers.simulation.console import simulation_bar

    profile = _changed_profile(name, options)
    if options.out is not None:
        _prepare(options.out)
    with simulation_bar(profile.name) as progress:
        result = simulate_profile(profile, ray_address=options.ray_address, progress=progress)
    _print(result, as_json=options.as_json)
    for episode in result.poisoned:
        typer.echo(f"poisoned: {episode}", err=True)
    if options.out is not None:
        result.save(options.out)
        typer.echo(f"Results: {options.out}", err=True)
    if result.poisoned:
        raise typer.Exit(_JUDGED_FAILED)


def print_profile_schema() -> None:
    """Print the JSON Schema of profile files."""
    from ..trainers.simulation.profile import profile_schema

    typer.echo(json.dumps(profile_schema(), indent=2))


def _changed_profile(name: str, options: ProfileOptions) -> Profile:
    from ..trainers.simulation.profile import load_profile, with_changes
    from .implementation.parameter_option import parameter_values

    profile = load_profile(name)
    changes: dict[str, Any] = {
        field: value
        for field in ("policy", "first_seed", "replicas", "acceleration", "backend", "workers")
        if (value := getattr(options, field)) is not None
    }
    if options.scenario is not None:
        changes |= {"scenario": options.scenario, "suite": None, "gate": None}
    if options.edge_cases or options.opponent is not None:
        mix = {"edge_cases": list(options.edge_cases), "opponent": options.opponent}
        changes |= {"failures": "mixes", "mixes": [mix]}
    if options.parameters is not None:
        changes["parameters"] = profile.parameters | parameter_values(options.parameters)
    return with_changes(profile, changes) if changes else profile


def _prepare(out: Path) -> None:
    from ..core.files import prepare_output_directory
    from ..trainers.simulation.result import RESULTS_FILE

    if (out / RESULTS_FILE).exists():
        raise GoliveError(f"{out}: holds results already: expected another directory, --out")
    prepare_output_directory(out)


def _print(result: SimulationResult, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_plain(result), indent=2))
        return
    from rich.console import Console

    from ..sim.implementation.scorecard import Scorecard
    from ..trainers.simulation.console import performance_table
    from .scorecards import Simulated, print_scorecards

    rows = result.results.to_dicts()
    if rows:
        names = Scorecard.__dataclass_fields__
        episodes = [
            Simulated(
                row["seed"],
                row["customer"],
                row["digest"],
                Scorecard(**{name: row[name] for name in names}),
            )
            for row in rows
        ]
        print_scorecards(episodes, rows[0]["policy"], as_json=False)
    Console().print(performance_table(result.performance))


def _plain(result: SimulationResult) -> dict[str, object]:
    """A result as JSON."""
    return {
        "profile": result.profile.model_dump(mode="json"),
        "performance": asdict(result.performance),
        "poisoned": [episode.without_snapshot() for episode in result.poisoned],
        "results": result.results.to_dicts(),
    }
