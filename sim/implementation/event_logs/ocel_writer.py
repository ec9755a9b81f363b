"""Event logs as OCEL 2.0 (Berti et al. 2024, OCEL 2.0 Specification): what is in a document.

Attribute values are written as strings, as the published schema of the JSON form wants them;
their types are declared with the event and object types. An attribute whose values are of several
types is declared as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from . import vocabulary as v
from .log import EventLog, LogEvent, LogObject, ProjectLog, Relation
from .ocel_objects import OBJECT_ATTRIBUTES, Objects
from .values import Value, format_float, format_time
from .vocabulary import AttributeType, attribute_type, fitting_type

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""From when on an attribute of an object has a value that it always had."""
_OCEL_TYPES = {
    AttributeType.TEXT: "string",
    AttributeType.NUMBER: "float",
    AttributeType.INTEGER: "integer",
    AttributeType.BOOLEAN: "boolean",
    AttributeType.TIME: "time",
    AttributeType.HOUR: "time",
}
_Kinds = dict[str, dict[str, set[str]]]
"""Types that were met, by attribute by type of event or object."""


def ocel_content(log: EventLog) -> dict[str, Any]:
    """A log as the JSON form of OCEL 2.0 has it; equal logs give equal contents."""
    objects, kinds = Objects(), _Kinds()
    objects.keep(log.objects)
    events: list[dict[str, Any]] = []
    for project in log.projects:
        for event in project.events:
            content = _event(project, event, objects, kinds.setdefault(event.activity, {}))
            events.append({"id": f"e{len(events) + 1}", **content})
    types: _Kinds = {
        name: {one: {_OCEL_TYPES[kind]} for one, kind in OBJECT_ATTRIBUTES.get(name, {}).items()}
        for name in v.OBJECT_TYPES
    }
    items = [_object(item, types.setdefault(item.type, {})) for item in objects.all()]
    return {
        "objectTypes": [_declared(name, own) for name, own in types.items()],
        "eventTypes": [_declared(name, own) for name, own in sorted(kinds.items())],
        "objects": items,
        "events": events,
    }


def _declared(name: str, attributes: Mapping[str, set[str]]) -> dict[str, Any]:
    rows = [{"name": other, "type": _common(kinds)} for other, kinds in attributes.items()]
    return {"name": name, "attributes": rows}


def _common(kinds: set[str]) -> str:
    if kinds == {"integer", "float"}:
        return "float"
    return next(iter(kinds)) if len(kinds) == 1 else "string"


def _links(links: Iterable[Relation]) -> list[dict[str, str]]:
    return [{"objectId": other, "qualifier": word} for other, word in dict.fromkeys(links)]


def _time(moment: datetime) -> str:
    return format_time(moment).replace("+00:00", "Z")


def _event(
    project: ProjectLog, event: LogEvent, objects: Objects, kinds: dict[str, set[str]]
) -> dict[str, Any]:
    """An event but for its id; the types of its attributes are added to those met."""
    kinds.setdefault("subject", {"string"})
    attributes = [{"name": "subject", "value": event.subject}]
    for name, value in event.values.items():
        kind = attribute_type(event.activity, name, value)
        kinds.setdefault(_free(name), set()).add(_OCEL_TYPES[kind])
        if kind is AttributeType.HOUR:
            text = _time(event.moment(project.calendar, name))
        else:
            text = _text(value, kind)
        attributes.append({"name": _free(name), "value": text})
    return {
        "type": event.activity,
        "time": _time(event.moment(project.calendar)),
        "attributes": attributes,
        "relationships": _links((*objects.related(project, event), *event.related)),
    }


def _free(name: str) -> str:
    return f"{name}_" if name == "subject" else name  # golive's own is the subject


def _object(item: LogObject, kinds: dict[str, set[str]]) -> dict[str, Any]:
    attributes = []
    declared = OBJECT_ATTRIBUTES.get(item.type, {})
    for name, value, moment in item.values:
        kind = fitting_type(declared.get(name), value)
        kinds.setdefault(name, set()).add(_OCEL_TYPES[kind])
        since = _time(EPOCH if moment is None else moment)
        attributes.append({"name": name, "value": _text(value, kind), "time": since})
    return {
        "id": item.id,
        "type": item.type,
        "attributes": attributes,
        "relationships": _links(item.related),
    }


def _text(value: Value, kind: AttributeType) -> str:
    if isinstance(value, datetime):
        return _time(value)
    if kind is AttributeType.TEXT or isinstance(value, str):
        return str(value)
    if kind is AttributeType.BOOLEAN:
        return str(value).lower()
    return str(int(value)) if kind is AttributeType.INTEGER else format_float(value)
