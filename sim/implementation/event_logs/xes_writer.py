"""Event logs as XES 2.0 (IEEE 1849-2016).

Case notions, told apart by the trace attribute ``case_type``: a *work package* from its planning
to the last defect found in it, since that is what repeats and has a life cycle; the *project*
with all that happens to it as a whole, one trace each; and the *case* that another tool's log has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

from ....core.arithmetic import whole_sum
from ....core.files import write_bytes_atomically
from .calendar import WorkingCalendar
from .log import SESSION, EventLog, LogEvent, LogObject, ProjectLog
from .values import Identity, Value, format_float, format_time, listed
from .vocabulary import (
    CASE,
    DEFECT,
    EXTENSIONS,
    PACKAGE,
    PROJECT,
    QUESTION,
    TRANSITION,
    AttributeType,
    activity,
    attribute_type,
    extension_values,
)

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
"""
SESSION_STARTS = "start"
CASE_TYPE = "case_type"
LOG_VALUES: dict[str, Value] = {"concept:name": "golive", "lifecycle:model": "standard"}
"""Attributes of a log, where it has no others of these names."""
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_BEGINS = (
    ":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_KEY = re.compile(f"[^{_BEGINS}.0-9\u00b7\u0300-\u036f\u203f\u2040-]")
"""What no ``xs:Name`` has; it must begin with one of ``_BEGINS``."""
_NO_BEGINNING = re.compile(f"(?![{_BEGINS}])")


def write_xes(log: EventLog, path: Path) -> tuple[str, ...]:
    """Write a log as XES, whole or not at all.

    Returns:
        What XES has no place for, in lines.

    Raises:
        GoliveError: it cannot be written.
    """
    writer = _Writer(log)
    write_bytes_atomically(path, writer.text().encode("utf-8"))
    left_out = +writer.left_out
    return (f"{path}: left out: {listed(left_out)}",) if left_out else ()


def xes_text(log: EventLog) -> str:
    """A log as an XES document; equal logs give equal texts."""
    return _Writer(log).text()


def xml_text(text: str, left_out: Counter[str]) -> str:
    """A text without the characters that XML cannot hold, which are counted."""
    plain, count = _UNFIT.subn("\ufffd", text)
    left_out["characters that XML cannot hold"] += count
    return plain


class _Writer:
    """Writes a log and counts what XES has no place for."""

    def __init__(self, log: EventLog) -> None:
        self.left_out: Counter[str] = Counter()
        self._log = log
        self._objects = {item.id: item for item in log.objects}
        self._written: set[str] = set()

    def text(self) -> str:
        """The whole document."""
        parts = [_HEADER]
        values = LOG_VALUES | dict(self._log.attributes)
        parts += [self._attribute("", name, value, 1) for name, value in values.items()]
        for project in self._log.projects:
            parts.extend(self._traces(project))
        parts.append("</log>\n")
        for item in self._objects.values():
            if item.id not in self._written:
                self.left_out[f"objects of type {item.type}"] += 1
                self.left_out["values of objects"] += len(item.values)
                self.left_out["relations of objects"] += len(item.related)
        return "".join(parts)

    def _traces(self, project: ProjectLog) -> Iterator[str]:
        cases: dict[tuple[str, str], list[LogEvent]] = {(PROJECT, ""): []}
        for event in project.events:  # in the trace of its work package, its case or the project
            cases.setdefault(self._case(event), []).append(event)
        for (kind, case), events in cases.items():
            if not events and project.name not in self._objects:
                continue
            yield "  <trace>\n"
            yield from self._trace_attributes(project, kind, case, events)
            for event in events:
                yield from self._events(event, project)
            yield "  </trace>\n"

    def _case(self, event: LogEvent) -> tuple[str, str]:
        for one, _ in event.related:
            if one in self._objects and self._objects[one].type == CASE:
                return CASE, one
        of_package = activity(event.activity).about in (PACKAGE, QUESTION, DEFECT)
        package = event.text("package") if of_package else ""
        return (PACKAGE, package) if package else (PROJECT, "")

    def _trace_attributes(
        self, project: ProjectLog, kind: str, case: str, events: list[LogEvent]
    ) -> Iterator[str]:
        identity = {PROJECT: project.name, CASE: case}.get(kind, f"{project.name}/{kind}/{case}")
        item = self._objects.get(identity)
        own = self._own_values(item) if item is not None and item.type == kind else {}
        name: Value = project.name
        if kind == PACKAGE:
            planned = next((e for e in events if e.activity == "package_planned"), None)
            subject = planned.subject if planned is not None else ""
            name = own.get("concept:name", f"{project.name}/{case} {subject}".rstrip())
        elif kind == CASE:
            name = own.get("concept:name", case)
        fixed = {"concept:name": name, "project": project.name, CASE_TYPE: kind}
        self.left_out["attributes of traces whose name golive uses"] += whole_sum(
            own[key] != value for key, value in fixed.items() if key in own
        )
        fixed |= {key: value for key, value in own.items() if key not in fixed}
        used: set[str] = set()
        for key, value in fixed.items():
            yield self._attribute("", key, value, 2, used)

    def _own_values(self, item: LogObject) -> dict[str, Value]:
        """Attributes of an object as a trace has them: what they were in the end."""
        self._written.add(item.id)
        self.left_out["relations of objects"] += len(item.related)
        values = {one.name: one.value for one in item.values}
        self.left_out["earlier values of attributes of objects"] += len(item.values) - len(values)
        return values

    def _events(self, event: LogEvent, project: ProjectLog) -> Iterator[str]:
        calendar = project.calendar
        case = self._case(event)
        self.left_out["relations of events to objects"] += whole_sum(
            (CASE, one) != case for one, _ in event.related
        )
        said = extension_values(event.activity, event.values)
        said |= {name: event.values[name] for name in EXTENSIONS if name in event.values}
        ends = event.activity == SESSION and said[TRANSITION] == "complete"
        if ends and event.number("start_hour") is not None:
            start = format_time(event.moment(calendar, "start_hour"))
            starts = said | {TRANSITION: SESSION_STARTS}
            yield self._event(event, start, starts, calendar, event.values.keys())
        yield self._event(event, format_time(event.moment(calendar)), said, calendar)

    def _event(
        self,
        event: LogEvent,
        moment: str,
        said: Mapping[str, Value],
        calendar: WorkingCalendar,
        without: Collection[str] = EXTENSIONS,
    ) -> str:
        """An event at a moment, but for some of its attributes."""
        used: set[str] = set()
        lines = [
            "    <event>\n",
            self._attribute("", "concept:name", event.activity, 3, used),
            self._attribute("", TRANSITION, said[TRANSITION], 3, used),
            self._element("date", self._key("time:timestamp", used), moment, 3),
            self._attribute("", "subject", event.subject, 3, used),
        ]
        for name in EXTENSIONS[1:]:
            if name in said:
                lines.append(self._attribute("", name, said[name], 3, used))
        for name, value in event.values.items():
            if name in without:
                continue
            if attribute_type(event.activity, name, value) is AttributeType.HOUR:
                text = format_time(event.moment(calendar, name))
                lines.append(self._element("date", self._key(name, used), text, 3))
            else:
                lines.append(self._attribute(event.activity, name, value, 3, used))
        lines.append("    </event>\n")
        return "".join(lines)

    def _attribute(
        self, named: str, name: str, value: Value, level: int, used: set[str] | None = None
    ) -> str:
        kind, key = attribute_type(named, name, value), self._key(name, used)
        if isinstance(value, datetime):
            return self._element("date", key, format_time(value), level)
        if kind is AttributeType.BOOLEAN:
            return self._element("boolean", key, str(value).lower(), level)
        if kind is AttributeType.TEXT or isinstance(value, str):
            tag = "id" if isinstance(value, Identity) or name == "identity:id" else "string"
            return self._element(tag, key, xml_text(str(value), self.left_out), level)
        if kind is AttributeType.INTEGER and float(value).is_integer():
            return self._element("int", key, str(int(value)), level)
        return self._element("float", key, format_float(value), level)

    def _element(self, tag: str, key: str, text: str, level: int) -> str:
        return f'{"  " * level}<{tag} key="{key}" value={quoteattr(text, _ENTITIES)}/>\n'

    def _key(self, name: str, used: set[str] | None) -> str:
        """A name as a key: one of XML that no other attribute beside it has."""
        key = _KEY.sub("_", name)
        key = f"_{key}" if _NO_BEGINNING.match(key) else key
        while used is not None and key in used:
            key += "_"
        if used is not None:
            used.add(key)
        self.left_out["names of attributes, which are spelled otherwise"] += key != name
        return key
