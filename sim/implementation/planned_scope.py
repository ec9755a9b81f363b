"""Work that the plan names itself takes the place of generated work, workstream by workstream.

Where the plan has packages of a workstream at a site, they replace what is generated there as its
ordinary work: discovery, building, test cases, training material. What carries a fact of the
customer stays, and waits for them: extraction and mapping of a data object and an interface shrink
to their last step, since the plan's packages are the effort; cleansing, localisation and challenges
keep theirs. Mock loads, test cycles, checks, training waves and the cutover are the world's own.

Planned packages wait for their own predecessors only, and what waited for replaced work waits for
the last of them; so no circle can come about.
"""

from __future__ import annotations

from collections import defaultdict

from ...scenarios.implementation.planned_work import PlannedPackage
from ...scenarios.implementation.vocabulary import Workstream
from .briefing import SystemEnvironment
from .decision import WORKSTREAMS
from .network import Network
from .project_facts import ProjectFacts
from .scope_builder import ScopeBuilder
from .state import Package, PackageKind

KINDS: dict[Workstream, PackageKind] = {
    Workstream.DISCOVERY: PackageKind.DISCOVERY,
    Workstream.DATA: PackageKind.IMPORTED,
    Workstream.CONFIGURATION: PackageKind.BUILD,
    Workstream.CUSTOMISATION: PackageKind.BUILD,
    Workstream.INTEGRATION: PackageKind.IMPORTED,
    Workstream.TESTING: PackageKind.TEST_PREPARATION,
    Workstream.TRAINING: PackageKind.TRAINING_MATERIAL,
}
"""Kind of the packages that are planned in a workstream."""
_BUILT = (Workstream.CONFIGURATION, Workstream.CUSTOMISATION, Workstream.INTEGRATION)
"""Workstreams that acceptance is about, and in which there is a sandbox to work in."""
_REPLACED = frozenset(
    {
        PackageKind.DISCOVERY,
        PackageKind.BUILD,
        PackageKind.TEST_PREPARATION,
        PackageKind.TRAINING_MATERIAL,
    }
)
_CARRIERS = frozenset({PackageKind.EXTRACT, PackageKind.MAP, PackageKind.INTERFACE})
_FIT_GAP_ORDER, _DESIGN_ORDER = 1, 2
Part = tuple[int, int]
"""A workstream at a site, both by index."""


