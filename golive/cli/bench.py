"""``golive bench``: every figure of a suite against a committed baseline."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..core.errors import GoliveError
from ..core.files import check_output_directory
from .exits import JUDGED_FAILED
from .options import (
    AsJson,
    SchemaFile,
    WorkersOption,
    expanded,
    option,
    option_record,
    processes,
    writable_file,
)
from .output import complain, show_schema, standard_console

if TYPE_CHECKING:
    from ..trainers.regression.baseline import Baseline, Figures
    from ..trainers.regression.compare import Comparison
    from ..trainers.regression.suite import LoadedSuite

_LOG_WIDTH = 140
app = typer.Typer(
    help="Compare every figure of a bench suite with a committed baseline.",
    invoke_without_command=True,
)


@option_record
class Bench:
    """Options of what is run, what it is compared with, and where the result goes."""

    suite: str = option("", "Bench suite by name (ci) or file; needed.", show_default=False)
    against: Path | None = option(None, "The baseline (JSON) to compare with; needed.")
    update: bool = option(False, "Write a new baseline to --against.")
    reason: str | None = option(None, "With --update: why the figures moved; kept in the baseline.")
    no_speed: bool = option(False, "Leave the speed out.")
    rows: int = option(20, "Most rows of a table.", min=1)
    workers: WorkersOption = None
    out: Path | None = option(
        None, "Write the result as JSON to this file.", callback=writable_file
    )
    summary: Path | None = option(
        None, "Write the result as Markdown to this file.", callback=writable_file
    )
    as_json: AsJson = False

    @property
    def baseline(self) -> Path:
        """The baseline's file, which ``check`` has seen."""
        assert self.against is not None
        return self.against

    @property
    def why(self) -> str:
        """The reason on one line; empty without any."""
        return " ".join((self.reason or "").split())

    @property
    def renewal(self) -> str:
        """The command that renews the baseline."""
        words = ["golive", "bench", "--suite", self.suite, "--against", str(self.baseline)]
        return f'{shlex.join(words)} --update --reason "..."'

    def check(self) -> None:
        """See that the options fit together.

        Raises:
            GoliveError: one is missing, or stands alone.
        """
        if not self.suite:
            raise GoliveError("--suite: expected a bench suite by name (ci) or file")
        if self.against is None:
            raise GoliveError("--against: expected with --suite: the baseline to compare with")
        if self.update and not self.why:
            raise GoliveError("--reason: expected with --update: why the figures moved, in words")
        if self.update:
            check_output_directory(self.against.parent)
        if self.reason is not None and not self.update:
            raise GoliveError("--reason: expected --update with it")


def bench(context: typer.Context, *, told: Bench) -> None:
    """Run a bench suite, compare it with its baseline or renew that, and say what moved.

    Exit code 1 if something moved, 2 if suite or baseline will not do.
    """
    if context.invoked_subcommand is None:
        told.check()
        _run(told)


app.callback()(expanded(bench))


@app.command("schema")
def print_schema(*, out: SchemaFile = None) -> None:
    """Print the JSON Schema of bench suites, for editors and other programs."""
    from ..core.records import json_schema
    from ..trainers.regression.suite import BenchSuite

    show_schema(json_schema(BenchSuite), out)


def _run(told: Bench) -> None:
    from .. import __version__
    from ..core.files import write_text_atomically
    from ..trainers.regression.compare import Verdict, compare
    from ..trainers.regression.suite import load_bench_suite
    from ..trainers.regression.tables import result_json

    loaded = load_bench_suite(told.suite, beside=told.baseline.parent)
    baseline = _stored(told, loaded)
    figures = _measured(told, loaded)
    comparable = baseline is not None and baseline.figures.seeds == figures.seeds
    comparison = compare(baseline, loaded, figures) if baseline and comparable else None
    if told.as_json or told.out is not None:
        text = result_json(loaded, figures, comparison, golive_version=__version__)
        if told.out is not None:
            write_text_atomically(told.out, text + "\n")
        if told.as_json:
            typer.echo(text)
    _show(told, comparison)
    if told.update:
        _renew(told, baseline, loaded, figures)
    elif comparison is None or comparison.verdict is not Verdict.UNCHANGED:
        raise typer.Exit(JUDGED_FAILED)


def _stored(told: Bench, loaded: LoadedSuite) -> Baseline | None:
    """The baseline there is; None only where a first one is to be written."""
    from ..trainers.regression.baseline import read_baseline
    from ..trainers.regression.compare import check_comparable

    path = told.baseline
    if not path.exists():
        if told.update:
            return None
        raise GoliveError(f"{path}: there is no such baseline: make it with: {told.renewal}")
    baseline = read_baseline(path)
    check_comparable(baseline, loaded, path, any_seeds=told.update)
    return baseline


def _measured(told: Bench, loaded: LoadedSuite) -> Figures:
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.regression.run import measure_suite_speed, run_suite

    with counting_bar("Episodes") as progress:
        figures = run_suite(loaded, workers=processes(told.workers), progress=progress)
    if told.no_speed or loaded.suite.speed is None:
        return figures
    with counting_bar("Speed") as progress:
        speed = measure_suite_speed(loaded, progress)
    return figures.model_copy(update={"speed": speed})


def _show(told: Bench, comparison: Comparison | None) -> None:
    """Print what moved, and write the summary; there is nothing to say about a first baseline."""
    from ..core.files import write_text_atomically
    from ..trainers.regression.tables import markdown, print_comparison

    command = "" if told.update else told.renewal
    title = f"golive bench: {told.suite} against {told.baseline}"
    text = f"## {title}\n\nA first baseline.\n"
    if comparison is not None:
        text = markdown(comparison, title, most_rows=told.rows, command=command)
        if not told.as_json:
            console = standard_console()
            if not console.is_terminal:  # a log of a CI run has room
                console.width = max(console.width, _LOG_WIDTH)
            print_comparison(console, comparison, most_rows=told.rows, command=command)
    if told.summary is not None:
        write_text_atomically(told.summary, text)


def _renew(told: Bench, old: Baseline | None, loaded: LoadedSuite, figures: Figures) -> None:
    """Write the new baseline, unless a probe wins."""
    from ..trainers.regression.baseline import renewed, write_baseline
    from ..trainers.regression.compare import suite_record, winning_probes
    from ..trainers.regression.tables import probe_line

    winning = winning_probes(loaded, figures)
    if winning:
        for probe in winning:
            complain(probe_line(probe))
        complain("The baseline is not written.")
        raise typer.Exit(JUDGED_FAILED)
    write_baseline(told.baseline, renewed(old, suite_record(loaded), figures, told.why))
    typer.echo(
        f"Baseline: {told.baseline}: {figures.episodes} episodes; reason: {told.why}", err=True
    )
