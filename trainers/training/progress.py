"""A training on a terminal: a live bar and a line per event."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from .callbacks import TrainingCallback
from .episodes import Validation


class _RateColumn(ProgressColumn):
    """Units per second."""

    def render(self, task: Task) -> Text:
        rate = task.finished_speed or task.speed
        return Text("" if rate is None else f"{rate:,.0f}/s")


class ConsoleReporter(TrainingCallback):
    """A progress bar on a terminal; elsewhere only the lines.

    Use as a context, so that the bar is taken down however the training ends.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
            _RateColumn(),
            TextColumn("{task.fields[figures]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID | None = None
        self._score: float | None = None
        self._validation: float | None = None

    def __enter__(self) -> ConsoleReporter:
        """Put the bar up."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar down."""
        self._progress.stop()

    def begin(self, stage: str, total: int, done: int = 0) -> None:
        """Start the bar of a stage anew."""
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(stage, total=total, completed=done, figures="")
        if not self._console.is_terminal:
            self.message(f"{stage} …")

    def advance(self, done: int, score: float | None = None) -> None:
        """Move the bar."""
        if score is not None:
            self._score = score
        if self._task is not None:
            self._progress.update(self._task, completed=done, figures=self._figures())

    def _figures(self) -> str:
        parts = []
        if self._score is not None:
            parts.append(f"score {self._score:.3f}")
        if self._validation is not None:
            parts.append(f"validation {self._validation:.3f}")
        return "  ".join(parts)

    def evaluated(self, steps: int, result: Validation, is_best: bool) -> None:
        """Print a line."""
        self._validation = result.score
        best = "  (best so far)" if is_best else ""
        self.message(
            f"step {steps:>10,}  validation score {result.score:.3f}  "
            f"success {100 * result.success:.0f} %{best}"
        )

    def message(self, text: str) -> None:
        """Print a line above the bar."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def warning(self, text: str) -> None:
        """Print a line above the bar."""
        self.message(f"warning: {text}")

    def stopping(self) -> None:
        """Say that the first interrupt was heard."""
        self.message("stopping after this rollout; interrupt again to stop at once")
