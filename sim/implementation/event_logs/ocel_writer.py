"""Event logs as OCEL 2.0 in JSON (Berti et al. 2024, OCEL 2.0 Specification).

Attribute values are written as strings, as the published schema wants them; their types are
declared with the event and object types.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ....core.files import write_bytes_atomically
from . import vocabulary as v
from .log import EventLog, LogEvent, ProjectLog, Value
from .vocabulary import ACTIVITIES, AttributeType, activity, attribute_type

_OCEL_TYPES = {
    AttributeType.TEXT: "string",
    AttributeType.NUMBER: "float",
    AttributeType.INTEGER: "integer",
    AttributeType.HOUR: "time",
}
_OF_PROJECT = ACTIVITIES["kick_off"].attributes
_OF_PACKAGE = ("package_kind", "workstream", "built", "planned_hours", "ambiguity")
_OF_DEFECT = ("severity", "stage", "cause")
_PLANNED = ACTIVITIES["package_planned"].attributes
_OBJECT_ATTRIBUTES: dict[str, Mapping[str, AttributeType]] = {
    v.PROJECT: _OF_PROJECT,
    v.PACKAGE: {"name": AttributeType.TEXT}
    | {name: kind for name, kind in _PLANNED.items() if name in _OF_PACKAGE},
    v.DEFECT: dict.fromkeys(_OF_DEFECT, AttributeType.TEXT),
    v.CREW_MEMBER: {"role": AttributeType.TEXT},
}


@dataclass(slots=True)
class _Object:
    type: str
    attributes: list[dict[str, str]] = field(default_factory=list)
    relationships: dict[tuple[str, str], None] = field(default_factory=dict)


def write_ocel(log: EventLog, path: Path) -> None:
    """Write a log as OCEL 2.0 JSON, whole or not at all.

    Raises:
        GoliveError: it cannot be written.
    """
    write_bytes_atomically(path, ocel_text(log).encode("utf-8"))


def ocel_text(log: EventLog) -> str:
    """A log as an OCEL 2.0 JSON document; equal logs give equal texts."""
    objects: dict[str, _Object] = {}
    events: list[dict[str, Any]] = []
    declared: dict[str, dict[str, AttributeType]] = {}
    for project in log.projects:
        for event in project.events:
            happened = _Occurrence(project, event, objects)
            types = declared.setdefault(event.activity, {"subject": AttributeType.TEXT})
            events.append({"id": f"e{len(events) + 1}", **happened.content(types)})
    document = {
        "objectTypes": [_declared(n, _OBJECT_ATTRIBUTES.get(n, {})) for n in v.OBJECT_TYPES],
        "eventTypes": [_declared(name, types) for name, types in sorted(declared.items())],
        "objects": [
            {
                "id": identity,
                "type": item.type,
                "attributes": item.attributes,
                "relationships": _links(item.relationships),
            }
            for identity, item in objects.items()
        ],
        "events": events,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _declared(name: str, attributes: Mapping[str, AttributeType]) -> dict[str, Any]:
    rows = [{"name": other, "type": _OCEL_TYPES[kind]} for other, kind in attributes.items()]
    return {"name": name, "attributes": rows}


def _links(links: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": other, "qualifier": word} for other, word in links]


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """An event of a project, and the objects of all events so far."""

    project: ProjectLog
    event: LogEvent
    objects: dict[str, _Object]

    def content(self, types: dict[str, AttributeType]) -> dict[str, Any]:
        """The event but for its id; the types of its attributes are added to those declared."""
        event = self.event
        attributes = [{"name": "subject", "value": event.subject}]
        for name, value in event.values.items():
            kind = attribute_type(event.activity, name, value)
            types.setdefault(name, kind)
            attributes.append({"name": name, "value": self._text(value, kind)})
        return {
            "type": event.activity,
            "time": self._moment(),
            "attributes": attributes,
            "relationships": _links(self._related()),
        }

    def _moment(self) -> str:
        ends = self.event.activity == "session"
        return _time(self.project.calendar.to_time(self.event.hour, ends=ends))

    def _text(self, value: Value, kind: AttributeType) -> str:
        if kind is AttributeType.HOUR and isinstance(value, int | float):
            return _time(self.project.calendar.to_time(float(value)))
        if kind is AttributeType.INTEGER and float(value).is_integer():
            return str(int(value))
        return repr(float(value)) if isinstance(value, int | float) else value

    def _related(self) -> list[tuple[str, str]]:
        """The objects of the event, made when first met, with its word for each."""
        event, whole = self.event, self._meet(v.PROJECT, "")
        links = [(whole, "in")]
        about = activity(event.activity).about
        package = self._meet(v.PACKAGE, event.text("package")) if event.text("package") else ""
        if about == v.PROJECT:
            self._note(whole, _OF_PROJECT)
        elif about == v.PACKAGE and package:
            links.append((package, "about"))
        elif about == v.QUESTION and package:
            question = self._meet(v.QUESTION, event.text("package"))
            self._relate(question, package, "stops")
            links += [(question, "about"), (package, "stops")]
        elif about == v.DEFECT:
            defect = self._meet(v.DEFECT, event.text("defect"))
            self._note(defect, _OF_DEFECT)
            if package:
                self._relate(defect, package, "found in")
                links.append((package, "in what it built"))
            links.append((defect, "about"))
        elif about in (v.DATA_OBJECT, v.INTERFACE, v.SITE, v.CHANGE):
            subject = self._meet(about, event.subject)
            links.append((subject, "about"))
            if about == v.CHANGE and package:
                self._relate(subject, package, "becomes")
                links.append((package, "becomes"))
        if event.activity == "package_planned" and package:
            self._planned(package)
        if event.activity == "session":
            member = self._meet(v.CREW_MEMBER, event.text("member"))
            if not self.objects[member].attributes:
                self._note(member, ("role",))
            links.append((member, "by"))
        if event.text("department"):
            links.append((self._meet(v.DEPARTMENT, event.text("department")), "of"))
        return links

    def _planned(self, package: str) -> None:
        """Attributes and relationships of a package that are known from its planning on."""
        name = {"name": "name", "value": self.event.subject, "time": self._moment()}
        self.objects[package].attributes.append(name)
        self._note(package, _OF_PACKAGE)
        for kind, word in ((v.SITE, "for"), (v.DEPARTMENT, "needs"), (v.DEFECT, "mends")):
            if self.event.text(kind):
                self._relate(package, self._meet(kind, self.event.text(kind)), word)

    def _meet(self, kind: str, key: str) -> str:
        """Id of an object, which is made where it is new."""
        whole = self.project.name
        identity = whole if kind == v.PROJECT else f"{whole}/{kind}/{key}"
        if identity not in self.objects:
            self.objects[identity] = _Object(kind)
            if kind != v.PROJECT:
                self._relate(identity, whole, "part of")
        return identity

    def _relate(self, identity: str, other: str, word: str) -> None:
        self.objects[identity].relationships[other, word] = None

    def _note(self, identity: str, names: Iterable[str]) -> None:
        """An object's attributes as the event says them."""
        for name in names:
            if name in self.event.values:
                value = self.event.values[name]
                text = self._text(value, attribute_type(self.event.activity, name, value))
                row = {"name": name, "value": text, "time": self._moment()}
                self.objects[identity].attributes.append(row)
