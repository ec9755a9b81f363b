"""XES logs of golive and of other tools, read as a stream."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ....core.errors import GoliveError
from .log import SESSION, EventLog, LogObject, ObjectValue
from .mapping import LogMapping
from .raw import RawEvent, Reading, assemble
from .values import Identity, Unfit, Value, local, parse_value, shown, wall_clock
from .vocabulary import CASE, PACKAGE, PROJECT, TRANSITION, as_text
from .xes_writer import CASE_TYPE, LOG_VALUES, SESSION_STARTS
from .xml_stream import XmlStream

_TYPES = {"date": "time", "int": "integer", "id": "string"} | {
    kind: kind for kind in ("string", "float", "boolean")
}
"""XES's types as OCEL 2.0 calls them."""
_FRAME = frozenset({"extension", "global", "classifier", "trace", "event"})
_NAME, _TIME = "concept:name", "time:timestamp"
_Attributes = dict[str, Value]


def read_xes(path: Path, mapping: LogMapping | None = None) -> EventLog:
    """Read a ``.xes`` or ``.xes.gz`` file, leniently.

    The project of an event is its trace's ``project`` attribute (or what the mapping calls so),
    else its trace: many logs have a trace per project. Attributes of a trace become those of its
    project, or of an object of type ``case``. Nested attributes and lists are left out, and said
    so.

    Raises:
        GoliveError: it cannot be read, is no XES or truncated XML, has a document type, holds no
            event, or an event without name or time.
    """
    names = mapping or LogMapping()
    reader = _Reader(path, names)
    log = assemble(reader.events(), names, reader.reading)
    own = {name: v for name, v in reader.log.items() if LOG_VALUES.get(name) != v}
    return replace(log, objects=tuple(reader.objects.values()), attributes=own)


class _Reader:
    """Turns the elements of a file into raw events.

    Attributes:
        reading: what is left out.
        log: attributes of the log as a whole.
        objects: of traces that have attributes.
    """

    def __init__(self, path: Path, mapping: LogMapping) -> None:
        self.reading = Reading(path)
        self.log: _Attributes = {}
        self.objects: dict[str, LogObject] = {}
        self._mapping = mapping
        self._xml = XmlStream(path, "log", "an XES <log>")
        self._trace: _Attributes = {}
        self._traces = 0
        self._events: list[_Attributes] = []
        self._lines: list[int] = []
        self._ready: deque[RawEvent] = deque()

    def events(self) -> Iterator[RawEvent]:
        """The events of the file, in its order, a trace at a time."""
        for _ in self._xml.read(self._start, self._end):
            while self._ready:
                yield self._ready.popleft()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        within = self._xml.path
        above = within[-1] if within else ""
        if name == "trace" and above == "log":
            self._traces += 1
        elif name == "event" and above in ("trace", "log"):
            self._events.append({})
            self._lines.append(self._xml.line)
        elif name in _TYPES and above in ("log", "trace", "event"):
            target = self.log if above == "log" else self._trace
            self._attribute(self._events[-1] if above == "event" else target, name, attributes)
        elif within and within[1:2] != ["global"] and not (above == "log" and name in _FRAME):
            self.reading.left_out[f"nested {name}"] += 1

    def _attribute(self, target: _Attributes, kind: str, attributes: dict[str, str]) -> None:
        key, text = attributes.get("key"), attributes.get("value")
        if key is None or text is None:
            raise self._xml.problem(f"<{kind}>: expected a key and a value")
        if key in target:
            self.reading.left_out[f"{key} that is there twice"] += 1
        try:
            value = parse_value(text, _TYPES[kind], self._mapping.time_format)
        except Unfit as error:
            if key == _TIME:
                said = f"{key}: {shown(text)!r}: expected a timestamp"
                raise self._xml.problem(said) from None
            said = str(error).replace("broken integer", "broken int")
            self.reading.left_out[f"{key} with a {said}"] += 1
        else:
            target[key] = Identity(text) if kind == "id" else value

    def _end(self, name: str) -> None:
        above = self._xml.path[-1] if self._xml.path else ""
        if above == "log" and name in ("trace", "event"):
            self._finish(alone=name == "event")
            self._trace, self._events, self._lines = {}, [], []

    def _finish(self, *, alone: bool) -> None:
        """The events of a trace, now that all of its attributes are known."""
        trace, column = self._trace, self._mapping.columns.project
        named = as_text(trace.get(_NAME) or f"trace {self._traces}")
        project = as_text(trace.get(column, "")) or ("" if alone else named)
        case = "" if alone else self._case(named, project, trace)
        held: RawEvent | None = None  # a session's beginning, which its end may say as well
        for values, line in zip(self._events, self._lines, strict=True):
            event = self._event(values, line, project, named, case)
            if held is not None:
                if not _ends(held, event):
                    self._ready.append(held)
                held = None
            if event.activity == SESSION and _transition(event) == SESSION_STARTS:
                held = event
            else:
                self._ready.append(event)
        if held is not None:
            self._ready.append(held)

    def _event(
        self, event: _Attributes, line: int, project: str, named: str, case: str
    ) -> RawEvent:
        name, moment = event.pop(_NAME, None), event.pop(_TIME, None)
        if name is None or not isinstance(moment, datetime):
            missing = _NAME if name is None else _TIME
            raise GoliveError(
                f"{self.reading.path}:{line}: event: {missing} is missing: "
                "expected a name and a time"
            )
        columns = self._mapping.columns
        subject = event.pop(columns.subject, named)
        own = as_text(event.pop(columns.project, "")) or project
        related = ((case, CASE),) if case else ()
        return RawEvent(own, moment, as_text(name), as_text(subject), event, related)

    def _case(self, named: str, project: str, trace: _Attributes) -> str:
        """Keep what a trace says beside its events; id of the object that its events have then."""
        told = {_NAME, self._mapping.columns.project}
        kind = trace.get(CASE_TYPE)
        identity, case = project, PROJECT
        if kind == PACKAGE and self._events and named.startswith(f"{project}/"):
            package = as_text(next((e["package"] for e in self._events if "package" in e), ""))
            planned = next((e for e in self._events if e.get(_NAME) == "package_planned"), {})
            identity, case = f"{project}/{PACKAGE}/{package}", PACKAGE
            if named != f"{project}/{package} {planned.get('subject', '')}".rstrip():
                told.remove(_NAME)
        elif named != project:
            identity, case = f"{project}/{CASE}/{named}", CASE
            told.remove(_NAME)
        if kind == case:
            told.add(CASE_TYPE)
        zone = self._mapping.calendar.clock_zone()
        values = tuple(
            ObjectValue(key, local(value, zone) if isinstance(value, datetime) else value)
            for key, value in trace.items()
            if key not in told
        )
        known = self.objects.get(identity)
        if known is not None and values:
            again = [value for value in values if value not in known.values]
            self.reading.left_out["attributes of a second trace of one name"] += len(again)
        elif values:
            self.objects[identity] = LogObject(identity, case, values)
        return identity if case == CASE else ""


def _transition(event: RawEvent) -> str:
    return str(event.values.get(TRANSITION, "complete")).lower()


def _ends(start: RawEvent, event: RawEvent) -> bool:
    """Whether an event is the end of a session and says all that its beginning says."""
    begun = event.values.get("start_hour")
    return (
        event.activity == SESSION
        and _transition(event) == "complete"
        and isinstance(begun, datetime)
        and wall_clock(begun) == wall_clock(start.moment)
        and all(event.values.get(k) == v for k, v in start.values.items() if k != TRANSITION)
    )
