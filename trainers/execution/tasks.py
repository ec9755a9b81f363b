"""One function over many tasks: serially, in a process pool, or on Ray.

Tasks travel in chunks that take long enough (``CHUNK_SECONDS``) for the transport not to
matter: a Ray task costs about 1.4 ms of round trip, a pool's about a third of that. The
function is sent to a worker once, not with every task, so it may carry scenarios and
policies. Results are the same whichever backend computes them.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import pickle
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar, cast

from ...scenarios.errors import GoliveError

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

CHUNK_SECONDS = 0.25
"""Work that a chunk should hold; well above the 50 ms from which transport stops mattering."""
_CHUNKS_IN_FLIGHT_PER_WORKER = 2
_GARBAGE_THRESHOLDS = (50_000, 20, 50)
"""Worlds keep many live objects; collecting as often as Python does by default halves them."""


class Backend(StrEnum):
    """Where tasks run."""

    SERIAL = "serial"
    PROCESS = "process"
    RAY = "ray"


class TaskError(RuntimeError):
    """A task failed; the message names it, ``details`` holds the worker's traceback."""

    def __init__(self, message: str, details: str = "") -> None:
        """The line to print, and the traceback as text."""
        super().__init__(message)
        self.details = details
        if details:
            self.add_note(details)


@dataclass(frozen=True, slots=True)
class _Failure:
    index: int
    message: str
    details: str
    user_error: bytes | None


@dataclass(frozen=True, slots=True)
class _ChunkResult(Generic[ResultT]):
    results: list[ResultT]
    seconds: float
    failure: _Failure | None = None


_Chunk = tuple[list[int], list[TaskT]]


class _Pool(Protocol):
    """What a backend must be able to do with chunks."""

    def submit(self, indices: list[int], tasks: list[Any]) -> None: ...

    def next_finished(self) -> list[tuple[list[int], _ChunkResult[Any]]]: ...

    def close(self, cancel: bool) -> None: ...


def map_tasks(
    function: Callable[[TaskT], ResultT],
    tasks: Sequence[TaskT],
    *,
    workers: int = 1,
    backend: Backend | str = Backend.PROCESS,
    name_of: Callable[[TaskT], str] = str,
    on_result: Callable[[int, ResultT], None] | None = None,
) -> list[ResultT]:
    """Results of the function in the order of the tasks.

    Args:
        function: picklable unless the backend is serial.
        tasks: picklable likewise.
        workers: processes (at least 1); the serial backend has one.
        backend: where to run; one worker in a pool still is another process.
        name_of: how an error message calls a task.
        on_result: called in this process with (task index, result) as results arrive,
            in no particular order; raising stops the rest.

    Raises:
        TaskError: a task raised; the first one met stops the rest.
        GoliveError: a task raised it (a user's error is passed on as it is).
        KeyboardInterrupt: after the workers were stopped.
    """
    if workers < 1:
        raise GoliveError(f"workers: {workers}: expected at least 1")
    if not tasks:
        return []
    results: dict[int, ResultT] = {}
    pool = _open_pool(Backend(backend), function, min(workers, len(tasks)))
    finished_well = False
    try:
        for indices, chunk in _drain(pool, tasks, 1 if backend == Backend.SERIAL else workers):
            for index, result in zip(indices, chunk.results, strict=False):
                results[index] = result
                if on_result is not None:
                    on_result(index, result)
            if chunk.failure is not None:
                _raise_failure(chunk.failure, name_of(tasks[chunk.failure.index]))
        finished_well = True
    finally:
        pool.close(cancel=not finished_well)
    return [results[index] for index in range(len(tasks))]


def default_workers() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _drain(
    pool: _Pool, tasks: Sequence[TaskT], workers: int
) -> Iterator[tuple[list[int], _ChunkResult[Any]]]:
    """Keep the pool busy with chunks whose size follows the measured time per task."""
    size, position, in_flight = 1, 0, 0
    done, seconds = 0, 0.0
    while position < len(tasks) or in_flight:
        while position < len(tasks) and in_flight < workers * _CHUNKS_IN_FLIGHT_PER_WORKER:
            stop = min(len(tasks), position + size)
            pool.submit(list(range(position, stop)), list(tasks[position:stop]))
            position, in_flight = stop, in_flight + 1
        for indices, chunk in pool.next_finished():
            in_flight -= 1
            done += len(chunk.results)
            seconds += chunk.seconds
            yield indices, chunk
        size = _chunk_size(done, seconds, len(tasks) - position, workers)


def _chunk_size(done: int, seconds: float, left: int, workers: int) -> int:
    """Tasks per chunk: long enough to be worth sending, short enough to share out the end."""
    if done == 0:
        return 1
    long_enough = CHUNK_SECONDS * done / max(seconds, 1e-6)
    shared_out = left / (workers * _CHUNKS_IN_FLIGHT_PER_WORKER)
    return max(1, int(min(long_enough, max(shared_out, long_enough / 5))))


