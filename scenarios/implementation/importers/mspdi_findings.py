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
    """Of the project as a whole, its calendars and its resources' rates."""
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
    """Of a task: constraints, progress, costs and what else belongs to it."""
    where = f"task UID {task.text('UID')}"
    if summary:
        yield Finding(Unmapped.SUMMARY, where, f"{name!r}: its tasks are carried over")
    if not task.flag("Active", True):
        yield Finding(Unmapped.INACTIVE, where, f"{name!r} is left out")
    constraint = task.whole("ConstraintType", _AS_SOON_AS_POSSIBLE)
    if constraint != _AS_SOON_AS_POSSIBLE:
        what = _CONSTRAINTS.get(constraint, f"type {constraint}")
        date = task.text("ConstraintDate")[:10]
        yield Finding(Unmapped.CONSTRAINT, where, f"{name!r}: {what} {date}".rstrip())
    if task.text("Deadline"):
        date = task.text("Deadline")[:10]
        yield Finding(Unmapped.CONSTRAINT, where, f"{name!r}: deadline {date}")
    if summary:
        return
    percent = max(task.whole("PercentComplete", 0), task.whole("PercentWorkComplete", 0))
    if percent:
        words = f"{name!r} is {percent} % complete: the whole of it is planned"
        yield Finding(Unmapped.PROGRESS, where, words)
    if any(_number(task.text(field)) for field in ("FixedCost", "Cost")):
        yield Finding(Unmapped.COST, where, f"{name!r}: its cost: the world counts its own")
    if any(True for _ in task.all("Baseline")):
        yield Finding(Unmapped.BASELINE, where, f"{name!r}: its baseline")
    if task.whole("Priority", _USUAL_PRIORITY) != _USUAL_PRIORITY:
        yield Finding(Unmapped.PRIORITY, where, f"{name!r}: priority {task.whole('Priority')}")
    if any(True for _ in task.all("ExtendedAttribute")):
        yield Finding(Unmapped.CUSTOM_FIELD, where, f"{name!r}: its custom fields")
    if task.flag("Manual"):
        yield Finding(Unmapped.MANUAL, where, f"{name!r}: its dates: it starts as links allow")
    if task.flag("Recurring") or task.flag("IsSubproject") or task.flag("ExternalTask"):
        words = f"{name!r} is recurring or another project's: read as it is"
        yield Finding(Unmapped.RECURRING, where, words)
    calendar = task.text("CalendarUID")
    if calendar not in ("", "-1"):
        yield Finding(Unmapped.CALENDAR, where, f"{name!r}: its own calendar UID {calendar}")


def _number(text: str) -> bool:
    """True when a text is a number other than 0."""
    try:
        return bool(float(text))
    except ValueError:
        return False
