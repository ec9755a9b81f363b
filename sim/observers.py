"""Observers for episodes of every world."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..core.errors import GoliveError
from .observer import Observer
from .protocol import AnyWorld, Snapshot

SECONDS_PER_HOUR = 3600.0
LONGEST_NAP_SECONDS = 0.5
"""Sleep is cut into naps, so that an interruption is felt at once."""


class Stopwatch(Observer):
    """Takes the time of each decision.

    Attributes:
        latencies_ms: wall time of each decision, milliseconds.
    """

    def __init__(self) -> None:
        self.latencies_ms: list[float] = []
        self._asked = 0.0

    def asked(self, world: AnyWorld, briefing: Any, legal: Any) -> None:
        """Start the watch."""
        self._asked = time.perf_counter()

    def decided(self, world: AnyWorld, briefing: Any, legal: Any, decision: Any) -> None:
        """Stop it."""
        self.latencies_ms.append(1000.0 * (time.perf_counter() - self._asked))

    def figures(self) -> Mapping[str, Any]:
        """The times."""
        return {"latencies_ms": self.latencies_ms}


class RealTime(Observer):
    """Holds a world back, so that it runs not faster than the clock allows.

    Args:
        acceleration: working time passes so many times faster than wall-clock time (10: a
            working hour in six minutes); None: as fast as it goes.
        clock: seconds, monotonic.
        sleep: waits so many seconds.

    Raises:
        GoliveError: an acceleration that is not positive.
    """

    def __init__(
        self,
        acceleration: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if acceleration is not None and not acceleration > 0.0:
            raise GoliveError(f"acceleration: {acceleration!r}: expected a number above 0")
        self._acceleration = acceleration
        self._clock, self._sleep = clock, sleep
        self._began = 0.0
        self._began_hour = 0.0

    def begun(self, world: AnyWorld) -> None:
        """Time begins to count."""
        self._began, self._began_hour = self._clock(), world.now

    def advanced(self, world: AnyWorld) -> None:
        """Wait until the clock is where the world is."""
        if self._acceleration is None:
            return
        passed = (world.now - self._began_hour) * SECONDS_PER_HOUR / self._acceleration
        while (left := self._began + passed - self._clock()) > 0.0:
            self._sleep(min(left, LONGEST_NAP_SECONDS))


@dataclass(frozen=True, slots=True)
class LastMorning:
    """The last decision point that an episode reached.

    Attributes:
        decisions: taken before it.
        snapshot: the world on it.
    """

    decisions: int
    snapshot: Snapshot


class MorningKeeper(Observer):
    """Keeps the world as it was at the last decision point.

    Attributes:
        morning: that decision point; None before the first.
    """

    def __init__(self) -> None:
        self.morning: LastMorning | None = None

    def asked(self, world: AnyWorld, briefing: Any, legal: Any) -> None:
        """Take a snapshot."""
        decisions = 0 if self.morning is None else self.morning.decisions + 1
        self.morning = LastMorning(decisions, world.snapshot())
