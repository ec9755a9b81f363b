"""Microsoft Project's XML format (MSPDI), as Project and many other tools save it.

Source: "Introduction to Project XML data", Microsoft Learn; namespace and element names as there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from ....core.arithmetic import plain_sum
from ....core.errors import GoliveError
from .amounts import WorkingTime
from .links import LinkKind
from .mspdi_calendar import Workdays, calendar_findings, fold_work, working_time
from .mspdi_findings import (
    assignment_findings,
    project_findings,
    split_findings,
    task_findings,
)
from .names import normalised
from .outline import MOST_LEVELS, Row, levels, nest, numbers
from .project import (
    MOST_TASKS,
    Finding,
    ImportedProject,
    ImportedResource,
    Unmapped,
    check_project,
    read_bytes,
)
from .rows import add_link, tasks_of
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
_ELAPSED_FORMATS = frozenset({4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52})
"""Duration formats that count nights and weekends (``ed``, ``eh``, ...)."""
_PERCENT_FORMATS = frozenset({19, 20, 51, 52})
_KINDS = (
    LinkKind.FINISH_TO_FINISH,
    LinkKind.FINISH_TO_START,
    LinkKind.START_TO_FINISH,
    LinkKind.START_TO_START,
)
_FINISH_TO_START = 1
_WITH_DAYS = re.compile(r"^[-+]?P[^T]")


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
    elements, rows = _rows(path, records["Task"], time, findings)
    findings += nest(path, list(rows.values()), _claims(elements))
    lost = _assign(records["Assignment"], rows, people, things, time, findings)
    _read_links(elements, rows, findings)
    for uid, element in elements.items():
        findings += task_findings(element, rows[uid].name, bool(rows[uid].children), time)
    days = Workdays(calendar, records["Calendar"])
    findings += split_findings(records["Assignment"], rows, elements, days)
    worked = [row for uid, row in rows.items() if uid in elements or row.assigned_hours]
    tasks, hours = tasks_of(path, worked, findings)
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


def _rows(
    path: Path, tasks: list[Element], time: WorkingTime, findings: list[Finding]
) -> tuple[dict[str, Element], dict[str, Row]]:
    """Elements and rows of tasks by UID.

    The project's own row holds none of the others, and only the work that is assigned to it.
    """
    elements: dict[str, Element] = {}
    seen: set[int] = set()
    for element in tasks:
        number = element.whole("UID")
        if element.flag("IsNull"):
            continue
        if number in seen:
            raise element.error("UID", str(number), "each UID only once")
        seen.add(number)
        level = element.whole("OutlineLevel", 1)
        if not 0 <= level <= MOST_LEVELS:
            raise element.error("OutlineLevel", str(level), f"0 to {MOST_LEVELS}")
        elements[str(number)] = element
        if len(elements) > MOST_TASKS:
            raise GoliveError(f"{path}: more than {MOST_TASKS:,} tasks: expected fewer")
    own = _project_row(elements)
    rows = {
        uid: _row(uid, element, time, findings) for uid, element in elements.items() if uid != own
    }
    if own is not None:
        element = elements.pop(own)
        name = normalised(element.text("Name")) or f"task {own}"
        rows[own] = Row(own, name, f"line {element.line}, UID {own}")
    return elements, rows


def _project_row(elements: dict[str, Element]) -> str | None:
    """UID of the row that stands for the project: the first, alone on level 0."""
    on_top = [uid for uid, element in elements.items() if element.text("OutlineLevel") == "0"]
    first = next(iter(elements), None)
    return first if on_top == [first] and (len(elements) > 1 or first == "0") else None


def _row(uid: str, element: Element, time: WorkingTime, findings: list[Finding]) -> Row:
    place = f"line {element.line}, UID {uid}"
    name = normalised(element.text("Name"))
    if not name:
        name = f"task {uid}"
        findings.append(Finding(Unmapped.GUESS, place, f"it has no name: {name!r} is taken"))
    row = Row(uid, name, place, hours=_work(element, time))
    row.duration_hours = element.hours("Duration", time) or 0.0
    if element.whole("DurationFormat", 7) in _ELAPSED_FORMATS:
        row.duration_hours = _elapsed(element, time)
        words = f"{name!r}: elapsed time is counted as {row.duration_hours:g} working hours"
        findings.append(Finding(Unmapped.CALENDAR, place, words))
    for field in ("Duration", "Work"):
        if _WITH_DAYS.match(element.text(field)):
            hours = element.hours(field, time)
            words = f"{name!r}: {field} {element.text(field)}: of working days, {hours:g} h"
            findings.append(Finding(Unmapped.GUESS, place, words))
    if element.text("Summary"):
        row.flagged_summary = element.flag("Summary")
    row.milestone, row.active = element.flag("Milestone"), element.flag("Active", True)
    _read_inserted(row, element, time, findings)
    return row


def _elapsed(element: Element, time: WorkingTime) -> float:
    """Working hours of a duration that counts nights and weekends: its days have 24 hours."""
    around = WorkingTime(24.0, 7.0)
    return (element.hours("Duration", around) or 0.0) * time.share


def _work(element: Element, time: WorkingTime) -> float | None:
    """Hours of work of a task or an assignment: the most that its fields say."""
    said = [element.hours("Work", time)]
    done, rest = element.hours("ActualWork", time), element.hours("RemainingWork", time)
    if done is not None and rest is not None:
        said.append(done + rest)
    return max((hours for hours in said if hours is not None), default=None)


def _read_inserted(row: Row, element: Element, time: WorkingTime, findings: list[Finding]) -> None:
    """Tasks written inside a task (an inserted project): the row stands for all of them."""
    inside = [part for part in element.all("Task") if not part.flag("IsNull")]
    if not inside:
        return
    held = plain_sum(_work(part, time) or part.hours("Duration", time) or 0.0 for part in inside)
    said = row.hours or row.duration_hours
    row.hours, row.flagged_summary = max(held, said), None
    words = f"{row.name!r}: {len(inside)} tasks of {held:g} h inside it are read as one package"
    findings.append(Finding(Unmapped.RECURRING, row.place, words))


def _claims(elements: dict[str, Element]) -> dict[str, dict[str, str] | None]:
    """Parents by UID, by each field that says them; a code (WBS) only where no other does."""
    level = [(uid, element.whole("OutlineLevel", 1)) for uid, element in elements.items()]
    has_level = any(element.text("OutlineLevel") for element in elements.values())
    found: dict[str, dict[str, str] | None] = {
        "OutlineLevel": levels(level) if has_level else None,
        "OutlineNumber": numbers([(u, e.text("OutlineNumber")) for u, e in elements.items()]),
    }
    if not any(found.values()):
        found["WBS"] = numbers([(u, e.text("WBS")) for u, e in elements.items()])
    return found


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
        hours = _work(element, time)
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
        rows[task].demands = tuple((person, units) for person, units in own.items() if units > 0.0)
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
    elapsed = " elapsed" if form in _ELAPSED_FORMATS else ""
    if not lag:
        return ""
    return f"{lag:+d} %{elapsed}" if form in _PERCENT_FORMATS else f"{lag / 600.0:+g} h{elapsed}"
