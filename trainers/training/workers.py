"""Processes that stay for a whole training and play episodes when asked."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from ...scenarios.errors import GoliveError

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

_GARBAGE_THRESHOLDS = (50_000, 20, 50)
"""Worlds keep many live objects; collecting as often as Python does by default halves them."""


class EpisodeWorkers:
    """A pool of fresh processes, started when first needed.

    Unlike ``map_tasks`` it outlives a call: a training asks for a second's work hundreds of
    times, and starting a process takes longer than that.

    Args:
        workers: processes; 0 does the work in this process.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._executor: ProcessPoolExecutor | None = None

    def map(
        self, function: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]
    ) -> Iterator[tuple[int, ResultT]]:
        """(task index, result) as results come in; leaving early drops what has not begun.

        Raises:
            GoliveError: a worker raised it, or a worker process died.
        """
        if self.workers == 0:
            for index, task in enumerate(tasks):
                yield index, function(task)
            return
        executor = self._started()
        futures: dict[Future[ResultT], int] = {}
        try:
            for index, task in enumerate(tasks):
                futures[executor.submit(function, task)] = index
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool as error:
            raise GoliveError("a worker process died (out of memory, or killed)") from error
        finally:
            for future in futures:
                future.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            methods = multiprocessing.get_all_start_methods()
            method = "forkserver" if "forkserver" in methods else "spawn"
            context = multiprocessing.get_context(method)
            self._executor = ProcessPoolExecutor(self.workers, context, _start_worker)
        return self._executor

    def close(self) -> None:
        """Stop the processes, whatever they are doing."""
        if self._executor is None:
            return
        processes = list((self._executor._processes or {}).values())
        for process in processes:
            process.terminate()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = None


def _start_worker() -> None:
    """Quiet on Ctrl-C (the parent stops it), one thread, rare collection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
        os.environ[variable] = "1"
    gc.set_threshold(*_GARBAGE_THRESHOLDS)


def chunked(items: Sequence[TaskT], chunks: int) -> list[Sequence[TaskT]]:
    """At most so many consecutive pieces of nearly equal length."""
    chunks = max(1, min(chunks, len(items)))
    bounds = [round(index * len(items) / chunks) for index in range(chunks + 1)]
    return [items[bounds[i] : bounds[i + 1]] for i in range(chunks)]
