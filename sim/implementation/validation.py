"""Mechanism 16: regulated customers prove that the system does what it is meant to do.

Each standard asks for a plan with its risk analysis, installation, operational and performance
qualification (IQ, OQ, PQ) and a report that traces requirements to evidence; then quality
management checks it all and releases the system. What is built or changed after OQ is under
change control: until it is re-tested, the released state is lost (21 CFR 820.30(i) and 820.70(i),
21 CFR 11.10(a), ISO 13485:2016 4.1.6, GAMP 5).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum

from ...core.arithmetic import plain_sum
from ...core.random_streams import RandomStreams
from ...scenarios.implementation.vocabulary import AcceptanceCheckKind, Department, Workstream
from . import draws
from .briefing import CHECKS, SystemEnvironment
from .context import Context
from .decision import WORKSTREAMS
from .effort import EffortModel, key_user_share
from .network import Network
from .parameters import Parameters
from .state import Package, PackageKind, Status
from .work import Work

VALIDATION_CHECK = CHECKS.index(AcceptanceCheckKind.VALIDATION)
CHECK_NAME = "validation release"
_KEY = 1 << 22
_KEYS_PER_STEP = 1_024
"""Draws of packages that validation brings up late lie beyond those of moves."""


class Step(IntEnum):
    """Kinds of validation package (``Package.order``)."""

    PLAN = 0
    INSTALLATION = 1
    OPERATION = 2
    PERFORMANCE = 3
    REPORT = 4
    CHANGE_CONTROL = 5


_STEPS: tuple[tuple[Step, str, Department, int], ...] = (
    (Step.PLAN, "validation plan and risk analysis", Department.MANAGEMENT, -1),
    (Step.INSTALLATION, "installation qualification", Department.WAREHOUSE, SystemEnvironment.TEST),
    (Step.OPERATION, "operational qualification", Department.PRODUCTION, SystemEnvironment.TEST),
    (Step.PERFORMANCE, "performance qualification", Department.PRODUCTION, SystemEnvironment.TEST),
    (Step.REPORT, "traceability and report", Department.MANAGEMENT, -1),
)
"""Step, name, department whose key users are needed, system."""
_CHANGES = frozenset(
    {
        PackageKind.BUILD,
        PackageKind.CHANGE,
        PackageKind.INTERFACE,
        PackageKind.FIX,
        PackageKind.QUICK_WIN,
        PackageKind.LOCALISATION,
    }
)
_RELEASER = (Department.MANAGEMENT, int(SystemEnvironment.TEST))
"""The department that releases the system, and the environment in which it looks at it."""
_RELEASING = frozenset({PackageKind.VALIDATION, PackageKind.CHECK})

Add = Callable[[str, Step, Department, int, float, Iterable[Package]], Package]
"""Adds a package: name, step, department, system, hours, predecessors."""


def overhead_hours(
    effort_hours: float, count: int, before: int, p: Parameters, streams: RandomStreams
) -> list[float]:
    """Effort of validation, standard by standard.

    Args:
        effort_hours: of the project.
        count: further standards.
        before: standards that are validated already; only the first of all costs in full.
        p: of the world.
        streams: of the episode.
    """
    low, mode, high = p.validation_share_low, p.validation_share_mode, p.validation_share_high
    u = streams.uniform(draws.VALIDATION_SHARE)
    if u * (high - low) < mode - low:
        share = low + math.sqrt(u * (high - low) * (mode - low))
    else:
        share = high - math.sqrt((1.0 - u) * (high - low) * (high - mode))
    further = p.validation_further_standard
    return [effort_hours * share * (further if before + n else 1.0) for n in range(count)]


def add_standard(
    name: str,
    hours: float,
    p: Parameters,
    add: Add,
    design: Sequence[Package],
    built: Sequence[Package],
) -> list[Package]:
    """The validation packages of one standard, in their order.

    Args:
        name: of the standard.
        hours: effort of all of them together.
        p: of the world.
        add: adds a package.
        design: what the plan waits for.
        built: what operational qualification waits for.
    """
    planned, installed = p.validation_split_plan, p.validation_split_installation
    split = (planned, installed, p.validation_split_operation, p.validation_split_performance)
    shares = (*split, 1.0 - plain_sum(split))
    before: list[Package] = []
    packages = []
    for (step, title, department, system), share in zip(_STEPS, shares, strict=True):
        waits = [*before, *design] if step == Step.PLAN else before
        waits = [*before, *built] if step == Step.OPERATION else waits
        package = add(f"{title}, {name}", step, department, system, hours * share, waits)
        package.defect_mean = p.validation_findings
        before = [package]
        packages.append(package)
    return packages


def add_to_plan(
    network: Network,
    standards: Iterable[str],
    effort: EffortModel,
    department_index: Callable[[Department], int],
    design: Sequence[Package],
    built: Sequence[Package],
) -> list[Package]:
    """Add the validation that is planned from the start.

    Args:
        network: that the packages are added to.
        standards: whose validation it is.
        effort: of the customer.
        department_index: index of a department.
        design: what the plans wait for.
        built: what operational qualification waits for.

    Returns:
        The last package of each standard.
    """
    p = network.parameters

    def add(
        title: str,
        step: Step,
        department: Department,
        system: int,
        hours: float,
        after: Iterable[Package],
    ) -> Package:
        return network.add(
            title,
            PackageKind.VALIDATION,
            Workstream.TESTING,
            hours,
            department=department_index(department),
            subject=VALIDATION_CHECK,
            after=after,
            environment=system,
            order=int(step),
        )

    names = list(standards)
    all_hours = overhead_hours(effort.total_hours, len(names), 0, p, network.streams)
    return [
        add_standard(name, hours, p, add, design, built)[-1]
        for name, hours in zip(names, all_hours, strict=True)
    ]


def failing_documents(packages: Iterable[Package], p: Parameters) -> float:
    """Share of the validation evidence that is missing or would not stand up to an audit.

    Work under pressure or rush makes more findings, careful work reviews them away.
    """
    validation = [package for package in packages if package.kind == PackageKind.VALIDATION]
    evidence = [package for package in validation if package.order != Step.CHANGE_CONTROL]
    findings = plain_sum(
        package.defect_mean * package.errors * (1.0 - p.removal_review * package.careful)
        if package.status == Status.DONE
        else 1.0
        for package in evidence
    )
    return findings / len(evidence) if evidence else 0.0


def check_of(packages: Iterable[Package]) -> Package | None:
    """The check that releases the system, if there is one."""
    for package in packages:
        if package.kind == PackageKind.CHECK and package.subject == VALIDATION_CHECK:
            return package
    return None


class Validation:
    """Change control once the system is qualified, and standards that come up late.

    Args:
        context: of the world.
        work: its crew at work.
    """

    def __init__(self, context: Context, work: Work) -> None:
        self.context = context
        self.state = context.state
        self.work = work

    # -- change control --------------------------------------------------------------------

    def package_done(self, package: Package) -> None:
        """Have a change after OQ re-tested; the release counts again once that is done."""
        if not self.state.checks_required[VALIDATION_CHECK]:
            return
        if package.kind in _CHANGES:
            qualified = self.packages(Step.OPERATION)
            if qualified and all(item.status == Status.DONE for item in qualified):
                self._control(package, plain_sum(item.planned_hours for item in qualified))
        elif package.subject == VALIDATION_CHECK and package.kind in _RELEASING:
            self._release()

    def packages(self, step: Step) -> list[Package]:
        """The validation packages of a step."""
        return [
            package
            for package in self.work.counting((PackageKind.VALIDATION,))
            if package.order == step
        ]

    def check(self) -> Package | None:
        """The check that releases the system."""
        return check_of(self.state.packages)

    def _control(self, change: Package, qualified_hours: float) -> None:
        """Impact assessment and re-test of a change, as far as re-tests go in all."""
        p = self.context.parameters
        so_far = self.packages(Step.CHANGE_CONTROL)
        room = p.validation_change_most * qualified_hours
        room -= plain_sum(package.planned_hours for package in so_far)
        hours = min(room, p.validation_change_share * change.planned_hours)
        if hours <= 0.0:
            return
        self.state.checks_passed[VALIDATION_CHECK] = False
        self.state.added_hours += hours
        for package in so_far:
            if package.status == Status.READY:
                left = package.planned_hours - package.done_hours
                self.work.re_estimate(package, left + hours)
                return
        self._append("re-tests under change control", Step.CHANGE_CONTROL, *_RELEASER, hours)

    def _release(self) -> None:
        """Released is what has passed the check and has no re-test open."""
        check = self.check()
        re_tested = all(item.status == Status.DONE for item in self.packages(Step.CHANGE_CONTROL))
        passed = check is not None and check.status == Status.DONE and re_tested
        self.state.checks_passed[VALIDATION_CHECK] = passed

    # -- standards that come up late -------------------------------------------------------

    def require(self, standards: Sequence[str], weight: float) -> list[Package]:
        """Apply standards from now on that nobody had planned for.

        What is validated is the first site's system, as where standards are planned for: what
        comes after it is a change, and interfaces between live sites cannot be built before it.

        Args:
            standards: which.
            weight: factor on the effort of their validation.

        Returns:
            What has to be done, the check included.
        """
        state, p = self.state, self.context.parameters
        before = len(self.packages(Step.PLAN))
        effort = EffortModel.of(self.context.customer, p).total_hours
        all_hours = overhead_hours(effort * weight, len(standards), before, p, self.context.streams)
        days = [site.planned_day for site in state.sites]
        first = days.index(min(days))
        core = [item for item in state.packages if item.site == first and not item.held]
        design = [item for item in core if item.kind == PackageKind.DISCOVERY]
        built = [item for item in core if item.kind in (PackageKind.BUILD, PackageKind.INTERFACE)]
        new: list[Package] = []
        for name, hours in zip(standards, all_hours, strict=True):
            new += add_standard(name, hours, p, self._append, design, built)
        reports = [package for package in new if package.order == Step.REPORT]
        state.added_hours += plain_sum(all_hours)
        check = self._check_after(reports)
        state.checks_required[VALIDATION_CHECK] = True
        state.checks_passed[VALIDATION_CHECK] = False
        return [*new, check]

    def _check_after(self, reports: list[Package]) -> Package:
        """The check that releases the system, open and waiting for these reports."""
        p = self.context.parameters
        check = self.check()
        if check is None:
            hours = p.validation_check_hours
            return self._append(CHECK_NAME, Step.PLAN, *_RELEASER, hours, reports, check=True)
        for package in reports:
            self._link(package, check)
        if check.status == Status.DONE:
            self.work.reopen(check, p.validation_check_hours)
        elif check.status == Status.READY:
            self.work.set_status(check, Status.WAITING)
        return check

    def _append(
        self,
        title: str,
        step: Step,
        department: Department,
        system: int,
        hours: float,
        after: Iterable[Package] = (),
        *,
        check: bool = False,
    ) -> Package:
        state, p = self.state, self.context.parameters
        key = _KEY + step * _KEYS_PER_STEP + len(self.packages(step))
        share = key_user_share(Workstream.TESTING, p)
        share *= self.context.by_delivery(p.key_user_share_agentic, 1.0)
        draw = self.context.streams.uniform(draws.PACKAGE_EFFORT, key)
        spread = self.context.tables.response.at(draw)
        package = Package(
            id=len(state.packages),
            name=title,
            kind=int(PackageKind.CHECK if check else PackageKind.VALIDATION),
            workstream=WORKSTREAMS.index(Workstream.TESTING),
            department=self.context.department_index(department),
            subject=VALIDATION_CHECK,
            planned_hours=hours,
            remaining_hours=hours * spread,
            key_user_hours=hours * share,
            latest_finish_hour=self.context.hour,
            environment=system,
            in_baseline=False,
            order=int(step),
        )
        for predecessor in after:
            self._link(predecessor, package)
        self.work.append(package)
        return package

    @staticmethod
    def _link(predecessor: Package, successor: Package) -> None:
        if predecessor.status != Status.DONE:
            Network.link(predecessor, successor)
