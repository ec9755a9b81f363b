"""A worker process of the vector environment. It never imports the learning libraries."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from ..core.errors import GoliveError
from .batch import EnvironmentBatch

GARBAGE_THRESHOLDS = (50_000, 20, 50)
"""Worlds keep many live objects; collecting as often as Python does by default slows them."""


Answer = tuple[bool, Any]
"""Whether it went well, and the result or a ``WorkerFailure``."""


@dataclass(frozen=True, slots=True)
class WorkerFailure:
    """What went wrong in a worker.

    Attributes:
        message: type and text of the error.
        details: its traceback.
        user_error: whether it was a ``GoliveError``, and its text.
    """

    message: str
    details: str
    user_error: str | None


def run_worker(connection: Connection, pickled_factories: bytes) -> None:
    """Serve commands ``(method of EnvironmentBatch, arguments)`` until told to close.

    Answers are ``(True, result)`` or ``(False, WorkerFailure)``. Ctrl-C is the parent's affair:
    it closes the connection, and a worker whose connection is gone ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settle_process()
    try:
        _serve(connection, pickled_factories)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass
    finally:
        connection.close()


def settle_process() -> None:
    """What every worker that steps environments wants: one thread, and rare collection."""
    for variable in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
        os.environ.setdefault(variable, "1")
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def _serve(connection: Connection, pickled_factories: bytes) -> None:
    batch: EnvironmentBatch | None = None

    def build() -> Any:
        nonlocal batch
        batch = EnvironmentBatch(pickle.loads(pickled_factories))
        return batch.spaces

    connection.send(answered(build))
    if batch is None:
        return
    gc.freeze()
    while True:
        command, arguments = connection.recv()
        if command == "close":
            batch.close()
            return
        _answer(connection, batch, command, arguments)


def _answer(
    connection: Connection, batch: EnvironmentBatch, command: str, arguments: tuple[Any, ...]
) -> None:
    answer = answered(lambda: getattr(batch, command)(*arguments))
    try:
        connection.send(answer)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        connection.send((False, failure_of(error)))


def answered(work: Callable[[], Any]) -> Answer:
    """Do something; what it gave, or what went wrong in it."""
    try:
        return True, work()
    except Exception as error:  # reported to who asked, with its traceback
        return False, failure_of(error)


def failure_of(error: Exception) -> WorkerFailure:
    """An error as something that always travels between processes."""
    user_error = str(error) if isinstance(error, GoliveError) else None
    return WorkerFailure(f"{type(error).__name__}: {error}", traceback.format_exc(), user_error)
