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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from ..arithmetic import whole_sum
from ..errors import GoliveError
from .answers import TaskError, WorkerLost
from .process_worker import ProcessWorker, keep_spare, process_workers
from .ray_session import ray_session
from .settings import Backend, default_workers
from .work import Done, Work
from .worker import LocalWorker, Worker, close_workers, pickled

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")
PackedT = TypeVar("PackedT")
Chunk = tuple[int, ...]
"""Tasks that travel together, by their places among all tasks."""

CHUNK_SECONDS = 0.25
"""Work that a chunk should hold; well above the 50 ms from which transport stops mattering."""
_CHUNK_SECONDS_PER_WORKER = 0.05
"""With many workers chunks grow, so that one process can keep feeding them all."""
_CHUNKS_IN_FLIGHT_PER_WORKER = 2  # while one is worked on, the next waits at the worker
_FAILED_STARTS_IN_A_ROW = 3
"""So many workers that die before they are ready are no accident."""
_LOSSES_UNTIL_GIVEN_UP = 3
"""A task whose worker died so often is to blame itself; twice could be bad luck."""


def chunk_seconds(workers: int) -> float:
    """Work that a chunk should hold with so many workers."""
    return max(CHUNK_SECONDS, workers * _CHUNK_SECONDS_PER_WORKER)


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
        pack=list,
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
        function: as for ``map_tasks``, like all that is not named here.
        pack: makes what travels of the results of some tasks; runs in the worker.
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
    work = partial(Work, function, pack)
    with _workers(Backend(backend), work, workers, ray_address, len(tasks)) as opened:
        yield from _Run(opened, tasks, name_of, on_lost).to_the_end()


class _Run:
    """Keeps workers busy with chunks whose size follows the measured time per task."""

    def __init__(
        self,
        workers: Sequence[Worker],
        tasks: Sequence[Any],
        name_of: Callable[[Any], str],
        on_lost: Callable[[int, str], None] | None,
    ) -> None:
        self._members = {worker: _Member(worker) for worker in workers}
        self._tasks = tasks
        self._name_of = name_of
        self._on_lost = on_lost
        self._position = 0
        self._again: deque[Chunk] = deque()
        self._losses: Counter[int] = Counter()
        self._failed_starts = 0
        self._done = 0
        self._seconds = 0.0

    def to_the_end(self) -> Iterator[tuple[Chunk, Any]]:
        members = self._members.values()
        for member in members:
            member.worker.begin()
        while self._left or any(member.chunks for member in members):
            self._hand_out()
            owing = [member.worker for member in members if member.chunks or not member.is_ready]
            for worker in owing[0].ready(owing):
                yield from self._hear(self._members[worker])

    @property
    def _left(self) -> int:
        """Number of tasks that no worker has yet."""
        return len(self._tasks) - self._position + len(self._again)

    def _hand_out(self) -> None:
        """Give chunks to workers that are ready; each that still starts will find one, too."""
        starting = whole_sum(not member.is_ready for member in self._members.values())
        for held in range(_CHUNKS_IN_FLIGHT_PER_WORKER):
            for member in self._members.values():
                if self._left <= (starting if held else 0):
                    return
                if member.is_ready and len(member.chunks) == held:
                    chunk = self._next_chunk()
                    member.chunks.append(chunk)
                    member.worker.send("do", tuple(self._tasks[index] for index in chunk))

    def _hear(self, member: _Member) -> Iterator[tuple[Chunk, Any]]:
        """Take a worker's answer: that it is ready, what it has done, or that it is gone."""
        try:
            done: Done = member.worker.receive()
        except WorkerLost as lost:
            self._replace(member, str(lost))
            return
        if not member.is_ready:
            member.is_ready = True
            self._failed_starts = 0
            return
        chunk = member.chunks.popleft()
        self._done += done.count
        self._seconds += done.seconds
        if done.count:
            yield chunk[: done.count], done.results
        if done.failure is not None:
            name = self._name_of(self._tasks[chunk[done.count]])
            raise done.failure.error(TaskError, f"{name}: ")

    def _replace(self, member: _Member, reason: str) -> None:
        """Begin a lost worker anew; of its chunks the first was the one it was at."""
        if member.is_ready:
            self._take_back(member.chunks.popleft(), reason)
            self._again.extend(member.chunks)
            member.chunks.clear()
            member.is_ready = False
        else:
            self._failed_starts += 1
            if self._failed_starts == _FAILED_STARTS_IN_A_ROW:
                raise TaskError(f"workers cannot be started: {reason}")
        member.worker.begin()

    def _take_back(self, lost: Chunk, reason: str) -> None:
        """A lost chunk's tasks are tried again one by one, so that the guilty one is found."""
        for index in lost:
            self._losses[index] += 1
            if self._losses[index] < _LOSSES_UNTIL_GIVEN_UP:
                self._again.append((index,))
            elif self._on_lost is None:
                raise TaskError(f"{self._name_of(self._tasks[index])}: {reason}")
            else:
                self._on_lost(index, reason)

    def _next_chunk(self) -> Chunk:
        if self._again:
            return self._again.popleft()
        start = self._position
        self._position = min(len(self._tasks), start + self._size())
        return tuple(range(start, self._position))

    def _size(self) -> int:
        """Tasks per chunk: long enough to be worth sending, short enough to share out the end."""
        if self._done == 0:
            return 1
        workers = len(self._members)
        long_enough = chunk_seconds(workers) * self._done / max(self._seconds, 1e-6)
        left = len(self._tasks) - self._position
        shared_out = left / (workers * _CHUNKS_IN_FLIGHT_PER_WORKER)
        return max(1, int(min(long_enough, max(shared_out, long_enough / 5))))


@dataclass(slots=True)
class _Member:
    """A worker, the chunks it was given and has not answered, and whether it has its work."""

    worker: Worker
    chunks: deque[Chunk] = field(default_factory=deque)
    is_ready: bool = False


@contextmanager
def _workers(
    backend: Backend,
    work: Callable[[], Work],
    count: int | None,
    ray_address: str | None,
    most: int,
) -> Iterator[Sequence[Worker]]:
    """Workers for the block, no more than there are tasks; processes may stay for the next."""
    with ExitStack() as session:
        workers: Sequence[Worker]
        if backend is Backend.SERIAL:
            workers = [LocalWorker(work)]
        elif backend is Backend.PROCESS:
            content = pickled(work, pickle.dumps)
            workers = process_workers(content, min(count or default_workers(), most))
        else:
            from .ray_workers import tasks_workers

            cores = session.enter_context(ray_session(ray_address, count))
            workers = tasks_workers(pickled(work), min(count or cores, most))
        spare: Sequence[ProcessWorker] = ()
        try:
            yield workers
            if backend is Backend.PROCESS:
                spare = keep_spare(workers)
        finally:
            close_workers([w for w in workers if w not in spare], at_once=True)
