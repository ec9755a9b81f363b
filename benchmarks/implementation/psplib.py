"""The work mechanism against the scheduling literature."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.command import JsonOption, show, span, start
from golive.core.tables import Column, Table, right
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.implementation.validation.scheduling import (
    PsplibReport,
    RuleResult,
    measure_psplib,
)


def command(
    *,
    folder: Annotated[
        Path, typer.Option(help="Folder of PSPLIB .sm files, with optimum.csv where it is known.")
    ],
    sample: Annotated[
        int | None, typer.Option(min=1, help="So many projects, evenly spread (default: all).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Schedule a folder's projects by five priority rules, check each schedule, compare the gaps.

    Exit code 1 if a schedule is infeasible or, on the whole of j30, a gap is not the published one.
    """
    with counting_bar("Scheduling") as progress:
        report = measure_psplib(folder, sample=sample, progress=progress)
    problems = [f"{row.rule}: {problem}" for row in report.results for problem in row.problems]
    show(_content(report), [scheduling_table(report), *problems], as_json)
    if not report.holds:
        raise typer.Exit(1)


def scheduling_table(report: PsplibReport) -> Table:
    """Each rule's gap beside the published one."""
    of = "" if report.projects == report.in_all else f" of {report.in_all}"
    is_judged = any(row.published is not None for row in report.results)
    unjudged = (
        "Published gaps are those of the whole of j30; these projects are checked, not judged."
    )
    return Table(
        f"{report.projects}{of} projects of {report.folder}, gaps to {report.reference}",
        (
            "rule",
            right("mean gap (95 %)"),
            right("published"),
            Column("verdict", wraps=False),
            right("feasible"),
        ),
        [_cells(row) for row in report.results],
        [] if is_judged else [unjudged],
    )


def _content(report: PsplibReport) -> dict[str, Any]:
    rows = [{**asdict(row), "verdict": row.verdict, "agrees": row.agrees} for row in report.results]
    return {**asdict(report), "results": rows, "holds": report.holds}


def _cells(row: RuleResult) -> tuple[str, ...]:
    known = row.published
    return (
        str(row.rule),
        span(row.gap, ".2%"),
        "-" if known is None else f"{100 * known.share:.1f} % ± {100 * known.tolerance:.1f} %",
        row.verdict,
        f"{row.feasible} of {row.schedules}",
    )


if __name__ == "__main__":
    start("benchmarks.implementation.psplib")
