"""Tables out of files that somebody else wrote, read as texts, within limits of memory and time.

Nothing is trusted: kinds of files are told by their first bytes, code pages by what the bytes can
be, headers by how lines look. What is refused is refused in one line, before it is unpacked.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...core.files import open_file
from .profiling_encodings import Decoding, decoding_of
from .profiling_headers import Layout, layout_of

if TYPE_CHECKING:
    import polars as pl

WHAT = "a table (CSV, Parquet or Excel)"
MOST_BYTES = 256 << 20
"""Of a file."""
MOST_UNPACKED_BYTES = 512 << 20
"""Of a workbook or a Parquet file."""
MOST_LINE_BYTES = 1 << 20
MOST_COLUMNS = 2_000
MOST_CELLS = 20_000_000
DELIMITERS = ("\t", ";", "|", ",")
"""In the order in which they are believed where several fit alike."""
_LINES_LOOKED_AT = 200
_ROWS_AT_ONCE = 20_000
_REFUSED = {
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF",
    b"SQLite": "a database",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"BZh": "a bzip2 archive",
    b"<html": "a web page",
    b"<!DOC": "a web page",
}
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it stands in a file.

    Attributes:
        name: of the file, the sheet or the record type.
        columns: texts, named by their headers, no two alike; null is a cell that is not there.
        layout: which lines are what.
        ragged: lines with more or fewer cells than there are headers, counted from 1.
        totals: lines of totals, which are not in the columns.
        typed: columns whose file says their type.
    """

    name: str
    columns: tuple[pl.Series, ...]
    layout: Layout
    ragged: tuple[int, ...] = ()
    totals: tuple[int, ...] = ()
    typed: frozenset[str] = frozenset()

    @property
    def height(self) -> int:
        """Rows of data."""
        return len(self.columns[0]) if self.columns else 0


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file and its tables.

    Attributes:
        format: ``csv``, ``parquet`` or ``excel``.
        decoding: of texts; None where the format has one of its own.
        stray_quotes: number of the first line with a quotation mark within a cell, or 0.
    """

    path: Path
    format: str
    tables: tuple[RawTable, ...]
    decoding: Decoding | None = None
    delimiter: str = ""
    stray_quotes: int = 0


def read_file(path: Path) -> RawFile:
    """Read the tables of a file; the file is only read.

    Raises:
        GoliveError: there is no such file, or it is no table, damaged, empty or too big.
    """
    with open_file(path, WHAT) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > MOST_BYTES:
            raise GoliveError(f"{path}: the file is too big: expected at most {MOST_BYTES:,} bytes")
        data = stream.read(size)  # so much as it has now: it may be one that grows
    if not data.strip():
        raise GoliveError(f"{path}: the file is empty: expected {WHAT}")
    for magic, what in _REFUSED.items():
        if data[: len(magic)].lower() == magic.lower():
            raise GoliveError(f"{path}: expected {WHAT}, found {what}")
    if data[:4] == b"PAR1":
        return _parquet(path, data)
    if data[:2] == b"PK" or data[:4] == _OLD_EXCEL:
        return _excel(path, data)
    return _csv(path, data)


def _csv(path: Path, data: bytes) -> RawFile:
    _check_lines(path, data)
    decoding = decoding_of(path, data)
    head = "".join(islice(decoding.lines(data), _LINES_LOOKED_AT))
    delimiter = _delimiter(head)
    stray = 0
    try:
        tables = _tables(path, lambda: _records(decoding.lines(data), delimiter, strict=True))
    except _BrokenQuoteError as error:
        if error.at_the_end:
            raise GoliveError(
                f"{path}: line {error.line}: a quotation mark is opened before here and not closed"
            ) from None
        stray = error.line
        tables = _tables(path, lambda: _records(decoding.lines(data), delimiter, strict=False))
    return RawFile(path, "csv", tables, decoding, delimiter, stray)


def _check_lines(path: Path, data: bytes) -> None:
    """Refuse a line without an end; in the bytes, so that nothing is decoded before."""
    # A file of an old Macintosh ends its lines with carriage returns alone.
    mark = b"\n" if b"\n" in data else b"\r"
    begin, line = 0, 1
    while begin < len(data):
        end = data.find(mark, begin, begin + MOST_LINE_BYTES)
        if end < 0:
            if len(data) - begin > MOST_LINE_BYTES:
                raise GoliveError(
                    f"{path}: line {line}: longer than {MOST_LINE_BYTES:,} bytes: no table"
                )
            return
        begin, line = end + 1, line + 1


class _BrokenQuoteError(Exception):
    def __init__(self, line: int, at_the_end: bool):
        super().__init__(line)
        self.line = line
        self.at_the_end = at_the_end


def _records(lines: Iterable[str], delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    try:
        yield from reader
    except csv.Error as error:
        words = str(error)
        at_the_end = "end of data" in words or "field limit" in words
        raise _BrokenQuoteError(reader.line_num, at_the_end) from None


def _delimiter(head: str) -> str:
    """The delimiter with which most lines have the same number of cells."""
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(line) for line in reader if any(line))
        except csv.Error:
            continue
        widths.pop(1, None)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda one: (one[1] * min(one[0], 4), one[0]))
        score = count * (1.0 + min(width, 40) / 100.0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _tables(path: Path, records: Callable[[], Iterator[list[str]]]) -> tuple[RawTable, ...]:
    """The tables that lines of cells are; several where lines begin with a record type."""
    stream = records()
    head = list(islice(stream, _LINES_LOOKED_AT))
    width = max((len(line) for line in head), default=0)
    if width > MOST_COLUMNS:
        raise GoliveError(f"{path}: {width:,} columns: expected at most {MOST_COLUMNS:,}")
    layouts = layout_of(head)
    if not layouts:
        raise GoliveError(f"{path}: there is no line with a cell: expected {WHAT}")
    makers = [_Maker(path, layout) for layout in layouts]
    by_type = {maker.layout.record_type: maker for maker in makers}
    budget = MOST_CELLS
    for number, line in enumerate(chain(head, stream), start=1):
        if number < layouts[0].first_line or not any(line):
            continue
        budget -= len(line)
        if budget < 0:
            raise GoliveError(f"{path}: more than {MOST_CELLS:,} cells: profile a part of it")
        maker = by_type.get(line[0]) if layouts[0].record_type else makers[0]
        if maker is not None:
            maker.add(number, line)
        else:
            makers[-1].ragged.append(number)
    tables = tuple(maker.table() for maker in makers)
    if not any(table.height for table in tables):
        raise GoliveError(f"{path}: there are headers and no row of data")
    return tables


@dataclass(slots=True)
class _Maker:
    """Puts lines of a table into columns, so many at a time."""

    path: Path
    layout: Layout
    ragged: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    _rows: list[list[str]] = field(default_factory=list)
    _parts: list[list[pl.Series]] = field(default_factory=list)

    def add(self, number: int, line: list[str]) -> None:
        """Add a line, with its number in the file."""
        cells = line[1:] if self.layout.record_type else line
        width = len(self.layout.headers)
        if self.layout.is_total(cells):
            self.totals.append(number)
            return
        if len(cells) != width:
            self.ragged.append(number)
            cells = cells[:width] + [""] * (width - len(cells))
        self._rows.append(cells)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        import polars as pl

        if self._rows or not self._parts:
            columns = list(zip(*self._rows, strict=True)) or [()] * len(self.layout.headers)
            self._parts.append([pl.Series("", cells, dtype=pl.String) for cells in columns])
            self._rows = []

    def table(self) -> RawTable:
        """All lines so far."""
        import polars as pl

        self._flush()
        columns = tuple(
            pl.concat(list(parts)).alias(name)
            for name, parts in zip(self.layout.names, zip(*self._parts, strict=True), strict=True)
        )
        name = self.layout.record_type or self.path.stem
        return RawTable(name, columns, self.layout, tuple(self.ragged), tuple(self.totals))


def _parquet(path: Path, data: bytes) -> RawFile:
    import polars as pl

    try:
        lazy = pl.scan_parquet(io.BytesIO(data))
        schema = lazy.collect_schema()
        _check_parquet_size(path, data)
        height = int(lazy.select(pl.len()).collect().item())
        if len(schema) > MOST_COLUMNS:
            raise GoliveError(f"{path}: {len(schema):,} columns: expected at most {MOST_COLUMNS:,}")
        if height * len(schema) > MOST_CELLS:
            raise GoliveError(f"{path}: more than {MOST_CELLS:,} cells: profile a part of it")
        if not height or not schema:
            raise GoliveError(f"{path}: there is no row of data")
        frame = lazy.collect()
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise GoliveError(f"{path}: damaged: {_first_line(error)}") from None
    nested = [name for name, kind in schema.items() if kind.is_nested() or kind == pl.Binary]
    if nested:
        raise GoliveError(
            f"{path}: column {nested[0]!r} holds lists or bytes: expected flat values"
        )
    names = tuple(frame.columns)
    columns = tuple(frame[name].cast(pl.String) for name in names)
    typed = frozenset(
        name for name, kind in schema.items() if kind not in (pl.String, pl.Categorical)
    )
    layout = Layout(names, names, 1, 1)
    return RawFile(path, "parquet", (RawTable(path.stem, columns, layout, typed=typed),))


def _check_parquet_size(path: Path, data: bytes) -> None:
    """Refuse a file that is far bigger unpacked, where there is a reader of its sizes."""
    try:
        from pyarrow import parquet
    except ImportError:
        return
    metadata = parquet.ParquetFile(io.BytesIO(data)).metadata
    groups = range(metadata.num_row_groups)
    size = max((metadata.row_group(group).total_byte_size for group in groups), default=0)
    if size > MOST_UNPACKED_BYTES:
        raise GoliveError(
            f"{path}: {size:,} bytes unpacked: expected at most {MOST_UNPACKED_BYTES:,}"
        )


def _excel(path: Path, data: bytes) -> RawFile:
    if data[:2] == b"PK":
        _check_archive(path, data)
    import polars as pl

    try:
        sheets = pl.read_excel(
            io.BytesIO(data),
            sheet_id=0,
            has_header=False,
            infer_schema_length=0,
            raise_if_empty=False,
            drop_empty_rows=False,
            drop_empty_cols=False,
        )
    except ImportError:
        raise GoliveError(
            f"{path}: fastexcel, which reads Excel, is not installed: pip install fastexcel"
        ) from None
    except Exception as error:  # the reader's own kinds, which cannot be named without it
        raise GoliveError(f"{path}: damaged: {_first_line(error)}") from None
    tables: list[RawTable] = []
    for name, frame in sheets.items():
        if not frame.height:
            continue
        texts = frame.cast(pl.String).fill_null("")
        found = _tables(path, partial(_rows_of, texts))
        tables += [RawTable(name, one.columns, one.layout, one.ragged, one.totals) for one in found]
    if not tables:
        raise GoliveError(f"{path}: no sheet has a cell: expected {WHAT}")
    return RawFile(path, "excel", tuple(tables))


def _rows_of(texts: pl.DataFrame) -> Iterator[list[str]]:
    yield from map(list, texts.iter_rows())


def _check_archive(path: Path, data: bytes) -> None:
    """See that an archive is a workbook and does not unpack into too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise GoliveError(f"{path}: damaged: {_first_line(error)}") from None
    size = 0
    for info in infos:
        size += info.file_size
    if size > MOST_UNPACKED_BYTES:
        raise GoliveError(
            f"{path}: {size:,} bytes unpacked: expected at most {MOST_UNPACKED_BYTES:,}"
        )
    if not any(info.filename.startswith("xl/workbook") for info in infos):
        raise GoliveError(f"{path}: expected {WHAT}, found a zip archive")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def first_numbers(numbers: Sequence[int], most: int = 3) -> str:
    """The first of some numbers of lines, in words."""
    told = ", ".join(str(one) for one in numbers[:most])
    return f"{told}, ..." if len(numbers) > most else told
