"""Benchmarks on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..evaluation.statistics import Interval
from .decisions import DecisionsReport
from .scaling import ScalingReport
from .speed import TARGET_RATIO, SpeedReport

if TYPE_CHECKING:
    from rich.table import Table


def speed_table(report: SpeedReport) -> Table:
    """Speeds, the ratio and its target."""
    from rich.table import Table

    table = Table(
        title=f"Speed on one core, {report.repetitions} repetitions", title_justify="left"
    )
    table.add_column("")
    table.add_column("middle", justify="right")
    table.add_column("95 % interval", justify="right")
    rows = (
        ("world steps per second", report.steps_per_second, "{:,.0f}"),
        ("bare SimPy tasks per second", report.bare_tasks_per_second, "{:,.0f}"),
        ("world steps per bare task", report.ratio, "{:.4f}"),
        ("environment steps per second", report.environment_steps_per_second, "{:,.0f}"),
        ("reset, milliseconds", report.reset_milliseconds, "{:.2f}"),
    )
    for name, interval, form in rows:
        table.add_row(name, form.format(interval.estimate), _span(interval, form))
    return table


def speed_verdict(report: SpeedReport) -> str:
    """The ratio against its target in words."""
    reached = "reached" if report.ratio.low >= TARGET_RATIO else "not reached"
    return (
        f"Target of {TARGET_RATIO:.4f} world steps per bare task (3,000 a second where the bare "
        f"loop does 65,000): {reached}."
    )


def scaling_table(report: ScalingReport) -> Table:
    """Cost per step by size of customer."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    title = (
        f"Cost of a step grows as packages to the power {report.exponent.estimate:.2f} "
        f"[{report.exponent.low:.2f}, {report.exponent.high:.2f}]"
    )
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in (
        "size",
        "packages",
        "employees",
        "step, µs",
        "bare tasks per step",
        "reset, ms",
    ):
        table.add_column(heading, justify="right")
    for row in report.rows:
        table.add_row(
            f"x{row.factor}",
            f"{row.packages:.0f}",
            f"{row.employees:,}",
            _cell(row.step_microseconds, "{:.0f}"),
            _cell(row.bare_tasks_per_step, "{:.1f}"),
            _cell(row.reset_milliseconds, "{:.1f}"),
        )
    return table


def decisions_lines(report: DecisionsReport) -> str:
    """The comparison in words."""
    difference = report.difference
    word = "beats" if report.decisions_matter else "does not beat"
    return (
        f"{report.adapting} ({report.adapting_score:.3f}) {word} the hindsight-best of "
        f"{report.static_count} static policies, {report.best_static} "
        f"({report.best_static_score:.3f}): paired difference {difference.estimate:+.4f} "
        f"[{difference.low:+.4f}, {difference.high:+.4f}] on {report.episodes} customers."
    )


def _cell(interval: Interval, form: str) -> str:
    return f"{form.format(interval.estimate)}\n[dim]{_span(interval, form)}[/dim]"


def _span(interval: Interval, form: str) -> str:
    return f"{form.format(interval.low)} to {form.format(interval.high)}"
