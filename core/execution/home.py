"""The place of a worker's object in another process."""

from __future__ import annotations

import gc
import os
import pickle
import sys
from typing import Any

from ..garbage import collect_rarely
from .answers import Answer, answered


class Home:
    """The place of a worker's object; never raises, so that a failure is told from a death."""

    def __init__(self) -> None:
        self._held: Any = None

    def hold(
        self, content: bytes, arguments: tuple[Any, ...], place: tuple[str, list[str]] | None = None
    ) -> Answer:
        """Make the object by its pickled factory.

        ``place`` is the directory that relative paths start from, and where modules are looked for.
        """

        def make() -> None:
            if place is not None:
                os.chdir(place[0])
                sys.path[:] = place[1]
            self._held = pickle.loads(content)(*arguments)
            gc.freeze()

        settle_process()
        return answered(make)

    def call(self, method: str, arguments: tuple[Any, ...]) -> Answer:
        """Call one of its methods."""
        return answered(lambda: getattr(self._held, method)(*arguments))

    def close(self) -> None:
        """Close the object."""
        close_held(self._held)


def settle_process() -> None:
    """Ready a worker's process: one thread for numerics, garbage collected rarely."""
    for variable in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
        os.environ[variable] = "1"
    collect_rarely()


def close_held(held: Any) -> None:
    """Close what a worker holds, if it is something that is closed."""
    close = getattr(held, "close", None)
    if close is not None:
        close()
