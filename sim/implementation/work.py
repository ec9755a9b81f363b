"""Mechanisms 1, 3 and 4: who works on what, how fast, and what it costs to switch.

Ready packages are taken in the order of their latest finish, those begun before first; a
package starts when everything that it needs is free at once (a parallel schedule-generation
scheme). Each work session is a SimPy timeout; at the end of the day every session ends with
its progress kept, so that nothing but data crosses the night.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import simpy
from simpy.events import URGENT

from .backlog import Backlog
from .context import Context
from .crew_speed import CrewSpeed
from .decision import NO_FOCUS, ROLES, WORKSTREAMS, Pace
from .package_log import log_session
from .state import Member, Package, PackageKind, Status

_EPSILON_HOURS = 1e-9
"""Sums of hours miss the end of the day by rounding; nothing is assigned in that last instant."""
_READY, _RUNNING, _BLOCKED = int(Status.READY), int(Status.RUNNING), int(Status.BLOCKED)
_FIX = int(PackageKind.FIX)
_CAREFUL, _RUSH = int(Pace.CAREFUL), int(Pace.RUSH)

ACTIVITY: dict[int, str] = {
    PackageKind.FIX: "rework",
    PackageKind.CLEANSE: "cleansing",
    PackageKind.TEST_CYCLE: "test",
    PackageKind.CHECK: "test",
    PackageKind.MOCK_LOAD: "mock_load",
    PackageKind.TRAINING: "training",
    PackageKind.CUTOVER: "cutover",
    PackageKind.REHEARSAL: "cutover",
}
"""Activity as which a session on a package counts; anything else is ``work``."""


@dataclass(slots=True, eq=False)
class Session:
    """One member (or team) at work on one package; lives within one day."""

    package: Package
    members: list[Member]
    start: float
    speed: float = 1.0
    """Effort hours in an hour of the only member's work."""
    hours: float = 0.0
    """Planned length, switching included."""
    switching: float = 0.0
    wall_hours: float = 0.0
    """Time in which the whole of the remaining work would be done."""
    key_user_hours: float = 0.0
    """Reserved from the pool for this session."""
    pool: int = -1
    will_finish: bool = False
    will_ask: bool = False
    lost: float = 0.0
    end: simpy.Event | None = None
    """Its planned end (a callback: a process would take three events); none once it is stopped."""


