"""What every disruption is: onset, what it touches, how it is noticed, how it is recovered from."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Protocol

import simpy

from ..context import Context
from ..state import OutageState


class Disruption(Protocol):
    """A kind of disruption; what happens to one of them stands in its state record."""

    def begin(self, state: OutageState) -> None:
        """Onset: it begins to do damage; nobody knows yet."""
        ...

    def notice(self, state: OutageState) -> None:
        """From now on the briefing shows it."""
        ...

    def recover(self, state: OutageState) -> None:
        """It is over."""
        ...


def timeline(
    environment: simpy.Environment,
    context: Context,
    kind: Disruption,
    state: OutageState,
    day_end: float,
) -> Generator[simpy.Event, None, None]:
    """One day of a disruption: its onset, notice and recovery, as far as they fall in today."""
    steps: tuple[tuple[float, str, Callable[[OutageState], None]], ...] = (
        (state.onset_hour, "begun", kind.begin),
        (state.notice_hour, "noticed", kind.notice),
        (state.recovery_hour, "recovered", kind.recover),
    )
    for hour, flag, happen in steps:
        if getattr(state, flag):
            continue
        if hour >= day_end:
            return
        if hour > environment.now:
            yield environment.timeout(hour - environment.now)
        context.hour = environment.now
        setattr(state, flag, True)
        happen(state)
        context.events.event(environment.now, f"disruption_{flag}", state.kind)
