"""A project's log as what estimators ask for: packages, questions, defects, looks, loads."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import numpy as np

from ....sim.implementation.event_logs.log import LogEvent, ProjectLog
from ....sim.implementation.state import PackageKind

DISCOVERY = "discovery"
_WHOLE = 1.0 + 1e-6
PACKAGE_KINDS = frozenset(kind.name.lower() for kind in PackageKind)
Records = np.recarray[Any, Any]
"""A table whose columns are attributes."""


Series = list[tuple[float, float]]
"""Pairs of an hour and a value, in the order of time."""


def columns(whole: str, numbers: str) -> np.dtype[Any]:
    """Columns of a table: names of those that hold whole numbers, then of the others."""
    kinds = [(name, "i8") for name in whole.split()]
    return np.dtype([*kinds, *((name, "f8") for name in numbers.split())])


def records(rows: Sequence[tuple[float, ...]], kind: np.dtype[Any]) -> Records:
    """Rows as a table."""
    return np.array(rows, dtype=kind).view(np.recarray)


@dataclass(slots=True)
class Sheet:
    """One session of a time sheet; hours as in the log."""

    start: float
    end: float
    role: str
    booked: float
    planned_done: float


@dataclass(slots=True)
class PackageHistory:
    """A work package.

    Attributes:
        done_hour: when it was first done; ``None``: never.
        attempt: repetitions it had when first done (checks).
        checked: reviews and unit tests: (removed, careful share, rushed share); ``None``: none.
    """

    number: str
    kind: str
    workstream: str
    site: str
    department: str
    planned: float
    built: str
    ambiguity: float
    defect: str
    sheets: list[Sheet] = field(default_factory=list)
    done_hour: float | None = None
    attempt: int = 0
    checked: tuple[int, float, float] | None = None

    def booked(self) -> float:
        """Effort booked on it until it was first done, or until now."""
        until = np.inf if self.done_hour is None else self.done_hour + 1e-6
        return sum(sheet.booked for sheet in self.sheets if sheet.end <= until)


@dataclass(frozen=True, slots=True)
class QuestionHistory:
    """A question to the customer; ``ended_by`` is ``answer``, ``assumption`` or empty (open)."""

    package: PackageHistory
    asked: float
    ended: float
    ended_by: str
    load: float | None


@dataclass(frozen=True, slots=True)
class DefectHistory:
    """A defect that was found."""

    number: str
    package: str
    severity: str
    stage: str
    cause: str
    found: float


@dataclass(slots=True)
class History:
    """All of a project that estimators look at; hours are working hours since kick-off.

    Attributes:
        cycles: (hour, share of the test cases that were ready) of each test cycle.
        checks: hour of each acceptance check that tests the system.
        loads: (number, share rejected technically) of each mock load.
        object_loads: (load, new errors) by data object.
        moves: (hour, move).
        surveys: (hour, trust).
        forecasts: (hour, days late).
        changes: hour of each change request, accepted or not.
        fixes: hour of each fix.
        assumptions: hour of each assumption in the place of an answer.
        live_hour: first go-live; ``None``: none.
        rolled_back: whether a site went back.
        ended: hour of its end, or of its last event.
        day_ended: last working day, 0-based.
    """

    name: str
    complexity: float
    delivery: str
    hours_per_day: float
    planned_days: float
    planned_effort: float
    packages: dict[str, PackageHistory] = field(default_factory=dict)
    questions: list[QuestionHistory] = field(default_factory=list)
    defects: list[DefectHistory] = field(default_factory=list)
    cycles: list[tuple[float, float]] = field(default_factory=list)
    checks: list[float] = field(default_factory=list)
    loads: list[tuple[int, float]] = field(default_factory=list)
    object_loads: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    moves: list[tuple[float, str]] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    fixes: list[float] = field(default_factory=list)
    assumptions: list[float] = field(default_factory=list)
    surveys: Series = field(default_factory=list)
    forecasts: Series = field(default_factory=list)
    live_hour: float | None = None
    rolled_back: bool = False
    ended: float = 0.0
    day_ended: int = 0
    pilot: str = ""

    def trust(self, hour: float) -> float | None:
        """Trust by the last survey before an hour, 0..1; None if there was no survey."""
        return _last(self.surveys, hour)

    def days_late(self, hour: float) -> float:
        """The last forecast's lateness before an hour, in days; 0 without one or once live."""
        if self.live_hour is not None and hour >= self.live_hour:
            return 0.0
        return _last(self.forecasts, hour) or 0.0

    def discovered(self, package: PackageHistory, hour: float) -> float:
        """Share of the discovery of a package's department that is done at an hour."""
        planned = done = 0.0
        for other in self.packages.values():
            if other.workstream != DISCOVERY or other.site != package.site:
                continue
            if package.department in ("", other.department):
                planned += other.planned
                done += sum(sheet.planned_done for sheet in other.sheets if sheet.end <= hour)
        return min(1.0, done / planned) if planned else 1.0

    def day(self, hour: float) -> int:
        """The working day of an hour, 0-based (an evening belongs to its own day)."""
        return int((hour - 1e-6) // self.hours_per_day) if hour > 0.0 else 0


def _last(series: Series, hour: float) -> float | None:
    position = bisect_right(series, hour + 1e-9, key=itemgetter(0))
    return series[position - 1][1] if position else None


def history_of(project: ProjectLog) -> History:
    """Read a project's log; events of unknown activities are passed over."""
    start = next(iter(project.of("kick_off")), LogEvent(0.0, "kick_off", project.name))
    result = History(
        name=project.name,
        complexity=_or(start.number("complexity"), 6.0),
        delivery=start.text("delivery"),
        hours_per_day=project.calendar.hours_per_day,
        planned_days=_or(start.number("planned_days"), 0.0),
        planned_effort=_or(start.number("planned_effort_hours"), 0.0),
    )
    by_activity: dict[str, list[LogEvent]] = defaultdict(list)
    for event in project.events:
        by_activity[event.activity].append(event)
        result.ended = max(result.ended, event.hour)
    _read_packages(result, by_activity)
    _read_questions(result, by_activity)
    _read_defects(result, by_activity)
    _read_reports(result, by_activity)
    return result


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _series(events: list[LogEvent], name: str) -> Series:
    pairs = [(event.hour, event.number(name)) for event in events]
    return [(hour, value) for hour, value in pairs if value is not None]


def _texts(event: LogEvent, *names: str) -> dict[str, Any]:
    return {name: event.text(name) for name in names}


def _read_packages(result: History, events: dict[str, list[LogEvent]]) -> None:
    for event in events["package_planned"]:
        number = event.text("package")
        if number in result.packages:
            continue
        result.packages[number] = PackageHistory(
            number,
            kind=event.text("package_kind"),
            planned=_or(event.number("planned_hours"), 0.0),
            ambiguity=_or(event.number("ambiguity"), 0.0),
            **_texts(event, "workstream", "site", "department", "built", "defect"),
        )
        result.pilot = result.pilot or event.text("site")
    for event in events["session"]:
        package = result.packages.get(event.text("package"))
        booked = event.number("booked_hours")
        if package is not None and booked is not None:
            start = _or(event.number("start_hour"), event.hour)
            done = _or(event.number("planned_done_hours"), booked)
            package.sheets.append(Sheet(start, event.hour, event.text("role"), booked, done))
    for event in events["package_done"]:
        package = result.packages.get(event.text("package"))
        if package is not None and package.done_hour is None:
            package.done_hour = event.hour
            package.planned = _or(event.number("planned_hours"), package.planned)
            package.attempt = int(_or(event.number("attempt"), 0.0))
    for event in events["build_checked"]:
        package = result.packages.get(event.text("package"))
        removed = event.number("removed")
        if package is not None and package.checked is None and removed is not None:
            careful, rushed = _or(event.number("careful"), 0.0), _or(event.number("rushed"), 0.0)
            if careful + rushed <= _WHOLE:  # else they are no shares, and one would spoil the fit
                package.checked = (int(removed), careful, rushed)


def _read_questions(result: History, events: dict[str, list[LogEvent]]) -> None:
    asked = {event.text("package"): event for event in events["question"]}
    ends: dict[str, LogEvent] = {}
    for event in (*events["answer"], *events["assumption"]):
        ends.setdefault(event.text("package"), event)
    for number, event in asked.items():
        package, end = result.packages.get(number), ends.get(number)
        if package is None:
            continue
        ended, by = (result.ended, "") if end is None else (end.hour, end.activity)
        question = QuestionHistory(package, event.hour, ended, by, event.number("load"))
        result.questions.append(question)
    result.assumptions = [event.hour for event in events["assumption"]]


def _read_defects(result: History, events: dict[str, list[LogEvent]]) -> None:
    result.defects = [
        DefectHistory(
            event.text("defect"),
            found=event.hour,
            **_texts(event, "package", "severity", "stage", "cause"),
        )
        for event in events["defect_found"]
    ]
    result.fixes = [event.hour for event in events["defect_fixed"]]
    result.cycles = [
        (event.hour, _or(event.number("test_cases_prepared"), 1.0))
        for event in events["test_cycle"]
    ]
    result.checks = [
        event.hour
        for event in events["acceptance_check"]
        if _or(event.number("tests_system"), 1.0) > 0.0
    ]


def _read_reports(result: History, events: dict[str, list[LogEvent]]) -> None:
    for event in events["mock_load"]:
        share = event.number("rejected_technically")
        if share is not None:
            result.loads.append((int(_or(event.number("number"), len(result.loads) + 1)), share))
    for event in events["object_loaded"]:
        errors = event.number("new_errors")
        if errors is not None:
            rows = result.object_loads.setdefault(event.subject, [])
            rows.append((int(_or(event.number("load"), len(rows) + 1)), errors))
    result.moves = [(event.hour, event.subject) for event in events["move"]]
    changes = (*events["change_accepted"], *events["change_rejected"])
    result.changes = sorted(event.hour for event in changes)
    result.surveys = _series(events["survey"], "trust")
    result.forecasts = _series(events["forecast"], "days_late")
    live = [event.hour for event in events["go_live"]]
    result.live_hour = min(live) if live else None
    result.rolled_back = bool(events["roll_back"])
    closed = events["closed"]
    days = closed[-1].number("days") if closed else None
    result.day_ended = int(days) - 1 if days is not None else result.day(result.ended)
