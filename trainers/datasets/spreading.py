"""Episodes spread over processes, and their results as they arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from ...core.execution import Backend, backend_for, map_chunks

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")
Progress = Callable[[int, int], None]
"""Called with (episodes done, episodes in all)."""


def results_of(
    function: Callable[[TaskT], ResultT],
    tasks: Sequence[TaskT],
    workers: int | None,
    backend: Backend | str,
    ray_address: str | None,
    progress: Progress | None,
    *,
    there: int = 0,
    name_of: Callable[[TaskT], str] = str,
) -> Iterator[tuple[int, ResultT]]:
    """Each task's index and result, in no particular order; none is kept.

    Args:
        function: runs a task.
        tasks: one for each episode.
        workers: processes, of which one is this one; None: one for every core.
        backend: serial, process or ray.
        ray_address: of a Ray cluster, for that backend; None: Ray on this machine.
        progress: called as soon as a result has been dealt with.
        there: episodes that were done before.
        name_of: how an error calls a task.

    Raises:
        TaskError: an episode failed.
        GoliveError: likewise, by what a user gave.
    """
    chunks = map_chunks(
        function,
        tasks,
        pack=list,
        workers=workers,
        backend=backend_for(workers, backend),
        ray_address=ray_address,
        name_of=name_of,
    )
    done = there
    for indices, results in chunks:
        for index, result in zip(indices, results, strict=True):
            yield index, result
            done += 1
            if progress is not None:
                progress(done, there + len(tasks))
