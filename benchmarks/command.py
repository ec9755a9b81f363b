"""Run benchmarks from a command line, and print or write what they measured."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from golive.cli.exits import FINE, code_of
from golive.core import files
from golive.core.execution import default_workers
from golive.core.tables import Table

if TYPE_CHECKING:
    from golive.trainers.evaluation.statistics import Interval

SEED = 3_000_000
"""Outside every split of the library's suites: nothing is learned or judged on it."""

ScenarioOption = Annotated[str, typer.Option("--scenario", help="Scenario by name or file.")]
CORES = default_workers()
"""That this process may use."""
WorkersOption = Annotated[int, typer.Option("--workers", min=1, help="Processes.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def start(module: str) -> None:
    """Run the benchmark of a module and exit.

    The module is imported by its name: what ``__main__`` defines cannot be sent to workers.
    """
    sys.exit(run(import_module(module).command, sys.argv[1:]))


def run(command: Callable[..., None] | typer.Typer, arguments: Sequence[str]) -> int:
    """Run a benchmark's command, or an application of several; errors are printed to stderr.

    Returns:
        The exit code, as ``golive`` has them.
    """
    app, name = command, Path(sys.argv[0]).stem
    if not isinstance(app, typer.Typer):
        app, name = typer.Typer(add_completion=False), f"python -m {app.__module__}"
        app.command()(command)
    made: Any = typer.main.get_command(app)
    try:
        with made.make_context(name, list(arguments)) as context:
            made.invoke(context)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        return code_of(error)
    return FINE


def first_line(command: Callable[..., None]) -> str:
    """First line of a command's help."""
    return (command.__doc__ or "").strip().partition("\n")[0]


def show(report: object, parts: Sequence[Table | str], as_json: bool) -> None:
    """Print what was measured: as JSON, or its tables and lines."""
    if as_json:
        typer.echo(json_text(report))
        return
    from rich.console import Console

    console = Console()
    for part in parts:
        if isinstance(part, Table):
            console.print(part.to_console())
        else:
            console.print(part, highlight=False, markup=False, soft_wrap=True)


def json_text(report: Any) -> str:
    """A report as JSON: a dataclass, or plain data that may hold some; what has no end is null."""
    return files.json_text(report, 2)


def write_report(report: object, path: Path | None) -> None:
    """Write a report as JSON, if a file was named."""
    if path is not None:
        files.write_text_atomically(path, json_text(report) + "\n")


def span(interval: Interval | None, form: str) -> str:
    """An estimate and its interval: ``0.84 (0.80 to 0.88)``; a dash where there is none."""
    if interval is None:
        return "-"
    estimate, low, high = (
        format(value, form).replace("%", " %")
        for value in (interval.estimate, interval.low, interval.high)
    )
    return f"{estimate} ({low} to {high})"
