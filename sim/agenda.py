"""The agenda: coming happenings as data, and the SimPy events that wait for them.

An event holds nothing but the moment that it waits for. So a restored world starts events for what
the data says and goes on as the one that lived through it; and what happens at the same moment
happens in an order of the data, never of who was started first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import simpy


@dataclass(slots=True)
class Due:
    """Something that will happen at a moment.

    Attributes:
        at: hour.
        kind: what; of what happens at one moment, in this order.
        whom: whom it concerns, a number of the world's own.
        order: number in the order in which it was noted, for what happens to one twice.
        value: what kind needs to know besides.
    """

    at: float
    kind: int
    whom: int
    order: int
    value: float = 0.0


class Dues(Protocol):
    """The part of a world's state that an agenda reads and writes.

    Attributes:
        now: hour.
        dues: what will happen, by the order in which it was noted.
        next_order: of the next one.
    """

    now: float
    dues: dict[int, Due]
    next_order: int


class Agenda:
    """Waits in simulated time for what the state's dues say.

    Args:
        state: of the world whose agenda it is.
        happen: hears of each that has come.
    """

    def __init__(self, state: Dues, happen: Callable[[Due], None]) -> None:
        self._state = state
        self._happen = happen
        self._environment = simpy.Environment(initial_time=state.now)
        self._at: dict[float, list[Due]] = {}
        for due in state.dues.values():
            self._wait_for(due)

    def note(self, at: float, kind: int, whom: int, value: float = 0.0) -> int:
        """Let something happen at an hour, not before now; its order is returned.

        Hours that are to meet at one moment must be equal to the bit: keep them to whole ticks.
        """
        state = self._state
        due = Due(at, int(kind), whom, state.next_order, value)
        state.next_order += 1
        state.dues[due.order] = due
        self._wait_for(due)
        return due.order

    def _wait_for(self, due: Due) -> None:
        others = self._at.get(due.at)
        if others is not None:
            others.append(due)
            return
        self._at[due.at] = [due]
        environment = self._environment
        wait = environment.timeout(due.at - environment.now, due.at)
        wait.callbacks.append(self._come)

    def _come(self, event: simpy.Event) -> None:
        at = float(event.value)  # type: ignore[arg-type]
        state = self._state
        state.now = at
        dues = self._at.pop(at)
        if len(dues) > 1:
            dues.sort(key=lambda due: (due.kind, due.whom, due.order))
        for due in dues:
            del state.dues[due.order]
        for due in dues:
            self._happen(due)

    def step(self) -> None:
        """Go to the next moment at which something happens, and let it."""
        self._environment.step()
