"""Missing requirements: a share of what must be built was never written down.

They lie dormant in the scope from kick-off (``targets``: their packages), in proportion to the
baseline's build effort, and are missed from the onset on. Finished fit-gap analyses, workshops,
test cycles, acceptance checks and in the end production bring them out one by one; the later, the
more each costs. The first one shows that the list has gaps: a requirements review finds most of
the rest. What is never built is missed in production.
"""

from __future__ import annotations

from ....core.arithmetic import plain_sum, whole_sum
from ....scenarios.implementation.disruption import Disruption as DisruptionRow
from ....scenarios.implementation.vocabulary import (
    AcceptanceCheckKind,
    DisruptionKind,
    RequirementKind,
    Workstream,
)
from .. import draws
from ..briefing import CHECKS, DEPARTMENTS, SystemEnvironment
from ..decision import WORKSTREAMS
from ..network import question_point
from ..state import DisruptionState, Package, PackageKind, Status
from ..strain import Strain
from .disruption import Disruption

MOST_PACKAGES = 64
"""More than this many are put together in larger packages."""
_KINDS = tuple(RequirementKind)
_BUILT = frozenset({PackageKind.BUILD, PackageKind.IMPORTED})
_RECONCILIATION = CHECKS.index(AcceptanceCheckKind.RECONCILIATION)
# Each kind of event draws beyond all events of the kinds before it.
_EVENTS = 1_000_000
_REVIEW, _FIT_GAP, _WORKSHOP, _TEST, _CHECK, _LIVE = (_EVENTS * event for event in range(1, 7))


