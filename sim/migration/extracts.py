"""Files that legacy systems hand over: bytes in their code pages and shapes.

Three styles. *Spreadsheets* have a title, a row of merged heads above the headers, a total below.
*Bookkeeping packages* write documents as blocks, a head line and its lines, each with a record
type, and rounded lists with a total. *Old ERP systems* have short names, a report's heading, and
split what is one table today into a general and a company part.

What somebody who opens a file sees at once is its ``Section``; which table, column and row a cell
really is stands in the ``Origin``, which agents never see.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...scenarios.migration.scenario import MigrationScenario
from ...scenarios.migration.vocabulary import SystemStyle, TableName
from .habits import ROW, Habit, TextTables
from .headers import HeaderSplit, headers_for
from .ledger import Cells
from .target import TARGET, ColumnKind

if TYPE_CHECKING:
    import polars as pl

SPLIT_COLUMNS: dict[TableName, tuple[str, ...]] = {
    TableName.CUSTOMERS: ("payment_terms", "currency", "price_group", "credit_limit", "balance"),
    TableName.VENDORS: ("payment_terms", "currency", "lead_time_days", "balance"),
    TableName.ITEMS: ("variant_of", "variant", "barcode", "list_price", "status"),
}
"""Columns that old ERP systems keep in a second table beside the key."""
DOCUMENTS = {
    TableName.SALES_ORDERS: TableName.SALES_LINES,
    TableName.PURCHASE_ORDERS: TableName.PURCHASE_LINES,
}
"""Tables of heads and of their lines, which bookkeeping packages write into one file."""
RECORD_TYPE = "!TYPE"
_END_OF_LINE = "\r\n"


@dataclass(frozen=True, slots=True)
class Section:
    """A table within a file, as it looks.

    Attributes:
        name: of the sheet or record type.
        headers: of its columns, in order.
        first: number of the line in which its data begins, counted from 0.
        last: number of the line after its data.
        record_type: value of the first cell of its lines; None if all lines in between are its.
    """

    name: str
    headers: tuple[str, ...]
    first: int
    last: int
    record_type: str | None = None


@dataclass(frozen=True, slots=True)
class ExtractFile:
    """A file of a legacy system.

    Attributes:
        nulls: spellings of what is not there.
    """

    name: str
    system: str
    style: SystemStyle
    data: bytes
    code_page: str
    delimiter: str
    nulls: tuple[str, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Table, columns and rows that a section's cells come from: the truth.

    Attributes:
        columns: target column of each header.
        rows: identity of the row in each line of data.
    """

    table: TableName
    columns: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Extracts:
    """All files of a customer, and the origin of each section by file and section."""

    files: tuple[ExtractFile, ...]
    origins: dict[tuple[str, str], Origin]


@dataclass(frozen=True, slots=True)
class _Part:
    """Columns of a table that go into one section."""

    table: TableName
    name: str
    columns: tuple[str, ...]
    headers: tuple[str, ...]
    rows: tuple[int, ...]
    cells: tuple[Cells, ...]

    @property
    def origin(self) -> Origin:
        return Origin(self.table, self.columns, self.rows)


def make_extracts(
    scenario: MigrationScenario,
    seed: int,
    tables: TextTables,
    habits: Mapping[TableName, Habit],
    split: HeaderSplit | None = None,
) -> Extracts:
    """Write the files of a customer's legacy systems.

    Args:
        scenario: whose difficulty and day of the extract count.
        seed: in ``[0, 2**64)``; equal ones give equal bytes.
        tables: in the habits of their systems, with errors or without.
        habits: of the systems.
        split: of which headers are taken; None for both.
    """
    files: list[ExtractFile] = []
    origins: dict[tuple[str, str], Origin] = {}
    lines_of = set(DOCUMENTS.values())
    for name, habit in habits.items():
        together = habit.style is SystemStyle.ACCOUNTING
        if name in lines_of and together:
            continue
        headed = [name, DOCUMENTS[name]] if together and name in DOCUMENTS else [name]
        parts = [
            part
            for one in headed
            for part in _parts(one, tables[one], habit, scenario.difficulty, seed, split)
        ]
        for group in [parts] if len(headed) > 1 else [[part] for part in parts]:
            file = _file(group, habit, scenario.as_of)
            files.append(file)
            for part in group:
                origins[file.name, part.name] = part.origin
    return Extracts(tuple(files), origins)


def _parts(
    name: TableName,
    frame: pl.DataFrame,
    habit: Habit,
    level: int,
    seed: int,
    split: HeaderSplit | None,
) -> list[_Part]:
    """The sections that a table is written in, its rows in the order of its key."""
    table = TARGET[name]
    ordered = frame.sort(table.key[0], ROW, nulls_last=True)
    rows = tuple(ordered[ROW].to_list())
    second = SPLIT_COLUMNS.get(name, ()) if habit.style is SystemStyle.ERP else ()
    first = tuple(column for column in table.names if column not in second)
    found = []
    for number, columns in enumerate([first, (*table.key, *second)] if second else [first]):
        headers = headers_for(name, columns, habit.style, level, seed, split)
        label = f"{name}_{'company' if number else 'general'}" if second else str(name)
        cells = tuple(ordered.select(columns).iter_rows())
        found.append(
            _Part(name, label, columns, tuple(headers[one] for one in columns), rows, cells)
        )
    return found


