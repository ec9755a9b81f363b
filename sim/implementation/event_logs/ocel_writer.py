"""Event logs as OCEL 2.0 in JSON (Berti et al. 2024, OCEL 2.0 Specification).

Attribute values are written as strings, as the published schema wants them; their types are
declared with the event and object types.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ....core.files import write_bytes_atomically
from .calendar import WorkingCalendar
from .log import EventLog, LogEvent, ProjectLog, Value
from .vocabulary import (
    ACTIVITIES,
    CHANGE,
    CREW_MEMBER,
    DATA_OBJECT,
    DEFECT,
    DEPARTMENT,
    INTERFACE,
    OBJECT_TYPES,
    PACKAGE,
    PROJECT,
    QUESTION,
    SITE,
    AttributeType,
    activity,
    attribute_type,
)

_OCEL_TYPES = {
    AttributeType.TEXT: "string",
    AttributeType.NUMBER: "float",
    AttributeType.INTEGER: "integer",
    AttributeType.HOUR: "time",
}
_OF_PROJECT = tuple(ACTIVITIES["kick_off"].attributes or ())
_OF_PACKAGE = ("package_kind", "workstream", "built", "planned_hours", "ambiguity")
_OF_DEFECT = ("severity", "stage", "cause")
_EVENT_BASICS = {"subject": AttributeType.TEXT}
_OBJECT_ATTRIBUTES: dict[str, dict[str, AttributeType]] = {
    PROJECT: dict(ACTIVITIES["kick_off"].attributes or {}),
    PACKAGE: {
        "name": AttributeType.TEXT,
        **{
            name: kind
            for name, kind in (ACTIVITIES["package_planned"].attributes or {}).items()
            if name in _OF_PACKAGE
        },
    },
    DEFECT: dict.fromkeys(_OF_DEFECT, AttributeType.TEXT),
    CREW_MEMBER: {"role": AttributeType.TEXT},
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
            number = len(events) + 1
            events.append(_event(f"e{number}", project, event, objects, declared))
    document = {
        "objectTypes": [
            {"name": name, "attributes": _declared(_OBJECT_ATTRIBUTES.get(name, {}))}
            for name in OBJECT_TYPES
        ],
        "eventTypes": [
            {"name": name, "attributes": _declared(attributes)}
            for name, attributes in sorted(declared.items())
        ],
        "objects": [_plain(identity, item) for identity, item in objects.items()],
        "events": events,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _declared(attributes: dict[str, AttributeType]) -> list[dict[str, str]]:
    return [{"name": name, "type": _OCEL_TYPES[kind]} for name, kind in attributes.items()]


def _plain(identity: str, item: _Object) -> dict[str, Any]:
    links = [{"objectId": other, "qualifier": word} for other, word in item.relationships]
    return {
        "id": identity,
        "type": item.type,
        "attributes": item.attributes,
        "relationships": links,
    }


def _event(
    identity: str,
    project: ProjectLog,
    event: LogEvent,
    objects: dict[str, _Object],
    declared: dict[str, dict[str, AttributeType]],
) -> dict[str, Any]:
    calendar = project.calendar
    moment = calendar.to_time(event.hour, ends=event.activity == "session")
    types = declared.setdefault(event.activity, dict(_EVENT_BASICS))
    attributes = [{"name": "subject", "value": event.subject}]
    for name, value in event.values.items():
        kind = attribute_type(event.activity, name, value)
        types.setdefault(name, kind)
        attributes.append({"name": name, "value": _text(value, kind, calendar)})
    links = _related(project, event, objects, moment)
    return {
        "id": identity,
        "type": event.activity,
        "time": _time(moment),
        "attributes": attributes,
        "relationships": [{"objectId": other, "qualifier": word} for other, word in links],
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _text(value: Value, kind: AttributeType, calendar: WorkingCalendar) -> str:
    if kind is AttributeType.HOUR and isinstance(value, int | float):
        return _time(calendar.to_time(float(value)))
    if kind is AttributeType.INTEGER and float(value).is_integer():
        return str(int(value))
    return repr(float(value)) if isinstance(value, int | float) else value


def _related(
    project: ProjectLog, event: LogEvent, objects: dict[str, _Object], moment: datetime
) -> list[tuple[str, str]]:
    """The objects of an event, made when first met, with the event's word for each."""

    def meet(kind: str, key: str) -> str:
        identity = project.name if kind == PROJECT else f"{project.name}/{kind}/{key}"
        if identity not in objects:
            objects[identity] = _Object(kind)
            if kind != PROJECT:
                objects[identity].relationships[whole, "part of"] = None
        return identity

    whole = project.name
    meet(PROJECT, "")
    links = [(whole, "in")]
    about = activity(event.activity).about
    package = meet(PACKAGE, event.text("package")) if event.text("package") else ""
    if about == PROJECT:
        _note(objects[whole], event, _OF_PROJECT, project.calendar, moment)
    elif about == PACKAGE and package:
        links.append((package, "about"))
    elif about == QUESTION and package:
        question = meet(QUESTION, event.text("package"))
        objects[question].relationships[package, "stops"] = None
        links += [(question, "about"), (package, "stops")]
    elif about == DEFECT:
        defect = meet(DEFECT, event.text("defect"))
        _note(objects[defect], event, _OF_DEFECT, project.calendar, moment)
        if package:
            objects[defect].relationships[package, "found in"] = None
            links.append((package, "in what it built"))
        links.append((defect, "about"))
    elif about in (DATA_OBJECT, INTERFACE, SITE, CHANGE):
        links.append((meet(about, event.subject), "about"))
        if about == CHANGE and package:
            objects[links[-1][0]].relationships[package, "becomes"] = None
            links.append((package, "becomes"))
    if event.activity == "package_planned" and package:
        _planned(objects, package, event, project.calendar, moment, meet)
    if event.activity == "session":
        member = meet(CREW_MEMBER, event.text("member"))
        if not objects[member].attributes:
            _note(objects[member], event, ("role",), project.calendar, moment)
        links.append((member, "by"))
    if event.text("department"):
        links.append((meet(DEPARTMENT, event.text("department")), "of"))
    return links


def _planned(
    objects: dict[str, _Object],
    package: str,
    event: LogEvent,
    calendar: WorkingCalendar,
    moment: datetime,
    meet: Any,
) -> None:
    """Attributes of a package that are known from its planning on."""
    item = objects[package]
    item.attributes.append({"name": "name", "value": event.subject, "time": _time(moment)})
    _note(item, event, _OF_PACKAGE, calendar, moment)
    for kind, word in ((SITE, "for"), (DEPARTMENT, "needs")):
        if event.text(kind):
            item.relationships[meet(kind, event.text(kind)), word] = None
    if event.text("defect"):
        item.relationships[meet(DEFECT, event.text("defect")), "mends"] = None


def _note(
    item: _Object,
    event: LogEvent,
    names: tuple[str, ...],
    calendar: WorkingCalendar,
    moment: datetime,
) -> None:
    """An object's attributes as an event says them."""
    for name in names:
        if name in event.values:
            kind = attribute_type(event.activity, name, event.values[name])
            text = _text(event.values[name], kind, calendar)
            item.attributes.append({"name": name, "value": text, "time": _time(moment)})
