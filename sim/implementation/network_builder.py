"""The work of an implementation, generated from the customer and the plan."""

from __future__ import annotations

import numpy as np

from ...core.arithmetic import plain_sum
from ...core.distributions import gamma_table
from ...scenarios.implementation.challenges import CheckChallenge, QuickWinChallenge, WorkChallenge
from ...scenarios.implementation.vocabulary import (
    AcceptanceCheckKind,
    Department,
    RequirementKind,
    Workstream,
)
from . import draws
from .briefing import CHECKS, DATA_OBJECTS, DEPARTMENTS, SystemEnvironment
from .decision import WORKSTREAMS
from .effort import CHANGE_REQUEST_AMBIGUITY, REFERENCE_COMPLEXITY
from .network import cyclic_packages, latest_finishes, question_point
from .planned_scope import PlannedScope
from .project_facts import ProjectFacts
from .scope_builder import ScopeBuilder
from .state import Package, PackageKind, Status
from .validation import CHECK_NAME, add_to_plan, check_of

CHECK_OWNER: dict[AcceptanceCheckKind, Department] = {
    AcceptanceCheckKind.PRODUCTION_CYCLE: Department.PRODUCTION,
    AcceptanceCheckKind.PEAK_LOAD: Department.WAREHOUSE,
    AcceptanceCheckKind.USER_ACCEPTANCE: Department.SALES,
    AcceptanceCheckKind.RECONCILIATION: Department.FINANCE,
    AcceptanceCheckKind.VALIDATION: Department.MANAGEMENT,
}
"""The department that signs an acceptance check."""
RETEST_SHARE = 0.5
"""Of a check, what is done again where it is not passed, or has lapsed."""

CUTOVER_STREAMS = {
    "master data": Department.PRODUCTION,
    "stock and orders": Department.WAREHOUSE,
    "accounts": Department.FINANCE,
}
"""Data that each step of a cutover is done for side by side, and the department that answers."""
CUTOVER_STEPS = ("freeze and final extract", "final load", "reconciliation", "smoke test, switch")


