"""Worker processes, each at the end of a pipe of its own.

The standard library's pool loses everything in flight when one of its processes dies, and
cannot say which task was to blame. Here every worker's own chunks are known: the one it was
at is reported as lost, the others go to its successor. A worker ends when its pipe does, so
none outlives this process, however that ends.
"""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import signal
from collections import deque
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from ...scenarios.errors import GoliveError
from .work import (
    Chunk,
    ChunkDone,
    ChunkLost,
    TaskFailure,
    Work,
    run_chunk,
    settle_worker,
    task_failure,
)

_CLOSE_SECONDS = 5.0
"""How long an idle worker may take to end."""
_FAILED_STARTS_IN_A_ROW = 3
"""So many workers that die before they are ready are no accident."""


class WorkersCannotStart(RuntimeError):
    """Worker processes die before they have done anything."""


class ProcessPool:
    """Fresh processes (never forked from this one: libraries here hold threads).

    Args:
        work: what they do; pickled once.
        workers: how many.

    Raises:
        GoliveError: the work cannot be pickled.
    """

    def __init__(self, work: Work, workers: int) -> None:
        self._pickled = _pickled(work)
        self._workers = [self._start() for _ in range(workers)]
        self._failed_starts = 0

    def submit(self, chunk: Chunk) -> None:
        """Give a chunk to the worker with the fewest."""
        min(self._workers, key=lambda worker: len(worker.chunks)).give(chunk)

    def next_finished(self) -> list[ChunkDone | ChunkLost]:
        """Wait until at least one chunk is done or lost.

        Raises:
            WorkersCannotStart: they die again and again before they are ready.
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
        """End the workers: at once, or those that have nothing to do."""
        for worker in self._workers:
            worker.end(cancel)
        for worker in self._workers:
            worker.finish()

    def _start(self) -> _Worker:
        return _Worker(self._pickled)

    def _hear(self, worker: _Worker) -> list[ChunkDone | ChunkLost]:
        message = worker.receive()
        if message is not None:
            self._failed_starts = 0
            return [message]
        position = self._workers.index(worker)
        reason = worker.end_in_words()
        if worker.is_ready:
            self._failed_starts = 0
        else:
            self._failed_starts += 1
        if self._failed_starts >= _FAILED_STARTS_IN_A_ROW:
            raise WorkersCannotStart(reason)
        self._workers[position] = successor = self._start()
        suspects = list(worker.chunks)
        if not worker.is_ready:
            for chunk in suspects:
                successor.give(chunk)
            return []
        for chunk in suspects[1:]:
            successor.give(chunk)
        return [ChunkLost(suspects[0], reason)]


class _Worker:
    """One process, its pipe, and the chunks it has been given and not answered."""

    def __init__(self, pickled: bytes) -> None:
        methods = multiprocessing.get_all_start_methods()
        context: Any = multiprocessing.get_context(
            "forkserver" if "forkserver" in methods else "spawn"
        )
        connection, theirs = context.Pipe()
        self.connection: Connection[Any, Any] = connection
        self.process = context.Process(target=_serve, args=(theirs, pickled), daemon=True)
        self.process.start()
        theirs.close()
        self.chunks: deque[Chunk] = deque()
        self.is_ready = False

    def give(self, chunk: Chunk) -> None:
        self.chunks.append(chunk)
        with suppress(OSError):  # it is gone: found out, and mended, when it is heard next
            self.connection.send(chunk)

    def receive(self) -> ChunkDone | None:
        """What it has answered; None if it is gone."""
        try:
            message = self.connection.recv()
            while message is True:
                self.is_ready = True
                message = self.connection.recv()
        except (EOFError, OSError):
            return None
        self.chunks.popleft()
        assert isinstance(message, ChunkDone)
        return message

    def end_in_words(self) -> str:
        self.connection.close()
        self.process.join(_CLOSE_SECONDS)
        code = self.process.exitcode
        return f"a worker process died (exit code {code}: out of memory, or killed)"

    def end(self, at_once: bool) -> None:
        with suppress(OSError):
            self.connection.close()
        if at_once:
            self.process.terminate()

    def finish(self) -> None:
        self.process.join(_CLOSE_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _pickled(work: Work) -> bytes:
    try:
        return pickle.dumps(work)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise GoliveError(
            f"cannot be sent to other processes: {error}: expected the serial backend, "
            "or something picklable (a policy can be given by its name)"
        ) from error


def _serve(connection: Connection[Any, Any], pickled: bytes) -> None:
    """A worker's life: chunks in, results out, until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settle_worker()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            work: Work = pickle.loads(pickled)
        except Exception as error:  # told with the first chunk: there is nobody else to tell
            _refuse_all(connection, error)
            return
        gc.freeze()
        connection.send(True)
        while True:
            connection.send(run_chunk(work, connection.recv()))


def _refuse_all(connection: Connection[Any, Any], error: Exception) -> None:
    failure = task_failure(-1, error)
    while True:
        chunk: Chunk = connection.recv()
        own = TaskFailure(chunk.indices[0], failure.message, failure.details, failure.user_error)
        connection.send(ChunkDone((), None, 0.0, own))
