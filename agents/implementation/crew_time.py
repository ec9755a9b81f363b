"""The crew's hours by where they went, as a programme manager can tell it from two briefings.

Waiting is held against whoever decides only as far as there was work that the waiting could
have been: ready work left undone, or work stopped on a question. Every hour of such work is
set against waiting once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from ...core.arithmetic import plain_sum
from ...sim.implementation.briefing import Briefing
from ...sim.implementation.decision import ROLE_COUNT, WORKSTREAM_COUNT

LEAST_SPEED = 0.5
"""A role could have been put on a workstream if it is at least half as fast as a specialist."""


@dataclass(frozen=True, slots=True)
class CrewTime:
    """Hours of crew members on duty, by what became of them.

    Attributes:
        useful: on packages for the first time.
        rework: on mending what was done before.
        switching: between workstreams.
        waiting_own: waited although the workstream they were put on had ready work left
            (customer, system or a partner was missing).
        waiting_elsewhere: waited although another workstream had ready work left.
        waiting_blocked: waited while work was stopped on a question to the customer.
        waiting_free: waited, and there was no work they could have done.
    """

    useful: float = 0.0
    rework: float = 0.0
    switching: float = 0.0
    waiting_own: float = 0.0
    waiting_elsewhere: float = 0.0
    waiting_blocked: float = 0.0
    waiting_free: float = 0.0

    @property
    def staffed(self) -> float:
        """All hours on duty."""
        return plain_sum(astuple(self))

    @property
    def employable(self) -> float:
        """Hours on duty in which there was something to do."""
        return self.staffed - self.waiting_free

    @property
    def collaboration(self) -> float:
        """Useful share of the employable hours, 0..1; 0 if nobody was ever on duty."""
        return self.useful / self.employable if self.employable > 0.0 else 0.0


def total(parts: Iterable[CrewTime]) -> CrewTime:
    """The sum of several."""
    return CrewTime(*map(plain_sum, zip(*map(astuple, parts), strict=True)))


def crew_time(before: Briefing, after: Briefing) -> CrewTime:
    """The crew's hours between two decision points.

    Args:
        before: the briefing at the first.
        after: the briefing at the second; its hours are those since the first.
    """
    offer = _Offer(before, after)
    own = plain_sum(offer.take_ready(role, after.roles[role].focus) for role in range(ROLE_COUNT))
    able = [(r, to) for r in range(ROLE_COUNT) for to in _workstreams_by_speed(after, r)]
    elsewhere = plain_sum(offer.take_ready(role, workstream) for role, workstream in able)
    blocked = plain_sum(offer.take_blocked(role, workstream) for role, workstream in able)
    roles = after.roles
    return CrewTime(
        useful=plain_sum(role.useful_hours for role in roles),
        rework=plain_sum(role.rework_hours for role in roles),
        switching=plain_sum(role.switching_hours for role in roles),
        waiting_own=own,
        waiting_elsewhere=elsewhere,
        waiting_blocked=blocked,
        waiting_free=plain_sum(offer.waiting),
    )


class _Offer:
    """Work that was there and not done, handed out to who waited.

    Ready work is what was ready at the first decision point less what was done since. A package
    takes one member at a time, so there is room for as many hours as ready packages have in the
    period, less those that were worked. Work that became ready in between is not counted.
    """

    def __init__(self, before: Briefing, after: Briefing) -> None:
        self.waiting = [max(0.0, role.waiting_hours) for role in after.roles]
        self._skills = [role.skill for role in after.roles]
        days = max(1, after.calendar.day - before.calendar.day)
        hours = days * before.calendar.hours_per_day
        worked = _worked_hours(after)
        self._effort, self._room, self._blocked = [], [], []
        for index, (then, now) in enumerate(
            zip(before.workstreams, after.workstreams, strict=True)
        ):
            done = max(0.0, now.done_hours - then.done_hours)
            self._effort.append(max(0.0, then.ready_hours - done))
            self._room.append(max(0.0, then.ready_packages * hours - worked[index]))
            self._blocked.append(min(then.blocked_packages, now.blocked_packages) * hours)

    def take_ready(self, role: int, workstream: int) -> float:
        """Set a role's waiting against a workstream's ready work; returns the hours."""
        if workstream >= WORKSTREAM_COUNT:
            return 0.0
        speed = self._skills[role][workstream]
        if speed <= 0.0:
            return 0.0
        effort, room = self._effort[workstream], self._room[workstream]
        hours = min(self.waiting[role], room, effort / speed)
        self.waiting[role] -= hours
        self._room[workstream] -= hours
        self._effort[workstream] -= hours * speed
        return hours

    def take_blocked(self, role: int, workstream: int) -> float:
        """Set a role's waiting against a workstream's blocked work; returns the hours."""
        hours = min(self.waiting[role], self._blocked[workstream])
        self.waiting[role] -= hours
        self._blocked[workstream] -= hours
        return hours


def _worked_hours(after: Briefing) -> list[float]:
    """Hours that members were busy, per workstream (a role has one in a period)."""
    worked = [0.0] * (WORKSTREAM_COUNT + 1)
    for role in after.roles:
        worked[role.focus] += role.useful_hours + role.rework_hours + role.switching_hours
    return worked


def _workstreams_by_speed(briefing: Briefing, role: int) -> list[int]:
    """Workstreams that a role could have been put on, the fastest first."""
    skill = briefing.roles[role].skill
    able = [index for index in range(WORKSTREAM_COUNT) if skill[index] >= LEAST_SPEED]
    return sorted(able, key=lambda index: -skill[index])
