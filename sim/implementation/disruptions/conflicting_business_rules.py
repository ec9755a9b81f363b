"""Conflicting business rules: pairs of departments work by rules that contradict each other.

Sales promises what production may not build, finance books what the warehouse has not shipped.
What is built for the two meanwhile carries both rules: extra defects. When a conflict comes out (a
package against what the other department has built, a test cycle, a workshop, somebody tells)
the open build packages of both departments stop until their heads agree. That takes as
long as the less trusting of the two makes it; a workshop settles most conflicts, an escalation
one, at the price of the heads' trust. What was set up is then harmonised; until it is, what is
built on it is contradictory still.

``values`` holds per conflict its phase and an hour: until it is told, or until the heads agree.
``targets`` holds the two departments of each conflict, then the packages that are stopped.
"""

from __future__ import annotations

from enum import IntEnum
from itertools import combinations

from ....scenarios.implementation.disruption import Disruption as DisruptionRow
from ....scenarios.implementation.vocabulary import DisruptionKind, Workstream
from .. import draws
from ..briefing import DEPARTMENTS, DefectSeverity
from ..state import DisruptionState, Package, PackageKind, Status
from ..strain import Strain
from .disruption import Disruption

MOST_CONFLICTS = 16
MOST_DEFECTS = 8
"""Of one conflict in one package."""
# More packages than a project has; beyond them draw test cycles and workshops.
_PACKAGES = 1 << 16
_DEFECT_KEY = 1 << 43  # beyond the keys of all other defects
_BUILDING = frozenset({PackageKind.BUILD, PackageKind.CHANGE})


class Phase(IntEnum):
    """Phases of a conflict."""

    UNKNOWN = 0
    OPEN = 1
    SETTLED = 2
    HARMONISED = 3


