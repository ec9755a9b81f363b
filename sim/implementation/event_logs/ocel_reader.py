"""OCEL 2.0 logs of golive and of other tools: what a document says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ....core.errors import GoliveError
from .log import EventLog, LogObject, ObjectValue, Relation
from .mapping import LogMapping
from .ocel_objects import beside_events
from .ocel_writer import EPOCH
from .raw import RawEvent, Reading, assemble
from .values import Unfit, Value, checked, local, parse_time, parse_value, shown
from .vocabulary import PROJECT

PARTS = ("eventTypes", "objectTypes", "events", "objects")
_NATIVE: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "float": (int, float),
}


def log_of_content(content: Any, path: Path, mapping: LogMapping | None = None) -> EventLog:
    """Turn what a document says into a log, leniently: values may be strings or of their type.

    The project of an event is the object of type ``project`` (or what the mapping calls so) that
    it is related to; events without one belong to one project, named after the file.

    Args:
        content: as the JSON form of OCEL 2.0 has it.
        path: of the file.
        mapping: of another tool's names.

    Raises:
        GoliveError: it is no OCEL 2.0, holds no event, or one without id, type or time.
    """
    if not isinstance(content, dict):
        raise GoliveError(f"{path}: expected a mapping, as OCEL 2.0 in JSON has it")
    for part in PARTS:
        if not isinstance(content.get(part), list):
            raise GoliveError(f"{path}: {part}: expected a list, as OCEL 2.0 in JSON has it")
    reader = _Reader(content, path, mapping or LogMapping())
    log = assemble(reader.events(content["events"]), reader.mapping, reader.reading)
    objects = tuple(item for item in reader.objects.values() if item is not None)
    return beside_events(replace(log, objects=objects))


class _Reader:
    """Reads the parts of a document, and counts what it leaves out."""

    def __init__(self, content: Mapping[str, list[Any]], path: Path, mapping: LogMapping) -> None:
        self.reading = Reading(path)
        self.mapping = mapping
        self._zone = mapping.calendar.clock_zone()
        self._event_types = _declared(content["eventTypes"])
        kinds = _declared(content["objectTypes"])
        own = mapping.columns.project
        self._of_projects = own if own != "project" else PROJECT
        self._ids = {
            item["id"] for item in content["objects"] if isinstance(item, dict) and _named(item)
        }
        self.objects: dict[str, LogObject] = {}
        for item in content["objects"]:
            self._object(item, kinds)

    def events(self, items: list[Any]) -> Iterator[RawEvent]:
        """The events, in the order of the document."""
        for index, item in enumerate(items):
            place = f"{self.reading.path}: events[{index}]"
            if not isinstance(item, dict):
                raise GoliveError(f"{place}: expected a mapping with id, type and time")
            for field in ("id", "type", "time"):
                if not isinstance(item.get(field), str):
                    said = shown(repr(item.get(field)))
                    raise GoliveError(f"{place}.{field}: {said}: expected text")
            try:
                moment = parse_time(item["time"], self.mapping.time_format)
            except Unfit:
                said = shown(item["time"])
                raise GoliveError(f"{place}.time: {said!r}: expected a time") from None
            related = self._related(item, "events")
            project = next((one for one, _ in related if self._is_project(one)), "")
            declared = self._event_types.get(item["type"], {})
            values: dict[str, Value] = {}
            for name, value, _ in self._values(item, declared):
                if name in values:
                    self.reading.left_out[f"{name} that is there twice"] += 1
                values[name] = value
            subject = str(values.pop(self.mapping.columns.subject, item["id"]))
            yield RawEvent(project, moment, item["type"], subject, values, related)

    def _is_project(self, identity: str) -> bool:
        return identity in self.objects and self.objects[identity].type == PROJECT

    def _object(self, item: object, kinds: Mapping[str, Mapping[str, str]]) -> None:
        if not isinstance(item, dict) or not _named(item):
            self.reading.left_out["objects without id or type"] += 1
            return
        kind = item["type"]
        values = tuple(self._values(item, kinds.get(kind, {})))
        kind = PROJECT if kind == self._of_projects else kind
        found = LogObject(item["id"], kind, values, self._related(item, "objects"))
        known = self.objects.get(found.id)
        if known is not None:
            self.reading.left_out["objects whose id another has"] += known.type != kind
            values = (*known.values, *(one for one in values if one not in known.values))
            related = dict.fromkeys((*known.related, *found.related))
            found = replace(known, values=values, related=tuple(related))
        self.objects[found.id] = found

    def _values(self, item: dict[str, Any], kinds: Mapping[str, str]) -> Iterator[ObjectValue]:
        """The attributes of an event or an object, those of objects from a time on."""
        rows = item.get("attributes")
        if not isinstance(rows, list):
            self.reading.left_out["attributes that are no list"] += rows is not None
            return
        for row in rows:
            name = row.get("name") if isinstance(row, dict) else None
            if not isinstance(name, str) or not name:
                self.reading.left_out["attributes without a name"] += 1
                continue
            if row.get("value") is None:
                continue
            try:
                value = self._typed(row["value"], kinds.get(name, ""))
                since = self._since(row.get("time"))
            except Unfit as error:
                self.reading.left_out[f"{name} with a {error}"] += 1
            else:
                yield ObjectValue(name, value, since)

    def _typed(self, value: object, kind: str) -> Value:
        """A value of its declared type; one that is no text may be of its own."""
        form = self.mapping.time_format
        if isinstance(value, str):
            found = parse_value(value, kind, form)
            return local(found, self._zone) if isinstance(found, datetime) else found
        if not isinstance(value, bool | int | float):
            raise Unfit("value of another type")
        if kind == "integer" and isinstance(value, float) and value.is_integer():
            value = int(value)
        is_flag = isinstance(value, bool)
        if kind in _NATIVE and (
            not isinstance(value, _NATIVE[kind]) or is_flag > (kind == "boolean")
        ):
            raise Unfit(f"broken {kind}")
        return value if is_flag else checked(value)

    def _since(self, text: object) -> datetime | None:
        if not isinstance(text, str):
            return None
        moment = local(parse_time(text, self.mapping.time_format), self._zone)
        return None if moment == EPOCH else moment

    def _related(self, item: dict[str, Any], what: str) -> tuple[Relation, ...]:
        rows = item.get("relationships")
        if not isinstance(rows, list):
            self.reading.left_out["relations that are no list"] += rows is not None
            return ()
        found: dict[Relation, None] = {}
        for row in rows:
            identity = row.get("objectId") if isinstance(row, dict) else None
            if not isinstance(identity, str) or identity not in self._ids:
                self.reading.left_out[f"relations of {what} to objects that are not there"] += 1
                continue
            word = row.get("qualifier")
            found[identity, word if isinstance(word, str) else ""] = None
        return tuple(found)


def _named(item: dict[str, Any]) -> bool:
    return isinstance(item.get("id"), str) and isinstance(item.get("type"), str)


def _declared(types: list[Any]) -> dict[str, dict[str, str]]:
    """Type by attribute by type of event or object."""
    found: dict[str, dict[str, str]] = {}
    for row in types:
        if isinstance(row, dict) and isinstance(row.get("attributes"), list):
            pairs = (
                (one.get("name"), one.get("type"))
                for one in row["attributes"]
                if isinstance(one, dict)
            )
            found[str(row.get("name"))] = {
                name: kind
                for name, kind in pairs
                if isinstance(name, str) and isinstance(kind, str)
            }
    return found
