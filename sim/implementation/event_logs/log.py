"""The model of an event log: projects, each with its calendar and its events."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .calendar import WorkingCalendar

Value = float | int | str | bool
"""What an attribute holds; times are working hours since kick-off."""


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
