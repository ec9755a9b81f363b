"""``golive bench``: every figure of a suite against a committed baseline."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import GoliveError

if TYPE_CHECKING:
    from ..trainers.regression.baseline import Baseline, Figures
    from ..trainers.regression.findings import Comparison
    from ..trainers.regression.suite import LoadedSuite

_LOG_WIDTH = 140
app = typer.Typer(
    help="Compare every figure of a bench suite with a committed baseline.",
    invoke_without_command=True,
)


@dataclass(frozen=True, slots=True)
class _Options:
    """What the command line says; see the options' help."""

    suite: str
    against: Path
    reason: str
    update: bool
    rows: int
    out: Path | None
    summary: Path | None
    as_json: bool

    @property
    def renewal(self) -> str:
        """The command that renews the baseline."""
        words = ["golive", "bench", "--suite", self.suite, "--against", str(self.against)]
        return f'{shlex.join(words)} --update --reason "..."'


@app.callback()
def bench(
    context: typer.Context,
    *,
    suite: Annotated[
        str | None, typer.Option(help="Bench suite by name (ci) or file; needed.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="The baseline (JSON) to compare with; needed.")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write a new baseline to --against.")
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option(help="With --update: why the figures moved; kept in the baseline."),
    ] = None,
    no_speed: Annotated[bool, typer.Option("--no-speed", help="Leave the speed out.")] = False,
    rows: Annotated[int, typer.Option(min=1, help="Most rows of a table.")] = 20,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes (default: one for every core).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the result as JSON to this file.")] = None,
    summary: Annotated[
        Path | None, typer.Option(help="Write the result as Markdown to this file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Run a bench suite, compare it with its baseline or renew that, and say what moved.

    Exit code 1 if something moved, 2 if suite or baseline will not do.
    """
    if context.invoked_subcommand is not None:
        return
    if suite is None:
        raise GoliveError("--suite: expected a bench suite by name (ci) or file")
    if against is None:
        raise GoliveError("--against: expected with --suite: the baseline to compare with")
    why = " ".join((reason or "").split())
    if update and not why:
        raise GoliveError("--reason: expected with --update: why the figures moved, in words")
    if reason is not None and not update:
        raise GoliveError("--reason: expected --update with it")
    options = _Options(suite, against, why, update, rows, out, summary, as_json)
    _run(options, workers, no_speed)


@app.command("schema")
def print_schema(
    *, out: Annotated[Path | None, typer.Option(help="File to write to instead.")] = None
) -> None:
    """Print the JSON Schema of bench suites, for editors and other programs."""
    from ..core.files import write_text_atomically
    from ..trainers.regression.suite import suite_schema

    text = json.dumps(suite_schema(), indent=2)
    if out is None:
        typer.echo(text)
    else:
        write_text_atomically(out, f"{text}\n")
        typer.echo(f"Schema: {out}", err=True)


def _run(options: _Options, workers: int | None, no_speed: bool) -> None:
    from .. import __version__
    from ..core.files import write_text_atomically
    from ..trainers.regression.compare import compare
    from ..trainers.regression.findings import Verdict
    from ..trainers.regression.output import result_json
    from ..trainers.regression.suite import load_bench_suite

    loaded = load_bench_suite(options.suite, beside=options.against.parent)
    baseline = _stored(options, loaded)
    figures = _measured(loaded, workers, no_speed)
    comparable = baseline is not None and baseline.figures.seeds == figures.seeds
    comparison = compare(baseline, loaded, figures) if baseline and comparable else None
    if options.as_json or options.out is not None:
        text = result_json(loaded, figures, comparison, golive_version=__version__)
        if options.out is not None:
            write_text_atomically(options.out, text + "\n")
        if options.as_json:
            typer.echo(text)
    _show(options, comparison)
    if options.update:
        _renew(options, baseline, loaded, figures)
    elif comparison is None or comparison.verdict is not Verdict.UNCHANGED:
        raise typer.Exit(1)


def _stored(options: _Options, loaded: LoadedSuite) -> Baseline | None:
    """The baseline there is; None only where a first one is to be written."""
    from ..trainers.regression.baseline import read_baseline
    from ..trainers.regression.compare import check_comparable, check_same_suite

    path = options.against
    if not path.exists():
        if options.update:
            return None
        raise GoliveError(f"{path}: there is no such baseline: make it with: {options.renewal}")
    baseline = read_baseline(path)
    check = check_same_suite if options.update else check_comparable
    check(baseline, loaded, path)
    return baseline


def _measured(loaded: LoadedSuite, workers: int | None, no_speed: bool) -> Figures:
    from ..core.execution import default_workers
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.regression.run import measure_suite_speed, run_suite

    with counting_bar("Episodes") as progress:
        workers = default_workers() if workers is None else workers
        figures = run_suite(loaded, workers=workers, progress=progress)
    if no_speed or loaded.suite.speed is None:
        return figures
    with counting_bar("Speed") as progress:
        speed = measure_suite_speed(loaded, progress)
    return figures.model_copy(update={"speed": speed})


def _show(options: _Options, comparison: Comparison | None) -> None:
    """Print what moved, and write the summary; there is nothing to say about a first baseline."""
    from rich.console import Console

    from ..core.files import write_text_atomically
    from ..trainers.regression.tables import markdown, print_comparison

    command = "" if options.update else options.renewal
    title = f"golive bench: {options.suite} against {options.against}"
    text = f"## {title}\n\nA first baseline.\n"
    if comparison is not None:
        text = markdown(comparison, title, most_rows=options.rows, command=command)
        if not options.as_json:
            console = Console()
            if not console.is_terminal:  # a log of a CI run has room
                console.width = max(console.width, _LOG_WIDTH)
            print_comparison(console, comparison, most_rows=options.rows, command=command)
    if options.summary is not None:
        write_text_atomically(options.summary, text)


def _renew(options: _Options, old: Baseline | None, loaded: LoadedSuite, figures: Figures) -> None:
    """Write the new baseline, unless a probe wins."""
    from ..trainers.regression.baseline import renewed, write_baseline
    from ..trainers.regression.compare import suite_record, winning_probes
    from ..trainers.regression.tables import probe_line

    winning = winning_probes(loaded, figures)
    if winning:
        for probe in winning:
            typer.echo(probe_line(probe), err=True)
        typer.echo("The baseline is not written.", err=True)
        raise typer.Exit(1)
    path, reason = options.against, options.reason
    write_baseline(path, renewed(old, suite_record(loaded), figures, reason))
    typer.echo(f"Baseline: {path}: {figures.episodes} episodes; reason: {reason}", err=True)
