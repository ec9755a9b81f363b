"""The elements of a Microsoft Project XML file that matter, read in one safe pass.

Expat is told to stop at a document type, so that no entity is ever expanded; what is not needed
(such as time-phased data) is passed over, so that memory stays in proportion to the tasks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ....core.errors import GoliveError

NAMESPACE = "http://schemas.microsoft.com/project"
_SEPARATOR = " "
_RECORDS = {"Task", "Resource", "Assignment", "Calendar"}
_PARTS = {"PredecessorLink", "Baseline", "ExtendedAttribute", "Exception"}
_SKIPPED = {"TimephasedData"}
_MOST_LEVELS = 40
_MOST_RECORDS = 200_000
_LONGEST_TEXT = 20_000


@dataclass(slots=True)
class Element:
    """A record of the file: the texts below it, and the parts that it may have several of.

    Attributes:
        line: on which it begins.
        texts: by element name.
        parts: such as its ``PredecessorLink`` elements.
    """

    line: int
    texts: dict[str, str] = field(default_factory=dict)
    parts: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Text of an element below; empty: there is none."""
        return self.texts.get(name, "")

    def all(self, name: str) -> Iterator[dict[str, str]]:
        """Parts of a name, as their own texts."""
        return (texts for part, texts in self.parts if part == name)


@dataclass(slots=True)
class ProjectXml:
    """A file's project: its own texts and its records, in the order of the file."""

    project: Element
    tasks: list[Element] = field(default_factory=list)
    resources: list[Element] = field(default_factory=list)
    assignments: list[Element] = field(default_factory=list)
    calendars: list[Element] = field(default_factory=list)


def read_xml(path: Path, data: bytes) -> ProjectXml:
    """The project of a file's bytes.

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
        self.content = ProjectXml(Element(1))
        self.stack: list[str] = []
        self.record: Element | None = None
        self.part: dict[str, str] | None = None
        self.skipping = 0
        self.words: list[str] = []
        self.length = 0

    def read(self, data: bytes) -> ProjectXml:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise GoliveError(
                f"{self.path}:{error.lineno}: not valid XML: {expat.ErrorString(error.code)}"
            ) from None
        except LookupError as error:  # an encoding that Python does not know
            raise self._error(f"{error}: expected UTF-8") from None
        return self.content

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
            self.record = Element(self.parser.CurrentLineNumber)
            records = self._records(name)
            records.append(self.record)
            if len(records) > _MOST_RECORDS:
                raise self._error(f"more than {_MOST_RECORDS:,} {name} elements")
        elif name in _PARTS and self.record is not None:
            self.part = {}
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
            self.part.setdefault(name, text)
        elif self.record is not None and len(self.stack) == 3:
            self.record.texts.setdefault(name, text)
        elif len(self.stack) == 1:
            self.content.project.texts.setdefault(name, text)

    def _characters(self, text: str) -> None:
        if self.skipping:
            return
        self.length += len(text)
        if self.length > _LONGEST_TEXT:
            if self.stack and self.stack[-1] == "Notes":
                return  # nobody reads them here
            raise self._error(f"a text of more than {_LONGEST_TEXT:,} characters")
        self.words.append(text)

    def _records(self, name: str) -> list[Element]:
        return {
            "Task": self.content.tasks,
            "Resource": self.content.resources,
            "Assignment": self.content.assignments,
            "Calendar": self.content.calendars,
        }[name]
