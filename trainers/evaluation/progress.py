"""Progress of work that is counted, on the error stream: bars on a terminal, elsewhere lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Phase = Callable[[str, int, int | None], None]
"""Called with (what is done now, done, in all or None if that is not known yet)."""

_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def counting_bar(description: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to be called with (done, in all)."""
    with phase_bars() as tell:
        tell(description, 0, None)
        yield lambda done, total: tell(description, done, total)


@contextmanager
def phase_bars() -> Iterator[Phase]:
    """Give a function that shows a bar per phase; where there is no terminal, a line now and then.

    Work that is done at once, or refused, has no line.
    """
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """How many are done in a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:.1f}/s")

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def show(phase: str, done: int, total: int | None) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase, total=total)
            bars.update(tasks[phase], completed=done, total=total)

        yield show


def _lines() -> Phase:
    """Tell how far a phase is every so many seconds."""
    last = time.monotonic()

    def tell(phase: str, done: int, total: int | None) -> None:
        nonlocal last
        if total is not None and time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            print(f"{phase}: {done:,} of {total:,}", file=sys.stderr, flush=True)

    return tell
