"""``golive simulate --profile``: all replicas of a simulation environment at once."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..core.errors import GoliveError
from ..core.execution import Backend
from ..core.files import prepare_output_directory
from ..core.tables import Table, figures
from .exits import JUDGED_FAILED
from .options import MOST_WORKERS, option, option_record, writable_directory
from .output import complain, show, show_json, show_schema

if TYPE_CHECKING:
    from ..sim.world_kind import WorldKind
    from ..trainers.simulation import Performance, Profile, SimulationResult
    from ..trainers.simulation.run import MetricsRow
    from .simulate import PlayOptions


@option_record
class ProfileOptions:
    """Options that only a simulation environment has."""

    profile: str | None = option(
        None,
        "Simulation environment, all episodes at once: sandbox, staging, simulation, "
        "or a profile's file.",
    )
    backend: Backend | None = option(None, "Of a profile: where its replicas live.")
    workers: int | None = option(
        None, "Of a profile: processes its replicas are divided among.", min=1, max=MOST_WORKERS
    )
    ray_address: str | None = option(
        None,
        "Of a profile: Ray cluster to run on, instead of --backend: auto, host:6379 or "
        "ray://host:10001.",
    )
    out: Path | None = option(
        None, "Of a profile: directory for results and metrics.", callback=writable_directory
    )
    profile_schema: bool = option(False, "Print the JSON Schema of profiles and end.")


def run_profile(
    scenario: str | None, play: PlayOptions, options: ProfileOptions, *, as_json: bool
) -> None:
    """Simulate a profile, print what came of it; exit with 1 if a replica failed.

    What the command line says takes the place of what the profile does.
    """
    from ..trainers.evaluation.result import ROWS_FILE

    profile, out = _changed_profile(scenario, play, options), options.out
    if out is not None and (out / ROWS_FILE).exists():
        raise GoliveError(f"{out}: holds results already: expected another directory, --out")
    result = _simulated(profile, options.ray_address)
    _print(result, as_json=as_json)
    for episode in result.poisoned:
        complain(f"poisoned: {episode}")
    if out is not None:
        result.save(prepare_output_directory(out))
        typer.echo(f"Results: {out}", err=True)
    if result.poisoned:
        raise typer.Exit(JUDGED_FAILED)


def print_profile_schema() -> None:
    """Print the JSON Schema of profile files."""
    from ..trainers.simulation import profile_schema

    show_schema(profile_schema())


def _changed_profile(scenario: str | None, play: PlayOptions, options: ProfileOptions) -> Profile:
    from ..trainers.simulation.profile import load_profile, with_changes
    from .world_view import view_of

    profile = load_profile(str(options.profile))
    told = {
        "policy": play.policy,
        "first_seed": play.seed,
        "replicas": play.episodes,
        "acceleration": play.acceleration,
        "backend": options.backend,
        "workers": options.workers,
    }
    changes: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    if scenario is not None:
        changes |= {"scenario": scenario, "suite": None, "gate": None}
    if play.with_ or play.opponent is not None:
        mix = {"edge_cases": list(play.with_ or ()), "opponent": play.opponent}
        changes |= {"failures": "mixes", "mixes": [mix]}
    if play.parameters is not None:
        view = view_of(_kind(with_changes(profile, changes)))
        changes["parameters"] = profile.parameters | view.parameter_values(play.parameters)
    return with_changes(profile, changes) if changes else profile


def _kind(profile: Profile) -> WorldKind:
    """The world of a profile's replicas."""
    from ..sim.worlds import kind_of
    from ..trainers.simulation import plan_replicas

    return kind_of(plan_replicas(profile)[0].scenario)


def _simulated(profile: Profile, ray_address: str | None) -> SimulationResult:
    """The result of a profile; a bar on the error stream shows how far it is.

    The bar is of working days: those simulated against those that the replicas may still last.
    """
    from rich.console import Console
    from rich.progress import Progress, TimeElapsedColumn

    from ..trainers.simulation import simulate_profile

    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(profile.name, total=None)

        def show_row(row: MetricsRow) -> None:
            days = row.simulated_days
            total = days + row.days_left
            bar.update(task, description=f"{profile.name}: {row}", completed=days, total=total)

        return simulate_profile(profile, ray_address=ray_address, progress=show_row)


def _print(result: SimulationResult, *, as_json: bool) -> None:
    from .scorecards import Simulated, print_scorecards

    rows = result.results.to_dicts()
    if as_json:
        show_json(
            {
                "profile": result.profile.model_dump(mode="json"),
                "performance": asdict(result.performance),
                "poisoned": [episode.without_snapshot() for episode in result.poisoned],
                "results": rows,
            }
        )
        return
    kind = _kind(result.profile)
    episodes = [
        Simulated(
            row["seed"],
            row["customer"],
            row["digest"],
            {name: row[name] for name in kind.no_scorecard},
        )
        for row in rows
    ]
    if episodes:
        print_scorecards(kind, episodes, rows[0]["policy"], as_json=False)
    show(_performance_table(result.performance))


def _performance_table(performance: Performance) -> Table:
    rows = (
        ("replicas at once", f"{performance.most_running:,}"),
        ("processes", f"{performance.processes:,}"),
        ("wall time", f"{performance.wall_seconds:,.2f} s"),
        ("world steps", f"{performance.world_steps:,}"),
        ("steps per second", f"{performance.steps_per_second:,.0f}"),
        ("simulated working days", f"{performance.simulated_days:,}"),
        ("working time over wall time", f"{performance.acceleration:,.0f}"),
        ("peak memory", f"{performance.peak_resident_mb:,.0f} MB"),
        ("restarts", f"{performance.restarts:,}"),
    )
    return Table("", figures("performance", "value"), rows)
