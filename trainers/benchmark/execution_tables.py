"""What backends cost, on a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..evaluation.statistics import Interval
from .execution import ExecutionReport

if TYPE_CHECKING:
    from rich.table import Table

_ROWS = ("backend", "workers", "first call, s", "call, s", "times serial", "overhead")
_EMULATED = (
    "workers",
    "nodes",
    "chunk, s",
    "used",
    "driver per chunk, ms",
    "workers it could feed",
)


def execution_table(report: ExecutionReport) -> Table:
    """Backends side by side."""
    return _table(
        f"{report.episodes} episodes of {report.scenario} by {report.policy} per call, "
        f"{report.repetitions} calls each in turns, {report.cores} cores",
        _ROWS,
        _cells(report),
    )


def emulation_table(report: ExecutionReport) -> Table:
    """One driver and many workers that only wait."""
    return _table("Workers that only wait: how far one driver goes", _EMULATED, _emulated(report))


def execution_markdown(report: ExecutionReport) -> str:
    """The backends' table for a page."""
    return _markdown(_ROWS, _cells(report))


def emulation_markdown(report: ExecutionReport) -> str:
    """The emulation's table for a page."""
    return _markdown(_EMULATED, _emulated(report))


def _cells(report: ExecutionReport) -> list[list[str]]:
    return [
        [
            row.backend,
            str(row.workers),
            f"{row.first_call_seconds:.2f}",
            _span(row.seconds, "{:.2f}"),
            _span(row.speedup, "{:.2f}"),
            _span(row.overhead, "{:.1%}"),
        ]
        for row in report.rows
    ]


def _emulated(report: ExecutionReport) -> list[list[str]]:
    return [
        [
            str(row.workers),
            str(row.nodes),
            f"{row.chunk_seconds:.2f}",
            f"{row.efficiency:.1%}",
            f"{row.driver_milliseconds:.2f}",
            f"{row.most_workers:,}",
        ]
        for row in report.emulated
    ]


def _span(interval: Interval, form: str) -> str:
    low, high = form.format(interval.low), form.format(interval.high)
    return f"{form.format(interval.estimate)} [{low},{high}]"


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=0, show_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def _markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
