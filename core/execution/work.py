"""Things that workers hold where tasks are done."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .answers import Failure, failure_of


@dataclass(frozen=True, slots=True)
class Done:
    """Outcome of some tasks.

    Attributes:
        count: how many were done; all, unless one failed.
        results: theirs, packed.
        seconds: the work took.
        failure: of the task at which it ended early.
    """

    count: int
    results: Any
    seconds: float
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Work:
    """A function over tasks that travel together, and what makes their results travel."""

    function: Callable[[Any], Any]
    pack: Callable[[list[Any]], Any]

    def do(self, tasks: Sequence[Any]) -> Done:
        """Do tasks, up to the first that raises."""
        started = time.perf_counter()
        results: list[Any] = []
        failure = None
        try:
            for task in tasks:
                results.append(self.function(task))
        except Exception as error:  # reported to the caller with the task's name
            failure = failure_of(error)
        seconds = time.perf_counter() - started
        return Done(len(results), self.pack(results), seconds, failure)