class PlannedScope:
    """Adds the packages of the plan to a generated scope, and takes away what they replace.

    Args:
        facts: of the project.
        scope: generated, with nothing else in its network yet.
    """

    def __init__(self, facts: ProjectFacts, scope: ScopeBuilder) -> None:
        self.facts = facts
        self.scope = scope
        self.p, self.plan, self.departments = facts.parameters, facts.plan, facts.departments
        self.network = scope.network

    def replace(self) -> None:
        """Put the plan's packages in the place of generated ones."""
        work = self.plan.work
        if not work:
            return
        covered = {self._part(row) for row in work}
        dropped = [
            package
            for package in self.network.packages
            if package.kind in _REPLACED
            and (package.workstream, package.site) in covered
            and package.id not in self.scope.due_weeks
        ]
        density = self._defect_density(dropped)
        followers = self._bridged(dropped)
        self._remove(dropped)
        planned = self._add(density)
        own: dict[Part, list[Package]] = {}
        for package in planned:
            own.setdefault((package.workstream, package.site), []).append(package)
        ends = {part: _ends(packages) for part, packages in own.items()}
        for part, waiting in followers.items():
            for package in waiting:
                _link_all(ends[part], package)
        self._shrink_carriers(own, ends)
        self._design_of(own, ends)
        self.scope.built += [p for p in planned if WORKSTREAMS[p.workstream] in _BUILT]

    def _part(self, row: PlannedPackage) -> Part:
        names = [site.name for site in self.facts.customer.sites]
        site = 0 if row.site is None else names.index(row.site)
        return WORKSTREAMS.index(row.workstream), site

    @staticmethod
    def _defect_density(dropped: list[Package]) -> dict[Part, float]:
        """Expected defects per effort hour of what is replaced, by part."""
        hours: dict[Part, float] = defaultdict(float)
        defects: dict[Part, float] = defaultdict(float)
        for package in dropped:
            part = (package.workstream, package.site)
            hours[part] += package.planned_hours
            defects[part] += package.defect_mean
        return {part: defects[part] / total for part, total in hours.items() if total > 0.0}

    def _bridged(self, dropped: list[Package]) -> dict[Part, list[Package]]:
        """Find what stays and waited for replaced work, by the part it waited for.

        What replaced work waited for is waited for by its followers from now on.
        """
        gone = {package.id for package in dropped}
        packages = self.network.packages
        followers: dict[Part, list[Package]] = {}
        for package in dropped:
            staying = [packages[index] for index in package.successors if index not in gone]
            if staying:
                part = (package.workstream, package.site)
                followers.setdefault(part, []).extend(staying)
        for package in packages:
            if package.id in gone:
                continue
            for index in sorted(_reached_through(package, packages, gone)):
                Network.link(package, packages[index])
        return followers

    def _remove(self, dropped: list[Package]) -> None:
        old = {package.id: package for package in self.network.packages}
        self.network.remove(dropped)
        self.scope.due_weeks = {
            old[number].id: week for number, week in self.scope.due_weeks.items()
        }
        gone = {id(package) for package in dropped}
        self.scope.built = [package for package in self.scope.built if id(package) not in gone]

    def _add(self, density: dict[Part, float]) -> list[Package]:
        """The plan's packages, each in its parts, linked to one another."""
        p = self.p
        usual = self.facts.defects(p.defects_report) / p.creep_package_hours
        planned: dict[str, list[Package]] = {}
        for number, row in enumerate(self.plan.work):
            part = self._part(row)
            departments = self._departments_of(row, number)
            share, asked = 1.0 / len(departments), row.key_user_hours
            building = KINDS[row.workstream] is PackageKind.BUILD
            defects = density.get(part, usual) * row.effort_hours if building else 0.0
            planned[row.id] = [
                self.network.add(
                    row.name if share == 1.0 else f"{row.name} ({place}/{len(departments)})",
                    KINDS[row.workstream],
                    row.workstream,
                    row.effort_hours * share,
                    site=part[1],
                    department=department,
                    key_user_hours=None if asked is None else asked * share,
                    environment=SystemEnvironment.SANDBOX if row.workstream in _BUILT else -1,
                    defect_mean=defects * share,
                    order=_FIT_GAP_ORDER if row.workstream is Workstream.DISCOVERY else 0,
                )
                for place, department in enumerate(departments, 1)
            ]
        for row in self.plan.work:
            for name in row.predecessors:
                for package in planned[row.id]:
                    _link_all(planned[name], package)
        return [package for parts in planned.values() for package in parts]

    def _departments_of(self, row: PlannedPackage, number: int) -> list[int]:
        """The department of each part of a planned package: one part for each of its people, and
        for each department that it needs; where the plan names none, the customer's in turn."""
        named = [self.facts.department_index(name) for name in row.departments]
        everybody = row.workstream is Workstream.DISCOVERY and not named
        needed = named or [
            self.departments[(number + k) % len(self.departments)]
            for k in range(len(self.departments))
        ]
        parts = max(row.people, len(needed) if named or everybody else 1)
        return [needed[place % len(needed)] for place in range(parts)]

    def _shrink_carriers(
        self, own: dict[Part, list[Package]], ends: dict[Part, list[Package]]
    ) -> None:
        """Of a data object's or an interface's own package only the last step is left."""
        for package in self.network.packages:
            part = (package.workstream, package.site)
            if package.kind not in _CARRIERS or part not in own:
                continue
            last_step = min(1.0, self.p.shortest_session_hours / package.planned_hours)
            package.planned_hours *= last_step
            package.remaining_hours *= last_step
            package.key_user_hours *= last_step
            extract = package.kind == PackageKind.EXTRACT
            _link_all(_beginnings(own[part]) if extract else ends[part], package)

    def _design_of(self, own: dict[Part, list[Package]], ends: dict[Part, list[Package]]) -> None:
        """Take what ends a planned discovery after other discovery for its solution design."""
        discovery = WORKSTREAMS.index(Workstream.DISCOVERY)
        for site in range(len(self.facts.customer.sites)):
            part = (discovery, site)
            if part not in own:
                continue
            first = {package.id for package in _beginnings(own[part])}
            for package in ends[part]:
                if package.id not in first:
                    package.order = _DESIGN_ORDER
            others = [package for package in self.scope.design if package.site != site]
            self.scope.design = others + ends[part]


def _reached_through(package: Package, packages: list[Package], gone: set[int]) -> set[int]:
    """Staying packages that wait for this one through replaced packages alone."""
    found: set[int] = set()
    seen: set[int] = set()
    stack = [index for index in package.successors if index in gone]
    while stack:
        index = stack.pop()
        if index in seen:
            continue
        seen.add(index)
        for successor in packages[index].successors:
            if successor in gone:
                stack.append(successor)
            else:
                found.add(successor)
    return found


def _ends(packages: list[Package]) -> list[Package]:
    """Those that none of the others waits for directly."""
    ids = {package.id for package in packages}
    return [package for package in packages if ids.isdisjoint(package.successors)]


def _beginnings(packages: list[Package]) -> list[Package]:
    """Those that wait for none of the others directly."""
    later = {index for package in packages for index in package.successors}
    return [package for package in packages if package.id not in later]


def _link_all(predecessors: list[Package], successor: Package) -> None:
    for package in predecessors:
        Network.link(package, successor)
