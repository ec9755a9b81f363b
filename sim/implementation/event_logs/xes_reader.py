"""XES logs of golive and of other tools, read as a stream.

XML is read with expat, event by event, so that a log of gigabytes needs the memory of its events
alone. A document type or an entity is refused: no log needs one, and every XML bomb does.
"""

from __future__ import annotations

import gzip
from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast
from xml.parsers import expat

from ....core.errors import GoliveError
from ....core.files import reason
from .log import EventLog, Value
from .mapping import LogMapping
from .raw import RawEvent, assemble, parse_value
from .xes_writer import SESSION, SESSION_STARTS

_CHUNK = 1 << 20
_MOST_BYTES = 16 << 30
_MOST_DEPTH = 100
_TYPES = {"date": "time", "int": "integer", "id": "string"} | {
    kind: kind for kind in ("string", "float", "boolean")
}
"""XES's types as OCEL 2.0 calls them."""
_STANDARD = frozenset(
    {"concept:name", "lifecycle:transition", "time:timestamp"}
    | {"org:resource", "org:role", "org:group"}
)


def read_xes(path: Path, mapping: LogMapping | None = None) -> EventLog:
    """Read a ``.xes`` or ``.xes.gz`` file, leniently.

    The project of an event is its trace's ``project`` attribute (or what the mapping calls so),
    else its trace: many logs have a trace per project. Nested attributes and lists are left out,
    and said so.

    Raises:
        GoliveError: it cannot be read, is no XES or truncated XML, has a document type, holds no
            event, or an event without name or time.
    """
    names = mapping or LogMapping()
    reader = _Reader(path, names)
    log = assemble(reader.events(), names, path)
    notes = list(log.notes)
    if reader.left_out:
        words = ", ".join(f"{name} ({count})" for name, count in reader.left_out.most_common(8))
        notes.append(f"{path}: left out: {words}")
    return EventLog(log.projects, tuple(notes))


class _Reader:
    """Turns the elements of a file into raw events."""

    def __init__(self, path: Path, mapping: LogMapping) -> None:
        self.left_out: Counter[str] = Counter()
        self._path = path
        self._mapping = mapping
        self._stack: list[str] = []
        self._trace: dict[str, Value | datetime] = {}
        self._event: dict[str, Value | datetime] | None = None
        self._event_line = 0
        self._traces = 0
        self._ready: deque[RawEvent] = deque()
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse

    def events(self) -> Iterator[RawEvent]:
        """The events of the file, in its order."""
        read = 0
        try:
            with _open(self._path) as stream:
                while chunk := stream.read(_CHUNK):
                    read += len(chunk)
                    if read > _MOST_BYTES:
                        raise self._problem(f"expected at most {_MOST_BYTES >> 30} GiB of XML")
                    self._parser.Parse(chunk, False)
                    while self._ready:
                        yield self._ready.popleft()
                self._parser.Parse(b"", True)
            yield from self._ready
        except expat.ExpatError as error:
            words = expat.errors.messages[error.code]
            raise GoliveError(f"{self._path}:{error.lineno}: not valid XML: {words}") from None
        except (OSError, EOFError) as error:
            words = reason(error) if isinstance(error, OSError) else "the file is truncated"
            raise GoliveError(f"{self._path}: cannot be read: {words}") from None

    def _problem(self, words: str) -> GoliveError:
        return GoliveError(f"{self._path}:{self._parser.CurrentLineNumber}: {words}")

    def _refuse(self, *_arguments: object) -> None:
        raise self._problem("has a document type or an entity: expected plain XML without")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if not self._stack and name != "log":
            raise self._problem(f"the element {name!r}: expected an XES <log>")
        if len(self._stack) >= _MOST_DEPTH:
            raise self._problem(f"nested too deeply: expected at most {_MOST_DEPTH} levels")
        above = self._stack[-1] if self._stack else ""
        self._stack.append(name)
        if name == "trace" and above == "log":
            self._trace = {}
            self._traces += 1
        elif name == "event" and above in ("trace", "log"):
            self._event = {}
            self._event_line = self._parser.CurrentLineNumber
            if above == "log":
                self._trace = {}
        elif above == "trace" and name in _TYPES:
            self._attribute(self._trace, name, attributes)
        elif above == "event" and name in _TYPES and self._event is not None:
            self._attribute(self._event, name, attributes)
        elif above not in ("", "log", "global"):
            self.left_out[f"nested {name}"] += 1

    def _attribute(
        self, target: dict[str, Value | datetime], kind: str, attributes: dict[str, str]
    ) -> None:
        key, text = attributes.get("key"), attributes.get("value")
        if key is None or text is None:
            raise self._problem(f"<{kind}>: expected a key and a value")
        try:
            target[key] = parse_value(text, _TYPES[kind], self._mapping.time_format)
        except ValueError:
            if key == "time:timestamp":
                raise self._problem(f"{key}: {text[:60]!r}: expected a timestamp") from None
            self.left_out[f"{key} with a broken {kind}"] += 1

    def _end(self, tag: str) -> None:
        self._stack.pop()
        if tag.rpartition(" ")[2] == "event" and self._event is not None:
            event, self._event = self._event, None
            self._finish(event)

    def _finish(self, event: dict[str, Value | datetime]) -> None:
        name, moment = event.get("concept:name"), event.get("time:timestamp")
        if name is None or not isinstance(moment, datetime):
            missing = "concept:name" if name is None else "time:timestamp"
            place = f"{self._path}:{self._event_line}"
            raise GoliveError(f"{place}: event: {missing} is missing: expected a name and a time")
        transition = str(event.get("lifecycle:transition", "complete")).lower()
        if name == SESSION and transition == SESSION_STARTS:
            return  # the session's end says when it began
        columns = self._mapping.columns
        project = event.get(columns.project) or self._trace.get(columns.project)
        named = self._trace.get("concept:name") or f"trace {self._traces}"
        values = {key: v for key, v in event.items() if key not in _STANDARD}
        subject = str(values.pop(columns.subject, named))
        values.pop(columns.project, None)
        if "role" not in values and "org:role" in event:
            values["role"] = event["org:role"]
        both = f"{name}+{transition}"  # a mapping may tell the transitions of an activity apart
        named_activity = both if both in self._mapping.activities else str(name)
        place = f"line {self._event_line}"
        self._ready.append(
            RawEvent(str(project or named), moment, named_activity, subject, values, place)
        )


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")
