"""The comparison of backends on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table

from ..evaluation.statistics import Interval
from .training_backends_report import PROCESSES, RAY, TrainingBackendsReport


def backends_table(report: TrainingBackendsReport) -> Table:
    """Steps per second on the implementation world, and ratios to no workers."""
    world = report.world_step_milliseconds
    table = _table(
        f"{report.environments} environments, {report.workers} workers, {report.cores} cores, "
        f"{report.repetitions} repetitions; a world's step takes {_cell(world, '.2f')} ms",
        "workers",
        "stepping, per s",
        "ratio",
        "training, per s",
        "ratio",
    )
    for row in report.backends:
        table.add_row(
            row.backend,
            _cell(row.stepping, ",.0f"),
            _cell(row.stepping_ratio, ".2f"),
            _cell(row.training, ",.0f"),
            _cell(row.training_ratio, ".2f"),
        )
    return table


def costs_table(report: TrainingBackendsReport) -> Table:
    """How many times as fast workers are, by what a world's step costs."""
    table = _table(
        "Times as fast as in one process, by the cost of a world's step",
        "environments per worker",
        "cost, ms",
        PROCESSES,
        RAY,
    )
    for row in report.costs:
        table.add_row(
            str(row.environments_per_worker),
            f"{row.cost_milliseconds:g}",
            *(_cell(row.speedups[name], ".2f") for name in (PROCESSES, RAY)),
        )
    return table


def break_even_table(report: TrainingBackendsReport) -> Table:
    """From which cost per world step workers pay."""
    table = _table(
        "Workers pay if a world's step costs more",
        "workers",
        "environments per worker",
        "round trip, ms",
        "break-even cost, ms",
    )
    for row in report.break_even:
        table.add_row(
            row.backend,
            str(row.environments_per_worker),
            _cell(row.round_trip_milliseconds, ".2f"),
            _cell(row.cost_milliseconds, ".3f"),
        )
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, show_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    return table


def _cell(interval: Interval, form: str) -> str:
    low, high = format(interval.low, form), format(interval.high, form)
    return f"{format(interval.estimate, form)} ({low} to {high})"
