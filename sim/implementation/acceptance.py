"""Test cycles and acceptance checks: what looks for defects, and what must be passed."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.arithmetic import plain_sum, whole_sum
from ...scenarios.implementation.challenges import CheckChallenge
from ...scenarios.implementation.vocabulary import AcceptanceCheckKind
from . import draws
from .briefing import CHECKS, DefectSeverity
from .context import Context
from .defects import SEVERITY_WEIGHT, Defects
from .interfaces import Interfaces
from .migration import Migration
from .network_builder import RETEST_SHARE
from .people import People
from .scope import Scope
from .sites import PILOT, Sites
from .state import DefectState, Package, PackageKind
from .validation import failing_documents
from .work import Work

_CHECK_ATTEMPT = 2_000
"""Checks draw by attempts from here on; test cycles and discovery have those below."""


@dataclass(kw_only=True, eq=False, repr=False)
class Acceptance:
    """Tests of the system before it goes live."""

    context: Context
    work: Work
    defects: Defects
    interfaces: Interfaces
    migration: Migration
    people: People
    scope: Scope
    sites: Sites

    def __post_init__(self) -> None:
        self.state = self.context.state
        challenges = self.context.customer.challenges
        self._terms = {c.check: c for c in challenges if isinstance(c, CheckChallenge)}
        on_data = CHECKS.index(AcceptanceCheckKind.RECONCILIATION)
        self._on_system = [
            package
            for package in self.state.packages
            if package.kind == PackageKind.CHECK and package.subject != on_data
        ]

    def cycle_done(self) -> None:
        """End a test cycle: defects, failing interfaces and hidden requirements come out."""
        state, p = self.state, self.context.parameters
        sites = (PILOT, *self.sites.next_wave())
        prepared = self.work.done_share(PackageKind.TEST_PREPARATION, sites=sites)
        removal = p.removal_sit * (p.test_cases_floor + (1.0 - p.test_cases_floor) * prepared)
        state.cycles_done += 1
        found = self.defects.find(draws.DEFECT_IN_TEST, removal, state.cycles_done)
        self.interfaces.test()
        self.scope.tested(state.cycles_done)
        state.cycle_package = -1
        state.last_cycle_day = state.day
        state.last_cycle_defects = found
        state.last_cycle_pass_rate = self._pass_rate()
        state.built_since_cycle = 0.0
        neutral = p.demo_neutral_pass_rate
        demo = (state.last_cycle_pass_rate - neutral) / (1.0 - neutral)
        self.people.shift_trust(p.trust_demo * max(-1.0, demo))
        self._release_checks(data=False)
        self.context.note(
            "test_cycle",
            f"test cycle {state.cycles_done}",
            found=found,
            number=state.cycles_done,
            test_cases_prepared=prepared,
            pass_rate=state.last_cycle_pass_rate,
        )

    def _pass_rate(self) -> float:
        """Share of the built objects without a known open defect (severity-weighted)."""
        built = self.defects.built_packages()
        return max(0.0, 1.0 - self.defects.known_weight() / built) if built else 0.0

    def mock_load_done(self) -> None:
        """Open the way for reconciliation, after the first mock load for rehearsal too."""
        self._release_checks(data=True)
        if self.state.mock_loads_done == 1:
            for package in self.state.packages:
                if package.kind == PackageKind.REHEARSAL:
                    self.work.release(package)

    def _release_checks(self, *, data: bool) -> None:
        reconciliation = CHECKS.index(AcceptanceCheckKind.RECONCILIATION)
        for package in self.state.packages:
            on_data = package.subject == reconciliation
            if package.kind == PackageKind.CHECK and on_data == data and package.held:
                package.held = False
                self.work.release(package)

    def check_done(self, package: Package) -> None:
        """Judge an acceptance check that was run: passed, or to be repeated on new evidence.

        Reconciliation waits for the next mock load, the other checks for the next test cycle.
        """
        state, p = self.state, self.context.parameters
        package.attempts += 1
        kind = CHECKS[package.subject]
        attempt = _CHECK_ATTEMPT + package.attempts
        whom = package.subject
        passed = self._passes(kind, package.attempts)
        if kind is not AcceptanceCheckKind.RECONCILIATION:
            # Eight attempts apart, so that two checks of the same attempt draw differently.
            self.defects.find(draws.DEFECT_IN_CHECK, p.removal_uat, attempt * 8 + whom)
            self.scope.tested(attempt)
        self.context.note(
            "acceptance_check",
            package.name,
            package=package.id,
            tests_system=float(kind is not AcceptanceCheckKind.RECONCILIATION),
            passed=float(passed),
            attempt=package.attempts,
        )
        if passed:
            state.checks_passed[package.subject] = True
        else:
            self._retest(package)

    def built(self, package: Package) -> None:
        """Count what is built after a passed acceptance: beyond a little of it, acceptance lapses.

        What acceptance has passed is the system as it was; fixes are retested one by one.
        """
        state = self.state
        if package.kind == PackageKind.FIX or state.next_site:
            return
        passed = [check for check in self._on_system if state.checks_passed[check.subject]]
        if not passed:
            return
        state.built_since_acceptance += package.planned_hours
        most = self.context.parameters.acceptance_lapses * state.baseline_hours
        if state.built_since_acceptance <= most:
            return
        state.built_since_acceptance = 0.0
        state.acceptance_lapses += 1
        for check in passed:
            state.checks_passed[check.subject] = False
            self._retest(check)
        self.context.note("acceptance_lapsed", package.name, checks=len(passed))

    def _retest(self, check: Package) -> None:
        """Have a check done again in part, by its key users as well, on new evidence."""
        first = check.planned_hours / (1.0 + RETEST_SHARE * (check.attempts - 1))
        check.key_user_hours = check.retest_key_user_hours
        self.work.hold(check)
        self.work.reopen(check, RETEST_SHARE * first)

    def _passes(self, kind: AcceptanceCheckKind, attempt: int) -> bool:
        """Decide by its users' votes, or by its cases, whether a check is passed."""
        streams = self.context.streams
        whom = CHECKS.index(kind)
        users = self._terms[kind].users if kind in self._terms else 0
        if kind is not AcceptanceCheckKind.USER_ACCEPTANCE or not users:
            return streams.uniform(draws.CHECK_PASSES, whom, attempt) < self._chance(kind)
        failing = self.context.parameters.check_user_exposure * self._failing_for_users()
        refusals = whole_sum(
            streams.uniform(draws.CHECK_USER, user, attempt) < failing for user in range(users)
        )
        return refusals <= self._tolerance(kind) * users

    def _tolerance(self, kind: AcceptanceCheckKind) -> float:
        least = self.context.parameters.check_least_tolerance
        return max(least, self._terms[kind].tolerance) if kind in self._terms else least

    def _failing_for_users(self) -> float:
        """Failing cases, and those that fail for want of training."""
        p = self.context.parameters
        ready = self.people.readiness(*self.sites.next_wave())
        untrained = max(0.0, p.check_readiness - ready)
        strain = self.context.strain.user_failing
        return self._failing_cases() + p.check_untrained_weight * untrained + strain

    def _chance(self, kind: AcceptanceCheckKind) -> float:
        """Probability to pass, from what is really there.

        1 up to failing cases equal to the tolerance, then falling in a straight line to 0.
        """
        p = self.context.parameters
        tolerance = self._tolerance(kind)
        if kind is AcceptanceCheckKind.RECONCILIATION:
            gap = self.context.plan.reconciliation_gate - self._reconciled()
            return max(0.0, min(1.0, 1.0 - (gap - p.check_reconciliation_margin) / tolerance))
        failing = self._failing_cases()
        if kind is AcceptanceCheckKind.PEAK_LOAD:
            failing += self.interfaces.failing_share() + self.context.strain.peak_load_failing
        elif kind is AcceptanceCheckKind.USER_ACCEPTANCE:
            failing = self._failing_for_users()
        elif kind is AcceptanceCheckKind.VALIDATION:
            failing += failing_documents(self.state.packages, p)
        slope = p.check_hopeless - 1.0
        chance = p.check_hopeless / slope - failing / (slope * tolerance)
        return max(0.0, min(1.0, chance))

    def _failing_cases(self) -> float:
        """Share of test cases that fail: critical and major defects, known or not."""
        built = max(1, self.defects.built_packages())
        weight = plain_sum(
            SEVERITY_WEIGHT[defect.severity]
            for defect in self.state.defects
            if defect.state != DefectState.FIXED and defect.severity != DefectSeverity.MINOR
        )
        return weight / (self.context.parameters.check_failing_weight * built)

    def _reconciled(self) -> float:
        quality = self.migration.agreeing_quality()
        return quality * (1.0 - self.state.technical_failure)

    def all_passed(self) -> bool:
        """True when every required check has been passed."""
        passed = self.state.checks_passed
        return all(passed[i] for i, needed in enumerate(self.state.checks_required) if needed)
