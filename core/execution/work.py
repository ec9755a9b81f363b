"""What a worker is given once, and the chunks of tasks it is given then."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import GoliveError

_GARBAGE_THRESHOLDS = (50_000, 20, 50)
"""Worlds keep many live objects; collecting as often as Python does by default halves them."""


class TaskError(RuntimeError):
    """A task failed; the message names it, ``details`` holds the worker's traceback."""

    def __init__(self, message: str, details: str = "") -> None:
        """The line to print, and the traceback as text."""
        super().__init__(message)
        self.details = details
        if details:
            self.add_note(details)


@dataclass(frozen=True, slots=True)
class Work:
    """What every worker gets once.

    Attributes:
        function: does one task.
        pack: what the results of a chunk travel as.
    """

    function: Callable[[Any], Any]
    pack: Callable[[list[Any]], Any]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tasks that travel together.

    Attributes:
        indices: places of the tasks among all tasks.
        tasks: what the function gets.
    """

    indices: tuple[int, ...]
    tasks: tuple[Any, ...]

    def singly(self) -> list[Chunk]:
        """Its tasks as chunks of one."""
        return [
            Chunk((index,), (task,)) for index, task in zip(self.indices, self.tasks, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """A task that raised.

    Attributes:
        index: its place among all tasks.
        message: type and text of the error.
        details: the traceback.
        user_error: the error itself, pickled, if it is one that users are told as it is.
    """

    index: int
    message: str
    details: str
    user_error: bytes | None


@dataclass(frozen=True, slots=True)
class ChunkDone:
    """What came of a chunk.

    Attributes:
        indices: tasks that were done, in their order; all, unless one failed.
        results: theirs, packed.
        seconds: the work took.
        failure: the task at which it ended early.
    """

    indices: tuple[int, ...]
    results: Any
    seconds: float
    failure: TaskFailure | None = None


@dataclass(frozen=True, slots=True)
class ChunkLost:
    """A chunk whose worker is gone.

    Attributes:
        chunk: which.
        reason: what is known of the worker's end.
    """

    chunk: Chunk
    reason: str


def run_chunk(work: Work, chunk: Chunk) -> ChunkDone:
    """Do the tasks of a chunk, up to the first that raises."""
    started = time.perf_counter()
    results: list[Any] = []
    failure = None
    for index, task in zip(chunk.indices, chunk.tasks, strict=True):
        try:
            results.append(work.function(task))
        except Exception as error:  # reported to the caller with the task's name
            failure = task_failure(index, error)
            break
    seconds = time.perf_counter() - started
    return ChunkDone(chunk.indices[: len(results)], work.pack(results), seconds, failure)


def task_failure(index: int, error: Exception) -> TaskFailure:
    """An error as something that always travels between processes."""
    user_error = None
    if isinstance(error, GoliveError):
        try:
            user_error = pickle.dumps(error)
        except (pickle.PicklingError, TypeError, AttributeError):
            user_error = None
    return TaskFailure(
        index, f"{type(error).__name__}: {error}", traceback.format_exc(), user_error
    )


def fresh_processes() -> Any:
    """The multiprocessing context of workers: never forked, for libraries here hold threads."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")


def not_sendable(error: Exception) -> GoliveError:
    """What a user is told of work that cannot be pickled."""
    return GoliveError(
        f"cannot be sent to other processes: {error}: expected the serial backend, "
        "or something picklable (a policy can be given by its name)"
    )


def settle_worker() -> None:
    """Ready a worker process: one thread for numerics, garbage collected rarely."""
    for variable in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
        os.environ[variable] = "1"
    gc.set_threshold(*_GARBAGE_THRESHOLDS)
