"""The model of an event log: projects with calendar and events, read or recorded by a world."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ....core.errors import GoliveError
from .calendar import DEFAULT_KICK_OFF, WorkingCalendar

if TYPE_CHECKING:
    from datetime import date

    import polars

COLUMNS = ("time_hours", "kind", "subject", "values")
"""Of the frames that ``EventRecorder.events_frame`` makes."""
Value = float | int | str | bool
"""Value of an attribute; times are working hours since kick-off."""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """Something that happened in a project.

    Attributes:
        hour: working hours since kick-off.
        activity: what happened: a name of ``vocabulary.ACTIVITIES``, or another tool's own.
        subject: to what or whom, in words.
        values: attributes by name.
    """

    hour: float
    activity: str
    subject: str
    values: dict[str, Value] = field(default_factory=dict)

    def number(self, name: str) -> float | None:
        """A numeric attribute; ``None`` if it is missing or no number."""
        try:
            return float(self.values[name])
        except (KeyError, TypeError, ValueError):
            return None

    def text(self, name: str) -> str:
        """An attribute as text; empty if it is missing.

        Whole numbers read alike, whether a format keeps them as 7, 7.0 or "7".
        """
        value = self.values.get(name, "")
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)


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
        notes: what was not understood, one line each; empty for golive's own logs.
    """

    projects: tuple[ProjectLog, ...]
    notes: tuple[str, ...] = ()

    @property
    def event_count(self) -> int:
        """Events of all projects."""
        return sum(len(project.events) for project in self.projects)


def joined(logs: list[EventLog]) -> EventLog:
    """Several logs as one; projects of one name get a number."""
    projects: list[ProjectLog] = []
    seen: dict[str, int] = {}
    notes: list[str] = []
    for log in logs:
        notes += log.notes
        for project in log.projects:
            times = seen[project.name] = seen.get(project.name, 0) + 1
            name = project.name if times == 1 else f"{project.name} ({times})"
            projects.append(replace(project, name=name))
    return EventLog(tuple(projects), tuple(dict.fromkeys(notes)))


def project_of_frame(
    frame: polars.DataFrame, name: str, kick_off: date = DEFAULT_KICK_OFF
) -> ProjectLog:
    """A recorded events frame as the log of a project.

    Args:
        frame: as ``world.events()`` returns it.
        name: of the project.
        kick_off: date of its first working day.

    Raises:
        GoliveError: a frame without a kick-off (recorded before golive kept one, or from a
            snapshot on: half a project), or with values that are no JSON mapping.
    """
    events = []
    for row, (hour, kind, subject, values) in enumerate(frame.select(COLUMNS).iter_rows()):
        try:
            content = json.loads(values)
        except (TypeError, ValueError):
            content = None
        if not isinstance(content, dict) or not isinstance(hour, float):
            raise GoliveError(f"row {row}: values: {str(values)[:60]!r}: expected a JSON mapping")
        events.append(LogEvent(hour, str(kind), str(subject), content))
    start = next((event for event in events if event.activity == "kick_off"), None)
    if start is None:
        raise GoliveError("kind: no kick_off among the events: expected a whole project's log")
    calendar = WorkingCalendar(
        kick_off, start.number("hours_per_day") or 8.0, int(start.number("days_per_week") or 5)
    )
    return ProjectLog(name, calendar, tuple(sorted(events, key=lambda event: event.hour)))
