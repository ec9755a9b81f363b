"""A worker process at the end of a pipe of its own.

The standard library's pool loses everything in flight when one of its processes dies, and
cannot say which task was to blame; here every process's own calls are known. A process ends when
its pipe does, so none outlives this one, however that ends.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NoReturn

from .answers import Answer, WorkerLost, checked, failure_of
from .home import Home
from .settings import default_workers
from .worker import Worker

_CLOSE_SECONDS = 5.0
"""A process that takes longer than this to end is ended."""


class ProcessWorker(Worker):
    """A fresh process (never forked from this one: libraries here hold threads).

    It starts at once, so that several start side by side before the first is begun; without a
    start method told, by a fork server where there is one. Its object's factory comes pickled.
    """

    process: Any
    _connection: Any
    _owed: int
    """Answers that are to come."""

    def __init__(
        self, content: bytes, arguments: tuple[Any, ...] = (), start_method: str | None = None
    ) -> None:
        methods = multiprocessing.get_all_start_methods()
        default = "forkserver" if "forkserver" in methods else "spawn"
        self._context: Any = multiprocessing.get_context(start_method or default)
        self.assignment = (content, arguments)
        self._start()

    def begin(self) -> None:
        """Make the object; in a new process if the one before is gone."""
        if not self.process.is_alive():
            self._start()
        with suppress(EOFError, OSError):
            for _ in range(self._owed):  # what it still owes to whom it worked for before
                self._connection.recv()
        self._owed = 0
        self._send("hold", (*self.assignment, (str(Path.cwd()), sys.path)))

    def send(self, method: str, *arguments: Any) -> None:
        """Ask for a call."""
        self._send("call", (method, arguments))

    def receive(self) -> Any:
        """Wait for the next answer."""
        self._owed -= 1
        try:
            if self._connection not in wait([self._connection, self.process.sentinel]):
                self._raise_lost()
            answer: Answer = self._connection.recv()
        except (EOFError, OSError):
            self._raise_lost()
        return checked(answer)

    def begin_close(self, at_once: bool) -> None:
        """Hang up: it ends when it has done what it is at, or now."""
        self._connection.close()
        if at_once:
            self.process.terminate()

    def finish_close(self) -> None:
        """Wait a little, then end it."""
        self.process.join(_CLOSE_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    @staticmethod
    def ready(workers: Sequence[ProcessWorker]) -> list[ProcessWorker]:
        """Wait for some of them to have answered, or to be gone."""
        waited = [worker._connection for worker in workers]
        found = set(wait(waited + [worker.process.sentinel for worker in workers]))
        return [w for w in workers if w._connection in found or w.process.sentinel in found]

    def _start(self) -> None:
        self._owed = 0
        self._connection, theirs = self._context.Pipe()
        self.process = self._context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def _send(self, method: str, arguments: tuple[Any, ...]) -> None:
        self._owed += 1
        with suppress(OSError):  # it is gone: found out when the answer is waited for
            self._connection.send((method, arguments))

    def _raise_lost(self) -> NoReturn:
        self._connection.close()
        self.finish_close()
        code = self.process.exitcode
        raise WorkerLost(f"a worker process died (exit code {code}: out of memory, or killed)")


_spare: list[ProcessWorker] = []
"""Those without work."""


def process_workers(content: bytes, count: int) -> list[ProcessWorker]:
    """Workers that need not have a process to themselves: spare ones first, then fresh ones."""
    workers = []
    for _ in range(count):
        if _spare:
            workers.append(_spare.pop())
            workers[-1].assignment = (content, ())
        else:
            workers.append(ProcessWorker(content))
    return workers


def keep_spare(workers: Sequence[Worker]) -> list[ProcessWorker]:
    """Keep those of some workers that live, as many as there are cores; gives the kept ones.

    Whoever works next then need not wait for processes to start and to load what they need.
    """
    alive = [w for w in workers if isinstance(w, ProcessWorker) and w.process.is_alive()]
    kept = alive[: max(0, default_workers() - len(_spare))]
    _spare.extend(kept)
    return kept


def _serve(connection: Connection[Any, Any]) -> None:
    """A process's life: calls of its home in, answers out, until the pipe ends.

    Ctrl-C is the parent's affair. Calls are read in a thread of their own: with an answer and the
    next call both larger than the pipe holds, each side would wait for the other to read.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    home = Home()
    calls: SimpleQueue[tuple[str, tuple[Any, ...]] | None] = SimpleQueue()
    threading.Thread(target=_read, args=(connection, calls), daemon=True).start()
    with suppress(BrokenPipeError, ConnectionResetError):
        while (call := calls.get()) is not None:
            name, arguments = call
            method: Callable[..., Answer] = getattr(home, name)
            _send_answer(connection, method(*arguments))
    home.close()


def _read(
    connection: Connection[Any, Any], calls: SimpleQueue[tuple[str, tuple[Any, ...]] | None]
) -> None:
    """Put what comes into the queue; None when the pipe ends."""
    try:
        with suppress(EOFError, OSError):
            while True:
                calls.put(connection.recv())
    finally:
        calls.put(None)


def _send_answer(connection: Connection[Any, Any], answer: Answer) -> None:
    try:
        connection.send(answer)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        connection.send((False, failure_of(error)))
