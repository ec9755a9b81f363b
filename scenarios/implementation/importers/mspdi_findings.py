"""Findings in Microsoft Project XML: things that a plan of golive has no place for."""

from __future__ import annotations

from collections.abc import Iterator

from .mspdi_xml import Element
from .project import Finding, Unmapped

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
    """Findings on the project as a whole, its calendars and its resources' rates."""
    start = project.text("StartDate")
    if start:
        words = f"starts {start[:10]}: plans count weeks from kick-off"
        yield Finding(Unmapped.CALENDAR, "project", words)
    own = project.text("CalendarUID")
    for element in records["Calendar"]:
        uid, name = element.text("UID"), element.text("Name")
        if element.flag("IsBaseCalendar") and uid != own:
            words = f"{name!r}: the project's own is used"
            yield Finding(Unmapped.CALENDAR, f"calendar UID {uid}", words)
        exceptions = sum(1 for _ in element.all("Exception"))
        if exceptions:
            words = f"{name!r}: {exceptions} exceptions (holidays, absences) are not kept"
            yield Finding(Unmapped.CALENDAR, f"calendar UID {uid}", words)
    for element in records["Resource"]:
        if any(_number(element.text(name)) for name in ("StandardRate", "OvertimeRate")):
            words = f"{element.text('Name')!r}: its rate: the world has rates of its own"
            yield Finding(Unmapped.COST, f"resource UID {element.text('UID')}", words)


def task_findings(task: Element, name: str, summary: bool) -> Iterator[Finding]:
    """Findings on a task: constraints, progress, costs and what else belongs to it."""
    constraint = task.whole("ConstraintType", _AS_SOON_AS_POSSIBLE)
    what = _CONSTRAINTS.get(constraint, f"type {constraint}")
    date, deadline = task.text("ConstraintDate")[:10], task.text("Deadline")[:10]
    rows = [
        (summary, Unmapped.SUMMARY, ": its tasks are carried over"),
        (not task.flag("Active", True), Unmapped.INACTIVE, " is left out"),
        (constraint != _AS_SOON_AS_POSSIBLE, Unmapped.CONSTRAINT, f": {what} {date}".rstrip()),
        (bool(deadline), Unmapped.CONSTRAINT, f": deadline {deadline}"),
    ]
    if not summary:
        rows += _rows_of_work(task)
    for found, kind, words in rows:
        if found:
            yield Finding(kind, f"task UID {task.text('UID')}", f"{name!r}{words}")


def _rows_of_work(task: Element) -> list[tuple[bool, Unmapped, str]]:
    percent = max(task.whole("PercentComplete", 0), task.whole("PercentWorkComplete", 0))
    has_cost = _number(task.text("FixedCost")) or _number(task.text("Cost"))
    priority, calendar = task.whole("Priority", _USUAL_PRIORITY), task.text("CalendarUID")
    is_other = any(task.flag(name) for name in ("Recurring", "IsSubproject", "ExternalTask"))
    has = {name for name, _ in task.parts}
    return [
        (percent != 0, Unmapped.PROGRESS, f" is {percent} % complete: the whole of it is planned"),
        (has_cost, Unmapped.COST, ": its cost: the world counts its own"),
        ("Baseline" in has, Unmapped.BASELINE, ": its baseline"),
        (priority != _USUAL_PRIORITY, Unmapped.PRIORITY, f": priority {priority}"),
        ("ExtendedAttribute" in has, Unmapped.CUSTOM_FIELD, ": its custom fields"),
        (task.flag("Manual"), Unmapped.MANUAL, ": its dates: it starts as links allow"),
        (is_other, Unmapped.RECURRING, " is recurring or another project's: read as it is"),
        (calendar not in ("", "-1"), Unmapped.CALENDAR, f": its own calendar UID {calendar}"),
    ]


def _number(text: str) -> bool:
    """True when a text is a number other than 0."""
    try:
        return bool(float(text))
    except ValueError:
        return False
