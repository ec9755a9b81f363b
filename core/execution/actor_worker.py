"""Where an actor lives: in a process at the end of a pipe, or in a Ray actor."""

from __future__ import annotations

import pickle
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import cloudpickle

from ...envs.vector_worker import Answer, answered, failure_of
from .work import settle_worker


class ActorHome:
    """Holds an actor; never raises, so that an exception is told from a death.

    Args:
        factory: makes the actor, given its number.
        number: of the actor.
    """

    def __init__(self, factory: Callable[[int], Any], number: int) -> None:
        self._factory = factory
        self._number = number
        self._actor: Any = None

    def build(self) -> Answer:
        """Make the actor."""
        return answered(self._build)

    def answer(self, method: str, arguments: tuple[Any, ...]) -> Answer:
        """Call one of its methods."""
        return answered(lambda: getattr(self._actor, method)(*arguments))

    def _build(self) -> None:
        self._actor = self._factory(self._number)


class RemoteHome(ActorHome):
    """The home of an actor in a process of its own.

    Args:
        pickled_factory: by cloudpickle.
        number: of the actor.
    """

    def __init__(self, pickled_factory: bytes, number: int) -> None:
        settle_worker()
        super().__init__(partial(_made, pickled_factory), number)


def _made(pickled_factory: bytes, number: int) -> Any:
    return cloudpickle.loads(pickled_factory)(number)


def serve_actor(connection: Connection[Any, Any], pickled_factory: bytes, number: int) -> None:
    """The life of an actor's process: ``(method, arguments)`` in, answers out.

    It ends when its pipe does, so it does not outlive its parent, however that ends. Ctrl-C is
    the parent's affair.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        home = RemoteHome(pickled_factory, number)
        connection.send(home.build())
        while True:
            _send(connection, home.answer(*connection.recv()))


def _send(connection: Connection[Any, Any], answer: Answer) -> None:
    try:
        connection.send(answer)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        connection.send((False, failure_of(error)))
