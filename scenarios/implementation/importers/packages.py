"""An imported project's tasks as work packages of a plan, links kept across what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from ....core.arithmetic import plain_sum
from ..planned_work import (
    LEAST_EFFORT_HOURS,
    MOST_EFFORT_HOURS,
    MOST_PACKAGES,
    MOST_PEOPLE,
    PlannedPackage,
)
from ..planned_work import MOST_LINKS as MOST_PLAN_LINKS
from .classify import Classification
from .mapping import ResourceTarget
from .project import Finding, ImportedProject, ImportedTask, Unmapped, topological_order

_LONGEST_NAME = 120
_DIGITS = 4
"""Of hours in a plan: less than a second, so that nothing of the file is rounded away."""


@dataclass(frozen=True, slots=True)
class _Effort:
    """The needs of a task.

    Attributes:
        hours: of the crew.
        key_user_hours: of the customer; None: the file does not say.
        people: of the crew, side by side.
    """

    hours: float
    key_user_hours: float | None
    people: int


def packages_of(
    project: ImportedProject,
    known: Classification,
    scale: float,
    findings: list[Finding],
) -> tuple[PlannedPackage, ...]:
    """The tasks that are work, in the file's order.

    Args:
        project: whose tasks.
        known: their workstreams.
        scale: factor on efforts and on the people of a task.
        findings: what is left out is added.

    Raises:
        GoliveError: more packages or links than a plan can hold, an effort beyond the limit, or no
            work at all; names file and place.
    """
    needs = {task.id: _effort(task, known, scale, findings) for task in project.tasks}
    efforts = {task: effort for task, effort in needs.items() if effort is not None}
    if not efforts:
        words = "no task is work: expected at least one with effort"
        raise project.error(words + _listed(findings))
    if len(efforts) > MOST_PACKAGES:
        most = f"{MOST_PACKAGES:,}, as many as a plan can hold"
        raise project.error(f"{len(efforts):,} tasks with effort: expected at most {most}")
    before = _predecessors(project, set(efforts))
    packages = tuple(
        _package(project, task, efforts[task.id], before[task.id], known)
        for task in project.tasks
        if task.id in efforts
    )
    _small_packages(packages, efforts, findings)
    if scale != 1.0:
        whole = plain_sum(task.effort_hours for task in project.tasks if task.id in efforts)
        words = f"efforts of packages are scaled by {scale:.3f}, as the crew is"
        findings.append(Finding(Unmapped.SCALE, "plan", words, (1.0 - scale) * whole))
    return packages


def _listed(findings: list[Finding]) -> str:
    """Say for an error where the hours are that no package has."""
    by_kind: dict[str, float] = {}
    for finding in findings:
        if finding.hours:
            by_kind[finding.kind] = by_kind.get(finding.kind, 0.0) + finding.hours
    told = ", ".join(f"{hours:g} h {kind}" for kind, hours in by_kind.items())
    return f" ({told})" if told else ""


def _small_packages(
    packages: tuple[PlannedPackage, ...], efforts: dict[str, _Effort], findings: list[Finding]
) -> None:
    """List what packages have beyond the file because a plan has none so small."""
    added = [LEAST_EFFORT_HOURS - efforts[package.id].hours for package in packages]
    added = [hours for hours in added if hours > 0.0]
    if added:
        words = f"{len(added)} packages of less than {LEAST_EFFORT_HOURS:g} h have as much"
        findings.append(Finding(Unmapped.SCALE, "plan", words, -plain_sum(added)))


def _effort(
    task: ImportedTask,
    known: Classification,
    scale: float,
    findings: list[Finding],
) -> _Effort | None:
    """The needs of a task; None: nothing. The customer's people on it are its key users."""
    if known.workstreams[task.id] is None or not task.active:
        return None
    if task.effort_hours <= 0.0:
        kind = Unmapped.MILESTONE if task.milestone else Unmapped.NO_EFFORT
        told = task.key_user_hours or 0.0
        words = f"{task.name!r}: no effort{f', {told:g} h of key users' if told else ''}"
        if told or not (task.milestone and task.duration_hours):
            words += ": its links are kept"
            findings.append(Finding(kind, task.place, words, told))
        return None
    units = dict(task.demands)
    targets = {resource: known.targets[resource] for resource in units}
    customer = plain_sum(n for r, n in units.items() if targets[r] is ResourceTarget.CUSTOMER)
    nobody = plain_sum(n for r, n in units.items() if targets[r] is ResourceTarget.NONE)
    crew = plain_sum(units.values()) - customer - nobody
    hours = task.effort_hours * scale
    people = max(1, min(MOST_PEOPLE, ceil(round(crew * scale, 6))))
    own, given = hours, task.key_user_hours
    if customer and not crew:
        words = f"{task.name!r}: key users alone: somebody of the crew is with them all the time"
        added = -hours if given is None else 0.0
        findings.append(Finding(Unmapped.ASSIGNMENT, task.place, words, added))
        given = hours if given is None else given
    elif customer:
        share = hours * customer / (customer + crew + nobody)
        own = hours - share
        if given is not None:
            words = f"{task.name!r}: key users: {given:g} h as the file says, not {share:g} h"
            findings.append(Finding(Unmapped.ASSIGNMENT, task.place, words, share))
        given = share if given is None else given
    return _Effort(own, given, people)


def _predecessors(project: ImportedProject, kept: set[str]) -> dict[str, list[str]]:
    """Per task the packages that it waits for, those behind a task that is left out included."""
    index = {task.id: number for number, task in enumerate(project.tasks)}
    before: dict[str, list[str]] = {}
    links = 0
    for number in topological_order(project):
        task = project.tasks[number]
        found: dict[str, None] = {}
        for name in task.predecessors:
            found.update(dict.fromkeys([name] if name in kept else before[name]))
        before[task.id] = sorted(found, key=index.__getitem__)
        links += len(found)
        if links > MOST_PLAN_LINKS:
            raise project.error(
                f"{task.place}: more than {MOST_PLAN_LINKS:,} links, those of milestones and of "
                "tasks left out taken apart: expected fewer"
            )
    return before


def _package(
    project: ImportedProject,
    task: ImportedTask,
    effort: _Effort,
    predecessors: list[str],
    known: Classification,
) -> PlannedPackage:
    workstream = known.workstreams[task.id]
    assert workstream is not None
    for hours in (effort.hours, effort.key_user_hours or 0.0):
        if hours > MOST_EFFORT_HOURS:
            words = f"{hours:,.0f} hours: expected at most {MOST_EFFORT_HOURS:,.0f}"
            raise project.error(f"{task.place}: {task.name[:60]!r}: {words}")
    key_user_hours = effort.key_user_hours
    return PlannedPackage(
        id=task.id,
        name=task.name[:_LONGEST_NAME].strip(),
        effort_hours=max(LEAST_EFFORT_HOURS, round(effort.hours, _DIGITS)),
        workstream=workstream,
        predecessors=tuple(predecessors),
        key_user_hours=None if key_user_hours is None else round(key_user_hours, _DIGITS),
        people=effort.people,
        departments=known.departments[task.id],
        site=task.site,
    )
