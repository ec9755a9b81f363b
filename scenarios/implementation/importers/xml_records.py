"""Records of an XML file of a project tool, read in one safe pass.

Expat is told to stop at a document type, so that no entity is ever expanded; what is not needed is
passed over, so that memory stays in proportion to the records.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ....core.errors import GoliveError
from .amounts import WorkingTime, iso_hours
from .names import normalised

_SEPARATOR = " "
_MOST_LEVELS = 40
_MOST_RECORDS = 200_000
_MOST_PARTS = 500_000
_LONGEST_TEXT = 20_000
_WHOLE = re.compile(r"^[-+]?[0-9]{1,15}$")
_NUMBER = re.compile(
    r"^[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?$"
)
_MOST = 1e9
_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_SINGLE_BYTE = re.compile(
    r"utf-?(?:8|16)(?:-?[bl]e)?|(?:us-)?ascii|(?:iso|latin)[-_]?(?:8859[-_])?[0-9]{1,2}"
    r"|(?:windows|cp|ibm)-?[0-9]{3,4}|koi8-[rtu]|mac(?:intosh|-?roman|-?cyrillic)|tis-620"
)
"""Encodings that expat knows, or takes from Python byte by byte."""
_MULTI_BYTE = {
    **dict.fromkeys(("utf8", "utf_8", "utf-8-sig"), "utf-8-sig"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "cp936", "euc-cn"), "gb18030"),
    **dict.fromkeys(("big5", "cp950"), "cp950"),
    **dict.fromkeys(("big5-hkscs",), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "sjis", "windows-31j", "cp932"), "cp932"),
    **dict.fromkeys(("euc-jp",), "euc-jp"),
    **dict.fromkeys(("iso-2022-jp",), "iso-2022-jp"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "cp949"), "cp949"),
}
"""Encodings that expat does not know, and Python's codec (the widest of a family) for each."""


@dataclass(frozen=True, slots=True)
class XmlFormat:
    """Elements of a format that matter.

    Attributes:
        root: name of the outermost element.
        namespace: pattern of its namespace.
        expected: in words, for messages.
        records: by name, what messages call one (``{}`` stands for its UID) and the depths below
            the outermost element at which it is a record.
        parts: elements within records and parts that there may be several of.
        folded: parts that are too many to keep, and what is done with each instead.
    """

    root: str
    namespace: re.Pattern[str]
    expected: str
    records: Mapping[str, tuple[str, tuple[int, ...]]]
    parts: frozenset[str]
    folded: Mapping[str, Callable[[Element, Element], None]] = field(default_factory=dict)


