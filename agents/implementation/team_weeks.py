"""Weeks of a team in an implementation: who did what, who waited, what was passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...core.arithmetic import plain_sum, whole_sum
from ...sim.implementation.briefing import Briefing
from ...sim.implementation.decision import ROLES, WORKSTREAMS
from ..team import TeamObserver
from .crew_time import CrewTime, crew_time, total

if TYPE_CHECKING:
    from ...envs.team import TeamEnv

DAYS_PER_WEEK = 5


@dataclass(frozen=True, slots=True)
class RoleWeek:
    """A week of one role.

    Attributes:
        role: its name.
        tasks: packages of the plan that it worked on, and the hours it spent, most first.
        done: of them, those that it finished.
        days: that it was put on each workstream.
        moves: of its own that were carried out.
        lost: its proposals that gave way to others'.
        messages: that it sent.
        days_away: in which it was away.
        useful_hours, rework_hours, waiting_hours, switching_hours: of its members.
    """

    role: str
    tasks: Mapping[str, float]
    done: tuple[str, ...]
    days: Mapping[str, int]
    moves: tuple[str, ...]
    lost: int
    messages: tuple[str, ...]
    days_away: int
    useful_hours: float
    rework_hours: float
    waiting_hours: float
    switching_hours: float


@dataclass(frozen=True, slots=True)
class HandOver:
    """A package that another role went on with.

    Attributes:
        package: its name.
        giver: the role that had it before.
        taker: the role that went on with it.
        day: on which.
    """

    package: str
    giver: str
    taker: str
    day: int


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """A week of a team.

    Attributes:
        number: from 1 on.
        planned: workstreams that the phase plan has in it.
        roles: in order.
        hand_overs: packages that another role went on with.
        collaboration: useful share of the hours in which there was something to do, 0 to 1.
        waited_for_others: share of the same in which a role waited beside ready work of its own
            workstream: the customer, a system or another role was missing.
        rework: share of the same in which was mended what was done before.
        messages: sent by all.
    """

    number: int
    planned: tuple[str, ...]
    roles: tuple[RoleWeek, ...]
    hand_overs: tuple[HandOver, ...]
    collaboration: float
    waited_for_others: float
    rework: float
    messages: int


@dataclass(slots=True)
class _Day:
    """A decision point, and what came of it until the next."""

    before: Briefing
    after: Briefing
    moves: list[str]
    lost: list[int]
    messages: list[str]
    away: list[bool]

    @property
    def length(self) -> int:
        return self.after.calendar.day - self.before.calendar.day

    @property
    def week(self) -> int:
        return self.before.calendar.day // DAYS_PER_WEEK


class TeamWeeks(TeamObserver):
    """Keeps the weeks of an episode whose world is recorded."""

    def begun(self, environment: TeamEnv) -> None:
        """Begin with no week."""
        self._days: list[_Day] = []

    def decided(self, environment: TeamEnv, actions: Mapping[str, int]) -> None:
        """Note what is proposed, said, and who is away."""
        joined, said = environment.joined(actions)
        moves = environment.actions.choices.factors[-1].choices
        self._pending = (
            environment.briefing,
            [moves[joined.action[-1]] if count else "" for count in joined.carried],
            joined.lost,
            [
                role.messages[message] if message >= 0 else ""
                for role, message in zip(environment.actions.roles, said, strict=True)
            ],
            [bool(environment.away(role)) for role in environment.team.names],
        )

    def advanced(self, environment: TeamEnv, informations: Mapping[str, Any]) -> None:
        """Add the time until this decision point."""
        before, moves, lost, messages, away = self._pending
        self._days.append(_Day(before, environment.briefing, moves, lost, messages, away))

    def weeks(self, environment: TeamEnv) -> list[TeamWeek]:
        """The weeks so far."""
        sessions = environment.world_env.world.gantt().sort("start_hour").to_dicts()
        hours = self._days[0].before.calendar.hours_per_day if self._days else 8.0
        found = []
        for number in sorted({day.week for day in self._days}):
            days = [day for day in self._days if day.week == number]
            from_day, to_day = days[0].before.calendar.day, days[-1].after.calendar.day
            own = [s for s in sessions if from_day <= s["start_hour"] / hours < to_day]
            time = total(crew_time(day.before, day.after) for day in days)
            planned = days[0].before.calendar.planned_focus
            found.append(
                TeamWeek(
                    number=number + 1,
                    planned=tuple(
                        str(name) for name, now in zip(WORKSTREAMS, planned, strict=True) if now
                    ),
                    roles=tuple(_role_week(place, days, own) for place in range(len(ROLES))),
                    hand_overs=_hand_overs(sessions, from_day, to_day, hours),
                    collaboration=time.collaboration,
                    waited_for_others=_share(time.waiting_own, time),
                    rework=_share(time.rework, time),
                    messages=whole_sum(bool(m) for day in days for m in day.messages),
                )
            )
        return found


def _share(hours: float, time: CrewTime) -> float:
    return hours / time.employable if time.employable > 0.0 else 0.0


def _role_week(place: int, days: list[_Day], sessions: list[dict[str, Any]]) -> RoleWeek:
    role = str(ROLES[place])
    tasks: dict[str, float] = {}
    done = []
    for session in sessions:
        if session["role"] == role:
            name = str(session["package"])
            spent = float(session["end_hour"] - session["start_hour"])
            tasks[name] = tasks.get(name, 0.0) + spent
            if session["reason_ended"] == "done":
                done.append(name)
    worked: dict[str, int] = {}
    for day in days:
        focus = day.after.roles[place].focus
        if focus < len(WORKSTREAMS):
            name = str(WORKSTREAMS[focus])
            worked[name] = worked.get(name, 0) + day.length
    statuses = [day.after.roles[place] for day in days]
    return RoleWeek(
        role=role,
        tasks=dict(sorted(tasks.items(), key=lambda item: -item[1])),
        done=tuple(dict.fromkeys(done)),
        days=worked,
        moves=tuple(day.moves[place] for day in days if day.moves[place]),
        lost=whole_sum(day.lost[place] for day in days),
        messages=tuple(day.messages[place] for day in days if day.messages[place]),
        days_away=whole_sum(day.length for day in days if day.away[place]),
        useful_hours=plain_sum(status.useful_hours for status in statuses),
        rework_hours=plain_sum(status.rework_hours for status in statuses),
        waiting_hours=plain_sum(status.waiting_hours for status in statuses),
        switching_hours=plain_sum(status.switching_hours for status in statuses),
    )


def _hand_overs(
    sessions: list[dict[str, Any]], from_day: int, to_day: int, hours: float
) -> tuple[HandOver, ...]:
    """Packages that another role goes on with between two days."""
    having: dict[tuple[str, str], str] = {}
    found = []
    for session in sessions:
        key = (str(session["package"]), str(session["site"]))
        role, day = str(session["role"]), int(session["start_hour"] // hours)
        giver = having.get(key, role)
        if giver != role and from_day <= day < to_day:
            found.append(HandOver(key[0], giver, role, day))
        having[key] = role
    return tuple(found)
