"""YAML files as plain data with the line of every field, and limits that no bomb passes.

A scenario file is plain data: text, numbers, true and false, null, lists and mappings with text
as keys. Booleans are only ``true`` and ``false`` (so that the country ``NO`` stays Norway),
numbers are decimal, dates are text. A file may use anchors and aliases within the limits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .errors import GoliveError
from .files import read_limited

# A stranger's file may be made to exhaust memory (aliases of aliases), the stack or patience.
MOST_BYTES = 4_000_000
MOST_NODES = 200_000
MOST_LEVELS = 40
_LONGEST_NUMBER = 40

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
"""Anything that a file holds."""
Place = tuple[str | int, ...]
"""A place in a file: field names and list indices from the top."""

YAML_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)$")
FLOAT_PATTERN = re.compile(
    r"[-+]?(?:(?:[0-9][0-9_]*)?\.[0-9_]+|[0-9][0-9_]*\.?)(?:[eE][-+]?[0-9]+)?$"
    r"|[-+]?\.(?:inf|Inf|INF)$|\.(?:nan|NaN|NAN)$"
)
_NULL = re.compile(r"(?:~|null|Null|NULL|)$")
_BOOLEAN = re.compile(r"(?:true|True|TRUE|false|False|FALSE)$")


@dataclass(slots=True)
class Document:
    """A file's content and the 1-based line on which each field stands."""

    path: Path
    data: dict[str, Plain]
    lines: dict[Place, int] = field(default_factory=dict)

    def where(self, place: Place) -> str:
        """The file, with the line of a field if it has lines."""
        return f"{self.path}:{self.line(place)}" if self.lines else str(self.path)

    def line(self, place: Place) -> int:
        """Line of a field, or of the nearest field around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1


def read_document(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        GoliveError: in one line, if the file cannot be read, is too big, is not UTF-8, is not
            YAML, is empty or not a mapping, repeats a key, or expands beyond the limits.
    """
    text = _read_text(path)
    try:
        _check_depth(path, text)
        node = yaml.compose(text, Loader=PlainLoader)
    except yaml.YAMLError as error:
        raise GoliveError(_yaml_problem(path, error)) from error
    if node is None or (isinstance(node, yaml.ScalarNode) and node.tag == f"{YAML_TAG}null"):
        raise GoliveError(f"{path}: the file is empty: expected a mapping of fields to values")
    if not isinstance(node, yaml.MappingNode):
        raise GoliveError(
            f"{path}:{_line(node)}: expected a mapping of fields to values, found {_kind(node)}"
        )
    builder = _Builder(path)
    data = builder.mapping(node, ())
    return Document(path, data, builder.lines)


def _read_text(path: Path) -> str:
    data = read_limited(path, MOST_BYTES, "a YAML file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise GoliveError(
            f"{path}:{line}: byte 0x{data[error.start]:02x} is not UTF-8: "
            "expected a text file encoded in UTF-8"
        ) from None


def _check_depth(path: Path, text: str) -> None:
    """Refuse deep nesting before composing, which recurses and would exhaust the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=PlainLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_LEVELS:
                line = 0 if event.start_mark is None else event.start_mark.line
                raise GoliveError(
                    f"{path}:{line + 1}: nested too deeply: expected at most {MOST_LEVELS} levels"
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _yaml_problem(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"{path}:{mark.line + 1}" if mark is not None else str(path)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    words = " ".join(str(problem or error).split())
    return f"{where}: not valid YAML: {words}"


def _resolvers(base: Any) -> Any:
    """A loader or dumper class that resolves plain scalars by the rules above."""
    base.yaml_implicit_resolvers = {}
    base.add_implicit_resolver(f"{YAML_TAG}bool", _BOOLEAN, list("tTfF"))
    base.add_implicit_resolver(f"{YAML_TAG}int", _INTEGER, list("-+0123456789"))
    base.add_implicit_resolver(f"{YAML_TAG}float", FLOAT_PATTERN, list("-+0123456789."))
    base.add_implicit_resolver(f"{YAML_TAG}null", _NULL, ["~", "n", "N", ""])
    return base


class PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader with plain resolvers; only its node composer is used."""


_resolvers(PlainLoader)


class _Builder:
    """Turns nodes into plain data, noting lines and counting what aliases expand to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self._nodes = 0

    def mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Plain]:
        self._count(node, place)
        result: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            below = (*place, key)
            if key in result:
                raise self._error(key_node, f"{format_place(below)}: the field is given twice")
            result[key] = self._value(value_node, below)
            self.lines[below] = _line(key_node)
        return result

    def _value(self, node: yaml.Node, place: Place) -> Plain:
        if isinstance(node, yaml.MappingNode):
            self._only_tag(node, place, "map")
            return self.mapping(node, place)
        self._count(node, place)
        if isinstance(node, yaml.SequenceNode):
            self._only_tag(node, place, "seq")
            return [self._value(item, (*place, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, place)

    def _scalar(self, node: yaml.Node, place: Place) -> Plain:
        text: str = node.value
        kind = node.tag.removeprefix(YAML_TAG)
        if kind == "str":
            return text
        if kind == "null" and _NULL.match(text):
            return None
        if kind == "bool" and _BOOLEAN.match(text):
            return text.lower() == "true"
        if kind in ("int", "float") and len(text) > _LONGEST_NUMBER:
            raise self._error(node, f"{format_place(place)}: a number of {len(text)} characters")
        if kind == "int" and _INTEGER.match(text):
            return int(text.replace("_", ""))
        if kind == "float" and FLOAT_PATTERN.match(text):
            return _float(text)
        raise self._error(node, f"{format_place(place)}: the tag {node.tag!r} is not supported")

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, f"expected text as field name, found {_kind(node)}")
        return str(node.value)

    def _only_tag(self, node: yaml.Node, place: Place, kind: str) -> None:
        if node.tag != f"{YAML_TAG}{kind}":
            raise self._error(node, f"{format_place(place)}: the tag {node.tag!r} is not supported")

    def _count(self, node: yaml.Node, place: Place) -> None:
        self._nodes += 1
        self.lines[place] = _line(node)
        if self._nodes > MOST_NODES:
            raise self._error(
                node, f"the file expands to too much: expected at most {MOST_NODES:,} values"
            )
        if len(place) > MOST_LEVELS:
            raise self._error(node, f"nested too deeply: expected at most {MOST_LEVELS} levels")

    def _error(self, node: yaml.Node, words: str) -> GoliveError:
        return GoliveError(f"{self.path}:{_line(node)}: {words}")


def format_place(place: Place) -> str:
    """A place as people write it: ``customer.sites[0].name``."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _float(text: str) -> float:
    plain = text.replace("_", "").lower()
    return float(plain.replace(".inf", "inf").replace(".nan", "nan"))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    return f"the value {str(node.value)[:40]!r}"
