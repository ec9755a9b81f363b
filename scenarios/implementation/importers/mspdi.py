"""Microsoft Project's XML format (MSPDI), as Project and many other tools save it.

Source: "Introduction to Project XML data", Microsoft Learn; namespace and element names as there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from ....core.arithmetic import plain_sum
from .amounts import WorkingTime
from .links import LinkKind
from .mspdi_calendar import Workdays, calendar_findings, fold_work, working_time
from .mspdi_findings import (
    assignment_findings,
    project_findings,
    split_findings,
    task_findings,
)
from .mspdi_rows import ELAPSED_FORMATS, claims_of, rows_of, work_of
from .names import normalised
from .outline import NEGLIGIBLE_HOURS, Row, nest
from .project import (
    Finding,
    ImportedProject,
    ImportedResource,
    Unmapped,
    check_project,
    read_bytes,
)
from .rows import add_link, set_demands, tasks_of
from .xml_records import Element, XmlFormat, read_xml

FORMAT = "mspdi"
NAMESPACE = "http://schemas.microsoft.com/project"
XML = XmlFormat(
    root="Project",
    namespace=re.compile(re.escape(NAMESPACE)),
    expected="as Microsoft Project saves XML",
    records={
        "Task": ("Task UID {}", (2,)),
        "Resource": ("Resource {}", (2,)),
        "Assignment": ("Assignment {}", (2,)),
        "Calendar": ("Calendar", (2,)),
    },
    parts=frozenset(
        {
            "AvailabilityPeriod",
            "Baseline",
            "Exception",
            "ExtendedAttribute",
            "PredecessorLink",
            "Task",
            "WeekDay",
            "WorkWeek",
            "WorkingTime",
        }
    ),
    folded={"TimephasedData": fold_work},
)
_WORK_RESOURCE = 1
_PERCENT_FORMATS = frozenset({19, 20, 51, 52})
_KINDS = (
    LinkKind.FINISH_TO_FINISH,
    LinkKind.FINISH_TO_START,
    LinkKind.START_TO_FINISH,
    LinkKind.START_TO_START,
)
_FINISH_TO_START = 1


def read_project(path: Path | str) -> ImportedProject:
    """Read a project.

    Which task is a summary is decided by the outline; summaries are dissolved: a link from one
    waits for the last of its tasks, a link to one holds its first tasks back, and work of its own
    is a task beside them. Inactive tasks are left out, and what waited for one waits for its
    predecessors. Effort is the work of people; where there is none, the duration of one person.

    Raises:
        GoliveError: not such a file, a value of another form, a link to a task that is not there,
            a circle; names file, line, UID, element and value.
    """
    path = Path(path)
    project, records = read_xml(path, read_bytes(path), XML)
    time, calendar, findings = working_time(project, records["Calendar"])
    findings += project_findings(project, records)
    findings += calendar_findings(project, records["Calendar"])
    people, things = _resources(records["Resource"], findings)
    elements, rows, whole = rows_of(path, records["Task"], time, findings)
    findings += nest(path, list(rows.values()), claims_of(elements))
    lost = plain_sum(finding.hours for finding in findings)
    lost += _assign(records["Assignment"], rows, people, things, time, findings)
    _read_links(elements, rows, findings)
    for uid, element in elements.items():
        findings += task_findings(element, rows[uid].name, bool(rows[uid].children), time)
    days = Workdays(calendar, records["Calendar"])
    findings += split_findings(records["Assignment"], rows, elements, days)
    worked = [row for uid, row in rows.items() if uid in elements or row.assigned_hours]
    tasks, hours = tasks_of(path, worked, findings)
    lost += _missing(whole, hours, findings)
    name = normalised(project.text("Title") or project.text("Name")) or path.stem
    return check_project(
        ImportedProject(
            name=name.removesuffix(".xml").removesuffix(".mpp"),
            source=str(path),
            format=FORMAT,
            tasks=tasks,
            resources=tuple(people.values()),
            hours=hours + lost,
            hours_per_day=time.hours_per_day,
            days_per_week=int(time.days_per_week),
            unmapped=tuple(findings),
        )
    )


def _missing(whole: float, hours: float, findings: list[Finding]) -> float:
    """Hours that the project's own row says beyond those of all its tasks; they are listed."""
    missing = whole - hours
    if missing <= 1e-6 * hours + NEGLIGIBLE_HOURS:
        return 0.0
    words = f"the project says {whole:g} h, its tasks {hours:g} h: {missing:g} h are missing"
    findings.append(Finding(Unmapped.CONTRADICTION, "project", words, missing))
    return missing


