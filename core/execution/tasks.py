"""One function over many tasks: serially, in a process pool, or on Ray.

Tasks travel in chunks that take long enough for the transport not to matter: a Ray task
costs about 1.4 ms of round trip, a pool's about a third of that. What the function carries
(scenarios, policies) is sent to a worker once, not with every task. Results are the same
whichever backend computes them, and however many workers die on the way.
"""

from __future__ import annotations

import pickle
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, NoReturn, Protocol, TypeVar, cast

from ..errors import GoliveError
from .settings import Backend, default_workers
from .work import Chunk, ChunkDone, ChunkLost, TaskError, TaskFailure, Work, run_chunk

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")
PackedT = TypeVar("PackedT")

CHUNK_SECONDS = 0.25
"""Work that a chunk should hold; well above the 50 ms from which transport stops mattering."""
_CHUNK_SECONDS_PER_WORKER = 0.05
"""With many workers chunks grow, so that one process can keep feeding them all."""
_CHUNKS_IN_FLIGHT_PER_WORKER = 2
_LOSSES_UNTIL_GIVEN_UP = 3
"""A task whose worker died so often is to blame itself; twice could be bad luck."""


def chunk_seconds(workers: int) -> float:
    """Work that a chunk should hold with so many workers."""
    return max(CHUNK_SECONDS, workers * _CHUNK_SECONDS_PER_WORKER)


class _Pool(Protocol):
    """What a backend must be able to do with chunks."""

    def submit(self, chunk: Chunk) -> None: ...

    def next_finished(self) -> Sequence[ChunkDone | ChunkLost]: ...

    def close(self, cancel: bool) -> None: ...


def map_tasks(
    function: Callable[[TaskT], ResultT],
    tasks: Sequence[TaskT],
    *,
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    name_of: Callable[[TaskT], str] = str,
    on_result: Callable[[int, ResultT], None] | None = None,
) -> list[ResultT]:
    """Results of the function in the order of the tasks.

    Args:
        function: picklable unless the backend is serial.
        tasks: picklable likewise.
        workers: processes (at least 1), None: one for every core; the serial backend has one.
        backend: where to run; one worker in a pool still is another process.
        ray_address: of a Ray cluster, for that backend; None: Ray on this machine.
        name_of: how an error message calls a task.
        on_result: called in this process with (task index, result) as results arrive,
            in no particular order; raising stops the rest.

    Raises:
        TaskError: a task raised, or killed its worker again and again; the first one met
            stops the rest.
        GoliveError: a task raised it (a user's error is passed on as it is).
        KeyboardInterrupt: after the workers were stopped.
    """
    results: dict[int, ResultT] = {}
    chunks = map_chunks(
        function,
        tasks,
        pack=_as_they_are,
        workers=workers,
        backend=backend,
        ray_address=ray_address,
        name_of=name_of,
    )
    for indices, part in chunks:
        for index, result in zip(indices, part, strict=True):
            results[index] = result
            if on_result is not None:
                on_result(index, result)
    return [results[index] for index in range(len(tasks))]


def map_chunks(
    function: Callable[[TaskT], ResultT],
    tasks: Sequence[TaskT],
    *,
    pack: Callable[[list[ResultT]], PackedT],
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    name_of: Callable[[TaskT], str] = str,
    on_lost: Callable[[int, str], None] | None = None,
) -> Generator[tuple[tuple[int, ...], PackedT], None, None]:
    """Results as they arrive, in no particular order, packed in the worker.

    Every task comes once. Close the iterator to stop early.

    Args:
        function: as for ``map_tasks``, like the other arguments not named here.
        tasks: likewise.
        pack: makes what travels of the results of some tasks; runs in the worker.
        workers: likewise.
        backend: likewise.
        ray_address: likewise.
        name_of: likewise.
        on_lost: told (task index, reason) of a task that killed its worker again and again,
            which then has no result; None: it is an error.

    Yields:
        Indices of tasks, and what their results were packed into.

    Raises:
        TaskError: as ``map_tasks``, like the others.
    """
    if workers is not None and workers < 1:
        raise GoliveError(f"workers: {workers}: expected at least 1")
    if not tasks:
        return
    pool, workers = _open_pool(Backend(backend), Work(function, pack), workers, ray_address, tasks)
    finished_well = False
    try:
        for chunk in _Feeder(pool, tasks, workers, name_of, on_lost).run():
            if chunk.indices:
                yield chunk.indices, chunk.results
            if chunk.failure is not None:
                _raise_failure(chunk.failure, name_of(tasks[chunk.failure.index]))
        finished_well = True
    finally:
        pool.close(cancel=not finished_well)


