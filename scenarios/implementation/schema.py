"""JSON Schema of scenario files, for editors that check and complete them."""

from __future__ import annotations

from pydantic import BaseModel, JsonValue

from ...core.errors import GoliveError
from ..suite import Suite
from .customer import Customer
from .importers.layout import TableLayout
from .importers.mapping import PlanMapping
from .opponents import OpponentPlan
from .plan import Plan
from .scenario import ImplementationScenario

_KINDS: dict[str, type[BaseModel]] = {
    "scenario": ImplementationScenario,
    "suite": Suite,
    "customer": Customer,
    "opponent": OpponentPlan,
    "plan": Plan,
    "plan-mapping": PlanMapping,
    "plan-layout": TableLayout,
}


def schema_kinds() -> tuple[str, ...]:
    """Names of the kinds of file that have a schema."""
    return tuple(_KINDS)


def json_schema(kind: str) -> dict[str, JsonValue]:
    """JSON Schema (draft 2020-12) of a kind of file; see ``schema_kinds``.

    Raises:
        GoliveError: if the kind is none of these.
    """
    if kind not in _KINDS:
        raise GoliveError(f"schema: {kind!r}: expected one of {', '.join(_KINDS)}")
    schema: dict[str, JsonValue] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema.update(_KINDS[kind].model_json_schema())
    if kind == "scenario":
        _allow_reference(
            schema,
            "customer",
            "Name or relative path of another scenario that has the same customer.",
        )
        _allow_reference(schema, "plan", "Path of a plan's file, relative to the scenario's.")
    return schema


def _allow_reference(schema: dict[str, JsonValue], field: str, description: str) -> None:
    """A file may name another file instead of repeating what that holds."""
    properties = schema["properties"]
    assert isinstance(properties, dict)
    inline = properties[field]
    assert isinstance(inline, dict)
    reference: JsonValue = {"type": "string", "description": description}
    properties[field] = {
        "anyOf": [{"$ref": inline["$ref"]}, reference],
        "description": inline.get("description", ""),
    }
