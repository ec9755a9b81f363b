"""Calendars of Microsoft Project XML: the working week, and days off in all forms that it has.

A calendar that disagrees with the header's ``MinutesPerDay`` decides: it is what Project schedules
by. Days off are ``Exception`` elements since Project 2007, and before (and beside them) week days
of ``DayType`` 0 with a ``TimePeriod``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ....core.arithmetic import plain_sum, whole_sum
from ....core.errors import GoliveError
from .amounts import WorkingTime
from .project import Finding, Unmapped
from .xml_records import Element

_EXCEPTION_DAY = 0
_SUNDAY = 1
_SATURDAY = 7
_HOUR = (1.0, 60.0, 3_600.0)
_MOST_DAYS_OFF = 100_000
_LONGEST_REST = 1_000
"""Days of a rest that are looked at: longer ones have a working day among them, or none at all."""


def working_time(
    project: Element, calendars: list[Element]
) -> tuple[WorkingTime, Element | None, list[Finding]]:
    """Hours of a day and days of a week, the project's own calendar, and where they disagree.

    Raises:
        GoliveError: a day or week of impossible length.
    """
    day = project.whole("MinutesPerDay", 480) / 60.0
    week = project.whole("MinutesPerWeek", 2400) / 60.0
    if not 1.0 <= day <= 24.0 or not day <= week <= 7.0 * day:
        raise GoliveError(
            f"{project.path}: MinutesPerDay {day * 60:g}, MinutesPerWeek {week * 60:g}: "
            "expected a day of 1 to 24 hours and a week of 1 to 7 days"
        )
    by_uid = {element.text("UID"): element for element in calendars}
    own = by_uid.get(project.text("CalendarUID"))
    told = WorkingTime(day, float(max(1, min(7, round(week / day)))))
    if own is None:
        return told, None, []
    hours = _hours_of_days(own, by_uid, day)
    where = f"calendar UID {own.text('UID')}"
    time, findings = decided(own.text("Name"), where, list(hours.values()), told, week)
    return time, own, findings


def decided(
    name: str, where: str, lengths: list[float], told: WorkingTime, week: float
) -> tuple[WorkingTime, list[Finding]]:
    """The working time of a calendar, and a contradiction if its file says something else.

    Args:
        name: of the calendar.
        where: for the finding.
        lengths: hours of the days of its week.
        told: what the file says beside it.
        week: hours of a week, as the file says beside it.
    """
    worked = [length for length in lengths if length > 0.0]
    mean = plain_sum(worked) / len(worked) if worked else 0.0
    if not 1.0 <= mean <= 24.0:
        return told, []
    if abs(mean - told.hours_per_day) < 0.01 and abs(mean * len(worked) - week) < 0.01:
        return told, []
    equal = " on average" if max(worked) - min(worked) > 0.01 else ""
    words = (
        f"{name!r} works {len(worked)} days of {mean:g} h{equal}, the file says days of "
        f"{told.hours_per_day:g} h and weeks of {week:g} h: the calendar decides"
    )
    return WorkingTime(mean, float(len(worked))), [Finding(Unmapped.CONTRADICTION, where, words)]


def _hours_of_days(calendar: Element, by_uid: dict[str, Element], usual: float) -> dict[int, float]:
    """Working hours by day of the week; what a calendar leaves open is its base calendar's."""
    found: dict[int, float] = {}
    seen: set[int] = set()
    at: Element | None = calendar
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        for weekday in at.all("WeekDay"):
            kind = weekday.whole("DayType", _EXCEPTION_DAY)
            if _SUNDAY <= kind <= _SATURDAY and kind not in found:
                found[kind] = _day_hours(weekday, usual)
        at = by_uid.get(at.text("BaseCalendarUID"))
    for kind in range(_SUNDAY, _SATURDAY + 1):
        found.setdefault(kind, 0.0 if kind in (_SUNDAY, _SATURDAY) else usual)
    return found


def _day_hours(weekday: Element, usual: float) -> float:
    if not weekday.flag("DayWorking", True):
        return 0.0
    spans = [_span(part) for part in weekday.all("WorkingTime")]
    return plain_sum(spans) if spans else usual