def _run_chunk(
    function: Callable[[TaskT], ResultT], indices: list[int], tasks: list[TaskT]
) -> _ChunkResult[ResultT]:
    started = time.perf_counter()
    results: list[ResultT] = []
    for index, task in zip(indices, tasks, strict=True):
        try:
            results.append(function(task))
        except Exception as error:  # reported to the caller with the task's name
            failure = _failure(index, error)
            return _ChunkResult(results, time.perf_counter() - started, failure)
    return _ChunkResult(results, time.perf_counter() - started)


def _failure(index: int, error: Exception) -> _Failure:
    message = f"{type(error).__name__}: {error}"
    user_error = None
    if isinstance(error, GoliveError):
        try:
            user_error = pickle.dumps(error)
        except (pickle.PicklingError, TypeError, AttributeError):
            user_error = None
    return _Failure(index, message, traceback.format_exc(), user_error)


def _raise_failure(failure: _Failure, name: str) -> None:
    if failure.user_error is not None:
        raise cast(GoliveError, pickle.loads(failure.user_error))
    raise TaskError(f"{name}: {failure.message}", failure.details)


def _open_pool(backend: Backend, function: Callable[[Any], Any], workers: int) -> _Pool:
    if backend is Backend.SERIAL:
        return _SerialPool(function)
    if backend is Backend.PROCESS:
        return _ProcessPool(function, workers)
    return _RayPool(function, workers)


class _SerialPool:
    """Runs a chunk when its result is asked for."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function
        self._waiting: list[tuple[list[int], list[Any]]] = []

    def submit(self, indices: list[int], tasks: list[Any]) -> None:
        self._waiting.append((indices, tasks))

    def next_finished(self) -> list[tuple[list[int], _ChunkResult[Any]]]:
        indices, tasks = self._waiting.pop(0)
        return [(indices, _run_chunk(self._function, indices, tasks))]

    def close(self, cancel: bool) -> None:
        self._waiting.clear()


_installed: Callable[[Any], Any] | None = None
"""The function of this worker process; set once when the worker starts."""


def _start_worker(pickled_function: bytes) -> None:
    """Ready a worker: quiet on Ctrl-C (the parent stops it), one thread, rare collection."""
    global _installed  # noqa: PLW0603 - a worker process has one function for its life
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
        os.environ[variable] = "1"
    gc.set_threshold(*_GARBAGE_THRESHOLDS)
    _installed = pickle.loads(pickled_function)
    gc.freeze()


def _run_installed(indices: list[int], tasks: list[Any]) -> _ChunkResult[Any]:
    if _installed is None:
        raise RuntimeError("a worker was given work before its function")
    return _run_chunk(_installed, indices, tasks)


def _pickled(function: Callable[[Any], Any]) -> bytes:
    try:
        return pickle.dumps(function)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise GoliveError(
            f"cannot be sent to other processes: {error}: expected the serial backend, "
            "or something picklable (a policy can be given by its name)"
        ) from error


class _ProcessPool:
    """A pool of fresh processes (never forked from this one: libraries here hold threads)."""

    def __init__(self, function: Callable[[Any], Any], workers: int) -> None:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        before = set(multiprocessing.active_children())
        self._others = before
        self._executor = ProcessPoolExecutor(workers, context, _start_worker, (_pickled(function),))
        self._indices: dict[Future[_ChunkResult[Any]], list[int]] = {}

    def submit(self, indices: list[int], tasks: list[Any]) -> None:
        self._indices[self._executor.submit(_run_installed, indices, tasks)] = indices

    def next_finished(self) -> list[tuple[list[int], _ChunkResult[Any]]]:
        done, _ = wait(self._indices, return_when=FIRST_COMPLETED)
        try:
            return [(self._indices.pop(future), future.result()) for future in done]
        except BrokenProcessPool as error:
            raise TaskError("a worker process died (out of memory, or killed)") from error

    def close(self, cancel: bool) -> None:
        if cancel:
            for future in self._indices:
                future.cancel()
            for process in set(multiprocessing.active_children()) - self._others:
                process.terminate()
        self._executor.shutdown(wait=True, cancel_futures=cancel)


class _RayPool:
    """Ray tasks; Ray is started here if it is not running, and then stopped again."""

    def __init__(self, function: Callable[[Any], Any], workers: int) -> None:
        import ray

        self._ray = ray
        self._started = not ray.is_initialized()
        if self._started:
            ray.init(
                num_cpus=workers,
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        self._function = ray.put(function)
        self._run: Any = ray.remote(num_cpus=1)(_run_chunk)
        self._indices: dict[Any, list[int]] = {}

    def submit(self, indices: list[int], tasks: list[Any]) -> None:
        self._indices[self._run.remote(self._function, indices, tasks)] = indices

    def next_finished(self) -> list[tuple[list[int], _ChunkResult[Any]]]:
        done, _ = self._ray.wait(list(self._indices), num_returns=1)
        return [(self._indices.pop(reference), self._ray.get(reference)) for reference in done]

    def close(self, cancel: bool) -> None:
        if cancel:
            for reference in self._indices:
                self._ray.cancel(reference, force=True)
        if self._started:
            self._ray.shutdown()
