"""Actors: objects that keep their state between calls, wherever they live.

An actor lives in this process, in a process of its own at the end of a pipe, or on Ray; it is
spoken to alike. It answers one call after another. When its process dies, the call that waits
says so (``ActorDied``), and the actor can be begun anew: what it held is then for the caller to
bring back.
"""

from __future__ import annotations

import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import wait
from typing import Any

import cloudpickle

from ...envs.vector_worker import Answer, WorkerFailure
from ..errors import GoliveError
from .actor_worker import ActorHome, RemoteHome, serve_actor
from .ray_session import ray_session
from .settings import Backend
from .work import TaskError, fresh_processes, not_sendable

_CLOSE_SECONDS = 5.0
"""How long an idle actor's process may take to end."""

ActorFactory = Callable[[int], Any]
"""Makes an actor, given its number."""


class ActorDied(RuntimeError):
    """The process of an actor is gone, and what the actor held with it."""


class Call:
    """A call that is under way."""

    def __init__(self, answer: Callable[[], Answer]) -> None:
        self._answer = answer

    def result(self) -> Any:
        """Wait for what the method returned.

        Raises:
            GoliveError: the method raised it.
            TaskError: the method raised something else; ``details`` is the traceback.
            ActorDied: the actor's process is gone.
        """
        fine, value = self._answer()
        if fine:
            return value
        assert isinstance(value, WorkerFailure)
        if value.user_error is not None:
            raise GoliveError(value.user_error)
        raise TaskError(value.message, value.details)


class Actor(ABC):
    """An actor as its caller sees it."""

    @abstractmethod
    def begin(self) -> Call:
        """Begin the actor as its factory makes it, in place of what there was."""

    @abstractmethod
    def call(self, method: str, *arguments: Any) -> Call:
        """Begin a call; the result of the one before must have been waited for."""

    @abstractmethod
    def close(self, at_once: bool) -> None:
        """End it: at once, or when it has done what it is at."""


@contextmanager
def open_actors(
    factory: ActorFactory,
    count: int,
    *,
    backend: Backend | str = Backend.PROCESS,
    address: str | None = None,
) -> Iterator[list[Actor]]:
    """Actors for as long as the block lasts.

    Args:
        factory: makes each; what cloudpickle can pickle, unless the backend is serial.
        count: how many, at least 1.
        backend: this process, a fresh process for each, or a Ray actor of one core for each.
        address: of a Ray cluster; None: this machine.

    Raises:
        GoliveError: a wrong count, a cluster with fewer cores, or as the factory raised.
        TaskError: the factory raised something else.
        ActorDied: one died while it was made.
    """
    if count < 1:
        raise GoliveError(f"actors: {count}: expected at least 1")
    with ExitStack() as session:
        if backend == Backend.RAY:
            cores = session.enter_context(ray_session(address, count))
            if cores < count:
                raise GoliveError(f"workers: {count}: expected at most Ray's {cores} cores")
        actors: list[Actor] = []
        finished_well = False
        try:
            actors += _actors(factory, count, Backend(backend))
            for beginning in [actor.begin() for actor in actors]:
                beginning.result()
            yield actors
            finished_well = True
        finally:
            for actor in actors:
                actor.close(at_once=not finished_well)


def _actors(factory: ActorFactory, count: int, backend: Backend) -> list[Actor]:
    if backend == Backend.SERIAL:
        return [_LocalActor(factory, number) for number in range(count)]
    try:
        pickled = cloudpickle.dumps(factory)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise not_sendable(error) from error
    if backend == Backend.PROCESS:
        return [_ProcessActor(pickled, number) for number in range(count)]
    return _ray_actors(pickled, count)


class _LocalActor(Actor):
    """In this process; it does a call when the result is waited for."""

    def __init__(self, factory: ActorFactory, number: int) -> None:
        self._home = ActorHome(factory, number)

    def begin(self) -> Call:
        return Call(self._home.build)

    def call(self, method: str, *arguments: Any) -> Call:
        return Call(lambda: self._home.answer(method, arguments))

    def close(self, at_once: bool) -> None:
        pass


class _ProcessActor(Actor):
    """In a fresh process (never forked from this one: libraries here hold threads)."""

    def __init__(self, pickled_factory: bytes, number: int) -> None:
        self._pickled_factory = pickled_factory
        self._number = number
        self._process: Any = None
        self._connection: Any = None

    def begin(self) -> Call:
        self.close(at_once=True)
        context = fresh_processes()
        self._connection, theirs = context.Pipe()
        arguments = (theirs, self._pickled_factory, self._number)
        self._process = context.Process(target=serve_actor, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        return Call(self._receive)

    def call(self, method: str, *arguments: Any) -> Call:
        with suppress(OSError):  # it is gone: found out when the answer is waited for
            self._connection.send((method, arguments))
        return Call(self._receive)

    def close(self, at_once: bool) -> None:
        if self._process is None:
            return
        self._connection.close()
        if at_once:
            self._process.kill()
        self._process.join(_CLOSE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process = None

    def _receive(self) -> Answer:
        try:
            wait([self._connection, self._process.sentinel])
            if self._connection.poll():
                answer: Answer = self._connection.recv()
                return answer
        except (EOFError, ConnectionResetError):
            pass
        self._process.join(_CLOSE_SECONDS)
        code = self._process.exitcode
        raise ActorDied(f"its process died (exit code {code}: out of memory, or killed)")


class _RayActor(Actor):
    """On Ray, wherever there is a free core."""

    def __init__(self, home: Any, pickled_factory: Any, number: int) -> None:
        self._home = home
        self._pickled_factory = pickled_factory
        self._number = number
        self._handle: Any = None

    def begin(self) -> Call:
        self.close(at_once=True)
        self._handle = self._home.remote(self._pickled_factory, self._number)
        return self._call(self._handle.build.remote())

    def call(self, method: str, *arguments: Any) -> Call:
        return self._call(self._handle.answer.remote(method, arguments))

    def close(self, at_once: bool) -> None:
        import ray

        if self._handle is not None:
            ray.kill(self._handle)
            self._handle = None

    def _call(self, reference: Any) -> Call:
        import ray

        def answer() -> Answer:
            try:
                received: Answer = ray.get(reference)
            except (ray.exceptions.RayActorError, ray.exceptions.OutOfMemoryError) as error:
                raise ActorDied(f"its Ray actor died ({type(error).__name__})") from error
            return received

        return Call(answer)


def _ray_actors(pickled_factory: bytes, count: int) -> list[Actor]:
    import ray

    home = ray.remote(num_cpus=1)(RemoteHome)
    factory = ray.put(pickled_factory)
    return [_RayActor(home, factory, number) for number in range(count)]
