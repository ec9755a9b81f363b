"""Rows of any tool's log, and how they become projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ....core.errors import GoliveError
from .calendar import WorkingCalendar
from .log import EventLog, LogEvent, ProjectLog, Value
from .mapping import LogMapping
from .vocabulary import ACTIVITIES, AttributeType, activity

MOST_EVENTS = 20_000_000
_LISTED = 8
_LEAST_YEAR, _MOST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class RawEvent:
    """A row as a file holds it: names and values still the other tool's.

    Attributes:
        project: name of its project; empty: the file says none.
        values: attributes; times are ``datetime``.
        place: where it stands in the file, for messages (``line 7``).
    """

    project: str
    moment: datetime
    activity: str
    subject: str
    values: dict[str, Value | datetime]
    place: str = ""


def parse_time(text: str, form: str = "") -> datetime:
    """A timestamp, in UTC if it has a zone and as it stands if it has none.

    Raises:
        ValueError: it is no timestamp, or not of 1900 to 2200.
    """
    moment = datetime.strptime(text, form) if form else datetime.fromisoformat(text.strip())
    if not _LEAST_YEAR <= moment.year <= _MOST_YEAR:
        raise ValueError(f"year {moment.year}")
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def parse_value(text: str, kind: str, form: str = "") -> Value | datetime:
    """A value by its type as OCEL 2.0 calls it; text where that is no other type.

    Raises:
        ValueError: it is not of that type.
    """
    if kind == "integer":
        return int(text)
    if kind == "float":
        return float(text)
    if kind == "time":
        return parse_time(text, form)
    return text == "true" if kind == "boolean" else text


def assemble(rows: Iterable[RawEvent], mapping: LogMapping, path: Path) -> EventLog:
    """Rows as projects with working hours; those that name no project are the file's.

    Args:
        rows: of a file.
        mapping: of names; the empty one keeps them.
        path: of the file.

    Raises:
        GoliveError: no row at all, or too many.
    """
    projects: dict[str, list[RawEvent]] = {}
    unknown: Counter[str] = Counter()
    attributes: Counter[str] = Counter()
    for count, row in enumerate(rows):
        if count >= MOST_EVENTS:
            raise GoliveError(f"{path}: expected at most {MOST_EVENTS:,} events")
        mapped = _mapped(row, mapping)
        if mapped.activity not in ACTIVITIES:
            unknown[mapped.activity] += 1
        else:
            declared = activity(mapped.activity).attributes
            attributes.update(name for name in mapped.values if name not in declared)
        name = mapped.project or path.name.partition(".")[0]
        projects.setdefault(name, []).append(mapped)
    if not projects:
        raise GoliveError(f"{path}: holds no event: expected at least one")
    notes = [
        f"{path}: {what} golive does not know: {_listed(counts)}"
        for what, counts in (("activities", unknown), ("attributes", attributes))
        if counts
    ]
    made = []
    for name, own in projects.items():
        try:
            made.append(_project(name, own, mapping))
        except GoliveError as error:
            raise GoliveError(f"{path}: project {name!r}: {error}") from None
    return EventLog(tuple(made), tuple(notes))


def _listed(counts: Counter[str]) -> str:
    words = [f"{name} ({count})" for name, count in counts.most_common(_LISTED)]
    more = len(counts) - _LISTED
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")


def _mapped(row: RawEvent, mapping: LogMapping) -> RawEvent:
    if not (mapping.activities or mapping.attributes or mapping.values):
        return row
    values: dict[str, Value | datetime] = {}
    for name, value in row.values.items():
        own = mapping.attributes.get(name, name)
        values[own] = mapping.values.get(own, {}).get(str(value), value)
    named = mapping.activities.get(row.activity, row.activity)
    return replace(row, activity=named, values=values)


def _project(name: str, rows: list[RawEvent], mapping: LogMapping) -> ProjectLog:
    rows.sort(key=lambda row: row.moment.replace(tzinfo=UTC))
    start = next((row for row in rows if row.activity == "kick_off"), None)
    facts: dict[str, Value] = dict(mapping.facts)
    if start is not None:
        facts |= {key: v for key, v in start.values.items() if not isinstance(v, datetime)}
    first = (start or rows[0]).moment.date()
    calendar = WorkingCalendar(
        _working_day(mapping.calendar.kick_off or first, mapping, facts),
        _number(facts, "hours_per_day", mapping.calendar.hours_per_day),
        int(_number(facts, "days_per_week", mapping.calendar.days_per_week)),
    )
    events = [_event(row, calendar) for row in rows]
    if start is None and facts:
        events.insert(0, LogEvent(0.0, "kick_off", name, facts))
    return ProjectLog(name, calendar, tuple(sorted(events, key=lambda event: event.hour)))


def _working_day(day: date, mapping: LogMapping, facts: dict[str, Value]) -> date:
    """The day itself, or the Monday after it if it is a day off."""
    week = int(_number(facts, "days_per_week", mapping.calendar.days_per_week))
    return day if day.weekday() < week else day + timedelta(days=7 - day.weekday())


def _number(facts: dict[str, Value], name: str, default: float) -> float:
    try:
        return float(facts.get(name, default))
    except ValueError:
        raise GoliveError(f"{name}: {facts[name]!r}: expected a number") from None


def _event(row: RawEvent, calendar: WorkingCalendar) -> LogEvent:
    declared = activity(row.activity).attributes
    values: dict[str, Value] = {}
    for name, value in row.values.items():
        if isinstance(value, datetime):
            values[name] = max(0.0, calendar.to_hours(value))
        elif declared.get(name) is AttributeType.HOUR and isinstance(value, str):
            try:
                values[name] = max(0.0, calendar.to_hours(parse_time(value)))
            except ValueError:
                continue  # not a time after all; what is optional is not insisted on
        else:
            values[name] = value
    hour = max(0.0, calendar.to_hours(row.moment))
    return LogEvent(hour, row.activity, row.subject, values)