class _Feeder:
    """Keeps a pool busy with chunks whose size follows the measured time per task."""

    def __init__(
        self,
        pool: _Pool,
        tasks: Sequence[Any],
        workers: int,
        name_of: Callable[[Any], str],
        on_lost: Callable[[int, str], None] | None,
    ) -> None:
        self._pool = pool
        self._tasks = tasks
        self._workers = workers
        self._name_of = name_of
        self._on_lost = on_lost
        self._position = 0
        self._again: deque[Chunk] = deque()
        self._losses: Counter[int] = Counter()
        self._in_flight = 0
        self._done = 0
        self._seconds = 0.0

    def run(self) -> Iterator[ChunkDone]:
        while self._position < len(self._tasks) or self._again or self._in_flight:
            while self._in_flight < self._workers * _CHUNKS_IN_FLIGHT_PER_WORKER:
                chunk = self._next_chunk()
                if chunk is None:
                    break
                self._pool.submit(chunk)
                self._in_flight += 1
            for finished in self._pool.next_finished() if self._in_flight else ():
                self._in_flight -= 1
                if isinstance(finished, ChunkLost):
                    self._take_back(finished)
                else:
                    self._done += len(finished.indices)
                    self._seconds += finished.seconds
                    yield finished

    def _next_chunk(self) -> Chunk | None:
        if self._again:
            return self._again.popleft()
        if self._position == len(self._tasks):
            return None
        stop = min(len(self._tasks), self._position + self._size())
        indices = range(self._position, stop)
        self._position = stop
        return Chunk(tuple(indices), tuple(self._tasks[index] for index in indices))

    def _size(self) -> int:
        """Tasks per chunk: long enough to be worth sending, short enough to share out the end."""
        if self._done == 0:
            return 1
        long_enough = chunk_seconds(self._workers) * self._done / max(self._seconds, 1e-6)
        left = len(self._tasks) - self._position
        shared_out = left / (self._workers * _CHUNKS_IN_FLIGHT_PER_WORKER)
        return max(1, int(min(long_enough, max(shared_out, long_enough / 5))))

    def _take_back(self, lost: ChunkLost) -> None:
        """A lost chunk's tasks are tried again one by one, so that the guilty one is found."""
        for single in lost.chunk.singly():
            index = single.indices[0]
            self._losses[index] += 1
            if self._losses[index] < _LOSSES_UNTIL_GIVEN_UP:
                self._again.append(single)
            elif self._on_lost is None:
                raise TaskError(f"{self._name_of(self._tasks[index])}: {lost.reason}")
            else:
                self._on_lost(index, lost.reason)


class _SerialPool:
    """Runs a chunk when its result is asked for."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._waiting: deque[Chunk] = deque()

    def submit(self, chunk: Chunk) -> None:
        self._waiting.append(chunk)

    def next_finished(self) -> list[ChunkDone]:
        return [run_chunk(self._work, self._waiting.popleft())]

    def close(self, cancel: bool) -> None:
        self._waiting.clear()


def _open_pool(
    backend: Backend,
    work: Work,
    workers: int | None,
    ray_address: str | None,
    tasks: Sequence[Any],
) -> tuple[_Pool, int]:
    """The pool, and how many workers it has."""
    if backend is Backend.SERIAL:
        return _SerialPool(work), 1
    if backend is Backend.PROCESS:
        from .process_pool import ProcessPool

        workers = min(workers or default_workers(), len(tasks))
        return ProcessPool(work, workers), workers
    from .ray_pool import RayPool

    pool = RayPool(work, workers, ray_address)
    return pool, min(workers or pool.workers, len(tasks))


def _raise_failure(failure: TaskFailure, name: str) -> NoReturn:
    if failure.user_error is not None:
        raise cast(GoliveError, pickle.loads(failure.user_error))
    raise TaskError(f"{name}: {failure.message}", failure.details)


def _as_they_are(results: list[ResultT]) -> list[ResultT]:
    return results
