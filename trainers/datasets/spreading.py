"""Episodes spread over processes, and their results as they arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ...core.execution import Backend, backend_for, map_chunks

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Workers:
    """The place where episodes are played.

    Attributes:
        count: processes, of which one is this one; None: one for every core.
        backend: serial, process or ray.
        ray_address: of a Ray cluster, for that backend; None: Ray on this machine.
    """

    count: int | None = 1
    backend: Backend | str = Backend.PROCESS
    ray_address: str | None = None


Progress = Callable[[int, int], None]
"""Called with (episodes done, episodes in all)."""


def results_of(
    function: Callable[[TaskT], ResultT],
    tasks: Sequence[TaskT],
    workers: Workers,
    name_of: Callable[[TaskT], str] = str,
) -> Iterator[tuple[int, ResultT]]:
    """Each task's index and result, in no particular order; none is kept.

    Args:
        function: runs a task.
        tasks: one for each episode.
        workers: where they run.
        name_of: how an error calls a task.

    Raises:
        TaskError: an episode failed.
        GoliveError: likewise, by what a user gave.
    """
    chunks = map_chunks(
        function,
        tasks,
        pack=list,
        workers=workers.count,
        backend=backend_for(workers.count, workers.backend),
        ray_address=workers.ray_address,
        name_of=name_of,
    )
    for indices, results in chunks:
        yield from zip(indices, results, strict=True)
