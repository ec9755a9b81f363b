"""Mixes in files: each is read as its world's own kind of mix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, SerializeAsAny, ValidationError, ValidationInfo

from ..core.worlds import DEFAULT_WORLD, WORLDS
from .scenario import Mix


def _read(value: Any, info: ValidationInfo) -> Any:
    """A mix of the world that the record names, or else the context of its validation.

    Raises:
        ValueError: it is no mix of that world; the message begins with the place in it.
    """
    if isinstance(value, Mix):
        return value
    if isinstance(value, list | tuple):
        value = {"edge_cases": value}
    world = (info.data or {}).get("world") or (info.context or {}).get("world") or DEFAULT_WORLD
    kind: type[Mix] = WORLDS[world].scenario.mix
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{place}: {first['msg']}" if place else first["msg"]) from None


MixField = Annotated[
    SerializeAsAny[Mix],
    BeforeValidator(_read, json_schema_input_type=Mapping[str, Any] | list[str]),
]
"""A mix, or in a file a list of its edge cases."""


def refuse_equal_mixes(mixes: Iterable[Mix]) -> None:
    """Refuse mixes that stand side by side in a table under one name.

    Raises:
        ValueError: two have the same label.
    """
    labels = [mix.label for mix in mixes]
    for label in labels:
        if labels.count(label) > 1:
            raise ValueError(f"{label!r} comes twice: expected each mix only once")
