"""The elements of a Microsoft Project XML file that matter, read in one safe pass.

Expat is told to stop at a document type, so that no entity is ever expanded; what is not needed
(such as time-phased data) is passed over, so that memory stays in proportion to the tasks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ....core.errors import GoliveError

NAMESPACE = "http://schemas.microsoft.com/project"
_SEPARATOR = " "
_RECORDS = {
    "Task": "Task UID {}",
    "Resource": "Resource {}",
    "Assignment": "Assignment {}",
    "Calendar": "Calendar",
}
"""Elements that are records, and what messages call one by its UID."""
_PARTS = {"PredecessorLink", "Baseline", "ExtendedAttribute", "Exception"}
_SKIPPED = {"TimephasedData"}
_MOST_LEVELS = 40
_MOST_RECORDS = 200_000
_LONGEST_TEXT = 20_000
_DURATION = re.compile(
    r"^(-?)P(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9}(?:\.[0-9]+)?)H)?(?:([0-9]{1,9}(?:\.[0-9]+)?)M)?"
    r"(?:([0-9]{1,9}(?:\.[0-9]+)?)S)?)?$"
)
_WHOLE = re.compile(r"^[-+]?[0-9]{1,15}$")
_HOURS = (24.0, 1.0, 1.0 / 60.0, 1.0 / 3600.0)


@dataclass(slots=True)
class Element:
    """A record of the file: the texts below it, and the parts that it may have several of.

    Its readers of values raise a ``GoliveError`` that names file, line, record, field and value.

    Attributes:
        path: of the file.
        line: on which it begins.
        who: it is, for messages; ``{}`` stands for its UID.
        owner: whose part it is; None: of no record.
        texts: by element name.
        parts: by element name, such as its ``PredecessorLink`` elements.
    """

    path: Path
    line: int
    who: str
    owner: Element | None = None
    texts: dict[str, str] = field(default_factory=dict)
    parts: list[tuple[str, Element]] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Text of an element below; empty: there is none."""
        return self.texts.get(name, "")

    def all(self, name: str) -> Iterator[Element]:
        """Parts of a name."""
        return (part for own, part in self.parts if own == name)

    def error(self, name: str, text: str, expected: str) -> GoliveError:
        """Describe what is wrong with a text."""
        who = self.who.format(self.text("UID") or "?")
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
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value < 0.0:
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

    def hours(self, name: str) -> float | None:
        """A duration such as ``PT8H0M0S`` in hours, 0 or more; None: there is none."""
        text = self.text(name)
        if not text:
            return None
        found = _DURATION.match(text)
        parts = found.groups()[1:] if found else ()
        if found is None or not any(parts):
            raise self.error(name, text, "a duration such as PT8H0M0S")
        value = sum(float(part or 0.0) * unit for part, unit in zip(parts, _HOURS, strict=True))
        if found[1] and value:
            raise self.error(name, text, "a duration of 0 or more")
        return value


def read_xml(path: Path, data: bytes) -> tuple[Element, dict[str, list[Element]]]:
    """The project of a file's bytes, and its records by element name, in the file's order.

    Raises:
        GoliveError: not well-formed, a document type or entity, another root or namespace, nested
            or filled beyond the limits; names file and line.
    """
    return _Reader(path).read(data)


class _Reader:
    """Handlers of one pass."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.EntityDeclHandler = self._document_type
        self.project = Element(path, 1, "Project")
        self.records: dict[str, list[Element]] = {name: [] for name in _RECORDS}
        self.stack: list[str] = []
        self.record: Element | None = None
        self.part: Element | None = None
        self.skipping = 0
        self.words: list[str] = []
        self.length = 0

    def read(self, data: bytes) -> tuple[Element, dict[str, list[Element]]]:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise GoliveError(
                f"{self.path}:{error.lineno}: not valid XML: {expat.ErrorString(error.code)}"
            ) from None
        except LookupError as error:  # an encoding that Python does not know
            raise self._error(f"{error}: expected UTF-8") from None
        return self.project, self.records

    def _error(self, words: str) -> GoliveError:
        return GoliveError(f"{self.path}:{self.parser.CurrentLineNumber}: {words}")

    def _document_type(self, *_arguments: object) -> None:
        raise self._error("a document type or entity: expected a Microsoft Project XML without one")

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(_SEPARATOR)
        if not self.stack and (name != "Project" or namespace != NAMESPACE):
            raise self._error(
                f"<{name}> in namespace {namespace!r}: expected <Project> in {NAMESPACE!r}, "
                "as Microsoft Project saves XML"
            )
        self.stack.append(name)
        if len(self.stack) > _MOST_LEVELS:
            raise self._error(f"nested too deeply: expected at most {_MOST_LEVELS} levels")
        self.words.clear()
        self.length = 0
        if self.skipping or name in _SKIPPED:
            self.skipping += 1
        elif name in _RECORDS and len(self.stack) == 3:
            self.record = Element(self.path, self.parser.CurrentLineNumber, _RECORDS[name])
            records = self.records[name]
            records.append(self.record)
            if len(records) > _MOST_RECORDS:
                raise self._error(f"more than {_MOST_RECORDS:,} {name} elements")
        elif name in _PARTS and self.record is not None:
            self.part = Element(self.path, self.record.line, name, self.record)
            self.record.parts.append((name, self.part))

    def _end(self, _tag: str) -> None:
        name = self.stack.pop()
        if self.skipping:
            self.skipping -= 1
            return
        text = "".join(self.words).strip()
        self.words.clear()
        self.length = 0
        if self.record is not None and name in _RECORDS and len(self.stack) == 2:
            self.record = None
        elif name in _PARTS:
            self.part = None
        elif self.part is not None:
            self.part.texts.setdefault(name, text)
        elif self.record is not None and len(self.stack) == 3:
            self.record.texts.setdefault(name, text)
        elif len(self.stack) == 1:
            self.project.texts.setdefault(name, text)

    def _characters(self, text: str) -> None:
        if self.skipping:
            return
        self.length += len(text)
        if self.length > _LONGEST_TEXT:
            if self.stack and self.stack[-1] == "Notes":
                return  # nobody reads them here
            raise self._error(f"a text of more than {_LONGEST_TEXT:,} characters")
        self.words.append(text)
