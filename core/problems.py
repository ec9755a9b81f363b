"""Problems of a record, one line for each: file, line, field, value, expectation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from .errors import GoliveError
from .yaml_reader import Document, Place, format_place

ModelT = TypeVar("ModelT", bound=BaseModel)
_LONGEST_VALUE = 60
_LEADING_PLACE = re.compile(r"^((?:[a-z_]+(?:\[\d+\])?\.)*[a-z_]+(?:\[\d+\])?): ")
_PLACE_PART = re.compile(r"([a-z_]+)|\[(\d+)\]")
_SHOULD = re.compile(r"^(?:Input|String|Value|Tuple|List|Dictionary|Data)\b.*?should (be )?")
_PLAIN_WORDS = {
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "text",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping of fields",
    "model_attributes_type": "a mapping of fields",
}


class InvalidRecordError(GoliveError):
    """A file that is not what it should be; ``problems`` holds one line for each problem."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Say the first problem and count the others."""
        more = len(problems) - 1
        others = f" (and {more} more problem{'s' if more > 1 else ''})" if more else ""
        super().__init__(f"{problems[0]}{others}")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place of a model: its field there and the record class that holds it."""

    place: Place
    field: FieldInfo | None
    owner: type[BaseModel] | None

    @property
    def description(self) -> str:
        return ((self.field and self.field.description) or "").rstrip(".")


def validated(
    model: type[ModelT], document: Document, replaced: Mapping[str, BaseModel] | None = None
) -> ModelT:
    """A record from the content of a file, with some fields given instead of read.

    Raises:
        InvalidRecordError: a field is missing, unknown, wrongly typed, out of range or
            contradicts another one.
    """
    try:
        return model.model_validate({**document.data, **(replaced or {})})
    except ValidationError as error:
        raise invalid_record(error, model, document) from None


def invalid_record(
    error: ValidationError, model: type[BaseModel], document: Document
) -> InvalidRecordError:
    """The problems of a validation error, in the order of the file."""
    details = error.errors(include_url=False)
    broken = [item["loc"] for item in details]
    found = [_problem(item, model, document) for item in details if not _only_follows(item, broken)]
    ordered = sorted(found, key=lambda item: item[0])
    return InvalidRecordError(tuple(text for _, text in ordered))


def _only_follows(item: ErrorDetails, broken: list[tuple[str | int, ...]]) -> bool:
    """True if a problem is only the echo of another one.

    A list counts as too short when its items are invalid, and a default that is computed from
    other fields cannot be when those are.
    """
    if item["type"] == "default_factory_not_called":
        return True
    return item["type"] == "too_short" and any(_is_below(place, item["loc"]) for place in broken)


def _is_below(place: tuple[str | int, ...], above: tuple[str | int, ...]) -> bool:
    return len(place) > len(above) and place[: len(above)] == above


def _problem(details: ErrorDetails, model: type[BaseModel], document: Document) -> tuple[int, str]:
    spot = _spot(model, details["loc"])
    place, words = _words(details, spot)
    parts = (document.where(place), format_place(place), words)
    return document.line(place), ": ".join(part for part in parts if part)


def _words(details: ErrorDetails, spot: _Spot) -> tuple[Place, str]:
    """The problem's place, more closely, and what it is."""
    kind, context = details["type"], details.get("ctx", {})
    if kind == "missing":
        return spot.place, f"missing: expected {spot.description or 'this field'}"
    if kind == "extra_forbidden":
        return spot.place, _unknown_field(spot)
    if kind == "value_error":
        return _own_words(spot.place, str(context.get("error", details["msg"])), details["input"])
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _tag_words(spot.place, kind, context)
    expected = _PLAIN_WORDS.get(kind) or _SHOULD.sub(
        lambda match: "" if match.group(1) else "to ", details["msg"]
    )
    guess = _guess(details["input"], re.findall(r"'([^']+)'", str(context.get("expected", ""))))
    if spot.description:
        expected = f"{expected} ({spot.description})"
    note = ""
    if kind == "string_type" and isinstance(details["input"], (bool, int, float)):
        note = ": put it in quotes to make it text"
    return spot.place, f"{_value(details['input'])}: expected {expected}{guess}{note}"


