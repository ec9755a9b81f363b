"""Workers that stay for a whole training and play episodes when asked."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol, TypeVar

from ...envs.vector_lines import WorkerLost, checked
from ...envs.vector_ray import CORES_PER_ACTOR
from ...envs.vector_worker import GARBAGE_THRESHOLDS, Answer, answered, settle_process

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


class EpisodeWorkers:
    """A pool of fresh processes, or Ray's, started when first needed.

    Unlike ``map_tasks`` it outlives a call: a training asks for a second's work hundreds of
    times, and starting a process takes longer than that. After a loss it starts anew.

    Args:
        workers: processes; 0 does the work in this process. A Ray cluster has its own number.
        backend: what workers are: ``"process"``, or ``"ray"`` for tasks of the Ray session that
            is there (none is started).
    """

    def __init__(self, workers: int, backend: str = "process") -> None:
        self.workers = workers
        self._backend = backend
        self._pool: _Pool | None = None

    def map(
        self, function: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]
    ) -> Iterator[tuple[int, ResultT]]:
        """(task index, result) as results come in; leaving early drops what has not begun.

        Raises:
            GoliveError: a worker raised it.
            WorkerError: a worker of Ray raised something else.
            WorkerLost: a worker died.
        """
        if self.workers == 0:
            for index, task in enumerate(tasks):
                yield index, function(task)
            return
        if self._pool is None:
            self._pool = _RayPool() if self._backend == "ray" else _ProcessPool(self.workers)
        try:
            yield from self._pool.map(function, tasks)
        except WorkerLost:
            self.close()
            raise

    def close(self) -> None:
        """Stop the workers, whatever they are doing."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None


class _Pool(Protocol):
    """Who does the work."""

    def map(
        self, function: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]
    ) -> Iterator[tuple[int, ResultT]]: ...

    def close(self) -> None: ...


class _ProcessPool:
    """Processes of this machine."""

    def __init__(self, workers: int) -> None:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        self._executor = ProcessPoolExecutor(workers, context, _start_worker)

    def map(
        self, function: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]
    ) -> Iterator[tuple[int, ResultT]]:
        futures: dict[Future[ResultT], int] = {}
        try:
            for index, task in enumerate(tasks):
                futures[self._executor.submit(function, task)] = index
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool as error:
            raise WorkerLost("a worker process died (out of memory, or killed)") from error
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        for process in list((self._executor._processes or {}).values()):
            process.terminate()
        self._executor.shutdown(wait=True, cancel_futures=True)


class _RayPool:
    """Tasks on a Ray cluster; Ray does again by itself what was lost with a machine."""

    def __init__(self) -> None:
        import ray

        self._ray = ray
        self._run: Any = ray.remote(num_cpus=CORES_PER_ACTOR)(_play)

    def map(
        self, function: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]
    ) -> Iterator[tuple[int, ResultT]]:
        from ray.exceptions import RayError

        indices = {self._run.remote(function, task): index for index, task in enumerate(tasks)}
        try:
            while indices:
                (reference,), _ = self._ray.wait(list(indices), num_returns=1)
                answer: ResultT = checked(*self._ray.get(reference))
                yield indices.pop(reference), answer
        except (RayError, ConnectionError) as error:
            first_line = str(error).strip().partition("\n")[0]
            raise WorkerLost(f"a Ray task died ({type(error).__name__}: {first_line})") from error
        finally:
            for reference in indices:
                self._ray.cancel(reference)

    def close(self) -> None:
        """Leaving ``map`` has cancelled its tasks."""


def _play(function: Callable[[TaskT], ResultT], task: TaskT) -> Answer:
    settle_process()
    return answered(lambda: function(task))


def _start_worker() -> None:
    """Quiet on Ctrl-C (the parent stops it), gone with the parent, one thread, rare collection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
        os.environ[variable] = "1"
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """The executor's workers wait for work forever, also when a killed parent left them."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def chunked(items: Sequence[TaskT], chunks: int) -> list[Sequence[TaskT]]:
    """At most so many consecutive pieces of nearly equal length."""
    chunks = max(1, min(chunks, len(items)))
    bounds = [round(index * len(items) / chunks) for index in range(chunks + 1)]
    return [items[bounds[i] : bounds[i + 1]] for i in range(chunks)]
