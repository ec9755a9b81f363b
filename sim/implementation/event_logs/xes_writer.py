"""Event logs as XES 2.0 (IEEE 1849-2016).

Two case notions, told apart by the trace attribute ``case_type``: a *work package* from its
planning to the last defect found in it, since that is what repeats and has a life cycle; and the
*project* with all that happens to it as a whole, one trace each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

from ....core.files import write_bytes_atomically
from .calendar import WorkingCalendar
from .log import EventLog, LogEvent, ProjectLog, Value
from .vocabulary import DEFECT, PACKAGE, PROJECT, QUESTION, AttributeType, activity, attribute_type

_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
    <string key="project" value=""/>
    <string key="case_type" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
    <string key="subject" value=""/>
  </global>
  <classifier name="Activity" scope="event" keys="concept:name"/>
  <classifier name="Transition" scope="event" keys="concept:name lifecycle:transition"/>
  <classifier name="Resource" scope="event" keys="org:resource"/>
  <string key="concept:name" value="golive"/>
  <string key="lifecycle:model" value="standard"/>
"""
SESSION, SESSION_STARTS = "session", "start"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_KEY = re.compile(r"[^A-Za-z0-9_.:-]")


def write_xes(log: EventLog, path: Path) -> None:
    """Write a log as XES, whole or not at all.

    Raises:
        GoliveError: it cannot be written.
    """
    write_bytes_atomically(path, xes_text(log).encode("utf-8"))


def xes_text(log: EventLog) -> str:
    """A log as an XES document; equal logs give equal texts."""
    parts = [_HEADER]
    for project in log.projects:
        parts.extend(_traces(project))
    parts.append("</log>\n")
    return "".join(parts)


def _traces(project: ProjectLog) -> Iterator[str]:
    cases: dict[str, list[LogEvent]] = {"": []}
    for event in project.events:  # in the trace of its work package, or in the project's
        of_package = activity(event.activity).about in (PACKAGE, QUESTION, DEFECT)
        case = event.text("package") if of_package else ""
        cases.setdefault(case, []).append(event)
    for case, events in cases.items():
        planned = next((e for e in events if e.activity == "package_planned"), None)
        subject = planned.subject if planned is not None else ""
        name = f"{project.name}/{case} {subject}".rstrip() if case else project.name
        yield "  <trace>\n"
        yield _text("concept:name", name, 2)
        yield _text("project", project.name, 2)
        yield _text("case_type", PACKAGE if case else PROJECT, 2)
        for event in events:
            yield from _events(event, project.calendar)
        yield "  </trace>\n"


def _events(event: LogEvent, calendar: WorkingCalendar) -> Iterator[str]:
    is_session = event.activity == SESSION
    begun = event.number("start_hour") if is_session else None
    if begun is not None:
        yield _event(event, SESSION_STARTS, calendar.to_time(begun), calendar, {})
    moment = calendar.to_time(event.hour, ends=is_session)
    yield _event(event, activity(event.activity).transition, moment, calendar, event.values)


def _event(
    event: LogEvent,
    transition: str,
    moment: datetime,
    calendar: WorkingCalendar,
    values: dict[str, Value],
) -> str:
    lines = [
        "    <event>\n",
        _text("concept:name", event.activity, 3),
        _text("lifecycle:transition", transition, 3),
        _date("time:timestamp", moment),
        _text("subject", event.subject, 3),
    ]
    role = event.values.get("role")
    if event.activity == SESSION and role is not None:
        lines.append(_text("org:resource", f"{role} {event.text('member')}", 3))
        lines.append(_text("org:role", str(role), 3))
    if event.values.get("department"):
        lines.append(_text("org:group", event.text("department"), 3))
    lines.extend(_attribute(event.activity, name, v, calendar) for name, v in values.items())
    lines.append("    </event>\n")
    return "".join(lines)


def _attribute(named: str, name: str, value: Value, calendar: WorkingCalendar) -> str:
    kind, key = attribute_type(named, name, value), _KEY.sub("_", name) or "_"
    number = value if isinstance(value, int | float) else None
    if kind is AttributeType.HOUR and number is not None:
        return _date(key, calendar.to_time(float(number)))
    if kind is AttributeType.INTEGER and number is not None and float(number).is_integer():
        return f'      <int key="{key}" value="{int(number)}"/>\n'
    if kind in (AttributeType.NUMBER, AttributeType.INTEGER) and number is not None:
        return f'      <float key="{key}" value="{float(number)!r}"/>\n'
    return _text(key, str(value), 3)


def _text(key: str, value: str, level: int) -> str:
    quoted = quoteattr(_UNFIT.sub("\ufffd", value), _ENTITIES)
    return f'{"  " * level}<string key="{key}" value={quoted}/>\n'


def _date(key: str, moment: datetime) -> str:
    return f'      <date key="{key}" value="{moment.isoformat(timespec="microseconds")}"/>\n'
