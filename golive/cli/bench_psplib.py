"""``golive bench psplib``: the work mechanism against the scheduling literature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..trainers.benchmark.psplib import PsplibReport, RuleResult

_JUDGED_FAILED = 1
HEADINGS = ("rule", "mean gap (95 %)", "published", "verdict", "feasible")


def psplib(
    *,
    folder: Annotated[
        Path, typer.Option(help="Folder of PSPLIB .sm files, with optimum.csv where it is known.")
    ],
    sample: Annotated[
        int | None, typer.Option(min=1, help="So many projects, evenly spread (default: all).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Schedule a folder's projects by five priority rules, check each schedule, compare the gaps.

    Exit code 1 if a schedule is infeasible or, on the whole of j30, a gap is not the published one.
    """
    from ..trainers.benchmark.psplib import measure_psplib
    from ..trainers.evaluation.progress import counting_bar

    with counting_bar("Scheduling") as progress:
        report = measure_psplib(folder, sample=sample, progress=progress)
    if as_json:
        typer.echo(_json(report))
    else:
        _print(report)
    if not report.holds:
        raise typer.Exit(_JUDGED_FAILED)


def _json(report: PsplibReport) -> str:
    from dataclasses import asdict

    rows = [{**asdict(row), "verdict": row.verdict, "agrees": row.agrees} for row in report.results]
    return json.dumps({**asdict(report), "results": rows, "holds": report.holds}, indent=2)


def _print(report: PsplibReport) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    of = "" if report.projects == report.in_all else f" of {report.in_all}"
    title = f"{report.projects}{of} projects of {report.folder}, gaps to {report.reference}"
    table = Table(title=title, title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in ("rule", "verdict") else "right")
    for row in report.results:
        table.add_row(*(Text(cell) for cell in _cells(row)))
    console = Console()
    console.print(table)
    for row in report.results:
        for problem in row.problems:
            console.print(f"{row.rule}: {problem}", highlight=False, markup=False)
    if all(row.published is None for row in report.results):
        console.print(
            "Published gaps are those of the whole of j30; these projects are checked, not judged.",
            highlight=False,
        )


def _cells(row: RuleResult) -> tuple[str, ...]:
    gap = row.gap
    published = "-"
    if row.published is not None:
        published = f"{_percent(row.published.share, 1)} ± {_percent(row.published.tolerance, 1)}"
    return (
        str(row.rule),
        f"{_percent(gap.estimate)} ({_percent(gap.low)} to {_percent(gap.high)})",
        published,
        row.verdict,
        f"{row.feasible} of {row.schedules}",
    )


def _percent(share: float, digits: int = 2) -> str:
    return f"{100.0 * share:.{digits}f} %"
