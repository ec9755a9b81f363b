"""Tasks of Microsoft Project XML as rows: their hours, their durations and their outline."""

from __future__ import annotations

import re
from pathlib import Path

from ....core.arithmetic import plain_sum
from ....core.errors import GoliveError
from .amounts import WorkingTime
from .names import normalised
from .outline import MOST_LEVELS, Row, levels, numbers
from .project import MOST_TASKS, Finding, Unmapped
from .xml_records import Element

ELAPSED_FORMATS = frozenset({4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52})
"""Duration formats that count nights and weekends (``ed``, ``eh``, ...)."""
_WITH_DAYS = re.compile(r"^[-+]?P[^T]")


def rows_of(
    path: Path, tasks: list[Element], time: WorkingTime, findings: list[Finding]
) -> tuple[dict[str, Element], dict[str, Row], float]:
    """Elements and rows of tasks by UID, and the hours that the project says it has.

    The project's own row holds none of the others, and only the work that is assigned to it.
    """
    elements: dict[str, Element] = {}
    seen: set[int] = set()
    for element in tasks:
        number = element.whole("UID")
        if element.flag("IsNull"):
            hours = work_of(element, time)
            if hours:
                words = f"a blank row with {hours:g} h is left out"
                findings.append(Finding(Unmapped.INACTIVE, f"UID {number}", words, hours))
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
    whole = 0.0
    if own is not None:
        element = elements.pop(own)
        whole = work_of(element, time) or 0.0
        name = normalised(element.text("Name")) or f"task {own}"
        rows[own] = Row(own, name, f"line {element.line}, UID {own}")
    return elements, rows, whole


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
    row = Row(uid, name, place, hours=work_of(element, time))
    row.duration_hours = element.hours("Duration", time) or 0.0
    if element.whole("DurationFormat", 7) in ELAPSED_FORMATS:
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


def work_of(element: Element, time: WorkingTime) -> float | None:
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
    held = plain_sum(work_of(part, time) or part.hours("Duration", time) or 0.0 for part in inside)
    said = row.hours or row.duration_hours
    row.hours, row.flagged_summary = max(held, said), None
    words = f"{row.name!r}: {len(inside)} tasks of {held:g} h inside it are read as one package"
    findings.append(Finding(Unmapped.RECURRING, row.place, words))


def claims_of(elements: dict[str, Element]) -> dict[str, dict[str, str] | None]:
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
