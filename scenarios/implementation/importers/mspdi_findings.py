"""What Microsoft Project XML says that a plan of golive has no place for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .mspdi_values import Values
from .mspdi_xml import ProjectXml
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


def project_findings(path: Path, content: ProjectXml) -> Iterator[Finding]:
    """Of the project as a whole, its calendars and its resources' rates."""
    start = content.project.text("StartDate")
    if start:
        yield Finding(
            Unmapped.CALENDAR, "project", f"starts {start[:10]}: plans count weeks from kick-off"
        )
    own = content.project.text("CalendarUID")
    for element in content.calendars:
        values = Values(path, element, "Calendar")
        uid, name = element.text("UID"), element.text("Name")
        if values.flag("IsBaseCalendar") and uid != own:
            yield Finding(
                Unmapped.CALENDAR, f"calendar UID {uid}", f"{name!r}: the project's own is used"
            )
        exceptions = sum(1 for _ in element.all("Exception"))
        if exceptions:
            words = f"{name!r}: {exceptions} exceptions (holidays, absences) are not kept"
            yield Finding(Unmapped.CALENDAR, f"calendar UID {uid}", words)
    for element in content.resources:
        values = Values(path, element, f"Resource {element.text('UID')}")
        if any(_number(element.text(name)) for name in ("StandardRate", "OvertimeRate")):
            yield Finding(
                Unmapped.COST,
                f"resource UID {element.text('UID')}",
                f"{element.text('Name')!r}: its rate: the world has rates of its own",
            )


def task_findings(values: Values, name: str, summary: bool) -> Iterator[Finding]:
    """Of a task: constraints, progress, costs and what else belongs to it."""
    where = f"task UID {values.element.text('UID')}"
    if summary:
        yield Finding(Unmapped.SUMMARY, where, f"{name!r}: its tasks are carried over")
    if not values.flag("Active", True):
        yield Finding(Unmapped.INACTIVE, where, f"{name!r} is left out")
    constraint = values.whole("ConstraintType", _AS_SOON_AS_POSSIBLE)
    if constraint != _AS_SOON_AS_POSSIBLE:
        what = _CONSTRAINTS.get(constraint, f"type {constraint}")
        date = values.element.text("ConstraintDate")[:10]
        yield Finding(Unmapped.CONSTRAINT, where, f"{name!r}: {what} {date}".rstrip())
    if values.element.text("Deadline"):
        date = values.element.text("Deadline")[:10]
        yield Finding(Unmapped.CONSTRAINT, where, f"{name!r}: deadline {date}")
    if summary:
        return
    percent = max(values.whole("PercentComplete", 0), values.whole("PercentWorkComplete", 0))
    if percent:
        words = f"{name!r} is {percent} % complete: the whole of it is planned"
        yield Finding(Unmapped.PROGRESS, where, words)
    if any(_number(values.element.text(field)) for field in ("FixedCost", "Cost")):
        yield Finding(Unmapped.COST, where, f"{name!r}: its cost: the world counts its own")
    if any(True for _ in values.element.all("Baseline")):
        yield Finding(Unmapped.BASELINE, where, f"{name!r}: its baseline")
    if values.whole("Priority", _USUAL_PRIORITY) != _USUAL_PRIORITY:
        yield Finding(Unmapped.PRIORITY, where, f"{name!r}: priority {values.whole('Priority')}")
    if any(True for _ in values.element.all("ExtendedAttribute")):
        yield Finding(Unmapped.CUSTOM_FIELD, where, f"{name!r}: its custom fields")
    if values.flag("Manual"):
        yield Finding(Unmapped.MANUAL, where, f"{name!r}: its dates: it starts as links allow")
    if values.flag("Recurring") or values.flag("IsSubproject") or values.flag("ExternalTask"):
        yield Finding(
            Unmapped.RECURRING, where, f"{name!r} is recurring or another project's: read as it is"
        )
    calendar = values.element.text("CalendarUID")
    if calendar not in ("", "-1"):
        yield Finding(Unmapped.CALENDAR, where, f"{name!r}: its own calendar UID {calendar}")


def _number(text: str) -> bool:
    """True when a text is a number other than 0."""
    try:
        return bool(float(text))
    except ValueError:
        return False
