"""Running a world in real time, or so many times faster."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from ..scenarios import GoliveError
from .protocol import World

SECONDS_PER_HOUR = 3600.0
LONGEST_NAP_SECONDS = 0.5
"""Sleep is cut into naps, so that an interruption is felt at once."""

BriefingT = TypeVar("BriefingT")
DecisionT = TypeVar("DecisionT")
LegalT = TypeVar("LegalT")
ScorecardT = TypeVar("ScorecardT")


def run_in_real_time(
    world: World[BriefingT, DecisionT, LegalT, ScorecardT],
    decide: Callable[[BriefingT, LegalT], DecisionT],
    *,
    acceleration: float | None = None,
    hours_per_decision: Callable[[BriefingT], float],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[BriefingT]:
    """Run a world to its end, not faster than the clock allows.

    Args:
        world: at a decision point.
        decide: the policy.
        acceleration: working time passes so many times faster than wall-clock time (10: a
            working hour in six minutes); ``None``: as fast as it goes.
        hours_per_decision: working hours until the next decision point, from a briefing.
        clock: seconds, monotonic.
        sleep: waits so many seconds.

    Yields:
        The briefing of each decision point reached, the last one included.

    Raises:
        GoliveError: an acceleration that is not positive.
    """
    if acceleration is not None and not acceleration > 0.0:
        raise GoliveError(f"acceleration: {acceleration!r}: expected a number above 0")
    due = clock()
    while not world.finished:
        briefing = world.briefing()
        yield briefing
        world.advance(decide(briefing, world.legal()))
        if acceleration is not None:
            due += hours_per_decision(briefing) * SECONDS_PER_HOUR / acceleration
            _wait_until(due, clock, sleep)
    yield world.briefing()


def _wait_until(due: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
    while (left := due - clock()) > 0.0:
        sleep(min(left, LONGEST_NAP_SECONDS))
