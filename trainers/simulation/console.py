"""A simulation on a terminal: how far it is, and how it performed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...core.tables import Table, figures
from .metrics import MetricsRow
from .result import Performance


@contextmanager
def simulation_bar(description: str) -> Iterator[Callable[[MetricsRow], None]]:
    """Gives a function to be called after every round; shown on the error stream.

    The bar is of working days: those simulated against those that the replicas may still last,
    as far as that is known, and so is the time that is left.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[standing]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
    ) as progress:
        task = progress.add_task(description, total=None, standing="")

        def show(row: MetricsRow) -> None:
            progress.update(
                task,
                completed=row.simulated_days,
                total=row.simulated_days + row.days_left,
                standing=standing(row),
            )

        yield show


def standing(row: MetricsRow) -> str:
    """The state of a simulation, in a few words."""
    parts = [f"{row.running} running", f"{row.finished} finished"]
    if row.poisoned:
        parts.append(f"{row.poisoned} poisoned")
    if row.restarts:
        parts.append(f"{row.restarts} restarts")
    return ", ".join([*parts, f"{row.steps_per_second:,.0f} steps/s", f"{row.resident_mb:,.0f} MB"])


def performance_table(performance: Performance) -> Table:
    """Table of how the whole simulation performed."""
    rows = (
        ("replicas at once", f"{performance.most_running:,}"),
        ("processes", f"{performance.processes:,}"),
        ("wall time", f"{performance.wall_seconds:,.2f} s"),
        ("world steps", f"{performance.world_steps:,}"),
        ("steps per second", f"{performance.steps_per_second:,.0f}"),
        ("simulated working days", f"{performance.simulated_days:,}"),
        ("working time over wall time", f"{performance.acceleration:,.0f}"),
        ("peak memory", f"{performance.peak_resident_mb:,.0f} MB"),
        ("restarts", f"{performance.restarts:,}"),
    )
    return Table("", figures("performance", "value"), rows)
