"""Microsoft Project's XML format (MSPDI), as Project and many other tools save it.

Source: "Introduction to Project XML data", Microsoft Learn; namespace and element names as there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from ....core.errors import GoliveError
from .mspdi_findings import project_findings, task_findings
from .mspdi_xml import Element, read_xml
from .project import (
    MOST_LINKS,
    MOST_TASKS,
    Finding,
    ImportedProject,
    ImportedResource,
    ImportedTask,
    Unmapped,
    check_project,
    read_bytes,
)

FORMAT = "mspdi"
_WORK_RESOURCE = 1
_ELAPSED_FORMATS = frozenset({4, 6, 8, 10, 12, 36, 38, 40, 42, 44})
"""Duration formats that count nights and weekends (``ed``, ``eh``, ...)."""
_HOURS_PER_WEEK = 168.0
_MOST_LEVELS = 64
_FINISH_TO_START = 1
_LINK_NAMES = ("finish-to-finish", "finish-to-start", "start-to-finish", "start-to-start")


@dataclass(slots=True)
class _Node:
    """A task of the file on its way to an ``ImportedTask``."""

    uid: int
    element: Element
    level: int
    summary: bool
    name: str
    context: tuple[str, ...] = ()
    children: list[_Node] = field(default_factory=list)
    links: list[int] = field(default_factory=list)


def read_project(path: Path | str) -> ImportedProject:
    """Read a project.

    Summary tasks are dissolved: a link from one waits for the last of its tasks, a link to one
    holds its first tasks back. Inactive tasks are left out, and what waited for one waits for its
    predecessors. Effort is the work of people; where there is none, the duration of one person.

    Raises:
        GoliveError: not such a file, a value of another form, a link to a task that is not there,
            a circle; names file, line, UID, element and value.
    """
    path = Path(path)
    project, records = read_xml(path, read_bytes(path))
    day = project.whole("MinutesPerDay", 480) / 60.0
    week = project.whole("MinutesPerWeek", 2400) / 60.0
    if not 1.0 <= day <= 24.0 or not day <= week <= 7.0 * day:
        raise GoliveError(
            f"{path}: MinutesPerDay {day * 60:g}, MinutesPerWeek {week * 60:g}: "
            "expected a day of 1 to 24 hours and a week of 1 to 7 days"
        )
    findings: list[Finding] = list(project_findings(project, records))
    people = _people(records["Resource"], findings)
    nodes = _nodes(path, records["Task"], findings)
    demands, work = _assignments(records, nodes, people, findings)
    _read_links(nodes, findings)
    _dissolve_summaries(path, nodes, findings)
    elapsed = day * round(week / day) / _HOURS_PER_WEEK
    tasks = [
        _task(node, demands.get(node.uid, ()), work.get(node.uid), elapsed, findings)
        for node in nodes.values()
        if not node.summary
    ]
    name = project.text("Title") or project.text("Name") or path.stem
    return check_project(
        ImportedProject(
            name=name.removesuffix(".xml").removesuffix(".mpp"),
            source=str(path),
            format=FORMAT,
            tasks=tuple(tasks),
            resources=tuple(people.values()),
            hours_per_day=day,
            days_per_week=max(1, min(7, round(week / day))),
            unmapped=tuple(findings),
        )
    )


def _people(resources: list[Element], findings: list[Finding]) -> dict[int, ImportedResource]:
    """Resources that are people, by UID."""
    people: dict[int, ImportedResource] = {}
    seen: set[int] = set()
    for element in resources:
        uid = element.whole("UID")
        if uid in seen:
            raise element.error("UID", str(uid), "each UID only once")
        seen.add(uid)
        name = element.text("Name")
        if element.flag("IsNull") or not name:
            continue  # Project's own empty row
        works = element.whole("Type", _WORK_RESOURCE) == _WORK_RESOURCE
        if not works or element.flag("IsCostResource"):
            words = f"{name!r} is material or a cost: only people do work here"
            findings.append(Finding(Unmapped.RESOURCE_KIND, f"resource UID {uid}", words))
            continue
        units = element.number("MaxUnits", 1.0) or 1.0
        people[uid] = ImportedResource(str(uid), name, units)
    return people


def _nodes(path: Path, tasks: list[Element], findings: list[Finding]) -> dict[int, _Node]:
    """Tasks by UID, with the summary tasks around each; the project's own row is left out."""
    nodes: dict[int, _Node] = {}
    around: list[_Node] = []
    for element in tasks:
        uid = element.whole("UID")
        if element.flag("IsNull"):
            continue
        level = element.whole("OutlineLevel", 1)
        if uid in nodes:
            raise element.error("UID", str(uid), "each UID only once")
        if not 0 <= level <= _MOST_LEVELS:
            raise element.error("OutlineLevel", str(level), f"0 to {_MOST_LEVELS}")
        if level == 0:
            continue
        name = " ".join(element.text("Name").split()) or f"task {uid}"
        while around and around[-1].level >= level:
            around.pop()
        context = tuple(node.name for node in around)
        node = _Node(uid, element, level, element.flag("Summary"), name, context)
        if around:
            around[-1].children.append(node)
        if node.summary:
            around.append(node)
        nodes[uid] = node
        if len(nodes) > MOST_TASKS:
            raise GoliveError(f"{path}: more than {MOST_TASKS:,} tasks: expected fewer")
    for node in nodes.values():
        node.summary = bool(node.children)  # one without tasks below it is a task
        findings += task_findings(node.element, node.name, node.summary)
    return nodes


