"""The model of an event log: projects with calendar and events, read or recorded by a world."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ....core.arithmetic import whole_sum
from ....core.errors import GoliveError
from .calendar import DEFAULT_KICK_OFF, WorkingCalendar
from .values import Unfit, Value, parse_json, parse_value
from .vocabulary import as_text, fitting

if TYPE_CHECKING:
    from datetime import date, datetime

    import polars

COLUMNS = ("time_hours", "kind", "subject", "values")
"""Of the frames that ``EventRecorder.events_frame`` makes."""
SESSION = "session"
Relation = tuple[str, str]
"""Id of an object, and the qualifier: what it is to whom it is related to."""


class ObjectValue(NamedTuple):
    """A value of an object's attribute, from a moment on; ``None``: from the beginning."""

    name: str
    value: Value
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogObject:
    """Something that events are about, with what a log says of it beside the events.

    Attributes:
        id: unique in its log; a project's is its name.
    """

    id: str
    type: str
    values: tuple[ObjectValue, ...] = ()
    related: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class LogEvent:
    """Something that happened in a project.

    Attributes:
        hour: working hours since kick-off.
        activity: what happened: a name of ``vocabulary.ACTIVITIES``, or another tool's own.
        subject: to what or whom, in words.
        values: attributes by name.
        related: objects of the log, beside those that follow from its attributes.
        moments: timestamps as a file has them, where working hours do not give them back: by
            attribute, the event's own by the empty name.
    """

    hour: float
    activity: str
    subject: str
    values: dict[str, Value] = field(default_factory=dict)
    related: tuple[Relation, ...] = ()
    moments: Mapping[str, datetime] = field(default_factory=dict)

    def moment(self, calendar: WorkingCalendar, name: str = "") -> datetime:
        """The timestamp of the event, or of an attribute that holds an hour.

        Raises:
            GoliveError: an hour out of range.
        """
        if name in self.moments:
            return self.moments[name]
        if not name:
            return calendar.to_time(self.hour, ends=self.activity == SESSION)
        return calendar.to_time(self.number(name) or 0.0)

    def number(self, name: str) -> float | None:
        """A numeric attribute; ``None`` if it is missing or no finite number."""
        value = self.values.get(name)
        try:
            number = parse_value(value, "float") if isinstance(value, str) else value
        except Unfit:
            return None
        if not isinstance(number, int | float) or not math.isfinite(number):
            return None
        return float(number)

    def text(self, name: str) -> str:
        """An attribute as text; empty if it is missing."""
        return as_text(self.values.get(name, ""))


@dataclass(frozen=True, slots=True)
class ProjectLog:
    """The events of one project, in the order of time.

    Attributes:
        name: unique in its log.
    """

    name: str
    calendar: WorkingCalendar
    events: tuple[LogEvent, ...]

    def of(self, *activities: str) -> list[LogEvent]:
        """The events of some activities."""
        return [event for event in self.events if event.activity in activities]


@dataclass(frozen=True, slots=True)
class EventLog:
    """Projects, and what a reader had to leave out.

    Attributes:
        notes: what was not understood or left out, one line each; empty for golive's own logs.
        objects: what a file says of objects beside what follows from the events.
        attributes: of the log as a whole.
    """

    projects: tuple[ProjectLog, ...]
    notes: tuple[str, ...] = ()
    objects: tuple[LogObject, ...] = ()
    attributes: Mapping[str, Value] = field(default_factory=dict)

    @property
    def event_count(self) -> int:
        """Events of all projects."""
        return whole_sum(len(project.events) for project in self.projects)


def joined(logs: list[EventLog]) -> EventLog:
    """Several logs as one; projects and objects of one name get a number.

    Attributes of a log as a whole are those of the first that has them.
    """
    projects: list[ProjectLog] = []
    objects: list[LogObject] = []
    taken: set[str] = set()
    attributes: dict[str, Value] = {}
    for log in logs:
        attributes = dict(log.attributes) | attributes
        ids = dict.fromkeys([*(p.name for p in log.projects), *(item.id for item in log.objects)])
        names = {name: _free(name, taken) for name in ids}
        taken.update(names.values())
        other = any(old != new for old, new in names.items())
        for project in log.projects:
            events = project.events
            if other:
                events = tuple(_renamed(event, names) for event in events)
            projects.append(replace(project, name=names[project.name], events=events))
        objects += [_renamed(replace(item, id=names[item.id]), names) for item in log.objects]
    notes = dict.fromkeys(note for log in logs for note in log.notes)
    return EventLog(tuple(projects), tuple(notes), tuple(objects), attributes)


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


_Related = TypeVar("_Related", LogEvent, LogObject)


def _renamed(item: _Related, names: Mapping[str, str]) -> _Related:
    """An event or object whose relations follow the new names of objects."""
    if not item.related:
        return item
    return replace(item, related=tuple((names.get(one, one), word) for one, word in item.related))


def project_of_frame(
    frame: polars.DataFrame,
    name: str,
    kick_off: date = DEFAULT_KICK_OFF,
    left_out: Counter[str] | None = None,
) -> ProjectLog:
    """A recorded events frame as the log of a project.

    Args:
        frame: as ``world.events()`` returns it.
        name: of the project.
        kick_off: date of its first working day.
        left_out: counts the values that are not what their names can be.

    Raises:
        GoliveError: a frame without a kick-off (recorded before golive kept one, or from a
            snapshot on: half a project), or with values that are no JSON mapping.
    """
    events = []
    counts: Counter[str] = Counter() if left_out is None else left_out
    for row, (hour, kind, subject, values) in enumerate(frame.select(COLUMNS).iter_rows()):
        if not isinstance(hour, int | float) or not math.isfinite(hour) or hour < 0.0:
            raise GoliveError(f"row {row}: time_hours: {hour!r}: expected a number, 0 or more")
        content = fitting(str(kind), _mapping(row, values), counts)
        events.append(LogEvent(float(hour), str(kind), str(subject), content))
    start = next((event for event in events if event.activity == "kick_off"), None)
    if start is None:
        raise GoliveError("kind: no kick_off among the events: expected a whole project's log")
    calendar = WorkingCalendar(
        kick_off,
        start.number("hours_per_day") or 8.0,
        int(start.number("days_per_week") or 5),
    )
    return ProjectLog(name, calendar, tuple(sorted(events, key=lambda event: event.hour)))


def _mapping(row: int, text: object) -> dict[str, object]:
    try:
        content = parse_json(str(text))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise GoliveError(f"row {row}: values: {str(text)[:60]!r}: expected a JSON mapping")
    return content