def _own_words(place: Place, message: str, value: object) -> tuple[Place, str]:
    """Our own record validators begin their message with the field, seen from their record."""
    match = _LEADING_PLACE.match(message)
    if match is None:
        return place, message if isinstance(value, (dict, BaseModel)) else (
            f"{_value(value)}: {message}"
        )
    inner: list[str | int] = [
        name or int(index) for name, index in _PLACE_PART.findall(match.group(1))
    ]
    if place[-1:] == tuple(inner[:1]):
        inner = inner[1:]
    return (*place, *inner), message[match.end() :]


def _tag_words(place: Place, kind: str, context: Mapping[str, Any]) -> tuple[Place, str]:
    discriminator = str(context["discriminator"]).strip("'")
    tags = "work, data_errors, requirement, acceptance_check"
    if kind == "union_tag_not_found":
        return (*place, discriminator), f"missing: expected one of {tags}"
    known = re.findall(r"'([^']+)'", str(context["expected_tags"]))
    given = str(context["tag"])
    return (*place, discriminator), (
        f"{given!r}: expected one of {', '.join(known)}{_guess(given, known)}"
    )


def _unknown_field(spot: _Spot) -> str:
    fields = spot.owner.model_fields if spot.owner is not None else {}
    known = [field.alias or name for name, field in fields.items()]
    guess = _guess(spot.place[-1], known)
    return f"unknown field{guess or ': expected one of ' + ', '.join(known)}"


def _guess(given: object, known: list[str]) -> str:
    close = get_close_matches(str(given).lower(), known, n=1, cutoff=0.6)
    return f": did you mean {close[0]}?" if close and isinstance(given, str) else ""


def _value(value: object) -> str:
    if isinstance(value, BaseModel):
        return type(value).__name__
    text = "null" if value is None else repr(value)
    if isinstance(value, bool):
        text = text.lower()
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."


def _spot(model: type[BaseModel], location: tuple[str | int, ...]) -> _Spot:
    """Walk from the model along an error's location, leaving out pydantic's own steps."""
    place: list[str | int] = []
    current: Any = model
    found: FieldInfo | None = None
    owner: type[BaseModel] | None = None
    for part in location:
        if isinstance(part, str) and part.startswith("[key]"):
            continue
        step = _below(current, part)
        if isinstance(step, type) and issubclass(step, BaseModel) and _is_tag(current, part):
            current = step
            continue
        place.append(part)
        if isinstance(current, type) and issubclass(current, BaseModel):
            owner = current
            found = _field(current, part)
        current = step
    return _Spot(tuple(place), found, owner)


def _is_tag(annotation: Any, part: str | int) -> bool:
    return any(_tag_of(option) == part for option in _options(annotation))


def _below(annotation: Any, part: str | int) -> Any:
    """The annotation one step further down."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found = _field(annotation, part)
        return None if found is None else _plain(found.annotation)
    for option in _options(annotation):
        if _tag_of(option) == part:
            return option
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple and arguments:
        return _plain(arguments[0])
    if get_origin(annotation) is dict and len(arguments) == 2:
        return _plain(arguments[1])
    return None


def _field(model: type[BaseModel], part: str | int) -> FieldInfo | None:
    """A field by what files call it."""
    fields = model.model_fields
    return next((f for name, f in fields.items() if (f.alias or name) == part), None)


def _plain(annotation: Any) -> Any:
    """Without ``Annotated`` and without ``None``."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    options = [option for option in _options(annotation) if option is not type(None)]
    if len(options) == 1 and options[0] is not annotation:
        return _plain(options[0])
    return annotation


def _options(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)


def _tag_of(option: Any) -> str | None:
    if isinstance(option, type) and issubclass(option, BaseModel):
        effect = option.model_fields.get("effect")
        if effect is not None and get_origin(effect.annotation) is Literal:
            return str(get_args(effect.annotation)[0])
    return None