def _resources(
    resources: list[Element], findings: list[Finding]
) -> tuple[dict[int, ImportedResource], set[int]]:
    """Resources that are people by UID, and the UIDs of those that are something else."""
    people: dict[int, ImportedResource] = {}
    things: set[int] = set()
    seen: set[int] = set()
    for element in resources:
        uid = element.whole("UID")
        if uid in seen:
            raise element.error("UID", str(uid), "each UID only once")
        seen.add(uid)
        name, where = normalised(element.text("Name")), f"resource UID {uid}"
        works = element.whole("Type", _WORK_RESOURCE) == _WORK_RESOURCE
        works = works and not element.flag("IsCostResource") and not element.flag("IsBudget")
        if not works:
            things.add(uid)
        if element.flag("IsNull") or not name:
            continue  # Project's own empty row
        if not works:
            words = f"{name!r} is material, a cost or a budget: only people do work here"
            findings.append(Finding(Unmapped.RESOURCE_KIND, where, words))
            continue
        units = element.number("MaxUnits", 1.0)
        periods = [part.number("AvailableUnits", 0.0) for part in element.all("AvailabilityPeriod")]
        if units <= 0.0:
            units = max(periods, default=0.0) or 1.0
            words = f"{name!r}: MaxUnits is 0: {units:g} is taken"
            findings.append(Finding(Unmapped.GUESS, where, words))
        people[uid] = ImportedResource(str(uid), name, units)
    return people, things


def _assign(
    assignments: list[Element],
    rows: dict[str, Row],
    people: dict[int, ImportedResource],
    things: set[int],
    time: WorkingTime,
    findings: list[Finding],
) -> float:
    """Give each row who works on it, in units, and the work of people where it is given.

    Returns:
        Hours of assignments whose task is no row.
    """
    demands: defaultdict[str, dict[str, float]] = defaultdict(dict)
    lost = 0.0
    for element in assignments:
        task, resource = str(element.whole("TaskUID")), element.whole("ResourceUID", -1)
        if resource in things:
            continue  # its work is an amount of something
        hours = work_of(element, time)
        if task not in rows:
            lost += hours or 0.0
            words = f"{hours or 0.0:g} h on a task that is blank or not in the file"
            where = f"assignment UID {element.text('UID')}"
            findings.append(Finding(Unmapped.ASSIGNMENT, where, words, hours or 0.0))
            continue
        row = rows[task]
        if hours is not None:
            row.assigned_hours = (row.assigned_hours or 0.0) + hours
        findings += assignment_findings(element, row, resource, resource in people, hours)
        if resource in people:
            units = element.number("Units", 1.0)
            person = people[resource].id
            demands[task][person] = demands[task].get(person, 0.0) + units
    for task, own in demands.items():
        set_demands(rows[task], own, findings)
    return lost


def _read_links(
    elements: dict[str, Element], rows: dict[str, Row], findings: list[Finding]
) -> None:
    """Finish-to-start links by UID; the others are listed."""
    for own, element in elements.items():
        row = rows[own]
        for link in element.all("PredecessorLink"):
            uid, kind = str(link.whole("PredecessorUID")), link.whole("Type", _FINISH_TO_START)
            if link.flag("CrossProject"):
                words = f"{row.name!r} waits for a task of another project"
                findings.append(Finding(Unmapped.OUTSIDE_LINK, row.place, words))
                continue
            if uid not in rows:
                raise link.error("PredecessorUID", uid, "the UID of a task in this file")
            if not 0 <= kind < len(_KINDS):
                raise link.error("Type", str(kind), "0, 1, 2 or 3")
            add_link(row, uid, _KINDS[kind], _lag(link), f"UID {uid}", findings)


def _lag(link: Element) -> str:
    """A lag in words; empty: none. Its format says if it is tenths of a minute or percent."""
    lag, form = link.whole("LinkLag", 0), link.whole("LagFormat", 7)
    elapsed = " elapsed" if form in ELAPSED_FORMATS else ""
    if not lag:
        return ""
    return f"{lag:+d} %{elapsed}" if form in _PERCENT_FORMATS else f"{lag / 600.0:+g} h{elapsed}"
