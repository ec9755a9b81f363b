"""``golive bench --suite``: the regression benchmark, and the schema of its suites."""

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

SuiteOption = Annotated[
    str | None,
    typer.Option(help="Regression benchmark instead: bench suite by name (ci) or file."),
]
AgainstOption = Annotated[
    Path | None, typer.Option(help="With --suite: the baseline (JSON) to compare with.")
]
UpdateOption = Annotated[
    bool, typer.Option("--update", help="With --suite: write a new baseline to --against.")
]
ReasonOption = Annotated[
    str | None, typer.Option(help="With --update: why the figures moved; kept in the baseline.")
]
NoSpeedOption = Annotated[
    bool, typer.Option("--no-speed", help="With --suite: leave the speed out.")
]
RowsOption = Annotated[int, typer.Option(min=1, help="With --suite: most rows of a table.")]
WorkersOption = Annotated[
    int | None,
    typer.Option(min=1, help="With --suite: processes (default: one for every core)."),
]
OutOption = Annotated[
    Path | None, typer.Option(help="With --suite: write the result as JSON to this file.")
]
SummaryOption = Annotated[
    Path | None, typer.Option(help="With --suite: write the result as Markdown to this file.")
]


@dataclass(frozen=True, slots=True)
class RegressionOptions:
    """What the command line says about a regression benchmark; see the options' help."""

    suite: str | None
    against: Path | None
    update: bool
    reason: str | None
    no_speed: bool
    rows: int
    workers: int | None
    out: Path | None
    summary: Path | None
    as_json: bool

    def refuse_without_suite(self) -> None:
        """See that no option that needs ``--suite`` stands without it.

        Raises:
            GoliveError: one does.
        """
        given = {
            "--against": self.against is not None,
            "--update": self.update,
            "--reason": self.reason is not None,
            "--no-speed": self.no_speed,
            "--workers": self.workers is not None,
            "--out": self.out is not None,
            "--summary": self.summary is not None,
        }
        for name, is_given in given.items():
            if is_given:
                raise GoliveError(f"{name}: expected --suite, the regression benchmark, with it")


def run_regression(options: RegressionOptions) -> None:
    """Run a bench suite, compare it with its baseline or renew that, and say what moved.

    Raises:
        GoliveError: wrong options, suite or baseline.
        typer.Exit: with 1, if something moved.
    """
    from .. import __version__
    from ..core.files import write_text_atomically
    from ..trainers.regression.compare import compare, winning_probes
    from ..trainers.regression.findings import Verdict
    from ..trainers.regression.output import result_json
    from ..trainers.regression.suite import load_bench_suite

    path, reason = _target(options)
    loaded = load_bench_suite(options.suite or "", beside=path.parent)
    baseline = _stored(options, path, loaded)
    figures = _measured(options, loaded)
    comparable = baseline is not None and baseline.figures.seeds == figures.seeds
    comparison = compare(baseline, loaded, figures) if baseline and comparable else None
    if options.as_json or options.out is not None:
        text = result_json(loaded, figures, comparison, golive_version=__version__)
        if options.out is not None:
            write_text_atomically(options.out, text + "\n")
        if options.as_json:
            typer.echo(text)
    _show(options, comparison, path)
    if options.update:
        if winning_probes(loaded, figures):
            _refuse_baseline(loaded, figures)
        _renew(path, baseline, loaded, figures, reason)
    elif comparison is None or comparison.verdict is not Verdict.UNCHANGED:
        raise typer.Exit(1)


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


def _target(options: RegressionOptions) -> tuple[Path, str]:
    """The baseline's file and the reason for renewing it, if it is to be."""
    if options.against is None:
        raise GoliveError("--against: expected with --suite: the baseline to compare with")
    reason = " ".join((options.reason or "").split())
    if options.update and not reason:
        raise GoliveError("--reason: expected with --update: why the figures moved, in words")
    if options.reason is not None and not options.update:
        raise GoliveError("--reason: expected --update with it")
    return options.against, reason


def _stored(options: RegressionOptions, path: Path, loaded: LoadedSuite) -> Baseline | None:
    """The baseline there is; None only where a first one is to be written."""
    from ..trainers.regression.baseline import read_baseline
    from ..trainers.regression.compare import check_comparable, check_same_suite

    if not path.exists():
        if options.update:
            return None
        raise GoliveError(f"{path}: there is no such baseline: make it with: {_renewal(options)}")
    baseline = read_baseline(path)
    check = check_same_suite if options.update else check_comparable
    check(baseline, loaded, path)
    return baseline


def _measured(options: RegressionOptions, loaded: LoadedSuite) -> Figures:
    from ..core.execution import default_workers
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.regression.run import measure_suite_speed, run_suite

    with counting_bar("Episodes") as progress:
        workers = default_workers() if options.workers is None else options.workers
        figures = run_suite(loaded, workers=workers, progress=progress)
    if options.no_speed or loaded.suite.speed is None:
        return figures
    with counting_bar("Speed") as progress:
        speed = measure_suite_speed(loaded, progress)
    return figures.model_copy(update={"speed": speed})


def _show(options: RegressionOptions, comparison: Comparison | None, path: Path) -> None:
    """Print what moved, and write the summary; there is nothing to say about a first baseline."""
    from rich.console import Console

    from ..core.files import write_text_atomically
    from ..trainers.regression.tables import markdown, print_comparison

    command = "" if options.update else _renewal(options)
    title = f"golive bench: {options.suite} against {path}"
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


def _refuse_baseline(loaded: LoadedSuite, figures: Figures) -> None:
    from ..trainers.regression.compare import winning_probes
    from ..trainers.regression.tables import probe_line

    for probe in winning_probes(loaded, figures):
        typer.echo(probe_line(probe), err=True)
    typer.echo("The baseline is not written.", err=True)
    raise typer.Exit(1)


def _renew(
    path: Path, old: Baseline | None, loaded: LoadedSuite, figures: Figures, reason: str
) -> None:
    from ..trainers.regression.baseline import renewed, write_baseline
    from ..trainers.regression.compare import suite_record

    write_baseline(path, renewed(old, suite_record(loaded), figures, reason))
    typer.echo(f"Baseline: {path}: {figures.episodes} episodes; reason: {reason}", err=True)


def _renewal(options: RegressionOptions) -> str:
    words = ["golive", "bench", "--suite", str(options.suite), "--against", str(options.against)]
    return f'{shlex.join(words)} --update --reason "..."'