class ConflictingBusinessRules(Disruption):
    """``amount``: how many pairs of departments."""

    kind = DisruptionKind.CONFLICTING_BUSINESS_RULES
    amount_row = "count"

    def prepare(self, state: DisruptionState, row: DisruptionRow) -> None:
        """Draw which departments, and when somebody would tell; the worse contain the milder."""
        streams, notice = self.context.streams, self.context.tables.notice
        super().prepare(state, row)
        departments = sorted({pool.department for pool in self.world.pools})
        pairs = list(combinations(departments, 2)) or [(departments[0], departments[0])]
        order = sorted(
            range(len(pairs)),
            key=lambda pair: streams.uniform(draws.CONFLICT_PAIR, self._key(state, pair)),
        )
        days = self.parameter("notice_days")
        for conflict, pair in enumerate(order[: min(MOST_CONFLICTS, round(state.amount))]):
            state.targets += pairs[pair]
            draw = streams.uniform(draws.CONFLICT_TOLD, self._key(state, conflict))
            told = state.onset_hour + days * self.context.hours_per_day * notice.at(draw)
            state.values += [float(Phase.UNKNOWN), told]
        state.injured = state.left = float(self._count(state))
        state.notice_hour = min(state.values[1::2])

    # -- the record ------------------------------------------------------------------------

    @staticmethod
    def _key(state: DisruptionState, conflict: int) -> int:
        return state.number * MOST_CONFLICTS + conflict

    @staticmethod
    def _count(state: DisruptionState) -> int:
        return len(state.values) // 2

    @staticmethod
    def _pair(state: DisruptionState, conflict: int) -> list[int]:
        return state.targets[2 * conflict : 2 * conflict + 2]

    @staticmethod
    def _in(state: DisruptionState, phase: Phase) -> list[int]:
        """Conflicts in a phase."""
        return [number for number, now in enumerate(state.values[::2]) if now == phase]

    def _title(self, state: DisruptionState, conflict: int) -> str:
        return " and ".join(DEPARTMENTS[index].value for index in self._pair(state, conflict))

    # -- what comes out, and what is settled -----------------------------------------------

    def _comes_out(self, state: DisruptionState, conflict: int) -> None:
        """The two departments see that they contradict each other: what they build stops."""
        p, streams, tables = self.context.parameters, self.context.streams, self.context.tables
        trust = min(self.people.department_trust(index) for index in self._pair(state, conflict))
        mood = max(p.latency_floor, 1.0 + p.latency_trust_slope * (p.neutral_trust - trust))
        draw = streams.uniform(draws.CONFLICT_LATENCY, self._key(state, conflict))
        days = self.by_severity("agreement_days", state) * mood * tables.notice.at(draw)
        due = self.context.hour + days * self.context.hours_per_day
        state.values[2 * conflict : 2 * conflict + 2] = [float(Phase.OPEN), due]
        self.context.note("conflict_found", self._title(state, conflict))
        self._stop_building(state)
        self.notice_now(state)

    def _settle(self, state: DisruptionState, conflict: int) -> None:
        """The heads agree; what both have set up is harmonised."""
        state.values[2 * conflict] = float(Phase.SETTLED)
        title = self._title(state, conflict)
        self.context.note("conflict_settled", title)
        self._go_on_building(state)
        hours = self.parameter("harmonise_hours") * self.size()
        harmonisation = self.respond(
            state,
            f"harmonise {title}",
            Workstream.CONFIGURATION,
            hours,
            department=self._pair(state, conflict)[0],
            key_user_hours=hours * self.parameter("harmonise_key_user_share"),
        )
        harmonisation.order = conflict

    def _stopped_departments(self, state: DisruptionState) -> set[int]:
        return {
            index
            for conflict in self._in(state, Phase.OPEN)
            for index in self._pair(state, conflict)
        }

    def _stop_building(self, state: DisruptionState) -> None:
        """Open build packages wait; a session under way ends first."""
        departments = self._stopped_departments(state)
        if not departments:
            return
        for package in self.world.packages:
            if package.kind not in _BUILDING or package.department not in departments:
                continue
            if package.status == Status.READY:
                self.work.set_status(package, Status.BLOCKED)
                state.targets.append(package.id)
            elif package.status == Status.WAITING and not package.held:
                self.work.hold(package)
                state.targets.append(package.id)

    def _go_on_building(self, state: DisruptionState) -> None:
        departments = self._stopped_departments(state)
        pairs = 2 * self._count(state)
        stopped, state.targets[pairs:] = state.targets[pairs:], []
        for index in stopped:
            package = self.world.packages[index]
            if package.department in departments:
                state.targets.append(index)
            elif package.status == Status.BLOCKED:
                self.work.resume(package)
            else:
                package.held = False
                self.work.release(package)

    # -- events ----------------------------------------------------------------------------

    def start_day(self, state: DisruptionState) -> None:
        """Let somebody tell, heads agree, and what has become ready stop."""
        now = self.context.hour
        for conflict in self._in(state, Phase.UNKNOWN):
            if state.values[2 * conflict + 1] <= now:
                self._comes_out(state, conflict)
        for conflict in self._in(state, Phase.OPEN):
            if state.values[2 * conflict + 1] <= now:
                self._settle(state, conflict)
        self._stop_building(state)

    def notice(self, state: DisruptionState) -> None:
        """Bring the first conflict out by somebody who tells, unless an event has done so."""
        if len(self._in(state, Phase.UNKNOWN)) == self._count(state):
            moments = state.values[1::2]
            self._comes_out(state, moments.index(min(moments)))

    def package_done(self, state: DisruptionState, package: Package) -> None:
        """Let what is built on contradictory rules be wrong for one of the two; they may see it."""
        if package.id in state.responses:
            state.values[2 * package.order] = float(Phase.HARMONISED)
            state.left -= 1.0
        if package.kind not in _BUILDING:
            return
        for conflict in range(self._count(state)):
            pair = self._pair(state, conflict)
            if package.department in pair and state.values[2 * conflict] != Phase.HARMONISED:
                self._contradict(state, conflict, package)
                if state.values[2 * conflict] == Phase.UNKNOWN:
                    self._compare(state, conflict, package)

    def _contradict(self, state: DisruptionState, conflict: int, package: Package) -> None:
        streams, exponential = self.context.streams, self.context.tables.exponential
        key = (self._key(state, conflict) * _PACKAGES + package.id) * MOST_DEFECTS
        arrival = 0.0
        for number in range(MOST_DEFECTS):
            draw = streams.uniform(draws.CONFLICT_DEFECTS, key + number)
            arrival += exponential.at(draw)
            if arrival > self.parameter("defects"):
                return
            self.defects.add(package.id, _DEFECT_KEY + key + number, int(DefectSeverity.MAJOR))

    def _compare(self, state: DisruptionState, conflict: int, package: Package) -> None:
        """True when the other department has built something that it contradicts visibly."""
        one, other = self._pair(state, conflict)
        against = other if package.department == one else one
        built = any(
            item.kind in _BUILDING and item.department == against and item.status == Status.DONE
            for item in self.world.packages
        )
        key = self._key(state, conflict)
        draw = self.context.streams.uniform(draws.CONFLICT_FOUND, key, package.id)
        if built and draw < self.parameter("found_build"):
            self._comes_out(state, conflict)

    def _look_for(self, state: DisruptionState, chance: float, event: int) -> None:
        for conflict in self._in(state, Phase.UNKNOWN):
            key = self._key(state, conflict)
            if self.context.streams.uniform(draws.CONFLICT_FOUND, key, event) < chance:
                self._comes_out(state, conflict)

    def test_cycle_done(self, state: DisruptionState) -> None:
        """Let a test's order that runs through both departments fail."""
        self._look_for(state, self.parameter("found_test"), _PACKAGES + self.world.cycles_done)

    def workshop_held(self, state: DisruptionState) -> None:
        """Put departments in one room: conflicts come out, and most of those known are settled."""
        number = self.world.workshops
        self._look_for(state, self.parameter("found_workshop"), 2 * _PACKAGES + number)
        for conflict in self._in(state, Phase.OPEN):
            key = self._key(state, conflict)
            draw = self.context.streams.uniform(draws.CONFLICT_SETTLED, key, number)
            if draw < self.parameter("settled"):
                self._settle(state, conflict)

    def escalated(self, state: DisruptionState) -> None:
        """Have the sponsor decide the conflict that would take longest; its heads resent it."""
        known = self._in(state, Phase.OPEN)
        if known:
            conflict = max(known, key=lambda number: (state.values[2 * number + 1], number))
            for department in dict.fromkeys(self._pair(state, conflict)):
                self.people.shift_department_trust(department, self.parameter("trust"))
            self._settle(state, conflict)

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        """Let the two departments work against each other in production."""
        for index, site in enumerate(self.world.sites):
            if site.live_day >= 0:
                strain.live_loss[index] += self.parameter("live_loss") * state.left

    def mended(self, state: DisruptionState) -> bool:
        """True if all are settled and harmonised."""
        return state.left == 0.0