class MissingRequirements(Disruption):
    """``amount``: completeness, the share of the requirements that was written down."""

    kind = DisruptionKind.MISSING_REQUIREMENTS
    amount_row = "completeness"

    def prepare(self, state: DisruptionState, row: DisruptionRow) -> None:
        """Put the packages that nobody knows of into the scope from the start."""
        super().prepare(state, row)
        built = plain_sum(
            package.planned_hours
            for package in self.world.packages
            if package.kind in _BUILT and package.in_baseline
        )
        written = max(self.parameter("least_completeness"), state.amount)
        hours = built * (1.0 - written) / written * self.parameter("effort")
        count = min(MOST_PACKAGES, round(hours / self.parameter("package_hours")))
        if hours > 0.0:
            count = max(1, count)
        for number in range(count):
            package = self._package(state, number, hours / count)
            self.world.packages.append(package)
            state.targets.append(package.id)
        state.injured = state.left = float(count)

    @staticmethod
    def _missing_share(state: DisruptionState) -> float:
        return 1.0 - state.amount

    def _package(self, state: DisruptionState, number: int, mean_hours: float) -> Package:
        p, streams, tables = self.context.parameters, self.context.streams, self.context.tables
        key = state.number * MOST_PACKAGES + number
        departments = sorted({pool.department for pool in self.world.pools})
        where = int(streams.uniform(draws.MISSING_DEPARTMENT, key) * len(departments))
        department = departments[where]
        kind = _KINDS[int(streams.uniform(draws.MISSING_KIND, key) * len(_KINDS))]
        simple = kind is RequirementKind.CONFIGURATION
        share = p.key_user_share_configuration if simple else p.key_user_share_customisation
        prepared = p.key_user_share_agentic if self.context.agentic else 1.0
        planned = mean_hours * tables.response.at(streams.uniform(draws.MISSING_EFFORT, key))
        true = planned * tables.response.at(streams.uniform(draws.MISSING_EFFORT, key, 1))
        true *= self.world.project_factor
        moment = streams.uniform(draws.MISSING_QUESTION, key)
        site = self.world.sites[0]
        return Package(
            id=len(self.world.packages),
            name=f"missing requirement {number + 1} ({DEPARTMENTS[department].value})",
            kind=int(PackageKind.CHANGE),
            workstream=WORKSTREAMS.index(
                Workstream.CONFIGURATION if simple else Workstream.CUSTOMISATION
            ),
            department=department,
            subject=len(self.world.disruptions),
            planned_hours=planned,
            remaining_hours=true,
            key_user_hours=planned * share * prepared,
            latest_finish_hour=site.planned_day
            * self.context.hours_per_day
            * (1.0 - p.test_reserve),
            environment=int(SystemEnvironment.SANDBOX),
            status=int(Status.DORMANT),
            question_at=question_point(true, moment, self.context.parameters),
            defect_mean=float(getattr(p, f"defects_{kind}")),
            in_baseline=False,
        )

    # -- what brings them out --------------------------------------------------------------

    def _come_out(
        self, state: DisruptionState, chance: float, event: int, department: int = -1
    ) -> None:
        """Each that nobody knows of yet comes out with a probability.

        Args:
            state: of the disruption.
            chance: probability.
            event: addresses the draws.
            department: whose only; -1: all.
        """
        found = False
        for number, index in enumerate(state.targets):
            package = self.world.packages[index]
            if package.status != Status.DORMANT or department not in (-1, package.department):
                continue
            key = state.number * MOST_PACKAGES + number
            if self.context.streams.uniform(draws.MISSING_FOUND, key, event) < chance:
                self.scope.add(package, "requirement_found")
                found = True
        if found:
            self.notice_now(state)

    def package_done(self, state: DisruptionState, package: Package) -> None:
        """Bring some out by a fit-gap analysis, an acceptance check or the review."""
        if package.kind == PackageKind.DISCOVERY and package.order == 1:
            chance = self.parameter("found_discovery")
            self._come_out(state, chance, _FIT_GAP + package.site, package.department)
        elif package.kind == PackageKind.CHECK and package.subject != _RECONCILIATION:
            attempt = package.attempts * len(CHECKS) + package.subject
            self._come_out(state, self.parameter("found_check"), _CHECK + attempt)
        elif package.id in state.responses:
            self._come_out(state, self.parameter("found_review"), _REVIEW)
        elif package.id in state.targets:
            self._count(state)

    def workshop_held(self, state: DisruptionState) -> None:
        """Bring some out in a workshop: who talks to others misses what nobody wrote down."""
        self._come_out(state, self.parameter("found_workshop"), _WORKSHOP + self.world.workshops)

    def test_cycle_done(self, state: DisruptionState) -> None:
        """Bring some out by testers, who cannot do what the list forgot."""
        self._come_out(state, self.parameter("found_test"), _TEST + self.world.cycles_done)

    def end_day(self, state: DisruptionState) -> None:
        """Bring some out in production, which needs what is not there."""
        if self.live_sites():
            self._come_out(state, self.parameter("found_live"), _LIVE + self.world.day)
        self._count(state)

    def _count(self, state: DisruptionState) -> None:
        packages = self.world.packages
        state.left = float(
            whole_sum(packages[index].status != Status.DONE for index in state.targets)
        )

    # -- what it does, and what mends it ---------------------------------------------------

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        """Let what is not built be missed by those who test the system, and who work with it."""
        if not state.injured:
            return
        unbuilt = self._missing_share(state) * state.left / state.injured
        strain.unmet += unbuilt
        strain.user_failing += self.parameter("user_failing") * unbuilt
        for index, site in enumerate(self.world.sites):
            if site.live_day >= 0:
                strain.live_loss[index] += self.parameter("live_loss") * unbuilt

    def notice(self, state: DisruptionState) -> None:
        """Have all departments go through the list once more, as it has gaps."""
        self.people.shift_trust(self.parameter("trust") * self._missing_share(state))
        hours = self.parameter("review_hours") * self._missing_share(state) * self.size()
        if state.targets:
            self.respond(
                state,
                "requirements review",
                Workstream.DISCOVERY,
                hours,
                department=self.world.packages[state.targets[0]].department,
                key_user_hours=hours * self.parameter("review_key_user_share"),
            )

    def mended(self, state: DisruptionState) -> bool:
        """True if the review and all that is known are done; the customer lives with the rest."""
        packages = self.world.packages
        built = all(packages[i].status in (Status.DORMANT, Status.DONE) for i in state.targets)
        self._count(state)
        return (
            self.responded(state)
            and built
            and state.left <= self.parameter("accepted") * state.injured
        )
