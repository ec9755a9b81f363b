"""OCEL 2.0 in XML: the same content as in JSON, in elements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ....core.errors import GoliveError
from .xes_writer import xml_text
from .xml_stream import XmlStream

_LISTS = {
    "object-types": ("objectTypes", "object-type"),
    "event-types": ("eventTypes", "event-type"),
    "objects": ("objects", "object"),
    "events": ("events", "event"),
}
"""Name in JSON, and of an item, by the element of a part."""
_MOST_TEXT = 16 << 20


def load_xml(path: Path) -> dict[str, Any]:
    """The content of a file, as the JSON form has it.

    Raises:
        GoliveError: it cannot be read, is no XML, or is no OCEL 2.0.
    """
    reader = _Reader(path)
    for _ in reader.xml.read(reader.start, reader.end, reader.text):
        pass
    missing = next((part for part in _LISTS if _LISTS[part][0] not in reader.content), None)
    if missing is not None:
        raise GoliveError(f"{path}: <{missing}> is missing: expected OCEL 2.0 (XES ends in .xes)")
    return reader.content


class _Reader:
    """Gathers the elements of a file."""

    def __init__(self, path: Path) -> None:
        self.xml = XmlStream(path, "log", "an OCEL 2.0 <log>")
        self.content: dict[str, Any] = {}
        self._item: dict[str, Any] = {}
        self._row: dict[str, str] | None = None
        self._text: list[str] = []
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        within = self.xml.path
        if len(within) == 1 and name in _LISTS:
            self.content.setdefault(_LISTS[name][0], [])
        elif len(within) == 2 and within[1] in _LISTS and name == _LISTS[within[1]][1]:
            self._item = {**attributes, "attributes": [], "relationships": []}
            self.content[_LISTS[within[1]][0]].append(self._item)
        elif len(within) == 4 and within[3] == "attributes":
            self._row = {**attributes}
            self._item["attributes"].append(self._row)
            self._text, self._length = [], 0
        elif len(within) == 4 and within[3] == "objects" and "object-id" in attributes:
            qualifier = attributes.get("qualifier", "")
            link = {"objectId": attributes["object-id"], "qualifier": qualifier}
            self._item["relationships"].append(link)

    def text(self, piece: str) -> None:
        """A piece of text."""
        if self._row is not None:
            self._length += len(piece)
            if self._length > _MOST_TEXT:
                raise self.xml.problem(f"a value of over {_MOST_TEXT:,} characters")
            self._text.append(piece)

    def end(self, name: str) -> None:
        """An element ends."""
        if self._row is not None and len(self.xml.path) == 4:
            if self.xml.path[1] in ("events", "objects"):
                self._row["value"] = "".join(self._text)
            self._row = None


def dump_xml(content: dict[str, Any], left_out: Counter[str]) -> bytes:
    """A content as a document; counts what XML has no place for."""
    return "".join(_lines(content, left_out)).encode("utf-8")


def _lines(content: dict[str, Any], left_out: Counter[str]) -> Iterator[str]:
    def tag(name: str, attributes: dict[str, str], indent: int, end: str = ">\n") -> str:
        entities = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
        pairs = (
            f" {key}={quoteattr(xml_text(value, left_out), entities)}"
            for key, value in attributes.items()
        )
        return f"{' ' * indent}<{name}{''.join(pairs)}{end}"

    yield '<?xml version="1.0" encoding="UTF-8"?>\n<log>\n'
    for part, (key, kind) in _LISTS.items():
        yield f"  <{part}>\n"
        for item in content[key]:
            yield tag(kind, {k: item[k] for k in ("id", "name", "type", "time") if k in item}, 4)
            yield "      <attributes>\n"
            for row in item["attributes"]:
                known = {name: text for name, text in row.items() if name != "value"}
                value = escape(xml_text(row.get("value", ""), left_out), {"\r": "&#13;"})
                yield tag("attribute", known, 8, f">{value}</attribute>\n")
            yield "      </attributes>\n"
            if "relationships" in item:
                yield "      <objects>\n"
                for link in item["relationships"]:
                    told = {"object-id": link["objectId"], "qualifier": link["qualifier"]}
                    yield tag("relationship", told, 8, "/>\n")
                yield "      </objects>\n"
            yield f"    </{kind}>\n"
        yield f"  </{part}>\n"
    yield "</log>\n"
