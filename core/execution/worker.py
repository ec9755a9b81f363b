"""Workers: each holds an object and answers calls of its methods, wherever it lives.

A worker is this process, a process of its own at the end of a pipe (``process_worker``), or on
Ray (``ray_workers``); it is spoken to alike. It answers one call after another. When it dies,
the call that waits says so (``WorkerLost``), and the worker can be begun anew: what it held is
then for the caller to bring back.
"""

from __future__ import annotations

import pickle
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import cloudpickle

from ..errors import GoliveError
from .answers import answered, checked
from .home import close_held
from .settings import Backend


class Worker(ABC):
    """A worker as its caller sees it."""

    @abstractmethod
    def begin(self) -> None:
        """Make the object, in place of what there was; the first answer says how that went."""

    @abstractmethod
    def send(self, method: str, *arguments: Any) -> None:
        """Ask for a call of a method; there is one answer to each, in their order."""

    @abstractmethod
    def receive(self) -> Any:
        """Wait for the next answer: what the method returned.

        Raises:
            GoliveError: the method raised it.
            WorkerError: the method raised something else; ``details`` is the traceback.
            WorkerLost: the worker is gone, and what it held with it.
        """

    @abstractmethod
    def begin_close(self, at_once: bool) -> None:
        """Ask it to end: at once, or when it has done what it is at."""

    @abstractmethod
    def finish_close(self) -> None:
        """See that it has ended."""

    @staticmethod
    @abstractmethod
    def ready(workers: Sequence[Any]) -> list[Any]:
        """Wait until some of these workers, which all owe an answer, have it, or are gone."""

    def call(self, method: str, *arguments: Any) -> Any:
        """Ask for a call and wait for what it returns; raises what ``receive`` does."""
        self.send(method, *arguments)
        return self.receive()


class LocalWorker(Worker):
    """A worker in this process: a call is done when its answer is waited for.

    A bare one lets an error pass as it is, instead of as a ``WorkerError``.
    """

    def __init__(self, make: Callable[[], Any], *, bare: bool = False) -> None:
        self._make = make
        self._bare = bare
        self._held: Any = None
        self._waiting: deque[Callable[[], Any]] = deque()

    def begin(self) -> None:
        """Make the object, in place of what there was."""
        self._waiting = deque([self._build])

    def send(self, method: str, *arguments: Any) -> None:
        """Ask for a call."""
        self._waiting.append(lambda: getattr(self._held, method)(*arguments))

    def receive(self) -> Any:
        """Do what was asked."""
        work = self._waiting.popleft()
        return work() if self._bare else checked(answered(work))

    def begin_close(self, at_once: bool) -> None:
        """Close the object."""
        close_held(self._held)

    def finish_close(self) -> None:
        """Do nothing: nothing is left to do."""

    @staticmethod
    def ready(workers: Sequence[LocalWorker]) -> list[LocalWorker]:
        """Give them all: they answer when they are asked to."""
        return list(workers)

    def _build(self) -> None:
        self._held = self._make()


def close_workers(workers: Sequence[Worker], *, at_once: bool = False) -> None:
    """End workers, all at the same time."""
    for worker in workers:
        worker.begin_close(at_once)
    for worker in workers:
        worker.finish_close()


def pickled(thing: Any, dumps: Callable[[Any], bytes] = cloudpickle.dumps) -> bytes:
    """A thing as it travels to workers; cloudpickle takes local functions as well.

    Raises:
        GoliveError: it cannot be pickled.
    """
    try:
        return dumps(thing)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise GoliveError(
            f"cannot be sent to other processes: {error}: expected the serial backend, "
            "or something picklable (a policy can be given by its name)"
        ) from error


@contextmanager
def open_workers(
    factory: Callable[[int], Any],
    count: int,
    *,
    backend: Backend | str = Backend.PROCESS,
    address: str | None = None,
) -> Iterator[list[Worker]]:
    """Workers for as long as the block lasts, each with an object of its own.

    Args:
        factory: makes an object, given its worker's number; what cloudpickle can pickle, unless
            the backend is serial.
        count: how many, at least 1.
        backend: this process, a fresh process for each, or a Ray actor of one core for each.
        address: of a Ray cluster; None: this machine.

    Raises:
        GoliveError: a wrong count, a cluster with fewer cores, or as the factory raised.
        WorkerError: the factory raised something else.
        WorkerLost: one died while its object was made.
    """
    if count < 1:
        raise GoliveError(f"workers: {count}: expected at least 1")
    with ExitStack() as session:
        if backend == Backend.RAY:
            from .ray_session import ray_session

            cores = session.enter_context(ray_session(address, count))
            if cores < count:
                raise GoliveError(f"workers: {count}: expected at most Ray's {cores} cores")
        workers: list[Worker] = []
        finished_well = False
        try:
            workers += _workers(factory, count, Backend(backend))
            for worker in workers:
                worker.begin()
            for worker in workers:
                worker.receive()
            yield workers
            finished_well = True
        finally:
            close_workers(workers, at_once=not finished_well)


def _workers(factory: Callable[[int], Any], count: int, backend: Backend) -> list[Worker]:
    if backend is Backend.SERIAL:
        return [LocalWorker(partial(factory, number)) for number in range(count)]
    content = pickled(factory)
    if backend is Backend.PROCESS:
        from .process_worker import ProcessWorker

        return [ProcessWorker(content, (number,)) for number in range(count)]
    import ray

    from .ray_workers import ActorWorker

    reference = ray.put(content)
    return [ActorWorker(reference, (number,)) for number in range(count)]
