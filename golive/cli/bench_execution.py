"""``golive bench execution``: what backends cost, and how far one driver goes."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import GoliveError

if TYPE_CHECKING:
    from ..trainers.benchmark.execution import ExecutionReport

BENCHMARK_SEED = 3_000_000
"""Outside every split of the library's suites: nothing is learned or judged on it."""


def execution(
    *,
    scenario: Annotated[str, typer.Option(help="Scenario by name or file.")] = "furniture",
    policy: Annotated[str, typer.Option(help="Who decides.")] = "expert",
    episodes: Annotated[int, typer.Option(min=1, help="Episodes per call.")] = 100,
    repetitions: Annotated[int, typer.Option(min=2, help="Calls of every backend.")] = 10,
    workers: Annotated[
        str | None, typer.Option(help="Numbers of workers, such as 1,2,4 (default: every core).")
    ] = None,
    emulate: Annotated[
        str, typer.Option(help="Numbers of workers that only wait, such as 16,64; may be empty.")
    ] = "8,32",
    nodes: Annotated[int, typer.Option(min=1, help="Local Ray nodes of the emulation.")] = 4,
    out: Annotated[Path | None, typer.Option(help="Write the report to this JSON file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """The same episodes serially, in processes and on Ray; then many emulated workers."""
    from ..core.execution import default_workers
    from ..scenarios.loader import load_scenario
    from ..trainers.benchmark.execution import ExecutionReport, emulate_cluster, measure_execution
    from ..trainers.benchmark.execution_tables import emulation_table, execution_table
    from ..trainers.evaluation.progress import counting_bar

    chosen = load_scenario(scenario)
    counts, emulated = _numbers("--workers", workers or ""), _numbers("--emulate", emulate)
    with counting_bar("Calls") as progress:
        rows = measure_execution(
            chosen,
            policy,
            first_seed=BENCHMARK_SEED,
            episodes=episodes,
            repetitions=repetitions,
            workers=counts or None,
            progress=progress,
        )
    report = ExecutionReport(
        chosen.name, policy, episodes, repetitions, default_workers(), tuple(rows), ()
    )
    _write(report, out)
    with counting_bar("Emulations") as progress:
        for done, count in enumerate(emulated):
            progress(done, len(emulated))
            row = emulate_cluster(
                chosen, policy, seed=BENCHMARK_SEED, workers=count, nodes=min(nodes, count)
            )
            report = replace(report, emulated=(*report.emulated, row))
            _write(report, out)
        progress(len(emulated), len(emulated))
    if as_json:
        typer.echo(json.dumps(asdict(report), indent=2))
        return
    from rich.console import Console

    console = Console()
    console.print(execution_table(report))
    if report.emulated:
        console.print(emulation_table(report))


def _write(report: ExecutionReport, out: Path | None) -> None:
    """What has been measured so far."""
    from ..core.files import write_text_atomically

    if out is not None:
        write_text_atomically(out, json.dumps(asdict(report), indent=2) + "\n")


def _numbers(option: str, text: str) -> list[int]:
    """Whole numbers above 0, comma-separated."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise GoliveError(f"{option}: {text!r}: expected whole numbers above 0, comma-separated")
    return [int(part) for part in parts]
