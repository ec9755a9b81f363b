"""Classification of the tasks and resources of an imported project in golive's words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ..vocabulary import Department, Role, Workstream
from . import words as tables
from .mapping import PlanMapping, ResourceTarget, TaskTarget
from .names import folded
from .project import Finding, ImportedProject, ImportedResource, ImportedTask, Unmapped
from .psplib import FORMAT as PSPLIB

_PSPLIB_ROLES = (
    Role.CONFIGURATION,
    Role.DATA_MIGRATION,
    Role.INDUSTRY_EXPERT,
    Role.ORCHESTRATOR,
    Role.PROJECT_MANAGER,
)
"""Roles that R1 to R5 become."""


@dataclass(slots=True)
class Classification:
    """Meanings of the parts of a project.

    Attributes:
        targets: per resource id; None stands for left out.
        workstreams: per task id; None: the task is not carried over as a package.
        departments: per task id; empty: none is known.
        findings: what was guessed or left out.
    """

    targets: dict[str, ResourceTarget] = field(default_factory=dict)
    workstreams: dict[str, Workstream | None] = field(default_factory=dict)
    departments: dict[str, tuple[Department, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def classify(project: ImportedProject, mapping: PlanMapping) -> Classification:
    """Give every task a workstream and every resource a role.

    A mapping's line for the task comes first, then the file's own column, the mapping's words, the
    word tables (the task's name before its summary tasks'), and who works on it.

    Raises:
        GoliveError: a workstream or department in the file that is none, or more resources without
            a name (R1, R2, ...) than the crew has roles.
    """
    known = Classification()
    for resource in project.resources:
        target = _named_target(project, resource, mapping)
        if target is not None:
            known.targets[resource.id] = target
    for task in project.tasks:
        known.workstreams[task.id] = _workstream(project, task, mapping, known)
        known.departments[task.id] = _departments(project, task, mapping)
    _guess_resources(project, known)
    _unused_lines(project, mapping, known)
    return known


def _named_target(
    project: ImportedProject, resource: ImportedResource, mapping: PlanMapping
) -> ResourceTarget | None:
    told = {folded(name): target for name, target in reversed(mapping.roles.items())}
    if folded(resource.name) in told:
        return told[folded(resource.name)]
    if project.format == PSPLIB:
        number = project.resources.index(resource)
        if number >= len(_PSPLIB_ROLES):
            raise project.error(
                f"{len(project.resources)} resources: a plan has {len(_PSPLIB_ROLES)} roles: "
                "give the others one with --map (roles: {R6: ...})"
            )
        return ResourceTarget(_PSPLIB_ROLES[number])
    if tables.has_word(resource.name, tables.CUSTOMER_PEOPLE):
        return ResourceTarget.CUSTOMER
    role = tables.first_match(resource.name, tables.ROLES)
    return None if role is None else ResourceTarget(role)


def _workstream(
    project: ImportedProject, task: ImportedTask, mapping: PlanMapping, known: Classification
) -> Workstream | None:
    target = mapping.tasks.get(task.id)
    if target is None and task.workstream is not None:
        target = _column(project, task, task.workstream)
    texts = (task.name, *reversed(task.context))
    if target is None:
        rows = [(told, (words,)) for words, told in mapping.workstreams.items()]
        target = tables.first_of(texts, rows)
    if target is TaskTarget.NONE:
        words = f"{task.name!r}: {task.hours:g} h: left out as told"
        known.findings.append(Finding(Unmapped.OWN_MOVE, task.place, words, task.hours))
        return None
    if target is not None:
        return Workstream(target)
    if task.active and not task.milestone and tables.is_world_own(task.name):
        words = f"{task.name!r}: {task.hours:g} h: the world does it of itself or on a move"
        known.findings.append(Finding(Unmapped.OWN_MOVE, task.place, words, task.hours))
        return None
    return tables.first_of(texts, tables.WORKSTREAMS) or _by_people(task, known)


def _column(project: ImportedProject, task: ImportedTask, words: str) -> TaskTarget:
    name = words.strip().lower()
    if name == Workstream.CUTOVER:
        return TaskTarget.NONE
    if name not in set(TaskTarget):
        known = ", ".join(TaskTarget)
        raise project.error(f"{task.place}: workstream: {words!r}: expected one of {known}")
    return TaskTarget(name)


def _by_people(task: ImportedTask, known: Classification) -> Workstream:
    """A task whose name says nothing: by the one most of it takes."""
    for resource, _ in sorted(task.demands, key=lambda item: -item[1]):
        target = known.targets.get(resource)
        if target not in (None, ResourceTarget.CUSTOMER, ResourceTarget.NONE):
            return tables.NATURAL_WORKSTREAM[Role(target)]
    if task.active and not task.milestone:
        words = f"{task.name!r}: taken for configuration: say otherwise with --map"
        known.findings.append(Finding(Unmapped.WORKSTREAM, task.place, words))
    return Workstream.CONFIGURATION


def _departments(
    project: ImportedProject, task: ImportedTask, mapping: PlanMapping
) -> tuple[Department, ...]:
    """By the file's column, else by the words of its name, else by those of its summary tasks."""
    for words in task.departments:
        if words.lower() not in set(Department):
            known = ", ".join(Department)
            raise project.error(f"{task.place}: department: {words!r}: expected some of {known}")
    named = [Department(words.lower()) for words in task.departments]
    own = [(department, (words,)) for words, department in mapping.departments.items()]
    for text in (task.name, *reversed(task.context)):
        for table in (own, tables.DEPARTMENTS):
            named = named or list(tables.all_matches(text, table))
    return tuple(dict.fromkeys(named))


def _guess_resources(project: ImportedProject, known: Classification) -> None:
    """A name that says nothing takes the role of what its bearer mostly works on."""
    worked: defaultdict[str, defaultdict[Workstream, float]]
    worked = defaultdict(lambda: defaultdict(float))
    for task in project.tasks:
        workstream = known.workstreams[task.id]
        if workstream is not None:
            for name, _ in task.demands:
                worked[name][workstream] += task.effort_hours
    for resource in project.resources:
        if resource.id in known.targets:
            continue
        hours = worked[resource.id]
        where = f"resource {resource.name!r}"
        if not hours:
            known.targets[resource.id] = ResourceTarget.NONE
            unused = Finding(Unmapped.RESOURCE_UNUSED, where, "no task of the plan: left out")
            known.findings.append(unused)
            continue
        role = tables.NATURAL_ROLE[max(hours, key=lambda workstream: hours[workstream])]
        known.targets[resource.id] = ResourceTarget(role)
        words = f"taken for {role} by its tasks: say otherwise with --map"
        known.findings.append(Finding(Unmapped.RESOURCE_ROLE, where, words))


def _unused_lines(project: ImportedProject, mapping: PlanMapping, known: Classification) -> None:
    """Lines of the mapping that met nothing are most likely misspelt."""
    texts = [text for task in project.tasks for text in (task.name, *task.context)]
    resources = {folded(resource.name) for resource in project.resources}
    ids = {task.id for task in project.tasks}
    unused = [f"tasks: {name}" for name in mapping.tasks if name not in ids]
    unused += [f"roles: {name}" for name in mapping.roles if folded(name) not in resources]
    for title in ("workstreams", "departments"):
        words = getattr(mapping, title)
        met = {one for one in words if any(tables.has_word(text, [one]) for text in texts)}
        unused += [f"{title}: {one}" for one in words if one not in met]
    known.findings += [Finding(Unmapped.MAPPING, line, "nothing in the file") for line in unused]