def _span(part: Element) -> float:
    """Hours from one time of the day to another; midnight is the day's end."""
    hours = []
    for name in ("FromTime", "ToTime"):
        text = part.text(name)
        digits = text.split(":")
        sound = len(digits) in (2, 3) and all(one.isdecimal() and len(one) <= 2 for one in digits)
        if not sound or int(digits[0]) > 24:
            raise part.error(name, text, "a time of day such as 08:00:00")
        hours.append(plain_sum(int(one) / unit for one, unit in zip(digits, _HOUR, strict=False)))
    length = hours[1] - hours[0]
    return length if length > 0.0 else length + 24.0


def days_off(calendar: Element) -> set[tuple[str, str]]:
    """First and last day of each exception, in whichever form it is written."""
    found: set[tuple[str, str]] = set()
    for part in calendar.all("Exception"):
        first, last = part.text("FromDate")[:10], part.text("ToDate")[:10]
        found.add((first, last) if first else (part.text("Name"), str(len(found))))
    for part in calendar.all("WeekDay"):
        first = part.text("FromDate")[:10]
        if part.whole("DayType", _EXCEPTION_DAY) == _EXCEPTION_DAY and first:
            found.add((first, part.text("ToDate")[:10]))
    return found


def calendar_findings(project: Element, calendars: Iterable[Element]) -> Iterator[Finding]:
    """Findings on calendars that are not the project's, exceptions and other weeks."""
    own = project.text("CalendarUID")
    for element in calendars:
        uid, name = element.text("UID"), element.text("Name")
        where = f"calendar UID {uid}"
        if element.flag("IsBaseCalendar") and uid != own:
            yield Finding(Unmapped.CALENDAR, where, f"{name!r}: the project's own is used")
        spans = days_off(element)
        if spans:
            days = whole_sum(max(1, _length(first, last)) for first, last in spans)
            count = f"{len(spans)} exceptions" + (f" of {days} days" if days > len(spans) else "")
            words = f"{name!r}: {count} (holidays, absences) are not kept"
            yield Finding(Unmapped.CALENDAR, where, words)
        weeks = whole_sum(1 for _ in element.all("WorkWeek"))
        if weeks:
            words = f"{name!r}: {weeks} other working weeks for a time are not kept"
            yield Finding(Unmapped.CALENDAR, where, words)


def _length(first: str, last: str) -> int:
    """Days from one to another, both included; 0 if a text is no date."""
    try:
        return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days + 1
    except ValueError:
        return 0


class Workdays:
    """The working days of a project."""

    def __init__(self, calendar: Element | None, calendars: list[Element]) -> None:
        """Take the project's calendar, and all that it may be based on."""
        by_uid = {element.text("UID"): element for element in calendars}
        usual = {kind: 8.0 * (_SUNDAY < kind < _SATURDAY) for kind in range(1, 8)}
        self._hours = usual if calendar is None else _hours_of_days(calendar, by_uid, 8.0)
        self._off: set[date] = set()
        for first, last in set() if calendar is None else days_off(calendar):
            days = min(_length(first, last), _MOST_DAYS_OFF - len(self._off))
            self._off |= {date.fromisoformat(first) + timedelta(days=n) for n in range(days)}

    def any_between(self, stop: str, resume: str) -> bool:
        """True when a whole working day lies between two moments."""
        length = min(_length(stop, resume), _LONGEST_REST)
        between = (date.fromisoformat(stop[:10]) + timedelta(days=n) for n in range(1, length - 1))
        return any(
            day not in self._off and self._hours[day.isoweekday() % 7 + 1] > 0.0 for day in between
        )


def fold_work(assignment: Element, part: Element) -> None:
    """Keep of a time-phased entry of work only when work was last done, and the longest break."""
    kind, value = part.text("Type"), part.text("Value")
    if kind not in ("1", "2") or not any(digit in value for digit in "123456789"):
        return
    start, finish = part.text("Start"), part.text("Finish")
    last = assignment.spans.get(kind)
    if last is not None and last[1] < start:
        longest = assignment.spans.get("break")
        rest = (last[1], start)
        if longest is None or _length(*rest) > _length(*longest):
            assignment.spans["break"] = rest
    assignment.spans[kind] = (start, max(finish, last[1]) if last else finish)
