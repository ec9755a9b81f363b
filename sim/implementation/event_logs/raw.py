"""Rows of any tool's log, and how they become projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ....core.errors import GoliveError
from .calendar import WorkingCalendar
from .log import SESSION, EventLog, LogEvent, ProjectLog, Relation
from .mapping import LogMapping
from .values import Unfit, Value, listed, local, parse_time, same_moment, shown, wall_clock
from .vocabulary import (
    ACTIVITIES,
    EXTENSIONS,
    ROLE,
    TRANSITION,
    AttributeType,
    activity,
    extension_values,
    fitting,
)

MOST_EVENTS = 20_000_000
_BEFORE = "before the kick-off: they count as its first hour"
_OUTSIDE = "outside working time: they count as the end of the work before (--zone, --day-start)"


@dataclass(frozen=True, slots=True)
class RawEvent:
    """A row as a file holds it: names and values still the other tool's.

    Attributes:
        project: name of its project; empty: the file says none.
        moment: with or without an offset.
        values: attributes; times are ``datetime``.
        related: objects of the file.
    """

    project: str
    moment: datetime
    activity: str
    subject: str
    values: Mapping[str, object]
    related: tuple[Relation, ...] = ()


@dataclass(slots=True)
class Reading:
    """Counts of what is told of the reading of a file in the end.

    Attributes:
        left_out: what is not carried over, by what it is.
        unknown: activities that golive does not know.
        attributes: attributes of known activities that golive does not know.
        moved: timestamps by what they are of and why their working hour is not their time.
        events: how many were read.
    """

    path: Path
    left_out: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    attributes: Counter[str] = field(default_factory=Counter)
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: int = 0

    def notes(self) -> tuple[str, ...]:
        """A line for each kind of thing."""
        found = [
            f"{self.path}: {what}: {listed(counts)}"
            for what, counts in (
                ("activities golive does not know, kept", self.unknown),
                ("attributes golive does not know, kept", self.attributes),
                ("left out", self.left_out),
            )
            if +counts
        ]
        whole = {"events": f" of {self.events:,}"}
        found += [
            f"{self.path}: {count:,}{whole.get(what, '')} {what} lie {why}"
            for (what, why), count in sorted(self.moved.items())
        ]
        return tuple(found)

    def placed(self, moment: datetime, calendar: WorkingCalendar, what: str) -> float:
        """The working hour of a moment, 0 at least; counts those that it is not the time of."""
        hour = calendar.to_hours(moment)
        if hour < 0.0:
            self.moved[what, _BEFORE] += 1
        elif not calendar.works_at(moment):
            self.moved[what, _OUTSIDE] += 1
        return max(0.0, hour)


def assemble(
    rows: Iterable[RawEvent],
    mapping: LogMapping,
    reading: Reading,
) -> EventLog:
    """Rows as projects with working hours; those that name no project are the file's.

    Args:
        rows: of a file.
        mapping: of names; the empty one keeps them.
        reading: of the file; what is left out is counted there.

    Raises:
        GoliveError: no row at all, or too many.
    """
    path, zone = reading.path, mapping.calendar.clock_zone()
    projects: dict[str, list[RawEvent]] = {}
    for row in rows:
        if reading.events >= MOST_EVENTS:
            raise GoliveError(f"{path}: expected at most {MOST_EVENTS:,} events")
        reading.events += 1
        mapped = _mapped(row, mapping, reading)
        _count_unknown(mapped, reading)
        name = mapped.project or path.name.partition(".")[0]
        projects.setdefault(name, []).append(replace(mapped, moment=local(mapped.moment, zone)))
    if not projects:
        raise GoliveError(f"{path}: holds no event: expected at least one")
    made = []
    for name, own in projects.items():
        try:
            made.append(_project(name, own, mapping, reading))
        except GoliveError as error:
            raise GoliveError(f"{path}: project {shown(name)!r}: {error}") from None
    return EventLog(tuple(made), reading.notes())


def _count_unknown(row: RawEvent, reading: Reading) -> None:
    if row.activity not in ACTIVITIES:
        reading.unknown[row.activity] += 1
        return
    declared = activity(row.activity).attributes
    known = {*declared, *EXTENSIONS}
    reading.attributes.update(name for name in row.values if name not in known)


def _mapped(row: RawEvent, mapping: LogMapping, reading: Reading) -> RawEvent:
    named = row.activity
    if mapping.activities:
        transition = str(row.values.get(TRANSITION, "complete")).lower()
        both = f"{named}+{transition}"  # tells the transitions of an activity apart
        named = mapping.activities.get(both) or mapping.activities.get(named, named)
    if named == row.activity and not (mapping.attributes or mapping.values):
        return row
    values: dict[str, object] = {}
    for name, value in row.values.items():
        own = mapping.attributes.get(name, name)
        reading.left_out[f"{own} that is there twice"] += own in values
        values[own] = mapping.values.get(own, {}).get(str(value), value)
    return replace(row, activity=named, values=values)


def _project(name: str, rows: list[RawEvent], mapping: LogMapping, reading: Reading) -> ProjectLog:
    in_time = sorted(rows, key=lambda row: wall_clock(row.moment))
    start = next((row for row in in_time if row.activity == "kick_off"), None)
    facts: dict[str, object] = dict(mapping.facts)
    if start is not None:
        facts |= {key: v for key, v in start.values.items() if not isinstance(v, datetime)}
    own, begins = mapping.calendar, start or in_time[0]
    week = int(_number(facts, "days_per_week", own.days_per_week, 7.0))
    day = own.kick_off or begins.moment.date()
    calendar = WorkingCalendar(
        day if day.weekday() < week else day + timedelta(days=7 - day.weekday()),
        _number(facts, "hours_per_day", own.hours_per_day, 24.0),
        week,
        own.clock_begins(),
        own.clock_zone() or begins.moment.tzinfo or UTC,
    )
    made = [(_event(row, calendar, mapping, reading), row.moment) for row in rows]

    def place(one: tuple[LogEvent, datetime]) -> tuple[float, datetime]:
        """An evening and the next morning are one hour, in which what the file says first is first.

        Moments out of working time are one hour as well, and stand in their own order.
        """
        event, moment = one
        return event.hour, datetime.min if calendar.works_at(moment) else wall_clock(moment)

    events = [event for event, _ in sorted(made, key=place)]
    if start is None and facts:
        known = fitting("kick_off", facts, reading.left_out)
        events.insert(0, LogEvent(0.0, "kick_off", name, known))
    return ProjectLog(name, calendar, tuple(sorted(events, key=lambda event: event.hour)))


def _number(facts: Mapping[str, object], name: str, default: float, most: float) -> float:
    """A number of the calendar, on which every working hour depends: a wrong one is refused."""
    value = facts.get(name, default)
    try:
        number = float(value) if isinstance(value, str | int | float) else 0.0
    except (ValueError, OverflowError):
        number = 0.0
    if not 0.0 < number <= most:
        said = shown(str(value))
        raise GoliveError(f"{name}: {said!r}: expected a number above 0, up to {most:g}")
    return number


def _event(
    row: RawEvent, calendar: WorkingCalendar, mapping: LogMapping, reading: Reading
) -> LogEvent:
    zone, form = mapping.calendar.clock_zone(), mapping.time_format
    declared = activity(row.activity).attributes
    moments = {"": row.moment}
    values: dict[str, object] = {}
    for name, value in row.values.items():
        if declared.get(name) is not AttributeType.HOUR:
            values[name] = local(value, zone) if isinstance(value, datetime) else value
            continue
        try:
            moment = parse_time(value, form) if isinstance(value, str) else value
            if not isinstance(moment, datetime):
                raise Unfit("value that is no time")
        except Unfit as error:
            reading.left_out[f"{name} with a {error}"] += 1
            continue
        moments[name] = local(moment, zone)
        values[name] = reading.placed(moments[name], calendar, "times of attributes")
    known = fitting(row.activity, values, reading.left_out)
    _tell_extensions(row.activity, known)
    hour = reading.placed(row.moment, calendar, "events")
    event = LogEvent(hour, row.activity, row.subject, known, row.related)
    kept = {
        name: moment
        for name, moment in moments.items()
        if not same_moment(event.moment(calendar, name), moment)
    }
    return replace(event, moments=kept) if kept else event


def _tell_extensions(name: str, values: dict[str, Value]) -> None:
    """Take out of an event what XES's extensions repeat; the role of a session is an attribute."""
    if name == SESSION and "role" not in values and ROLE in values:
        values["role"] = values[ROLE]
    for key, said in extension_values(name, values).items():
        if values.get(key) == said and (key != TRANSITION or name in ACTIVITIES):
            del values[key]