def _file(parts: Sequence[_Part], habit: Habit, as_of: str) -> ExtractFile:
    if len(parts) > 1:
        lines, sections = _documents(parts, habit)
    elif habit.style is SystemStyle.SPREADSHEET:
        lines, sections = _sheet(parts[0], habit, as_of)
    elif habit.style is SystemStyle.ACCOUNTING:
        lines, sections = _list(parts[0], habit)
    else:
        lines, sections = _report(parts[0], habit, as_of)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=habit.delimiter, lineterminator=_END_OF_LINE).writerows(lines)
    data, code_page = _encoded(buffer.getvalue(), habit.code_page)
    nulls = tuple(dict.fromkeys((habit.null, habit.null_date)))
    return ExtractFile(
        f"{parts[0].name}.csv",
        habit.system,
        habit.style,
        data,
        code_page,
        habit.delimiter,
        nulls,
        tuple(sections),
    )


def _encoded(text: str, code_page: str) -> tuple[bytes, str]:
    """The bytes of a text: a system that cannot write a sign has been asked for UTF-8."""
    try:
        return text.encode(code_page), code_page
    except UnicodeEncodeError:
        return text.encode("utf-8-sig"), "utf-8-sig"


def _written(part: _Part, habit: Habit) -> list[list[str]]:
    dates = {one.name for one in TARGET[part.table].of_kind(ColumnKind.DATE)}
    nulls = [habit.null_date if column in dates else habit.null for column in part.columns]
    return [
        [null if cell is None else cell for cell, null in zip(cells, nulls, strict=True)]
        for cells in part.cells
    ]


def _sheet(part: _Part, habit: Habit, as_of: str) -> tuple[list[list[str]], list[Section]]:
    """A title, merged heads over thirds of the columns, headers, data, a total."""
    width = len(part.headers)
    groups = [""] * width
    for number, place in enumerate(range(0, width, 3)):
        groups[place] = f"{part.name.replace('_', ' ').title()} {chr(ord('A') + number % 26)}"
    body = _written(part, habit)
    lines = [
        [f"{part.name.replace('_', ' ').title()} as of {as_of}"],
        [""],
        groups,
        list(part.headers),
        *body,
        [""],
        ["Total", str(len(body))],
    ]
    return lines, [Section(part.name, part.headers, 4, 4 + len(body))]


def _list(part: _Part, habit: Habit) -> tuple[list[list[str]], list[Section]]:
    body = _written(part, habit)
    lines = [list(part.headers), *body, ["TOTAL", *[""] * (len(part.headers) - 1)]]
    return lines, [Section(part.name, part.headers, 1, 1 + len(body))]


def _report(part: _Part, habit: Habit, as_of: str) -> tuple[list[list[str]], list[Section]]:
    body = _written(part, habit)
    lines = [
        [f"Table {part.name[:8].upper()}", "Client 100", as_of.replace("-", "")],
        [f"{len(body)} entries"],
        [""],
        list(part.headers),
        *body,
    ]
    return lines, [Section(part.name, part.headers, 4, 4 + len(body))]


def _documents(parts: Sequence[_Part], habit: Habit) -> tuple[list[list[str]], list[Section]]:
    """Heads, each followed by its lines; lines without a head stand where it would be."""
    heads, details = parts
    types = ("HEAD", "LINE")
    lines = [[RECORD_TYPE, *heads.headers], [RECORD_TYPE, *details.headers]]
    first, place = len(lines), 0
    body = _written(details, habit)
    for cells, text in zip(heads.cells, _written(heads, habit), strict=True):
        # Both are in the order of the document's number, so that lines stay in their own order.
        while place < len(body) and _before(details.cells[place][0], cells[0]):
            lines.append([types[1], *body[place]])
            place += 1
        lines.append([types[0], *text])
        while place < len(body) and details.cells[place][0] == cells[0]:
            lines.append([types[1], *body[place]])
            place += 1
    lines += [[types[1], *text] for text in body[place:]]
    return lines, [
        Section(part.name, part.headers, first, len(lines), record_type)
        for part, record_type in zip(parts, types, strict=True)
    ]


def _before(line: str | None, head: str | None) -> bool:
    """True for a line whose document comes before the head's, so that it has none."""
    return line is not None and (head is None or line < head)


def read_extract(file: ExtractFile) -> dict[str, pl.DataFrame]:
    """The tables of a file by section, all cells texts; ``_row`` is the number of the line of data.

    Raises:
        GoliveError: a line has more or fewer cells than there are headers.
    """
    import polars as pl

    text = file.data.decode(file.code_page)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=file.delimiter))
    nulls = frozenset(file.nulls)
    found = {}
    for section in file.sections:
        skip = 0 if section.record_type is None else 1
        body = [
            line[skip:]
            for line in lines[section.first : section.last]
            if section.record_type is None or line[0] == section.record_type
        ]
        for number, line in enumerate(body):
            if len(line) != len(section.headers):
                raise GoliveError(
                    f"{file.name}: {section.name}: line {number}: {len(line)} cells: "
                    f"expected {len(section.headers)}"
                )
        columns = [pl.Series(ROW, range(len(body)), dtype=pl.Int64)]
        for index, header in enumerate(section.headers):
            cells = [None if line[index] in nulls else line[index] for line in body]
            columns.append(pl.Series(header, cells, dtype=pl.String))
        found[section.name] = pl.DataFrame(columns)
    return found


def tables_of(extracts: Extracts) -> TextTables:
    """The tables that files were written from: what reading them back with their origins gives."""
    import polars as pl

    found: TextTables = {}
    for file in extracts.files:
        for section, frame in read_extract(file).items():
            origin = extracts.origins[file.name, section]
            names = dict(zip(frame.columns[1:], origin.columns, strict=True))
            mine = frame.rename(names).with_columns(pl.Series(ROW, origin.rows, dtype=pl.Int64))
            known = found.get(origin.table)
            if known is not None:
                mine = known.join(mine.drop(TARGET[origin.table].key), on=ROW, how="left")
            found[origin.table] = mine
    return {name: found[name].select(ROW, *table.names).sort(ROW) for name, table in TARGET.items()}
