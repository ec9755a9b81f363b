"""Playing the episodes that a training asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ...core.execution import Backend, map_tasks

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


def play(
    function: Callable[[TaskT], ResultT],
    tasks: Sequence[TaskT],
    *,
    workers: int,
    backend: Backend | str = Backend.PROCESS,
    on_result: Callable[[int, ResultT], None] | None = None,
) -> list[ResultT]:
    """Results of the function for the tasks, in their order; 0 workers: made in this process.

    ``on_result`` is called with (task index, result) as results come in; raising stops the rest.

    Raises:
        GoliveError: a task raised it.
        TaskError: a task raised something else, or killed its workers.
    """
    return map_tasks(
        function,
        tasks,
        workers=max(1, workers),
        backend=Backend.SERIAL if workers == 0 else backend,
        on_result=on_result,
    )


def chunked(items: Sequence[TaskT], chunks: int) -> list[Sequence[TaskT]]:
    """At most so many consecutive pieces of nearly equal length."""
    chunks = max(1, min(chunks, len(items)))
    bounds = [round(index * len(items) / chunks) for index in range(chunks + 1)]
    return [items[bounds[i] : bounds[i + 1]] for i in range(chunks)]