class Work(Backlog):
    """The crew at work, one day at a time.

    Args:
        context: of the world.
        on_done: called when a package is done, before its successors become ready.
        on_question: called when a package reaches its question; returns whether it stops.
    """

    def __init__(
        self,
        context: Context,
        on_done: Callable[[Package], None],
        on_question: Callable[[Package], bool],
    ) -> None:
        super().__init__(context, on_done)
        self.on_question = on_question
        self.speeds = CrewSpeed(context)
        self.environment = simpy.Environment()
        self.day_end = 0.0
        self.pool_index = {
            (pool.site, pool.department): index for index, pool in enumerate(self.state.pools)
        }
        self._sessions: dict[int, Session] = {}
        self._free: list[list[Member]] = [[] for _ in self.state.focus]
        self._pool_users = [0] * len(self.state.pools)
        self._environment_users = [0, 0, 0]
        self._busy_hours: list[float] = []
        self._dispatching = False

    # -- the day ---------------------------------------------------------------------------

    def start_day(self, environment: simpy.Environment, day_end: float) -> None:
        """Let everybody come in: speeds, free members and key users' hours of the day."""
        self.environment.__dict__.clear()  # yesterday's: SimPy's refer to themselves
        self.environment = environment
        self.day_end = day_end
        self.speeds.start_day()
        self._sessions.clear()
        self._busy_hours = [0.0] * len(self.state.members)
        for members in self._free:
            members.clear()
        for member in self.state.members:
            here = member.joined_day <= self.state.day
            if here and self.state.focus[member.role] != NO_FOCUS:
                self._free[member.role].append(member)
        self._dispatching = False
        self.request_dispatch()

    def member_joins(self, member: Member) -> None:
        """Let a new member begin today."""
        self._busy_hours.append(0.0)
        self.speeds.start_day()
        if self.state.focus[member.role] != NO_FOCUS:
            self._free[member.role].append(member)
            self.request_dispatch()

    def end_day(self) -> float:
        """Let everybody go home.

        Returns:
            Hours to be paid for, all members together.
        """
        hours = self.context.hours_per_day
        agentic = self.context.agentic
        paid = 0.0
        for member in self.state.members:
            if member.joined_day > self.state.day:
                continue  # a vendor's people who have not come yet
            on_duty = self.state.focus[member.role] != NO_FOCUS
            if on_duty:
                member.waiting_hours += max(0.0, hours - self._busy_hours[member.id])
            if on_duty or not agentic:
                paid += hours
        return paid

    # -- help from outside ------------------------------------------------------------------

    def contribute(self, package: Package, hours: float) -> float:
        """Let outside experts do effort hours on a ready package.

        Returns:
            Effort hours used.
        """
        if package.status != _READY:
            return 0.0
        used = min(hours, package.remaining_hours)
        share = used / package.remaining_hours if package.remaining_hours > 0.0 else 1.0
        expert = Session(package, self.state.members[:1], self.environment.now)
        expert.key_user_hours = share * package.key_user_hours
        if self.context.events.enabled:
            done = share * (package.planned_hours - package.done_hours)
            member, now = expert.members[0], self.context.hour
            log_session(self.context, package, member, now, used, done, "intervention")
        self._progress(package, expert, share)
        if share >= 1.0:
            self.finish(package)
        return used

    # -- dispatching -----------------------------------------------------------------------

    def request_dispatch(self) -> None:
        """Assign free members once everything of this moment has happened."""
        if not self._dispatching and self.environment.now < self.day_end - _EPSILON_HOURS:
            self._dispatching = True
            # Not at once: sessions that end at the same moment free their members first, and the
            # most urgent package has the choice among all of them.
            self.environment.timeout(0).callbacks.append(self._dispatch)

    def _dispatch(self, _event: Any) -> None:
        self._dispatching = False
        now = self.environment.now
        state = self.state
        shortest = self.context.parameters.shortest_session_hours
        if self.day_end - now < shortest:
            return
        focus = state.focus
        free = self._free
        idle = [0] * (len(WORKSTREAMS) + 1)
        total = 0
        for role, members in enumerate(free):
            idle[focus[role]] += len(members)
            total += len(members)
        packages = state.packages
        for _, _, index, workstream in self.ready.copy():  # starting one takes it out
            if idle[workstream]:  # most are passed over here: this loop is the world's hottest
                taken = self._try_start(packages[index], now)
                if taken:
                    idle[workstream] -= taken
                    total -= taken
                    if not total:
                        return

    def _try_start(self, package: Package, now: float) -> int:
        """Start the package if everything it needs is free; returns how many members it took."""
        state = self.state
        place = package.environment
        # Cheapest question first; a team is put together only when all else is there.
        if place >= 0:
            holder = state.environment_busy[place]
            if not state.environment_up[place] or (holder >= 0 and holder != package.id):
                return 0
            # What needs a system to itself waits until those who are on it have left.
            if package.exclusive and holder < 0 and self._environment_users[place]:
                return 0
        pool = -1
        if package.key_user_hours > 0.0 and package.department >= 0:
            pool = self.pool_index[package.site, package.department]
            people = state.pools[pool]
            if people.hours_left <= 0.0 or self._pool_users[pool] >= people.count:
                return 0
        session = self._team(package, now)
        if session is None or not self._size(session, pool):
            return 0
        self._begin(session)
        return len(session.members)

    def _team(self, package: Package, now: float) -> Session | None:
        """A session of who would take the package: the fastest free member, or the team it needs.

        None: nobody is there.
        """
        focus, workstream = self.state.focus, package.workstream
        if package.role_units:
            team: list[Member] = []
            for role, units in enumerate(package.role_units):
                if units and (focus[role] != workstream or len(self._free[role]) < units):
                    return None
                team += self._free[role][:units]
            return Session(package, team, now)
        speeds = self.speeds
        best: Member | None = None
        best_speed = 0.0
        for role, members in enumerate(self._free):
            if members and focus[role] == workstream:
                role_speed = speeds.of_role(role, workstream)
                for member in members:
                    speed = role_speed * speeds.member_factor[member.id]
                    if speed > best_speed:
                        best, best_speed = member, speed
        return None if best is None else Session(package, [best], now, speed=best_speed)

    def _size(self, session: Session, pool: int) -> bool:
        """Plan how long the session will be, and why it ends; False: not worth beginning."""
        package = session.package
        available = self.day_end - session.start
        # ``wall`` is the time that all of the remaining work would take without an end of the day;
        # ``share`` is how much of it this session can do: the least of what key users have left,
        # of the way to the package's question, and of the day.
        if package.role_units:
            wall = package.remaining_hours
        else:
            member = session.members[0]
            crew_hours = package.remaining_hours / session.speed
            # Key users are people: the crew, however fast, sits with them for their hours.
            wall = crew_hours if pool < 0 else max(crew_hours, package.key_user_hours)
            if member.last_workstream not in (package.workstream, -1):
                session.switching = min(self.speeds.switching_hours, available)
        limit = available - session.switching
        share = 1.0
        if pool >= 0:
            left = self.state.pools[pool].hours_left
            if package.key_user_hours > left:
                share = left / package.key_user_hours
        if package.question_at >= 0.0 and package.remaining_hours > package.question_at:
            until_question = 1.0 - package.question_at / package.remaining_hours
            # A question beyond today's reach is left for another session.
            if until_question <= share and until_question * wall <= limit:
                share, session.will_ask = until_question, True
        if share * wall > limit:
            share, session.will_ask = limit / wall, False
        elif share == 1.0:
            session.will_finish = True
        # Crumbs are not worth a meeting, unless they finish the package or bring its question up:
        # those would never be reached otherwise.
        shortest = self.context.parameters.shortest_session_hours
        if share * wall < shortest and not (session.will_finish or session.will_ask):
            return False
        session.wall_hours = wall
        if pool >= 0:
            session.pool = pool
            session.key_user_hours = share * package.key_user_hours
        session.hours = session.switching + share * wall
        return True

    def _begin(self, session: Session) -> None:
        package = session.package
        for member in session.members:
            self._free[member.role].remove(member)
            member.last_workstream = package.workstream
            member.last_package = package.id
        if session.pool >= 0:
            people = self.state.pools[session.pool]
            people.hours_left -= session.key_user_hours
            people.used_today += session.key_user_hours
            self._pool_users[session.pool] += 1
        if package.environment >= 0:
            self._environment_users[package.environment] += 1
            if package.exclusive:
                self.state.environment_busy[package.environment] = package.id
        self.set_status(package, _RUNNING)
        if package.first_member < 0:
            package.first_member = session.members[0].id
        self._sessions[package.id] = session
        session.end = self.environment.timeout(session.hours, session)
        session.end.callbacks.append(self._ended)

    def _ended(self, end: simpy.Event) -> None:
        session: Any = end.value
        reason = "done" if session.will_finish else "question" if session.will_ask else "stopped"
        self._close(session, reason)

    def _stopped(self, stop: simpy.Event) -> None:
        session: Any = stop.value
        session.will_finish = session.will_ask = False
        self._close(session, "outage")

    def take_down(self, place: int, lost_share: float) -> None:
        """Take a system down: whoever works on it stops and loses part of the session's work."""
        self.state.environment_up[place] = False
        for session in list(self._sessions.values()):
            if session.package.environment == place and session.end is not None:
                session.lost = lost_share
                session.end.callbacks.clear()
                session.end = None
                self._stop(session)

    def _stop(self, session: Session) -> None:
        """End a session before all else of the moment, but after what stops it."""
        stop: Any = simpy.Event(self.environment)  # no subclass of it: mypyc cannot compile one
        stop._ok, stop._value = True, session
        stop.callbacks.append(self._stopped)
        self.environment.schedule(stop, URGENT)

    def bring_up(self, place: int) -> None:
        """Bring a system back, unless a disruption still holds it down."""
        if not any(place in disruption.holds for disruption in self.state.disruptions):
            self.state.environment_up[place] = True
            self.request_dispatch()

    # -- the end of a session --------------------------------------------------------------

    def _close(self, session: Session, reason: str) -> None:
        package = session.package
        session.end = None  # it refers to its session; a circle lives till the collector comes
        now = self.context.hour = self.environment.now
        elapsed = now - session.start
        worked = max(0.0, elapsed - session.switching)
        self._give_back(session, worked)
        for member in session.members:
            self._book(member, package, session, elapsed, worked)
        share = 1.0 if session.will_finish else min(1.0, worked / session.wall_hours)
        if self.context.events.enabled:
            self._record(session, now, reason, share)
        self._progress(package, session, share * (1.0 - session.lost))
        if session.will_finish:
            self.finish(package)
        elif session.will_ask:
            package.remaining_hours = package.question_at
            package.question_at = -1.0
            self.set_status(package, _BLOCKED if self.on_question(package) else _READY)
        else:
            self.set_status(package, _READY)
        self.request_dispatch()

    def _give_back(self, session: Session, worked: float) -> None:
        package = session.package
        del self._sessions[package.id]
        for member in session.members:
            insort(self._free[member.role], member, key=_member_id)
        if session.pool >= 0:
            people = self.state.pools[session.pool]
            self._pool_users[session.pool] -= 1
            if not (session.will_finish or session.will_ask):
                used = min(1.0, worked / session.wall_hours) * package.key_user_hours
                unused = max(0.0, session.key_user_hours - used)
                people.hours_left += unused
                people.used_today -= unused
                session.key_user_hours -= unused
        if package.environment >= 0:
            self._environment_users[package.environment] -= 1
            if package.exclusive and session.will_finish:
                self.state.environment_busy[package.environment] = -1

    def _book(
        self, member: Member, package: Package, session: Session, elapsed: float, worked: float
    ) -> None:
        self._busy_hours[member.id] += elapsed
        member.switching_hours += elapsed - worked
        if package.kind == _FIX:
            member.rework_hours += worked
        else:
            member.useful_hours += worked

    def _progress(self, package: Package, session: Session, share: float) -> None:
        """A share of the remaining work is done."""
        estimate = package.planned_hours - package.done_hours
        done = estimate * share
        totals = self.state.totals[package.workstream]
        package.done_hours += done
        self.changed(package)
        if self.state.hypercare_start < 0:
            totals.effort_hours += package.remaining_hours * share
        package.remaining_hours *= 1.0 - share
        package.key_user_hours = max(0.0, package.key_user_hours - session.key_user_hours)
        totals.done += done
        totals.remaining -= done
        totals.ready_hours -= done
        totals.experience += done
        self.state.hours_total += done
        if package.defect_mean > 0.0 and package.planned_hours > 0.0:
            part = done / package.planned_hours
            pace = self.state.pace
            package.errors += part * self.speeds.error_factor(session.members[0])
            if pace == _CAREFUL:
                package.careful += part
            elif pace == _RUSH:
                package.rushed += part

    def _record(self, session: Session, now: float, reason: str, share: float) -> None:
        package = session.package
        estimate = package.planned_hours - package.done_hours
        log_session(
            self.context,
            package,
            session.members[0],
            session.start,
            share * package.remaining_hours,
            share * (1.0 - session.lost) * estimate,
            reason,
        )
        site = self.context.customer.sites[package.site].name
        for member in session.members:
            self.context.events.session(
                session.start,
                now,
                ROLES[member.role].value,
                member.id,
                package.name,
                WORKSTREAMS[package.workstream].value,
                site,
                ACTIVITY.get(package.kind, "work"),
                reason,
            )


def _member_id(member: Member) -> int:
    return member.id
