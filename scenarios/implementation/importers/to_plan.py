"""Translation of an imported project to a plan, and to a scenario that has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from pydantic import ValidationError

from ....core.arithmetic import plain_sum, whole_sum
from ....core.errors import GoliveError
from ....core.records import changed
from ..challenge_weeks import with_challenges_in_plan
from ..plan import DAYS_PER_DECISION, CrewMembers, Plan
from ..planned_work import PlannedPackage
from ..plans import HYPERCARE_EXTENSION_WEEKS, HYPERCARE_WEEKS, postponements, slug
from ..scenario import ImplementationScenario
from ..vocabulary import Delivery, Role, Workstream
from .classify import Classification, classify
from .mapping import MOST_CREW, PlanMapping, ResourceTarget, read_mapping
from .packages import packages_of
from .project import Finding, ImportedProject, Unmapped
from .psplib import FORMAT as PSPLIB
from .read import ProjectFormat, read_project
from .timetable import Timetable, timetable


@dataclass(frozen=True, slots=True)
class ImportedPlan:
    """A plan and where it comes from.

    Attributes:
        plan: as a scenario can use it.
        project: that was imported.
        timetable: how its weeks came about.
        unmapped: everything that the file says and the plan does not, in the file's order by kind.
    """

    plan: Plan
    project: ImportedProject
    timetable: Timetable
    unmapped: tuple[Finding, ...]

    @property
    def hours_in_packages(self) -> float:
        """Hours of work that the packages hold, of the crew and of key users."""
        work = self.plan.work
        return plain_sum(package.effort_hours + (package.key_user_hours or 0.0) for package in work)

    @property
    def hours_listed(self) -> float:
        """Hours of work that the findings hold: those in the file less those in packages."""
        return plain_sum(finding.hours for finding in self.unmapped)


def import_plan(
    path: Path | str,
    *,
    project_format: ProjectFormat | str = ProjectFormat.AUTO,
    layout: str | None = None,
    mapping: PlanMapping | Path | str | None = None,
    delivery: Delivery | str = Delivery.CONVENTIONAL,
    weeks: int | None = None,
) -> ImportedPlan:
    """Make a plan of a project file.

    Args:
        path: of the file.
        project_format: ``auto``, or one of ``psplib``, ``mspdi``, ``pmxml``, ``xer``, ``csv``.
        layout: of a table: whose columns it has, as ``smartsheet``; see ``read_project``.
        mapping: overrides of the word tables, or the path of a file of them.
        delivery: who delivers: ``conventional`` or ``agentic``.
        weeks: of the plan; None: by the file's own durations.

    Raises:
        GoliveError: as ``read_project`` and ``plan_of``, or an unknown format or delivery.
    """
    if not isinstance(mapping, PlanMapping):
        mapping = PlanMapping() if mapping is None else read_mapping(mapping)
    if delivery not in set(Delivery):
        raise GoliveError(f"delivery: {delivery!r}: expected one of {', '.join(Delivery)}")
    project = read_project(path, project_format, layout=layout)
    return plan_of(project, mapping, Delivery(delivery), weeks=weeks)


def plan_of(
    project: ImportedProject, mapping: PlanMapping, delivery: Delivery, *, weeks: int | None = None
) -> ImportedPlan:
    """The plan of a project.

    Args:
        project: as a reader made it.
        mapping: overrides of the word tables.
        delivery: who delivers; efforts are hours of people either way.
        weeks: of the plan; None: by the file's own durations.

    Raises:
        GoliveError: no work, too much of it, a word that means nothing, nobody to do it.
    """
    if project.format == PSPLIB:
        project = _with_hours(project, mapping.hours_per_period)
    known = classify(project, mapping)
    findings = [*project.unmapped, *known.findings]
    crew, crew_scale = _crew(project, mapping, known, findings)
    packages = packages_of(project, known, crew_scale, findings)
    findings += _general(project, packages, mapping)
    workstreams = {package.id: package.workstream for package in packages}
    effort = plain_sum(package.effort_hours for package in packages)
    units = whole_sum(members.units for members in crew)
    times = timetable(project, workstreams, effort, units, weeks=weeks)
    try:
        plan = Plan(
            delivery=delivery,
            weeks=times.weeks,
            phases=times.phases,
            crew=crew,
            hours_per_day=project.hours_per_day,
            days_per_week=project.days_per_week,
            days_per_decision=DAYS_PER_DECISION[delivery],
            hypercare_weeks=HYPERCARE_WEEKS[delivery],
            hypercare_extension_weeks=HYPERCARE_EXTENSION_WEEKS[delivery],
            max_postponements=postponements(times.weeks, delivery),
            work=packages,
        )
    except ValidationError as error:
        raise project.error(_first_words(error)) from error
    kinds = list(Unmapped)
    unmapped = sorted(findings, key=lambda finding: kinds.index(finding.kind))
    return ImportedPlan(plan, project, times, tuple(unmapped))


def _with_hours(project: ImportedProject, hours_per_period: float) -> ImportedProject:
    """A project in periods as one in hours."""
    tasks = tuple(
        replace(
            task,
            duration_hours=task.duration_hours * hours_per_period,
            effort_hours=task.effort_hours * hours_per_period,
        )
        for task in project.tasks
    )
    return replace(project, tasks=tasks, hours=project.hours * hours_per_period)


def scenario_with(
    imported: ImportedPlan, base: ImplementationScenario, name: str | None = None
) -> ImportedScenario:
    """A scenario: the customer of another one, with this plan.

    Departments and sites that the customer lacks are taken out of the packages and listed; its
    challenges move to the same share of the new plan; gates are those of the other scenario.

    Args:
        imported: the plan.
        base: whose customer, family, disruptions and gates.
        name: of the scenario; None: from both names.

    Raises:
        GoliveError: the name is no slug.
    """
    findings: list[Finding] = []
    customer = base.customer
    sites = {site.name for site in customer.sites}
    packages = []
    for package in imported.plan.work:
        lacking = [name for name in package.departments if name not in customer.departments]
        departments = tuple(name for name in package.departments if name not in lacking)
        site = package.site if package.site in sites else None
        if lacking:
            words = f"{package.name!r}: the customer has no department {', '.join(lacking)}"
            findings.append(Finding(Unmapped.ASSIGNMENT, f"package {package.id}", words))
        if site != package.site:
            words = f"{package.name!r}: the customer has no site {package.site!r}: its first"
            findings.append(Finding(Unmapped.ASSIGNMENT, f"package {package.id}", words))
        packages.append(package.model_copy(update={"departments": departments, "site": site}))
    if base.plan.waves:
        words = "all sites go live together: add waves to the plan by hand"
        findings.append(Finding(Unmapped.CALENDAR, f"scenario {base.name}", words))
    plan = imported.plan.model_copy(
        update={
            "work": tuple(packages),
            "data_gate": base.plan.data_gate,
            "reconciliation_gate": base.plan.reconciliation_gate,
            "adoption_threshold": base.plan.adoption_threshold,
        }
    )
    project = imported.project.name
    try:
        scenario = changed(
            base,
            name=slug(f"{base.name} {project}") if name is None else name,
            title=f"{customer.name}, plan of {project}"[:120].strip(),
            description=(
                f"{base.description}\n\nThe plan was imported from a {imported.project.format} "
                f"file: {len(packages)} packages."
            ).strip()[:5_000],
            customer=with_challenges_in_plan(customer, base.plan.weeks, plan.weeks),
            plan=plan,
        )
    except ValidationError as error:
        raise GoliveError(f"scenario: {_first_words(error)}") from error
    return ImportedScenario(scenario, tuple(findings))


@dataclass(frozen=True, slots=True)
class ImportedScenario:
    """A scenario with an imported plan, and what the customer has no place for."""

    scenario: ImplementationScenario
    unmapped: tuple[Finding, ...]


def _crew(
    project: ImportedProject, mapping: PlanMapping, known: Classification, findings: list[Finding]
) -> tuple[tuple[CrewMembers, ...], float]:
    """The crew, and the factor by which a crew beyond the limit was made smaller.

    A project without people gets one of each role.
    """
    units = dict.fromkeys(Role, 0.0)
    for resource in project.resources:
        target = known.targets[resource.id]
        if target not in (ResourceTarget.CUSTOMER, ResourceTarget.NONE):
            units[Role(target)] += resource.units
    if not any(units.values()):
        units = dict.fromkeys(Role, 1.0)
        words = "the file names nobody of the crew: one of each role"
        findings.append(Finding(Unmapped.CREW_LIMIT, "crew", words))
    units |= {role: float(count) for role, count in mapping.crew.items()}
    most = max(units.values())
    factor = 1.0
    if most > MOST_CREW and project.format == PSPLIB:
        factor = MOST_CREW / most
        words = f"{most:g} units of a resource: crew and efforts are scaled by {factor:.3f}"
        findings.append(Finding(Unmapped.SCALE, "crew", words))
    elif most > MOST_CREW:
        for role, count in units.items():
            if count > MOST_CREW:
                words = f"{count:g} units of {role}: {MOST_CREW} are kept"
                findings.append(Finding(Unmapped.CREW_LIMIT, "crew", words))
    if not any(units.values()):
        raise project.error("crew: nobody: expected at least one (--map, crew:)")
    return tuple(
        CrewMembers(role=role, units=min(MOST_CREW, ceil(round(count * factor, 6))))
        for role, count in units.items()
        if count
    ), factor


def _general(
    project: ImportedProject, packages: tuple[PlannedPackage, ...], mapping: PlanMapping
) -> list[Finding]:
    """Fields of the plan as a whole."""
    findings = []
    if any(task.demands for task in project.tasks):
        words = "roles decide crew and workstreams; who takes which package is decided every day"
        findings.append(Finding(Unmapped.ASSIGNMENT, "plan", words))
    if project.format == PSPLIB:
        words = "jobs have no names: their workstream is that of the resource they need most of"
        findings.append(Finding(Unmapped.WORKSTREAM, "plan", words))
        words = f"a period counts as {mapping.hours_per_period:g} hours: say otherwise with --map"
        findings.append(Finding(Unmapped.SCALE, "plan", words))
    covered = {package.workstream for package in packages}
    missing = [str(name) for name in Workstream if name not in covered and name != "cutover"]
    if missing:
        words = f"no package of {', '.join(missing)}: that work is generated from the customer"
        findings.append(Finding(Unmapped.OWN_MOVE, "plan", words))
    return findings


def _first_words(error: ValidationError) -> str:
    """The first problem of a record in a line."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    words = first["msg"].removeprefix("Value error, ")
    return f"{place}: {words}" if place else words
