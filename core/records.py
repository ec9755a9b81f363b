"""Base of every record of a scenario file, and the types of its fields."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    Strict,
    StringConstraints,
)


class Record(BaseModel):
    """An immutable record: unknown fields are errors, as are NaN and infinity."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        str_strip_whitespace=True,
        validate_default=True,
    )


RecordT = TypeVar("RecordT", bound=Record)


def changed(record: RecordT, **fields: object) -> RecordT:
    """A copy of the record with some fields changed, validated (and faster than pydantic's)."""
    return type(record).model_validate({**record.__dict__, **fields})


def json_schema(model: type[BaseModel]) -> dict[str, JsonValue]:
    """JSON Schema (draft 2020-12) of the files that a model validates."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("expected 1")
    return value


FirstVersion = Annotated[Literal[1], BeforeValidator(_no_boolean)]
"""Version 1 of a file's format; true is not silently taken for it."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
"""A human-readable name."""
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""A name fit for file names: lower-case letters, digits and single hyphens."""
ScenarioName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(\+[A-Za-z0-9_:.,@-]+)*$", max_length=400),
]
"""A slug, perhaps with what the scenario is met with: ``furniture+corrupt_data:critical``."""
Integer = Annotated[int, Strict()]
"""A whole number; strings, booleans and 1.0 are not silently taken for one."""
Number = Annotated[float, Strict()]
"""A finite number; strings and booleans are not silently taken for one."""
Flag = Annotated[bool, Strict()]
"""true or false and nothing else."""
Share = Annotated[float, Strict(), Field(ge=0.0, le=1.0)]
"""A share or probability in [0, 1]."""
