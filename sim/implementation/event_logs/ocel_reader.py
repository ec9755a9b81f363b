"""OCEL 2.0 logs in JSON, of golive and of other tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from ....core.errors import GoliveError
from ....core.files import reason
from .log import EventLog, Value
from .mapping import LogMapping
from .raw import RawEvent, assemble, parse_time, parse_value
from .vocabulary import PROJECT

_MOST_BYTES = 2 << 30
_PARTS = ("eventTypes", "objectTypes", "events", "objects")


def read_ocel(path: Path, mapping: LogMapping | None = None) -> EventLog:
    """Read a log, leniently: values may be strings or of their own type.

    The project of an event is the object of type ``project`` (or what the mapping calls so) that
    it is related to; events without one belong to one project, named after the file.

    Raises:
        GoliveError: it cannot be read, is no JSON or no OCEL 2.0, holds no event, or one without
            id, type or time.
    """
    names = mapping or LogMapping()
    content = _load(path)
    for part in _PARTS:
        if not isinstance(content.get(part), list):
            raise GoliveError(f"{path}: {part}: expected a list, as OCEL 2.0 in JSON has it")
    return assemble(_events(content, names, path), names, path)


def _load(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise GoliveError(f"{path}: expected at most {_MOST_BYTES >> 30} GiB of JSON")
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise GoliveError(f"{path}: cannot be read: {reason(error)}") from None
    except UnicodeDecodeError:
        raise GoliveError(f"{path}: expected a text file encoded in UTF-8") from None
    except json.JSONDecodeError as error:
        raise GoliveError(f"{path}:{error.lineno}: not valid JSON: {error.msg}") from None
    except RecursionError:
        raise GoliveError(f"{path}: nested too deeply: expected OCEL 2.0 in JSON") from None
    if not isinstance(content, dict):
        raise GoliveError(f"{path}: expected a mapping, as OCEL 2.0 in JSON has it")
    return content


def _events(content: dict[str, Any], names: LogMapping, path: Path) -> Iterator[RawEvent]:
    kind = names.columns.project if names.columns.project != "project" else PROJECT
    projects = {
        str(item["id"])
        for item in content["objects"]
        if isinstance(item, dict) and item.get("type") == kind and "id" in item
    }
    types = _declared(content["eventTypes"])
    for index, item in enumerate(content["events"]):
        place = f"{path}: events[{index}]"
        if not isinstance(item, dict):
            raise GoliveError(f"{place}: expected a mapping with id, type and time")
        for field in ("id", "type", "time"):
            if not isinstance(item.get(field), str):
                raise GoliveError(f"{place}.{field}: {item.get(field)!r}: expected text")
        try:
            moment = parse_time(item["time"], names.time_format)
        except ValueError:
            raise GoliveError(f"{place}.time: {item['time'][:60]!r}: expected a time") from None
        related = [_field(link, "objectId") for link in _list(item, "relationships", place)]
        project = next((name for name in related if name in projects), "")
        declared = types.get(item["type"], {})
        values: dict[str, Value | datetime] = {}
        for row in _list(item, "attributes", place):
            name, value = _field(row, "name"), row.get("value") if isinstance(row, dict) else None
            if name and isinstance(value, str | int | float | bool):
                values[name] = _typed(value, declared.get(name, ""), names)
        subject = str(values.pop(names.columns.subject, item["id"]))
        yield RawEvent(project, moment, item["type"], subject, values, place)


def _declared(types: list[Any]) -> dict[str, dict[str, str]]:
    """Type by attribute by event type."""
    found: dict[str, dict[str, str]] = {}
    for row in types:
        if isinstance(row, dict) and isinstance(row.get("attributes"), list):
            pairs = {_field(one, "name"): _field(one, "type") for one in row["attributes"]}
            found[_field(row, "name")] = pairs
    return found


def _list(item: dict[str, Any], name: str, place: str) -> list[Any]:
    value = item.get(name, [])
    if not isinstance(value, list):
        raise GoliveError(f"{place}.{name}: expected a list")
    return value


def _field(row: object, name: str) -> str:
    value = row.get(name, "") if isinstance(row, dict) else ""
    return value if isinstance(value, str) else ""


def _typed(value: str | int | float | bool, kind: str, names: LogMapping) -> Value | datetime:
    """A value by its declared type; as it stands where that does not fit."""
    if isinstance(value, str):
        with suppress(ValueError):
            return parse_value(value, kind, names.time_format)
    return value
