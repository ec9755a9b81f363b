"""Progress of work that is counted, on the error stream: bars on a terminal, elsewhere lines."""

from __future__ import annotations

import sys
import threading
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
        with _lines() as tell:
            yield tell
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


@contextmanager
def _lines() -> Iterator[Phase]:
    """Give a function whose last news are a line every so many seconds, also if they stay so."""
    began, news, ended = time.monotonic(), "", threading.Event()

    def tell(phase: str, done: int, total: int | None) -> None:
        nonlocal news
        news = phase if total is None else f"{phase}: {done:,} of {total:,}"

    def repeat() -> None:
        while not ended.wait(_SECONDS_BETWEEN_LINES):
            seconds = time.monotonic() - began
            print(f"{news} ({seconds:.0f} s)", file=sys.stderr, flush=True)

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield tell
    finally:
        ended.set()
        thread.join()
