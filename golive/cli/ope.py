"""``golive ope`` and ``golive ope-bench``: policies judged on recordings, and those judgements."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import GoliveError
from ..core.execution import Backend, default_workers
from .exits import JUDGED_FAILED

if TYPE_CHECKING:
    from ..trainers.offline_evaluation import Estimator, OfflineEvaluation
    from ..trainers.offline_evaluation.bench_plan import BenchPlan

_ESTIMATORS = (
    "Estimators, comma-separated: recorded, trajectory, weighted_trajectory, per_decision, "
    "weighted_per_decision, direct, direct_network, doubly_robust, weighted_doubly_robust."
)
WorkersOption = Annotated[
    int | None, typer.Option(min=1, help="Processes (default: one for every core).")
]
BackendOption = Annotated[Backend, typer.Option(help="Where work is done.")]


def ope(
    dataset: Annotated[str, typer.Argument(help="Recorded dataset: its id, or its folder.")],
    *,
    policy: Annotated[
        str,
        typer.Option(help="Who is judged: a name, a path, sampled:PATH, noisy:POLICY:EPSILON."),
    ],
    estimators: Annotated[str | None, typer.Option(help=_ESTIMATORS)] = None,
    metric: Annotated[
        str,
        typer.Option(
            help="What an episode is worth: a field of the scorecard, or rewards for the sum of "
            "the recorded rewards."
        ),
    ] = "go_live_score",
    gamma: Annotated[float, typer.Option(help="Discount per decision.")] = 1.0,
    require_support: Annotated[
        bool,
        typer.Option(
            "--require-support", help="Exit with 1 if the data can carry none of the estimates."
        ),
    ] = False,
    workers: WorkersOption = None,
    backend: BackendOption = Backend.PROCESS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Judge a policy on recorded episodes of others, without letting it decide anything.

    Says with every estimate whether the data can carry it, and if not, why.
    """
    from ..trainers.datasets import load_logged, target_probabilities
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.offline_evaluation import ask, evaluate_offline

    chosen = _estimators(estimators)
    logged = load_logged(dataset)
    with counting_bar("Asking the policy") as progress:
        target = target_probabilities(
            logged,
            policy,
            workers=default_workers() if workers is None else workers,
            backend=backend,
            progress=progress,
        )
    question = ask(logged, target, metric=metric, gamma=gamma)
    found = evaluate_offline(question, estimators=chosen)
    if as_json:
        typer.echo(json.dumps({"dataset": dataset, "policy": policy, **found.as_dict()}, indent=2))
    else:
        _print(found, policy)
    if not found.supported:
        typer.echo("warning: these data cannot carry the question", err=True)
        if require_support:
            raise typer.Exit(JUDGED_FAILED)


def ope_bench(
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
    estimators: Annotated[str | None, typer.Option(help=_ESTIMATORS)] = None,
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
    workers: WorkersOption = None,
    backend: BackendOption = Backend.PROCESS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Judge the estimators of golive ope by the simulator, which knows the answer."""
    from rich.console import Console

    from ..scenarios.loader import load_scenario
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.offline_evaluation.bench import run_bench
    from ..trainers.offline_evaluation.bench_output import bench_tables, write_bench

    plan = _bench_plan(
        behaviours, targets, _estimators(estimators), datasets, episodes, truth_episodes, quick
    )
    bars = []
    with counting_bar("Offline evaluation") as progress:

        def show(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars.append(what)
                typer.echo(what, err=True)
            progress(done, total)

        result = run_bench(
            plan,
            load_scenario(scenario),
            out,
            workers=default_workers() if workers is None else workers,
            backend=backend,
            progress=show,
        )
    write_bench(result, out, _command())
    if as_json:
        typer.echo(json.dumps(result.as_dict(), indent=2))
        return
    Console().print(bench_tables(result)[0])
    typer.echo(f"Policy by policy, rows and picture: {out}", err=True)


def _command() -> str:
    import shlex

    return shlex.join(["golive", *sys.argv[1:]])


def _estimators(text: str | None) -> tuple[Estimator, ...]:
    from ..trainers.offline_evaluation import DEFAULT_ESTIMATORS, Estimator

    if text is None:
        return DEFAULT_ESTIMATORS
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(Estimator)]
    if unknown or not names or len(set(names)) < len(names):
        raise GoliveError(
            f"--estimators: {text!r}: expected some of {', '.join(Estimator)}, each once"
        )
    return tuple(Estimator(name) for name in names)


def _bench_plan(
    behaviours: str | None,
    targets: str | None,
    estimators: tuple[Estimator, ...],
    datasets: int,
    episodes: int,
    truth_episodes: int,
    quick: bool,
) -> BenchPlan:
    from ..trainers.offline_evaluation.bench_plan import (
        DEFAULT_BEHAVIOURS,
        DEFAULT_TARGETS,
        QUICK_TARGETS,
        BenchPlan,
    )

    recorded = DEFAULT_BEHAVIOURS
    if behaviours is not None:
        recorded = {one.strip(): _names(one) for one in behaviours.split(";") if one.strip()}
    default = QUICK_TARGETS if quick else DEFAULT_TARGETS
    return BenchPlan(
        behaviours=recorded,
        targets=default if targets is None else _names(targets),
        estimators=estimators,
        datasets=2 if quick else datasets,
        episodes=15 if quick else episodes,
        truth_episodes=30 if quick else truth_episodes,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _print(found: OfflineEvaluation, policy: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from ..trainers.offline_evaluation.estimators import MEANING

    table = Table(
        title=f"{policy}: {found.metric} an episode, judged on {found.episodes} recorded episodes",
        title_justify="left",
    )
    for heading in ("estimator", "what it is", "estimate (95 %)", "the data can carry it"):
        table.add_column(heading)
    for one in found.estimates:
        value = one.value
        table.add_row(
            Text(str(one.estimator)),
            Text(MEANING[one.estimator]),
            Text(f"{value.estimate:.3g} ({value.low:.3g} to {value.high:.3g})"),
            Text("no: " + "; ".join(one.against) if one.against else "yes"),
        )
    console = Console()
    console.print(table)
    support = found.support
    console.print(
        f"Effective episodes {support.effective_episodes:.1f} of {found.episodes}; effective "
        f"share of the {found.steps} decisions {support.effective_steps_share:.1%}; heaviest "
        f"episode {support.largest_weight_share:.0%} of the weight; never possible in the "
        f"recording {support.mass_outside_share:.1%} of what the policy would decide.",
        highlight=False,
    )
    for note in dict.fromkeys(one.note for one in found.estimates if one.note):
        console.print(f"Note: {note}.", highlight=False)
