"""A search on a terminal: a line per trial that ends, and the table at the end."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ...core.tables import Column, Table, right
from .results import TrialRow, TrialState, TuningListener, TuningResult


class ConsoleListener(TuningListener):
    """The best score so far beside a clock on a terminal; elsewhere only the lines.

    Use as a context, so that the clock is taken down however the search ends.

    Args:
        console: where to; None: standard error's.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.fields[figures]}"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("trials ended: 0", total=None, figures="")
        self._ended = 0
        self._best = float("-inf")

    def __enter__(self) -> ConsoleListener:
        """Put the clock up."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the clock down."""
        self._progress.stop()

    def evaluated(self, trial: str, steps: int, score: float) -> None:
        """Keep the best."""
        self._best = max(self._best, score)
        self._progress.update(self._task, figures=f"best validation score {self._best:.3f}")

    def ended(self, trial: str, steps: int, score: float | None, failed: bool) -> None:
        """Print a line."""
        self._ended += 1
        self._progress.update(self._task, description=f"trials ended: {self._ended}")
        found = "no policy judged" if score is None else f"best validation score {score:.3f}"
        word = "failed" if failed else "ended"
        self._say(f"trial {trial} {word} at step {steps:>10,}  {found}")

    def stopping(self) -> None:
        """Say that the first interrupt was heard."""
        self._say("stopping; interrupt again to stop at once")

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


def result_table(result: TuningResult) -> Table:
    """Trials, the best first, with what they differ in; those without a score at the end."""
    names = list(result.trials[0].values) if result.trials else []
    figures = ("trial", "score", "at step", "steps", "minutes")
    varied = [right(name.removeprefix("ppo."), wraps=True) for name in names]
    columns = [*map(right, figures), *varied, Column("", wraps=True)]
    ordered = sorted(
        result.trials, key=lambda row: (row.best_score is None, -(row.best_score or 0.0))
    )
    count = len(result.trials)
    title = f"{count} trial{'s' if count != 1 else ''}, by validation score"
    return Table(title, columns, [_cells(row, names) for row in ordered])


def _cells(row: TrialRow, names: list[str]) -> list[str]:
    score = "-" if row.best_score is None else f"{row.best_score:.3f}"
    figures = (score, f"{row.best_steps:,}", f"{row.steps:,}", f"{row.minutes:.1f}")
    state = "" if row.state is TrialState.FINISHED else row.state.value
    words = f"{state}: {row.error}" if row.error else state
    return [str(row.number), *figures, *(_short(row.values[name]) for name in names), words]


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
