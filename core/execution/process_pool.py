"""Worker processes, each at the end of a pipe of its own.

The standard library's pool loses everything in flight when one of its processes dies, and
cannot say which task was to blame. Here every worker's own chunks are known: the one it was
at is reported as lost, the others go to its successor. A worker ends when its pipe does, so
none outlives this process, however that ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from .settings import default_workers
from .work import (
    Chunk,
    ChunkDone,
    ChunkLost,
    TaskError,
    Work,
    fresh_processes,
    not_sendable,
    run_chunk,
    settle_worker,
    task_failure,
)

_CLOSE_SECONDS = 5.0
"""How long an idle worker may take to end."""
_FAILED_STARTS_IN_A_ROW = 3
"""So many workers that die before they are ready are no accident."""


class ProcessPool:
    """Fresh processes (never forked from this one: libraries here hold threads).

    Those that end their work well stay for the next pool, which then need not wait for them
    to start and to load what they need.

    Args:
        work: what they do; pickled once.
        workers: how many.

    Raises:
        GoliveError: the work cannot be pickled.
    """

    def __init__(self, work: Work, workers: int) -> None:
        self._task = _Assignment(_pickled(work), str(Path.cwd()), tuple(sys.path))
        self._workers = [_spare_worker() or _Worker() for _ in range(workers)]
        for worker in self._workers:
            worker.assign(self._task)
        self._failed_starts = 0

    def submit(self, chunk: Chunk) -> None:
        """Give a chunk to the worker with the fewest."""
        min(self._workers, key=lambda worker: len(worker.chunks)).give(chunk)

    def next_finished(self) -> list[ChunkDone | ChunkLost]:
        """Wait until at least one chunk is done or lost.

        Raises:
            TaskError: they die again and again before they are ready.
        """
        finished: list[ChunkDone | ChunkLost] = []
        while not finished:
            busy = [worker for worker in self._workers if worker.chunks]
            ready = wait([w.connection for w in busy] + [w.process.sentinel for w in busy])
            for worker in busy:
                if worker.connection in ready or worker.process.sentinel in ready:
                    finished += self._hear(worker)
        return finished

    def close(self, cancel: bool) -> None:
        """Let the workers go; with ``cancel`` they are ended, whatever they are doing."""
        if not cancel:
            _keep(self._workers)
            return
        for worker in self._workers:
            worker.begin_end()
        for worker in self._workers:
            worker.finish_end()

    def _hear(self, worker: _Worker) -> list[ChunkDone | ChunkLost]:
        with suppress(EOFError, OSError):
            done = worker.receive()
            return [] if done is None else [done]
        reason = worker.end_in_words()
        self._failed_starts = 0 if worker.is_ready else self._failed_starts + 1
        if self._failed_starts >= _FAILED_STARTS_IN_A_ROW:
            raise TaskError(f"workers cannot be started: {reason}")
        successor = _Worker()
        successor.assign(self._task)
        self._workers[self._workers.index(worker)] = successor
        lost: list[ChunkDone | ChunkLost] = []
        if worker.is_ready:
            lost.append(ChunkLost(worker.chunks.popleft(), reason))
        for chunk in worker.chunks:
            successor.give(chunk)
        return lost


@dataclass(frozen=True, slots=True)
class _Assignment:
    """What a worker is to do, and where it finds what that needs.

    Attributes:
        work: pickled.
        directory: that relative paths start from.
        module_path: where modules are looked for.
    """

    work: bytes
    directory: str
    module_path: tuple[str, ...]

    def accept(self) -> Work:
        """In the worker: load the work."""
        os.chdir(self.directory)
        sys.path[:] = self.module_path
        work: Work = pickle.loads(self.work)
        return work


class _Worker:
    """One process, its pipe, and the chunks it has been given and not answered."""

    def __init__(self) -> None:
        context = fresh_processes()
        connection, theirs = context.Pipe()
        self.connection: Connection[Any, Any] = connection
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.chunks: deque[Chunk] = deque()
        self.is_ready = False

    def assign(self, assignment: _Assignment) -> None:
        """Give it other work; it has none to do."""
        self.is_ready = False
        self._send(assignment)

    def give(self, chunk: Chunk) -> None:
        """Give it a chunk of its work."""
        self.chunks.append(chunk)
        self._send(chunk)

    def receive(self) -> ChunkDone | None:
        """What it has answered; None if that is only that it is ready.

        Raises:
            EOFError: it is gone; an OSError means the same.
        """
        message: ChunkDone | None = self.connection.recv()
        if message is None:
            self.is_ready = True
            return None
        self.chunks.popleft()
        return message

    def end_in_words(self) -> str:
        """How it ended."""
        self.connection.close()
        self.process.join(_CLOSE_SECONDS)
        code = self.process.exitcode
        return f"a worker process died (exit code {code}: out of memory, or killed)"

    def begin_end(self) -> None:
        """End it, without waiting."""
        with suppress(OSError):
            self.connection.close()
        self.process.terminate()

    def finish_end(self) -> None:
        """Wait until it has ended."""
        self.process.join(_CLOSE_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    def _send(self, message: _Assignment | Chunk) -> None:
        with suppress(OSError):  # it is gone: found out, and mended, when it is heard next
            self.connection.send(message)


_spare: list[_Worker] = []
"""Workers without work."""


def _spare_worker() -> _Worker | None:
    """One of them that still lives; None if there is none."""
    while _spare:
        worker = _spare.pop()
        if worker.process.is_alive():
            return worker
    return None


def _keep(workers: list[_Worker]) -> None:
    """Keep workers for the next pool: as many as there are cores, the others are ended."""
    room = max(0, default_workers() - len(_spare))
    alive = [worker for worker in workers if worker.process.is_alive() and not worker.chunks]
    _spare.extend(alive[:room])
    left = [worker for worker in workers if worker not in alive[:room]]
    for worker in left:
        worker.begin_end()
    for worker in left:
        worker.finish_end()


def _pickled(work: Work) -> bytes:
    try:
        return pickle.dumps(work)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise not_sendable(error) from error


def _serve(connection: Connection[Any, Any]) -> None:
    """A worker's life: assignments and chunks in, results out, until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settle_worker()
    do: Callable[[Chunk], ChunkDone] | None = None
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            message = connection.recv()
            if isinstance(message, Chunk):
                assert do is not None
                connection.send(do(message))
            else:
                do = _begin(message)
                connection.send(None)


def _begin(assignment: _Assignment) -> Callable[[Chunk], ChunkDone]:
    """What does chunks; if the work cannot be loaded, something that says so of each."""
    try:
        work = assignment.accept()
    except Exception as error:  # told when it is asked for: the first chunk's task failed
        failure = task_failure(-1, error)
        return lambda chunk: ChunkDone((), None, 0.0, replace(failure, index=chunk.indices[0]))
    gc.freeze()
    return partial(run_chunk, work)
