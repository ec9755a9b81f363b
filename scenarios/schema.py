"""JSON Schema of scenario files, for editors that check and complete them."""

from __future__ import annotations

from pydantic import BaseModel, JsonValue

from .customer import Customer
from .errors import GoliveError
from .opponents import OpponentPlan
from .scenario import Scenario, Suite

_KINDS: dict[str, type[BaseModel]] = {
    "scenario": Scenario,
    "suite": Suite,
    "customer": Customer,
    "opponent": OpponentPlan,
}


def schema_kinds() -> tuple[str, ...]:
    """What there is a schema of."""
    return tuple(_KINDS)


def json_schema(kind: str) -> dict[str, JsonValue]:
    """JSON Schema (draft 2020-12) of ``scenario``, ``suite``, ``customer`` or ``opponent`` files.

    Raises:
        GoliveError: if the kind is none of these.
    """
    if kind not in _KINDS:
        raise GoliveError(f"schema: {kind!r}: expected one of {', '.join(_KINDS)}")
    schema: dict[str, JsonValue] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema.update(_KINDS[kind].model_json_schema())
    if kind == "scenario":
        _allow_customer_reference(schema)
    return schema


def _allow_customer_reference(schema: dict[str, JsonValue]) -> None:
    """A file may name another scenario instead of repeating its customer."""
    properties = schema["properties"]
    assert isinstance(properties, dict)
    inline = properties["customer"]
    assert isinstance(inline, dict)
    reference: JsonValue = {
        "type": "string",
        "description": "Name or relative path of another scenario that has the same customer.",
    }
    properties["customer"] = {
        "anyOf": [{"$ref": inline["$ref"]}, reference],
        "description": inline.get("description", ""),
    }