class NetworkBuilder:
    """Builds all the work packages of one customer: its scope, then what surrounds it.

    Args:
        facts: of the project.

    Attributes:
        network: under construction.
        creep_days: days at which change requests would come up, in order.
    """

    def __init__(self, facts: ProjectFacts) -> None:
        self.facts = facts
        self.customer, self.plan, self.p = facts.customer, facts.plan, facts.parameters
        self.streams, self.schedule, self.effort = facts.streams, facts.schedule, facts.effort
        self.scope = ScopeBuilder(facts)
        self.network = self.scope.network
        self.creep_days: list[float] = []
        self.requested_hours = 0.0

    def build(self) -> list[Package]:
        """All packages, latest finishes set, those without predecessors ready.

        A package's number addresses its draws, so the order below is part of every episode.
        """
        self.scope.generate()
        PlannedScope(self.facts, self.scope).replace()
        self._check_packages()
        self._validation_packages()
        for site in range(len(self.customer.sites)):
            self._cutover_packages(site)
        self._challenge_packages()
        self._hidden_requirements()
        self._change_requests()
        self.network.draw_questions(self.customer.complexity - REFERENCE_COMPLEXITY)
        packages = self.network.packages
        if not latest_finishes(packages, self._deadlines(), self._speed()):
            circle = cyclic_packages(packages)
            raise ValueError(f"challenges: {circle}: expected no circle of holds_up")
        waiting, ready = int(Status.WAITING), int(Status.READY)
        for package in packages:
            if package.status == waiting and package.open_predecessors == 0:
                package.status = ready
        return packages

    def _speed(self) -> float:
        p = self.p
        if self.facts.agentic:
            return p.agentic_speed
        return p.conventional_speed * p.conventional_availability

    def _deadlines(self) -> list[float]:
        """The working hour by which each package must be done, successors apart."""
        day, week_days = self.plan.hours_per_day, self.plan.days_per_week
        go_lives = [site_day * day for site_day in self.schedule.site_days]
        built = [hour * (1.0 - self.p.test_reserve) for hour in go_lives]
        deadlines = [
            (go_lives if package.kind in _LATE else built)[package.site]
            for package in self.network.packages
        ]
        for number, week in self.scope.due_weeks.items():
            package = self.network.packages[number]
            due = week * week_days * day
            after_all = package.held and package.kind == PackageKind.INTERFACE
            deadlines[number] = due if after_all else min(go_lives[package.site], due)
        return deadlines

    def _check_packages(self) -> None:
        p = self.p
        checks = [c for c in self.customer.challenges if isinstance(c, CheckChallenge)]
        if not checks:
            hours, key_user_hours = p.default_check_hours, p.default_check_key_user_hours
            kind = AcceptanceCheckKind.USER_ACCEPTANCE
            self._check(kind, "user acceptance", hours, key_user_hours)
        for check in checks:
            package = self._check(check.check, check.name, check.effort_hours, check.key_user_hours)
            self.scope.due_weeks[package.id] = check.week

    def _check(
        self, kind: AcceptanceCheckKind, name: str, hours: float, key_user_hours: float
    ) -> Package:
        on_data = kind is AcceptanceCheckKind.RECONCILIATION
        if kind is AcceptanceCheckKind.USER_ACCEPTANCE:
            key_user_hours /= len(self.facts.departments)  # every department tests at the same time
        package = self.network.add(
            name,
            PackageKind.CHECK,
            Workstream.TESTING,
            hours,
            department=self.facts.department_index(CHECK_OWNER[kind]),
            subject=CHECKS.index(kind),
            key_user_hours=key_user_hours,
            after=self.scope.maps if on_data else self._built_first(),
            environment=SystemEnvironment.TEST,
        )
        package.retest_key_user_hours = RETEST_SHARE * package.key_user_hours
        self.network.hold(package)
        return package

    def _built_first(self) -> list[Package]:
        """Packages that acceptance is about: built for the pilot and those that go live with it."""
        core = {0, *self.schedule.waves[0]}
        return [package for package in self.scope.built if package.site in core]

    def _validation_packages(self) -> None:
        """Add what regulation asks of the first site; what is built after it is a change."""
        standards = self.customer.standards
        if not standards:
            return
        first = self.schedule.site_order[0]
        reports = add_to_plan(
            self.network,
            standards,
            self.effort,
            self.facts.department_index,
            [package for package in self.scope.design if package.site == first],
            [package for package in self.scope.built if package.site == first],
        )
        p, kind = self.p, AcceptanceCheckKind.VALIDATION
        hours, key_user_hours = p.validation_check_hours, p.validation_check_key_user_hours
        check = check_of(self.network.packages)
        check = check or self._check(kind, CHECK_NAME, hours, key_user_hours)
        for report in reports:
            self.network.link(report, check)

    def _cutover_packages(self, site: int) -> None:
        p, add = self.p, self.network.add
        points = self.customer.complexity - REFERENCE_COMPLEXITY
        hours = p.cutover_hours * (1.0 + p.effort_complexity_slope * points)
        hours *= self.effort.site_factor(site)
        department = self.facts.department_index(Department.FINANCE)
        rehearsal = add(
            f"cutover rehearsal site {site + 1}",
            PackageKind.REHEARSAL,
            Workstream.CUTOVER,
            hours * p.split_rehearsal,
            site=site,
            department=department,
            after=self.scope.maps,
            environment=SystemEnvironment.TEST,
        )
        self.network.hold(rehearsal)
        shares = (p.split_cutover_extract, p.split_cutover_load, p.split_cutover_reconcile)
        before: list[Package] = []
        for step, name in enumerate(CUTOVER_STEPS):
            share = shares[step] if step < len(shares) else 1.0 - plain_sum(shares)
            before = [
                add(
                    f"{name}, {stream} site {site + 1}",
                    PackageKind.CUTOVER,
                    Workstream.CUTOVER,
                    hours * share / len(CUTOVER_STREAMS),
                    site=site,
                    department=self.facts.department_index(owner),
                    after=before,
                    status=Status.DORMANT,
                    environment=SystemEnvironment.PRODUCTION,
                    order=step,
                )
                for stream, owner in CUTOVER_STREAMS.items()
            ]

    def _challenge_packages(self) -> None:
        for challenge in self.customer.challenges:
            if isinstance(challenge, WorkChallenge) and challenge.effort_hours > 0.0:
                self._challenge(challenge)
            elif isinstance(challenge, QuickWinChallenge):
                self._quick_win(challenge)

    def _quick_win(self, challenge: QuickWinChallenge) -> None:
        package = self.network.add(
            challenge.name,
            PackageKind.QUICK_WIN,
            challenge.workstream,
            challenge.effort_hours,
            department=self.facts.department_index(challenge.department),
            subject=self.customer.challenges.index(challenge),
            key_user_hours=challenge.key_user_hours,
        )
        self.scope.due_weeks[package.id] = challenge.week

    def _challenge(self, challenge: WorkChallenge) -> None:
        department = self.facts.department_index(challenge.department)
        concerned = challenge.data_object
        subject = -1 if concerned is None else DATA_OBJECTS.index(concerned)
        site = self.facts.site_of_week(challenge.week)
        package = self.network.add(
            challenge.name,
            PackageKind.CHALLENGE,
            challenge.workstream,
            challenge.effort_hours,
            site=site,
            department=department,
            subject=subject,
            key_user_hours=challenge.key_user_hours,
        )
        self.scope.due_weeks[package.id] = challenge.week
        draw = self.streams.uniform(draws.QUESTION_ARISES, package.id)
        if draw < challenge.question_probability:
            moment = self.streams.uniform(draws.QUESTION_MOMENT, package.id)
            package.question_at = question_point(package.remaining_hours, moment, self.p)
        held = [WORKSTREAMS.index(name) for name in challenge.holds_up]
        for other in self.network.packages[: package.id]:
            if other.workstream not in held or site not in (0, other.site):
                continue
            if subject >= 0:
                concerned_too = other.subject == subject and other.kind in _ON_DATA
            else:
                interface = other.kind == PackageKind.INTERFACE
                concerned_too = interface or other.department == department
            if concerned_too:
                self.network.link(package, other)

    def _hidden_requirements(self) -> None:
        for requirement in self.customer.requirements:
            if not requirement.known:
                self.scope.requirement(requirement, PackageKind.CHANGE, Status.DORMANT)

    def _change_requests(self) -> None:
        """Change requests that would come up, one dormant package each, in order of time."""
        p, streams = self.p, self.streams
        days = self.schedule.last_go_live_day
        months = days / p.days_per_month
        compression = p.creep_compression_agentic if self.facts.agentic else 1.0
        mean = self.effort.total_hours * p.creep_per_month * months * compression
        self.requested_hours = mean * self.schedule.planned_go_live_day / days
        draw = streams.uniform(draws.CREEP_AMOUNT)
        amount = mean * gamma_table(p.creep_shape).at(draw) / p.creep_shape
        count = round(amount / p.creep_package_hours)
        numbers = np.arange(count, dtype=np.uint64)
        moments: list[float] = streams.uniforms(draws.CREEP_DAY, numbers).tolist()
        places: list[float] = streams.uniforms(draws.CREEP_DEPARTMENT, numbers).tolist()
        efforts: list[float] = streams.uniforms(draws.CREEP_EFFORT, numbers).tolist()
        self.creep_days = [round(days * moment, 3) for moment in sorted(moments)]
        departments = self.facts.departments
        for index in range(count):
            where = int(places[index] * len(departments))
            spread = 1.0 + p.creep_package_spread * (2.0 * efforts[index] - 1.0)
            self.scope.custom(
                f"change request {index + 1}",
                RequirementKind.REPORT if index % 2 else RequirementKind.ENHANCEMENT,
                DEPARTMENTS[departments[where]],
                p.creep_package_hours * spread,
                CHANGE_REQUEST_AMBIGUITY,
                PackageKind.CHANGE,
                Status.DORMANT,
            )


_LATE = frozenset({PackageKind.CHECK, PackageKind.REHEARSAL, PackageKind.CUTOVER})
_ON_DATA = frozenset(
    {PackageKind.EXTRACT, PackageKind.MAP, PackageKind.CLEANSE, PackageKind.CHALLENGE}
)
