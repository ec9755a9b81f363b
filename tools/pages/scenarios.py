"""The field tables of ``docs/scenarios.md``, from the schema of scenario and suite files."""

from __future__ import annotations

import re
from typing import Any

from golive.core.errors import GoliveError
from golive.core.tables import Table
from golive.scenarios.implementation.mixes import ImplementationMix
from golive.scenarios.implementation.schema import json_schema

from .filling import placed

_WORDS = {"integer": "whole number", "number": "number", "string": "text", "boolean": "true, false"}
_NO_DEFAULT = object()
Schema = dict[str, Any]


def records() -> dict[str, Schema]:
    """Every record of scenario and suite files by name, with the schema of its fields."""
    found = {"Mix": ImplementationMix.model_json_schema()}
    for kind in ("scenario", "suite"):
        schema: Schema = json_schema(kind)
        found |= {n: entry for n, entry in schema["$defs"].items() if "properties" in entry}
        found[kind.capitalize()] = schema
    return found


def field_table(name: str) -> Table:
    """The fields of a record: name, what may stand there, default, meaning."""
    schema = records()[name]
    enums = _enums()
    rows = []
    for field, entry in schema["properties"].items():
        default = "required" if field in schema.get("required", ()) else _default(entry)
        rows.append((f"`{field}`", _value(entry, enums), default, entry.get("description", "")))
    return Table("", ("field", "value", "default", "meaning"), rows)


def updated(page: str) -> str:
    """Make every table of the page anew.

    Raises:
        GoliveError: a record has no place on the page, or a place no record.
    """
    known = set(records())
    places = re.findall(r"<!-- (\w+):begin -->", page)
    if set(places) != known:
        raise GoliveError(f"places for {sorted(set(places) ^ known)}: expected one for each record")
    for name in places:
        page = placed(page, name, field_table(name).to_markdown())
    return page


def _enums() -> dict[str, list[str]]:
    schemas: list[Schema] = [json_schema(kind) for kind in ("scenario", "suite")]
    return {
        name: entry["enum"]
        for schema in schemas
        for name, entry in schema["$defs"].items()
        if "enum" in entry
    }


def _default(entry: Schema) -> str:
    default = entry.get("default", _NO_DEFAULT)
    if default is _NO_DEFAULT or default == {}:
        return ""
    if default is None:
        return "null"
    if default == "":
        return "empty"
    if default == []:
        return "none"
    return str(default).lower() if isinstance(default, bool) else f"{default}"


def _value(entry: Schema, enums: dict[str, list[str]]) -> str:
    """Values that may stand there, in words."""
    if "$ref" in entry:
        name = entry["$ref"].rsplit("/", 1)[1]
        return _listed(enums[name]) if name in enums else f"[{name}](#{name.lower()})"
    if "enum" in entry:
        return _listed(entry["enum"])
    if "const" in entry:
        return f"`{entry['const']}`"
    for choices in ("anyOf", "oneOf"):
        if choices in entry:
            return " or ".join(
                "null" if choice.get("type") == "null" else _value(choice, enums)
                for choice in entry[choices]
            )
    if entry.get("type") == "array":
        return f"list of {_value(entry['items'], enums)}"
    if entry.get("additionalProperties") is True:
        return "[Mix](#mix)"  # of the world's own kind, which the schema of suites does not know
    if entry.get("type") == "object":
        keys = entry.get("propertyNames")
        by = f" by {_value(keys, enums)}" if keys else " by name"
        return _value(entry["additionalProperties"], enums) + by
    return _WORDS[entry["type"]] + _range(entry)


def _listed(members: list[str]) -> str:
    return ", ".join(f"`{member}`" for member in members)


def _range(entry: Schema) -> str:
    low: Any = entry.get("minimum", entry.get("exclusiveMinimum"))
    high: Any = entry.get("maximum", entry.get("exclusiveMaximum"))
    if low is None and high is None:
        return ""
    above = "above " if "exclusiveMinimum" in entry else ""
    below = " less than" if "exclusiveMaximum" in entry else ""
    return f", {above}{_number(low)} to{below} {_number(high)}"


def _number(value: float) -> str:
    if value >= 2**63 - 1:
        return "2^63"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:g}"
