"""XML of strangers, read piece by piece with expat within limits that no bomb passes.

A document type or an entity is refused: no log needs one, and every XML bomb does.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast
from xml.parsers import expat

from ....core.errors import GoliveError
from ....core.files import open_file

_CHUNK = 1 << 20
_MOST_BYTES = 16 << 30
_LONGEST_PIECE = 16 << 20
"""Of a tag with its attributes: expat keeps it whole until it ends."""
_MOST_DEPTH = 100
_FREE_BYTES, _MOST_RATIO = 256 << 20, 400
"""Packed logs shrink to a fiftieth, bombs to a thousandth."""
_PACKED = b"\x1f\x8b"


class XmlStream:
    """The elements of a file, told one by one.

    Args:
        path: of the file; gzip is unpacked.
        root: name of the element that everything is in.
        what: is expected in the file, with its article.

    Attributes:
        path: of the elements that are open, by their names without namespace.
    """

    def __init__(self, file: Path, root: str, what: str) -> None:
        self.path: list[str] = []
        self._file = file
        self._root, self._what = root, what
        self._parser = expat.ParserCreate(namespace_separator=" ")

    def read(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Tell every element to those who listen; yields now and then.

        Args:
            start: takes an element's name and attributes; ``path`` is without it yet.
            end: takes its name; ``path`` is without it already.
            text: takes pieces of text.

        Raises:
            GoliveError: the file cannot be read, is no XML, has another root, a document type, or
                goes beyond a limit.
        """

        def start_element(tag: str, attributes: dict[str, str]) -> None:
            name = tag.rpartition(" ")[2]
            if not self.path and name != self._root:
                raise self.problem(f"the element {name[:60]!r}: expected {self._what}")
            if len(self.path) >= _MOST_DEPTH:
                raise self.problem(f"nested too deeply: expected at most {_MOST_DEPTH} levels")
            start(name, attributes)
            self.path.append(name)

        def end_element(tag: str) -> None:
            self.path.pop()
            end(tag.rpartition(" ")[2])

        self._parser.StartElementHandler = start_element
        self._parser.EndElementHandler = end_element
        self._parser.StartDoctypeDeclHandler = self._parser.EntityDeclHandler = self._refuse
        if text is not None:
            self._parser.CharacterDataHandler = text
        try:
            yield from self._parse()
        except expat.ExpatError as error:
            words = expat.errors.messages[error.code]
            raise GoliveError(f"{self._file}:{error.lineno}: not valid XML: {words}") from None
        except GoliveError:
            raise
        except (ValueError, LookupError) as error:  # of an encoding that expat does not know
            words = " ".join(str(error).split())[:120]
            raise GoliveError(f"{self._file}: not readable XML: {words}") from None

    def problem(self, words: str) -> GoliveError:
        """An error at the line that is being read."""
        return GoliveError(f"{self._file}:{self._parser.CurrentLineNumber}: {words}")

    @property
    def line(self) -> int:
        """The line that is being read."""
        return int(self._parser.CurrentLineNumber)

    def _refuse(self, *_arguments: object) -> None:
        raise self.problem("has a document type or an entity: expected plain XML without")

    def _parse(self) -> Iterator[None]:
        read = 0
        with open_file(self._file, self._what) as raw:
            packed = raw.read(len(_PACKED)) == _PACKED
            raw.seek(0)
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
            while chunk := self._chunk(stream):
                read += len(chunk)
                if read > _MOST_BYTES:
                    raise self.problem(f"expected at most {_MOST_BYTES >> 30} GiB of XML")
                if packed and read > max(_FREE_BYTES, _MOST_RATIO * raw.tell()):
                    raise self.problem(f"unpacks to over {_MOST_RATIO} times its size: a bomb?")
                self._parser.Parse(chunk, False)
                if read - self._parser.CurrentByteIndex > _LONGEST_PIECE:
                    most = _LONGEST_PIECE >> 20
                    raise self.problem(f"a tag without end: expected at most {most} MiB")
                yield
            self._parser.Parse(b"", True)
        yield

    def _chunk(self, stream: BinaryIO) -> bytes:
        try:
            return stream.read(_CHUNK)
        except EOFError:
            raise GoliveError(f"{self._file}: cannot be read: the file is truncated") from None
        except zlib.error as error:
            raise GoliveError(f"{self._file}: cannot be read: {error}") from None
