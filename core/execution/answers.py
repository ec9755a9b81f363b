"""Answers of workers, and the errors that their callers meet."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import GoliveError

Answer = tuple[bool, Any]
"""True and the result; or, if it went wrong, False and a ``Failure``."""


class TaskError(RuntimeError):
    """A task failed; the message names it, ``details`` holds the worker's traceback."""

    def __init__(self, message: str, details: str = "") -> None:
        """Keep the line to print, and the traceback as text."""
        super().__init__(message)
        self.details = details
        if details:
            self.add_note(details)


class WorkerError(TaskError):
    """A call of what a worker holds failed; ``details`` holds its traceback."""


class WorkerLost(WorkerError, GoliveError):
    """A worker is gone through no error in golive: out of memory, killed, its machine lost."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as something that always travels between processes.

    Attributes:
        message: type and text of the error.
        details: its traceback.
        user_error: itself, if it is one that users are told as it is.
    """

    message: str
    details: str
    user_error: GoliveError | None

    def error(self, kind: type[TaskError] = WorkerError, place: str = "") -> Exception:
        """The error to raise where the failure is heard of; ``place`` begins what is no user's."""
        return self.user_error or kind(place + self.message, self.details)


def failure_of(error: Exception) -> Failure:
    """The failure that an error is, asked for where it is caught."""
    user_error = _travelling(error) if isinstance(error, GoliveError) else None
    return Failure(f"{type(error).__name__}: {error}", traceback.format_exc(), user_error)


def answered(work: Callable[[], Any]) -> Answer:
    """Do something: what it gave, or what went wrong in it."""
    try:
        return True, work()
    except Exception as error:  # reported to who asked, with its traceback
        return False, failure_of(error)


def checked(answer: Answer) -> Any:
    """The result of an answer.

    Raises:
        GoliveError: what was asked for raised it.
        WorkerError: it raised something else.
    """
    fine, value = answer
    if fine:
        return value
    raise value.error()


def _travelling(error: GoliveError) -> GoliveError:
    """The error, or one of its text if pickling would not bring it back."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever its class does: only the text is sure to arrive
        return GoliveError(str(error))
    return error
