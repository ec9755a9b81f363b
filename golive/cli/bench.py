"""``golive bench``: speed and scaling, the regression benchmark, whether decisions matter."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from . import execution_options
from .bench_execution import BENCHMARK_SEED, execution
from .bench_offline import offline, warm_start
from .bench_psplib import psplib
from .bench_regression import (
    AgainstOption,
    NoSpeedOption,
    OutOption,
    ReasonOption,
    RegressionOptions,
    RowsOption,
    SuiteOption,
    SummaryOption,
    UpdateOption,
    WorkersOption,
    print_schema,
    run_regression,
)
from .bench_training_backends import training_backends

if TYPE_CHECKING:
    from ..trainers.benchmark.decisions import DecisionsReport

bench = typer.Typer(
    help=(
        "Measure the reference engine: speed and scaling; with --suite every figure against a "
        "committed baseline; or whether decisions matter."
    ),
    invoke_without_command=True,
)

Scenario = Annotated[str, typer.Option(help="Scenario by name or file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def register(app: typer.Typer) -> None:
    """Add the command and those below it."""
    bench.command("schema")(print_schema)
    bench.command()(psplib)
    bench.command()(execution)
    bench.command()(training_backends)
    bench.command()(offline)
    bench.command("warm-start")(warm_start)
    app.add_typer(bench, name="bench")


@bench.callback()
def measure(
    context: typer.Context,
    *,
    scenario: Scenario = "furniture",
    repetitions: Annotated[int, typer.Option(min=2, help="Of every measurement.")] = 20,
    scaling: Annotated[bool, typer.Option(help="Also measure customers of x2 and x4.")] = True,
    suite: SuiteOption = None,
    against: AgainstOption = None,
    update: UpdateOption = False,
    reason: ReasonOption = None,
    no_speed: NoSpeedOption = False,
    rows: RowsOption = 20,
    workers: WorkersOption = None,
    out: OutOption = None,
    summary: SummaryOption = None,
    as_json: AsJson = False,
) -> None:
    """World steps per second beside a bare SimPy loop, or figures against a baseline.

    With --suite: exit code 1 if something moved, 2 if suite or baseline will not do.
    """
    if context.invoked_subcommand is not None:
        return
    regression = RegressionOptions(
        suite, against, update, reason, no_speed, rows, workers, out, summary, as_json
    )
    if suite is not None:
        run_regression(regression)
        return
    regression.refuse_without_suite()
    _measure_speed(scenario, repetitions, scaling, as_json)


def _measure_speed(scenario: str, repetitions: int, scaling: bool, as_json: bool) -> None:
    from ..agents.registry import load_policy
    from ..scenarios.loader import load_scenario
    from ..trainers.benchmark.scaling import measure_scaling
    from ..trainers.benchmark.speed import measure_speed
    from ..trainers.evaluation.progress import counting_bar

    chosen, policy = load_scenario(scenario), load_policy("expert")
    with counting_bar("Speed") as progress:
        speed_report = measure_speed(
            chosen,
            policy,
            first_seed=BENCHMARK_SEED,
            repetitions=repetitions,
            progress=progress,
        )
    scaling_report = None
    if scaling:
        with counting_bar("Scaling") as progress:
            scaling_report = measure_scaling(
                chosen,
                policy,
                first_seed=BENCHMARK_SEED,
                repetitions=max(2, repetitions // 2),
                progress=progress,
            )
    if as_json:
        content = {
            "scenario": chosen.name,
            "speed": asdict(speed_report),
            "scaling": asdict(scaling_report) if scaling_report else None,
        }
        typer.echo(json.dumps(content, indent=2))
        return
    from rich.console import Console

    from ..trainers.benchmark.tables import scaling_table, speed_table, speed_verdict

    console = Console()
    console.print(speed_table(speed_report))
    console.print(speed_verdict(speed_report), highlight=False)
    if scaling_report is not None:
        console.print(scaling_table(scaling_report))


@bench.command()
def decisions(
    *,
    suite: Annotated[str, typer.Option(help="Suite by name or file.")] = "furniture",
    episodes: Annotated[int, typer.Option(min=2, help="Customers per scenario.")] = 100,
    workers: execution_options.WorkersOption = None,
    as_json: AsJson = False,
) -> None:
    """Expert against the hindsight-best static policy; exit code 1 if it does not win."""
    report = _judge_decisions(suite, episodes, workers)
    if as_json:
        typer.echo(json.dumps(asdict(report), indent=2))
    else:
        from rich.console import Console

        from ..trainers.benchmark.tables import decisions_lines

        Console().print(decisions_lines(report), highlight=False, markup=False)
    if not report.decisions_matter:
        raise typer.Exit(1)


@bench.command()
def mining(
    *,
    scenario: Scenario = "furniture",
    policy: Annotated[str, typer.Option(help="Who decides in the projects.")] = "expert",
    sets: Annotated[int, typer.Option(min=1, help="Sets of hidden parameters.")] = 20,
    projects: Annotated[int, typer.Option(min=1, help="Projects per set.")] = 50,
    workers: execution_options.WorkersOption = None,
    as_json: AsJson = False,
) -> None:
    """Hide parameters, simulate projects, mine their logs: how often intervals hold the truth."""
    from ..core.execution import default_workers
    from ..scenarios.loader import load_scenario
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.implementation.mining.coverage import hidden_sets, study

    chosen = load_scenario(scenario)
    tasks = hidden_sets(chosen, policy, sets=sets, projects=projects, seed=BENCHMARK_SEED)
    with counting_bar("Hidden sets") as progress:
        rows = study(
            tasks,
            workers=default_workers() if workers is None else workers,
            progress=lambda done: progress(done, sets),
        )
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2))
        return
    from rich.console import Console

    from .implementation.mining_view import coverage_table

    Console().print(coverage_table(rows, sets, projects, chosen.name, policy))


def _judge_decisions(suite: str, episodes: int, workers: int | None) -> DecisionsReport:
    from ..agents.implementation.static import static_policies
    from ..core.execution import default_workers
    from ..scenarios.loader import load_suite_split, suite_scenarios
    from ..trainers.benchmark.decisions import judge_decisions
    from ..trainers.evaluation import evaluate_suite
    from ..trainers.evaluation.progress import counting_bar

    chosen, split = load_suite_split(suite)
    static = [policy.name for policy in static_policies()]
    with counting_bar("Static policies") as progress:
        result = evaluate_suite(
            ["expert", *static],
            chosen,
            suite_scenarios(chosen),
            split=split,
            episodes=episodes,
            workers=default_workers() if workers is None else workers,
            progress=progress,
        )
    return judge_decisions(result, "expert", static)
