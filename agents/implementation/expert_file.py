"""Files of the expert's thresholds: the one that comes with golive, and others like it."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ...core.errors import GoliveError
from ...core.yaml_reader import Document, Place, Plain, format_place, read_document
from .expert_rules import SETS, ExpertRules, RuleSets
from .threshold import CHOICE, INTEGER, Range, range_of

SHIPPED_FILE = Path(__file__).with_name("expert.yaml")
"""The thresholds that the expert has unless told otherwise."""
VERSION_FIELD = "golive_expert"
VERSION = 1


@cache
def shipped_rules() -> RuleSets:
    """The thresholds that come with golive; what a set leaves out is as in the daily one."""
    document = _document(SHIPPED_FILE)
    daily = _values(document, "daily", {})
    return _made({name: _values(document, name, {} if name == "daily" else daily) for name in SETS})


def read_rules(path: Path) -> RuleSets:
    """The thresholds of a file; what it leaves out is as in the shipped ones.

    Raises:
        GoliveError: it cannot be read, is of another version, or holds an unknown name or a value
            of the wrong type or out of its range; the message names file, line, field and value.
    """
    document, shipped = _document(path), shipped_rules()
    return _made(
        {name: _values(document, name, dataclasses.asdict(getattr(shipped, name))) for name in SETS}
    )


def rules_text(rules: RuleSets, header: str, notes: Mapping[tuple[str, str], str]) -> str:
    """A file that holds every threshold of all sets.

    Args:
        rules: that it holds.
        header: comment above them, one line or more.
        notes: comment behind a threshold, by its set and name.
    """
    lines = [f"# {line}".rstrip() for line in header.splitlines()]
    lines.append(f"{VERSION_FIELD}: {VERSION}")
    for name in SETS:
        lines.append(f"{name}:")
        for field, value in dataclasses.asdict(getattr(rules, name)).items():
            text = str(value).lower() if isinstance(value, bool) else repr(value)
            note = f"  # {notes[name, field]}" if (name, field) in notes else ""
            lines.append(f"  {field}: {text}{note}")
    return "\n".join(lines) + "\n"


def _document(path: Path) -> Document:
    document = read_document(path)
    version = document.data.get(VERSION_FIELD)
    if version != VERSION or isinstance(version, bool):
        found = "none" if version is None else repr(version)
        raise GoliveError(
            f"{document.where((VERSION_FIELD,))}: {VERSION_FIELD}: {found}: expected {VERSION}, "
            "as thresholds of the expert have"
        )
    for name in document.data:
        if name not in (VERSION_FIELD, *SETS):
            raise _unknown(document, (name,), tuple(SETS))
    return document


def _made(values: Mapping[str, Mapping[str, Any]]) -> RuleSets:
    return RuleSets(**{name: kind(**values[name]) for name, kind in SETS.items()})  # type: ignore[arg-type]


def _values(document: Document, name: str, others: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a whole set: the file's, and others' where it has none."""
    given = document.data.get(name, {})
    if not isinstance(given, dict):
        raise GoliveError(
            f"{document.where((name,))}: {name}: {given!r}: expected names and values of thresholds"
        )
    ranges = ranges_of(SETS[name])
    for field in given:
        if field not in ranges:
            raise _unknown(document, (name, field), tuple(ranges))
    found = {}
    for field, limits in ranges.items():
        if field in given:
            found[field] = _value(document, (name, field), given[field], limits)
        elif field in others:
            found[field] = others[field]
        else:
            raise GoliveError(
                f"{document.where((name,))}: {name}.{field}: missing: expected {limits.words}"
            )
    return found


def ranges_of(kind: type[ExpertRules]) -> dict[str, Range]:
    """Range by name of the thresholds of a set's class."""
    return {field.name: range_of(field) for field in dataclasses.fields(kind)}


def _value(document: Document, place: Place, value: Plain, limits: Range) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if limits.scale is CHOICE:
        is_right = isinstance(value, bool)
    elif limits.scale is INTEGER:
        is_right = is_number and isinstance(value, int)
    else:
        is_right = is_number
    if not is_right or not isinstance(value, int | float) or not limits.holds(value):
        raise GoliveError(
            f"{document.where(place)}: {format_place(place)}: {value!r}: expected {limits.words}"
        )
    return value if limits.scale in (CHOICE, INTEGER) else float(value)


def _unknown(document: Document, place: Place, names: tuple[str, ...]) -> GoliveError:
    close = difflib.get_close_matches(str(place[-1]), names, n=1)
    guess = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(names)}"
    return GoliveError(f"{document.where(place)}: {format_place(place)}: no such field: {guess}")