def _assignments(
    records: dict[str, list[Element]],
    nodes: dict[int, _Node],
    people: dict[int, ImportedResource],
    findings: list[Finding],
) -> tuple[dict[int, tuple[tuple[str, float], ...]], dict[int, float]]:
    """Per task who works on it, in units, and the work of people in hours where it is given."""
    demands: dict[int, dict[str, float]] = {}
    work: dict[int, float] = {}
    resources = {element.text("UID") for element in records["Resource"]}
    for element in records["Assignment"]:
        task, resource = element.whole("TaskUID"), element.whole("ResourceUID", -1)
        if task not in nodes:
            continue  # of the project's own row or of an empty one
        if resource not in people:
            if resource >= 0 and str(resource) not in resources:
                words = f"resource UID {resource} is not in the file"
                findings.append(Finding(Unmapped.UNKNOWN_RESOURCE, f"task UID {task}", words))
            continue
        units = element.number("Units", 1.0)
        own = demands.setdefault(task, {})
        person = people[resource].id
        own[person] = own.get(person, 0.0) + units
        hours = element.hours("Work")
        if hours is not None:
            work[task] = work.get(task, 0.0) + hours
    counted = {
        task: tuple((person, units) for person, units in own.items() if units > 0.0)
        for task, own in demands.items()
    }
    return counted, work


def _task(
    node: _Node,
    demands: Sequence[tuple[str, float]],
    assigned: float | None,
    elapsed: float,
    findings: list[Finding],
) -> ImportedTask:
    element, where = node.element, f"task UID {node.uid}"
    duration = element.hours("Duration") or 0.0
    if element.whole("DurationFormat", 7) in _ELAPSED_FORMATS:
        duration *= elapsed
        words = f"{node.name!r}: elapsed time is counted as {duration:g} working hours"
        findings.append(Finding(Unmapped.CALENDAR, where, words))
    milestone = element.flag("Milestone")
    effort = assigned if assigned else element.hours("Work") or 0.0
    if not effort and duration and not milestone:
        effort = duration
        words = f"{node.name!r}: no work: its duration counts as the effort of one"
        findings.append(Finding(Unmapped.NO_EFFORT, where, words))
    active = element.flag("Active", True)
    return ImportedTask(
        id=str(node.uid),
        name=node.name,
        place=f"line {element.line}, UID {node.uid}",
        duration_hours=duration if active else 0.0,
        effort_hours=effort if active else 0.0,
        predecessors=tuple(str(uid) for uid in dict.fromkeys(node.links)),
        demands=tuple(demands) if active else (),
        context=node.context,
        milestone=milestone,
        active=active,
    )


def _read_links(nodes: dict[int, _Node], findings: list[Finding]) -> None:
    """Finish-to-start links by UID; the others are listed."""
    for node in nodes.values():
        where = f"task UID {node.uid}"
        for link in node.element.all("PredecessorLink"):
            uid, kind = link.whole("PredecessorUID"), link.whole("Type", _FINISH_TO_START)
            if link.flag("CrossProject"):
                words = f"{node.name!r} waits for a task of another project"
                findings.append(Finding(Unmapped.OUTSIDE_LINK, where, words))
                continue
            if uid not in nodes:
                raise link.error("PredecessorUID", str(uid), "the UID of a task in this file")
            if not 0 <= kind < len(_LINK_NAMES):
                raise link.error("Type", str(kind), "0, 1, 2 or 3")
            if kind != _FINISH_TO_START:
                words = f"{_LINK_NAMES[kind]} from UID {uid}: the link is left out"
                findings.append(Finding(Unmapped.LINK_TYPE, where, words))
                continue
            lag = link.whole("LinkLag", 0)
            if lag:
                hours = lag / 600.0
                words = f"{hours:+g} h after UID {uid}: the link is kept, without its lag"
                findings.append(Finding(Unmapped.LAG, where, words))
            node.links.append(uid)


def _dissolve_summaries(path: Path, nodes: dict[int, _Node], findings: list[Finding]) -> None:
    """Links from and to summary tasks become links of their tasks."""
    leaves = {node.uid: _leaves(node) for node in nodes.values() if node.summary}
    for node in nodes.values():
        if node.summary and node.links:
            words = f"{node.name!r}: its links hold back its first tasks"
            findings.append(Finding(Unmapped.SUMMARY_LINK, f"task UID {node.uid}", words))
    direct = {node.uid: list(node.links) for node in nodes.values() if not node.summary}

    def last_of(uid: int) -> list[int]:
        if not nodes[uid].summary:
            return [uid]
        inside = set(leaves[uid])
        waited_for = {link for leaf in inside for link in direct[leaf]}
        return [leaf for leaf in leaves[uid] if leaf not in waited_for]

    ends = {uid: last_of(uid) for node in nodes.values() for uid in node.links}
    total = 0

    waiting = [(nodes[uid], links) for uid, links in direct.items()]
    for uid, inside in leaves.items():
        own = set(inside)
        first = [nodes[leaf] for leaf in inside if own.isdisjoint(direct[leaf])]
        waiting += [(node, nodes[uid].links) for node in first]
    for uid in direct:
        nodes[uid].links = []
    for node, links in waiting:
        for link in links:
            total += len(ends[link])
            if total > MOST_LINKS:
                raise GoliveError(
                    f"{path}: links of summary tasks stand for more than {MOST_LINKS:,} links "
                    "between tasks: expected fewer"
                )
            node.links += ends[link]


def _leaves(node: _Node) -> list[int]:
    """Tasks below a summary task that are none themselves."""
    below = (_leaves(child) if child.summary else [child.uid] for child in node.children)
    return list(chain.from_iterable(below))
