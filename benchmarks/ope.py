"""Offline evaluation judged by the simulator, which knows what it can only estimate."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.command import CORES, JsonOption, WorkersOption, show, start
from benchmarks.ope_plan import BenchPlan, default_behaviours, default_targets
from benchmarks.ope_result import bench_tables, write_bench
from benchmarks.ope_run import run_bench
from golive.cli.ope import ESTIMATORS, chosen_estimators
from golive.core.execution import Backend
from golive.scenarios.loader import load_scenario
from golive.sim.world_kind import WorldKind
from golive.sim.worlds import kind_of
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.offline_evaluation import Estimator


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
    sizes = (2, 15, 30) if quick else (datasets, episodes, truth_episodes)
    plan = _plan(kind_of(chosen), behaviours, targets, chosen_estimators(estimators), sizes, quick)
    told: list[str] = []
    with counting_bar("Offline evaluation") as progress:

        def say(what: str, done: int, total: int) -> None:
            if what not in told:
                told.append(what)
                typer.echo(what, err=True)
            progress(done, total)

        result = run_bench(
            plan,
            chosen,
            out,
            workers=workers,
            backend=backend,
            progress=say,
        )
    write_bench(result, out, shlex.join(["python", "-m", "benchmarks.ope", *sys.argv[1:]]))
    show(result.as_dict(), bench_tables(result)[:1], as_json)
    if not as_json:
        typer.echo(f"Policy by policy, rows and picture: {out}", err=True)


def _plan(
    kind: WorldKind,
    behaviours: str | None,
    targets: str | None,
    estimators: tuple[Estimator, ...],
    sizes: tuple[int, int, int],
    quick: bool,
) -> BenchPlan:
    recorded = default_behaviours(kind)
    if behaviours is not None:
        recorded = {one.strip(): _names(one) for one in behaviours.split(";") if one.strip()}
    datasets, episodes, truth_episodes = sizes
    return BenchPlan(
        behaviours=recorded,
        targets=default_targets(kind, quick) if targets is None else _names(targets),
        metric=kind.figures.score,
        estimators=estimators,
        datasets=datasets,
        episodes=episodes,
        truth_episodes=truth_episodes,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


if __name__ == "__main__":
    start("benchmarks.ope")
