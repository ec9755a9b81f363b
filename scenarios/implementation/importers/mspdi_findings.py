"""Findings in Microsoft Project XML: things that a plan of golive has no place for."""

from __future__ import annotations

from collections.abc import Iterator

from .amounts import WorkingTime
from .mspdi_calendar import Workdays
from .outline import Row
from .project import Finding, Unmapped
from .xml_records import Element

_USUAL_PRIORITY = 500
_AS_SOON_AS_POSSIBLE = 0
_CONSTRAINTS = {
    1: "as late as possible",
    2: "must start on",
    3: "must finish on",
    4: "start no earlier than",
    5: "start no later than",
    6: "finish no earlier than",
    7: "finish no later than",
}


def project_findings(project: Element, records: dict[str, list[Element]]) -> Iterator[Finding]:
    """Findings on the project as a whole and its resources' rates."""
    start = project.text("StartDate")
    if start:
        words = f"starts {start[:10]}: plans count weeks from kick-off"
        yield Finding(Unmapped.CALENDAR, "project", words)
    for element in records["Resource"]:
        if any(_number(element.text(name)) for name in ("StandardRate", "OvertimeRate")):
            words = f"{element.text('Name')!r}: its rate: the world has rates of its own"
            yield Finding(Unmapped.COST, f"resource UID {element.text('UID')}", words)


def task_findings(task: Element, name: str, summary: bool, time: WorkingTime) -> Iterator[Finding]:
    """Findings on a task: constraints, progress, costs and what else belongs to it."""
    constraint = task.whole("ConstraintType", _AS_SOON_AS_POSSIBLE)
    what = _CONSTRAINTS.get(constraint, f"type {constraint}")
    date, deadline = task.text("ConstraintDate")[:10], task.text("Deadline")[:10]
    rows = [
        (constraint != _AS_SOON_AS_POSSIBLE, Unmapped.CONSTRAINT, f": {what} {date}".rstrip()),
        (bool(deadline), Unmapped.CONSTRAINT, f": deadline {deadline}"),
    ]
    if not summary:
        rows += _rows_of_work(task, time)
    for found, kind, words in rows:
        if found:
            yield Finding(kind, f"task UID {task.text('UID')}", f"{name!r}{words}")


def _rows_of_work(task: Element, time: WorkingTime) -> list[tuple[bool, Unmapped, str]]:
    has_cost = _number(task.text("FixedCost")) or _number(task.text("Cost"))
    priority, calendar = task.whole("Priority", _USUAL_PRIORITY), task.text("CalendarUID")
    is_other = any(task.flag(name) for name in ("Recurring", "IsSubproject", "ExternalTask"))
    has, done = {name for name, _ in task.parts}, _progress(task, time)
    return [
        (bool(done), Unmapped.PROGRESS, f" is {done}: the whole of it is planned"),
        (has_cost, Unmapped.COST, ": its cost: the world counts its own"),
        ("Baseline" in has, Unmapped.BASELINE, ": its baseline"),
        (priority != _USUAL_PRIORITY, Unmapped.PRIORITY, f": priority {priority}"),
        ("ExtendedAttribute" in has, Unmapped.CUSTOM_FIELD, ": its custom fields"),
        (task.flag("Manual"), Unmapped.MANUAL, ": its dates: it starts as links allow"),
        (is_other, Unmapped.RECURRING, " is recurring or another project's: read as it is"),
        (calendar not in ("", "-1"), Unmapped.CALENDAR, f": its own calendar UID {calendar}"),
    ]


def _progress(task: Element, time: WorkingTime) -> str:
    """Say in words what of a task is done; empty: nothing."""
    percent = max(task.whole("PercentComplete", 0), task.whole("PercentWorkComplete", 0))
    if percent:
        return f"{percent} % complete"
    for name, what in (("ActualWork", "work"), ("ActualDuration", "time")):
        hours = task.hours(name, time)
        if hours:
            return f"begun, {hours:g} h of its {what} done"
    if task.text("ActualFinish"):
        return f"finished on {task.text('ActualFinish')[:10]}"
    return f"begun on {task.text('ActualStart')[:10]}" if task.text("ActualStart") else ""


def assignment_findings(
    element: Element, row: Row, resource: int, known: bool, hours: float | None
) -> Iterator[Finding]:
    """Findings on somebody's work on a task: who it is, and work on a summary."""
    if resource >= 0 and not known:
        words = f"{row.name!r}: resource UID {resource} is not in the file"
        if hours:
            words += f": its {hours:g} h are the task's"
        yield Finding(Unmapped.UNKNOWN_RESOURCE, row.place, words)
    elif resource < 0 and hours:
        words = f"{row.name!r}: {hours:g} h of nobody yet: they are the task's"
        yield Finding(Unmapped.UNKNOWN_RESOURCE, row.place, words)
    overtime = element.text("OvertimeWork")
    if any(digit in overtime for digit in "123456789"):
        words = f"{row.name!r}: overtime {overtime}: counted as other work"
        yield Finding(Unmapped.ASSIGNMENT, row.place, words)


def _number(text: str) -> bool:
    """True when a text is a number other than 0."""
    try:
        return bool(float(text))
    except ValueError:
        return False


def split_findings(
    assignments: list[Element],
    rows: dict[str, Row],
    elements: dict[str, Element],
    days: Workdays,
) -> Iterator[Finding]:
    """Tasks whose work stops for at least a working day and goes on."""
    breaks = {
        element.text("TaskUID"): element.spans["break"]
        for element in assignments
        if "break" in element.spans
    }
    for uid, element in elements.items():
        stopped = (element.text("Stop"), element.text("Resume"))
        for stop, resume in (stopped, breaks.get(uid, ("", ""))):
            if days.any_between(stop, resume):
                words = f"{rows[uid].name!r} is split: it stops on {stop[:10]} and goes on on "
                words += f"{resume[:10]}: planned in one piece"
                yield Finding(Unmapped.RECURRING, rows[uid].place, words)
                break
