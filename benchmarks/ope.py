"""Offline evaluation judged by the simulator, which knows what it can only estimate."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.command import CORES, JsonOption, WorkersOption, show, start
from benchmarks.ope_result import BenchPlan, bench_tables, write_bench
from benchmarks.ope_run import run_bench
from golive.cli.ope import ESTIMATORS, chosen_estimators
from golive.cli.options import words_of
from golive.core.execution import Backend
from golive.scenarios.loader import load_scenario
from golive.sim.world_kind import WorldKind
from golive.sim.worlds import kind_of
from golive.trainers.evaluation.progress import phase_bars


def command(
    scenario: Annotated[str, typer.Argument(help="Scenario by name or file.")] = "furniture",
    *,
    out: Annotated[
        Path, typer.Option(help="Directory for recordings, rows, figures; gone on with.")
    ] = Path("runs/ope-bench"),
    behaviours: Annotated[
        str | None,
        typer.Option(
            help="Who is recorded: datasets separated by ;, in each policies separated by commas "
            "(default: random; a noisy critical path; a mix)."
        ),
    ] = None,
    targets: Annotated[
        str | None, typer.Option(help="Policies that are judged, comma-separated.")
    ] = None,
    estimators: Annotated[str | None, typer.Option(help=ESTIMATORS)] = None,
    datasets: Annotated[
        int, typer.Option(min=2, help="Datasets of each kind, on customers of their own.")
    ] = 5,
    episodes: Annotated[int, typer.Option(min=2, help="Episodes of each dataset.")] = 50,
    truth_episodes: Annotated[
        int, typer.Option(min=2, help="Customers on whom each policy's true value is simulated.")
    ] = 150,
    quick: Annotated[
        bool, typer.Option("--quick", help="2 datasets of 15 episodes, 3 policies, 30 customers.")
    ] = False,
    workers: WorkersOption = CORES,
    backend: Annotated[Backend, typer.Option(help="Where work is done.")] = Backend.PROCESS,
    as_json: JsonOption = False,
) -> None:
    """Judge the estimators of golive ope by the simulator, which knows the answer."""
    chosen = load_scenario(scenario)
    kind = kind_of(chosen)
    recorded = default_behaviours(kind)
    if behaviours is not None:
        recorded = {one.strip(): _names(one) for one in behaviours.split(";") if one.strip()}
    if quick:
        datasets, episodes, truth_episodes = 2, 15, 30
    plan = BenchPlan(
        behaviours=recorded,
        targets=default_targets(kind, quick) if targets is None else _names(targets),
        metric=kind.figures.score,
        estimators=chosen_estimators(estimators),
        datasets=datasets,
        episodes=episodes,
        truth_episodes=truth_episodes,
    )
    with phase_bars() as progress:
        result = run_bench(plan, chosen, out, workers=workers, backend=backend, progress=progress)
    write_bench(result, out, shlex.join(["python", "-m", "benchmarks.ope", *sys.argv[1:]]))
    show(result.as_dict(), bench_tables(result)[:1], as_json)
    if not as_json:
        typer.echo(f"Policy by policy, rows and picture: {out}", err=True)


def default_behaviours(kind: WorldKind) -> dict[str, tuple[str, ...]]:
    """Random play, one policy with little noise, and a mix of all with much."""
    noisy = kind.baselines[1 % len(kind.baselines)]
    return {
        "random": ("random",),
        f"noisy {noisy.replace('_', ' ')}": (f"noisy:{noisy}:0.1",),
        "mixed": (*(f"noisy:{name}:0.2" for name in kind.baselines), "random"),
    }


def default_targets(kind: WorldKind, quick: bool) -> tuple[str, ...]:
    """The policy that is recorded with little noise and its neighbours, then others."""
    noisy = kind.baselines[1 % len(kind.baselines)]
    others = [f"noisy:{name}:0.1" for name in reversed(kind.baselines) if name != noisy]
    if quick:
        return (f"noisy:{noisy}:0.1", *others[:1], "random")
    return (f"noisy:{noisy}:0.1", f"noisy:{noisy}:0.08", noisy, *others, "random")


def _names(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))


if __name__ == "__main__":
    start("benchmarks.ope")
