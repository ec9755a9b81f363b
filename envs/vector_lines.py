"""What a vector environment speaks to its batches through: this process, or another one.

A line takes one command (a method of ``EnvironmentBatch`` and its arguments) and gives one
answer; its first answer are the spaces. ``vector_ray`` holds the line to a Ray actor.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

import cloudpickle

from ..core.errors import GoliveError
from .batch import EnvironmentBatch, EnvironmentFactory
from .vector_worker import WorkerFailure, run_worker

_CLOSE_SECONDS = 5.0
"""How long a worker may take to close before it is ended."""


class WorkerError(RuntimeError):
    """A worker failed; ``details`` holds its traceback."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(f"{message}\n{details}" if details else message)
        self.details = details


class WorkerLost(WorkerError, GoliveError):
    """A worker is gone through no error in golive: out of memory, killed, its machine lost."""


class Line(Protocol):
    """The connection to one batch of environments."""

    def send(self, command: str, *arguments: Any) -> None:
        """Ask for something; there is one answer to each.

        Raises:
            WorkerLost: there is nobody to ask.
        """
        ...

    def receive(self) -> Any:
        """The answer to what was asked.

        Raises:
            GoliveError: an environment raised it.
            WorkerError: an environment raised something else.
            WorkerLost: the worker is gone.
        """
        ...

    def begin_close(self) -> None:
        """Ask it to end."""
        ...

    def finish_close(self) -> None:
        """See that it has ended."""
        ...


def checked(fine: bool, answer: Any) -> Any:
    """A worker's answer, or its failure raised here."""
    if fine:
        return answer
    assert isinstance(answer, WorkerFailure)
    if answer.user_error is not None:
        raise GoliveError(answer.user_error)
    raise WorkerError(answer.message, answer.details)


class LocalLine:
    """A batch in this process, spoken to like a worker."""

    def __init__(self, factories: Sequence[EnvironmentFactory]) -> None:
        self._batch = EnvironmentBatch(factories)
        self._answer: Any = self._batch.spaces

    def send(self, command: str, *arguments: Any) -> None:
        """Keep the command until its answer is wanted."""
        self._answer = partial(getattr(self._batch, command), *arguments)

    def receive(self) -> Any:
        """Do what was asked."""
        answer, self._answer = self._answer, None
        return answer() if callable(answer) else answer

    def begin_close(self) -> None:
        """Close the environments."""
        self._batch.close()

    def finish_close(self) -> None:
        """There is nothing left to do."""


class ProcessLine:
    """A worker process and the pipe to it."""

    def __init__(self, factories: Sequence[EnvironmentFactory], start_method: str | None) -> None:
        methods = multiprocessing.get_all_start_methods()
        default = "forkserver" if "forkserver" in methods else "spawn"
        context: Any = multiprocessing.get_context(start_method or default)
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=run_worker, args=(theirs, cloudpickle.dumps(list(factories))), daemon=True
        )
        self._process.start()
        theirs.close()

    def send(self, command: str, *arguments: Any) -> None:
        """Write to the pipe."""
        try:
            self._connection.send((command, arguments))
        except (BrokenPipeError, OSError) as error:
            raise WorkerLost(self._death()) from error

    def receive(self) -> Any:
        """Read from the pipe."""
        try:
            fine, answer = self._connection.recv()
        except (EOFError, ConnectionResetError) as error:
            raise WorkerLost(self._death()) from error
        return checked(fine, answer)

    def begin_close(self) -> None:
        """Ask it to close; one in the middle of something ends when its connection does."""
        with suppress(OSError):
            self._connection.send(("close", ()))
        self._connection.close()

    def finish_close(self) -> None:
        """Wait a little, then end it."""
        self._process.join(_CLOSE_SECONDS)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()

    def _death(self) -> str:
        self._process.join(_CLOSE_SECONDS)
        code = self._process.exitcode
        return f"a worker process died (exit code {code}: out of memory, or killed)"
