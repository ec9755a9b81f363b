"""One training in its folder: what its loop has whatever it trains.

Interrupts, callbacks, the clock, the best policy so far, status and outcome are kept here; who
trains says how far it is, how it judges and how it writes what it has.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from stable_baselines3.common.logger import Logger

from ...core.archive import Archive
from .callbacks import Change, TrainingCallback
from .configuration import TrainingConfiguration
from .episodes import Validation
from .logs import CURVE_FILE, CurveWriter, TensorBoardWriter, write_curve_table
from .run_directory import RunDirectory, TrainingState
from .session import TrainingOutcome
from .stopping import StopRequest


class Interrupted(Exception):
    """A stop was asked for before the first checkpoint."""


class TrainingRun(ABC):
    """One training in its folder. Make it, call ``run`` once.

    Args:
        configuration: of the training.
        directory: its folder, which holds the configuration.
        callbacks: who hears how it goes; they may stop it.
    """

    threads = 1
    """Of torch, while it runs."""

    def __init__(
        self,
        configuration: TrainingConfiguration,
        directory: RunDirectory,
        callbacks: Sequence[TrainingCallback],
    ) -> None:
        self._configuration, self._directory = configuration, directory
        self._callbacks = tuple(callbacks)
        self._told_to_stop = False
        self._best_score, self._best_steps = float("-inf"), 0
        self._evaluated_steps = -1
        self._seconds_before = 0.0
        self._started = time.monotonic()
        self._stop = StopRequest(lambda: self._tell(lambda callback: callback.stopping()))

    def run(self) -> TrainingOutcome:
        """Train from the start, or from the last checkpoint if the folder holds one.

        Raises:
            GoliveError: something cannot be read or written; checkpoints stay as they are.
            KeyboardInterrupt: a second interrupt came while the first was being obeyed.
        """
        threads = torch.get_num_threads()
        torch.set_num_threads(self.threads)
        try:
            with self._stop:
                return self._run()
        finally:
            torch.set_num_threads(threads)

    @abstractmethod
    def _run(self) -> TrainingOutcome: ...

    @property
    @abstractmethod
    def _steps(self) -> int:
        """Steps made so far."""

    @abstractmethod
    def _write(self, path: Path, validation: Validation | None) -> None:
        """Write what is trained, as it is now, with how it was judged."""

    def _open_logs(self, saved: Archive | None) -> None:
        """Begin the curve, or go on with it from a checkpoint."""
        steps = int(saved.documents["learner"]["steps"]) if saved else None
        self._logger = Logger(
            None,
            [
                CurveWriter(self._directory.path / CURVE_FILE, steps),
                TensorBoardWriter(self._directory.tensorboard, steps or 0),
            ],
        )

    # -- who listens -------------------------------------------------------------------------

    def _tell(self, news: Callable[[TrainingCallback], Change | None]) -> None:
        """Tell every callback something, and do what it asks for."""
        for callback in self._callbacks:
            change = news(callback)
            if change is not None:
                self._told_to_stop = self._told_to_stop or change.stop
                self._change(change)

    @abstractmethod
    def _change(self, change: Change) -> None:
        """Do what a callback asks for besides stopping."""

    def _message(self, text: str) -> None:
        self._tell(lambda callback: callback.message(text))

    def _warning(self, text: str) -> None:
        self._tell(lambda callback: callback.warning(text))

    def _begin_stage(self, stage: str, total: int, done: int = 0) -> None:
        self._tell(lambda callback: callback.begin(stage, total, done))

    def _on_unit(self, done: int) -> None:
        """So much of the stage is done; an interrupt ends it here."""
        if self._stop.requested:
            raise Interrupted
        self._tell(lambda callback: callback.advance(done))

    def _record(self, figures: Mapping[str, Any]) -> None:
        for name, value in figures.items():
            self._logger.record(name, value)

    # -- how it goes -------------------------------------------------------------------------

    @property
    def _stopped(self) -> TrainingState | None:
        """The state to end in now; None to go on."""
        if self._stop.requested:
            return TrainingState.INTERRUPTED
        if self._told_to_stop:
            return TrainingState.STOPPED
        return TrainingState.TIME_LIMIT if self._out_of_time else None

    @property
    def _seconds(self) -> float:
        return self._seconds_before + time.monotonic() - self._started

    @property
    def _out_of_time(self) -> bool:
        limit = self._configuration.max_minutes
        return limit is not None and self._seconds > 60.0 * limit

    def _judged(self, result: Validation, figures: Mapping[str, Any]) -> None:
        """Record how the validation went, and keep what is trained if it is the best so far."""
        steps = self._steps
        self._evaluated_steps = steps
        self._record(
            {
                "validation/score": result.score,
                "validation/success": result.success,
                "validation/illegal_decisions": result.illegal,
                **figures,
            }
        )
        is_best = result.score > self._best_score
        if is_best:
            self._best_score, self._best_steps = result.score, steps
            self._write(self._directory.best_policy, result)
        self._tell(lambda callback: callback.evaluated(steps, result, is_best))

    def _progress(self) -> dict[str, Any]:
        """All of this that a checkpoint keeps."""
        return {
            "best_score": self._best_score,
            "best_steps": self._best_steps,
            "evaluated_steps": self._evaluated_steps,
            "seconds": self._seconds,
        }

    def _go_on(self, progress: Mapping[str, Any]) -> None:
        """Go on from what a checkpoint kept; the learner has been restored."""
        self._best_score = float(progress["best_score"])
        self._best_steps = int(progress["best_steps"])
        self._evaluated_steps = int(progress["evaluated_steps"])
        self._seconds_before = float(progress["seconds"])
        self._message(f"resuming at step {self._steps:,}")
        self._write_status(TrainingState.RUNNING)

    def _end(self, state: TrainingState) -> TrainingOutcome:
        if state is not TrainingState.INTERRUPTED:
            self._write(self._directory.final_policy, None)
            write_curve_table(self._directory.path)
        self._write_status(state)
        return TrainingOutcome(
            state, self._steps, self._seconds / 60.0, self._best_score, self._best_steps
        )

    def _write_status(self, state: TrainingState) -> None:
        self._directory.write_status(
            {
                "state": state.value,
                "steps": self._steps,
                "total_steps": self._configuration.total_steps,
                "minutes": round(self._seconds / 60.0, 3),
                "best_score": self._best_score if self._evaluated_steps >= 0 else None,
                "best_steps": self._best_steps,
            }
        )


def passed(before: int, after: int, every: int) -> bool:
    """True if a multiple of ``every`` lies in (before, after]."""
    return after // every > before // every