@dataclass(slots=True)
class Element:
    """A record of the file: the texts below it, and the parts that it may have several of.

    Its readers of values raise a ``GoliveError`` that names file, line, record, field and value.

    Attributes:
        path: of the file.
        line: on which it begins.
        who: it is, for messages; ``{}`` stands for its UID.
        owner: whose part it is; None: of no record.
        depth: below the outermost element.
        texts: by element name; of the outermost element a level further too, as ``Project.Name``.
        parts: by element name, such as its ``PredecessorLink`` elements.
        spans: first and last moment of work by type, and the longest break in it, as folded.
    """

    path: Path
    line: int
    who: str
    owner: Element | None = None
    depth: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    parts: list[tuple[str, Element]] = field(default_factory=list)
    spans: dict[str, tuple[str, str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Text of an element below; empty: there is none."""
        return self.texts.get(name, "")

    def all(self, name: str) -> Iterator[Element]:
        """Parts of a name."""
        return (part for own, part in self.parts if own == name)

    def error(self, name: str, text: str, expected: str) -> GoliveError:
        """Describe what is wrong with a text."""
        uid = normalised(self.text("UID") or self.text("ObjectId"))
        who = self.who.format(uid[:40] or "?")
        if self.owner is not None:
            return self.owner.error(f"{who}: {name}", text, expected)
        return GoliveError(
            f"{self.path}:{self.line}: {who}: {name}: {text[:60]!r}: expected {expected}"
        )

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number; without a default it must be there."""
        text = self.text(name)
        if not text and default is not None:
            return default
        if not _WHOLE.match(text):
            raise self.error(name, text, "a whole number")
        return int(text)

    def number(self, name: str, default: float) -> float:
        """A number, 0 or more."""
        text = self.text(name)
        if not text:
            return default
        value = float(text) if _NUMBER.match(text) else math.nan
        if not 0.0 <= value <= _MOST:
            raise self.error(name, text, "a number, 0 or more")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false, as 1 or 0."""
        text = self.text(name)
        if not text:
            return default
        if text.lower() not in ("0", "1", "true", "false"):
            raise self.error(name, text, "0 or 1")
        return text.lower() in ("1", "true")

    def hours(self, name: str, time: WorkingTime) -> float | None:
        """A duration such as ``PT8H0M0S`` in hours, 0 or more; None: there is none.

        A day of ``P5D`` is one of working time.
        """
        text = self.text(name)
        if not text:
            return None
        value = iso_hours(text, time)
        if value is None:
            raise self.error(name, text, "a duration such as PT8H0M0S")
        if value < 0.0:
            raise self.error(name, text, "a duration of 0 or more")
        if value > _MOST:
            raise self.error(name, text, "a duration of fewer hours")
        return value


def read_xml(path: Path, data: bytes, form: XmlFormat) -> tuple[Element, dict[str, list[Element]]]:
    """The outermost element of a file's bytes, and its records by name, in the file's order.

    Raises:
        GoliveError: not well-formed, a document type or entity, another root or namespace, nested
            or filled beyond the limits; names file and line.
    """
    return _Reader(path, form).read(data)


class _Reader:
    """Handlers of one pass."""

    def __init__(self, path: Path, form: XmlFormat) -> None:
        self.path = path
        self.form = form
        self.root = Element(path, 1, form.root)
        self.records: dict[str, list[Element]] = {name: [] for name in form.records}
        self.stack: list[str] = []
        self.open: list[Element] = []
        self.words: list[str] = []
        self.length = 0
        self.parts = 0

    def read(self, data: bytes) -> tuple[Element, dict[str, list[Element]]]:
        data, encoding = self._decoded(data)
        self.parser = expat.ParserCreate(encoding, _SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.EntityDeclHandler = self._document_type
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise GoliveError(
                f"{self.path}:{error.lineno}: not valid XML: {expat.ErrorString(error.code)}"
            ) from None
        except GoliveError:  # which is a ValueError
            raise
        except (LookupError, ValueError) as error:  # of an encoding's codec
            raise self._error(f"the encoding cannot be read: {error}: expected UTF-8") from None
        return self.root, self.records

    def _decoded(self, data: bytes) -> tuple[bytes, str | None]:
        """The bytes as expat can read them, and the encoding if it is not the declared one.

        Only encodings of files are let through: Python would take any of its codecs for one.
        """
        declared = _ENCODING.match(data[:400])
        name = "utf-8" if declared is None else declared[1].decode("ascii").lower()
        if _SINGLE_BYTE.fullmatch(name) and name not in _MULTI_BYTE:
            return data, None
        if name not in _MULTI_BYTE:
            raise GoliveError(f"{self.path}:1: unknown encoding {name!r}: expected UTF-8")
        try:
            return data.decode(_MULTI_BYTE[name]).encode(), "utf-8"
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise GoliveError(
                f"{self.path}:{line}: byte 0x{data[error.start]:02x} is not {name.upper()}, "
                "as the file says: expected UTF-8"
            ) from None

    def _error(self, words: str) -> GoliveError:
        return GoliveError(f"{self.path}:{self.parser.CurrentLineNumber}: {words}")

    def _document_type(self, *_arguments: object) -> None:
        raise self._error(f"a document type or entity: expected {self.form.expected} without one")

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(_SEPARATOR)
        form = self.form
        if not self.stack and (name != form.root or not form.namespace.fullmatch(namespace)):
            raise self._error(
                f"<{name}> in namespace {namespace!r}: expected <{form.root}>, {form.expected}"
            )
        depth = len(self.stack)
        self.stack.append(name)
        if len(self.stack) > _MOST_LEVELS:
            raise self._error(f"nested too deeply: expected at most {_MOST_LEVELS} levels")
        self.words.clear()
        self.length = 0
        if name in form.records and depth in form.records[name][1] and not self.open:
            record = Element(
                self.path, self.parser.CurrentLineNumber, form.records[name][0], depth=depth
            )
            self.records[name].append(record)
            self.open.append(record)
            if len(self.records[name]) > _MOST_RECORDS:
                raise self._error(f"more than {_MOST_RECORDS:,} {name} elements")
        elif self.open and (name in form.parts or name in form.folded):
            self._open_part(name, depth)

    def _open_part(self, name: str, depth: int) -> None:
        owner = self.open[-1]
        part = Element(self.path, self.parser.CurrentLineNumber, name, owner, depth)
        if name in self.form.parts:
            owner.parts.append((name, part))
            self.parts += 1
            if self.parts > _MOST_PARTS:
                raise self._error(f"more than {_MOST_PARTS:,} parts of records")
        self.open.append(part)

    def _end(self, _tag: str) -> None:
        name = self.stack.pop()
        depth = len(self.stack)
        text = "".join(self.words).strip()
        self.words.clear()
        self.length = 0
        if self.open and self.open[-1].depth == depth:
            part = self.open.pop()
            fold = self.form.folded.get(name)
            if fold is not None and part.owner is not None:
                fold(part.owner, part)
        elif self.open:
            inner = self.open[-1]
            if inner.owner is not None or depth == inner.depth + 1:
                inner.texts.setdefault(name, text)
        elif depth == 1:
            self.root.texts.setdefault(name, text)
        elif depth == 2:
            self.root.texts.setdefault(f"{self.stack[1]}.{name}", text)

    def _characters(self, text: str) -> None:
        self.length += len(text)
        if self.length > _LONGEST_TEXT:
            if self.stack and self.stack[-1] in ("Notes", "Note", "RawTextNote"):
                return  # nobody reads them here
            raise self._error(f"a text of more than {_LONGEST_TEXT:,} characters")
        self.words.append(text)
