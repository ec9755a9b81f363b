"""The ledger of errors: every one of them, and the way back to the clean tables.

It is the truth that agents are judged by and never see.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...scenarios.migration.vocabulary import Cause, ErrorKind, TableName
from .habits import ROW, TextTables

if TYPE_CHECKING:
    import polars as pl

Cells = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Injection:
    """One error: a cell that was changed, or a row that was added or taken away.

    Attributes:
        number: place in the order in which errors were made.
        row: identity of the row (``_row``).
        column: None if the row itself was added or taken away.
        before: what was there; of a row its cells as a JSON list, None if there was none.
        after: what is there now, likewise.
        of: row that an added one is a duplicate of; None if it is none.
    """

    number: int
    table: TableName
    row: int
    column: str | None
    kind: ErrorKind
    before: str | None
    after: str | None
    cause: Cause
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """All errors of a customer's tables, in the order in which they were made."""

    entries: tuple[Injection, ...]

    def masked(self) -> tuple[Injection, ...]:
        """Errors that others hide: in a cell that was changed again, or in a row that differs
        from what it is a duplicate of in more than its maker meant it to.
        """
        last: dict[tuple[TableName, int, str | None], int] = {}
        touched: set[tuple[TableName, int]] = set()
        for entry in self.entries:
            last[entry.table, entry.row, entry.column] = entry.number
            if entry.column is not None:
                touched.add((entry.table, entry.row))
        return tuple(
            entry
            for entry in self.entries
            if last[entry.table, entry.row, entry.column] != entry.number
            or (
                entry.kind is ErrorKind.DUPLICATE
                and entry.column is None
                and (entry.table, entry.row) in touched
            )
        )

    def frame(self) -> pl.DataFrame:
        """The ledger as a table."""
        import polars as pl

        names = ("number", "table", "row", "column", "kind", "before", "after", "cause", "of")
        whole = ("number", "row", "of")
        return pl.DataFrame(
            {name: [getattr(entry, name) for entry in self.entries] for name in names},
            schema={name: pl.Int64 if name in whole else pl.String for name in names},
        )


def row_text(cells: Sequence[str | None]) -> str:
    """Cells of a row as the ledger has them."""
    return json.dumps(list(cells), ensure_ascii=False)


class Sheet:
    """A table of texts while it is changed cell by cell."""

    __slots__ = ("columns", "names", "place", "rows")

    def __init__(self, frame: pl.DataFrame) -> None:
        """Take the cells of a frame that has a column ``_row``."""
        self.names = tuple(name for name in frame.columns if name != ROW)
        self.rows: list[int] = frame[ROW].to_list()
        self.columns: dict[str, list[str | None]] = {
            name: frame[name].to_list() for name in self.names
        }
        self.place = {row: index for index, row in enumerate(self.rows)}

    def cell(self, row: int, column: str) -> str | None:
        """The cell of a row; None if it is empty.

        Raises:
            KeyError: there is no such row.
        """
        return self.columns[column][self.place[row]]

    def put(self, row: int, column: str, value: str | None) -> None:
        """Change a cell.

        Raises:
            KeyError: there is no such row.
        """
        self.columns[column][self.place[row]] = value

    def cells(self, row: int) -> Cells:
        """All cells of a row."""
        index = self.place[row]
        return tuple(self.columns[name][index] for name in self.names)

    def add(self, row: int, cells: Sequence[str | None]) -> None:
        """Add a row at the end."""
        self.place[row] = len(self.rows)
        self.rows.append(row)
        for name, cell in zip(self.names, cells, strict=True):
            self.columns[name].append(cell)

    def remove(self, rows: Iterable[int]) -> None:
        """Take rows away."""
        gone = frozenset(rows)
        if not gone:
            return
        kept = [index for index, row in enumerate(self.rows) if row not in gone]
        self.rows = [self.rows[index] for index in kept]
        for name, cells in self.columns.items():
            self.columns[name] = [cells[index] for index in kept]
        self.place = {row: index for index, row in enumerate(self.rows)}

    def frame(self) -> pl.DataFrame:
        """The table, its rows in the order of their identities."""
        import polars as pl

        columns = [pl.Series(ROW, self.rows, dtype=pl.Int64)]
        columns += [pl.Series(name, self.columns[name], dtype=pl.String) for name in self.names]
        return pl.DataFrame(columns).sort(ROW)


class Book:
    """Tables while errors are put into them, and the ledger that grows with it."""

    def __init__(self, sheets: dict[TableName, Sheet]) -> None:
        """Begin with clean sheets."""
        self.sheets = sheets
        self.entries: list[Injection] = []

    def ledger(self) -> Ledger:
        """All that was written down so far."""
        return Ledger(tuple(self.entries))

    def change(
        self,
        table: TableName,
        row: int,
        column: str,
        kind: ErrorKind,
        after: str | None,
        cause: Cause,
    ) -> None:
        """Change a cell and write it down."""
        before = self.sheets[table].cell(row, column)
        self.sheets[table].put(row, column, after)
        self._write(table, row, column, kind, before, after, cause)

    def add(
        self,
        table: TableName,
        cells: Sequence[str | None],
        kind: ErrorKind,
        cause: Cause,
        of: int | None = None,
    ) -> None:
        """Add a row, perhaps a duplicate of another one, and write it down."""
        row = self.sheets[table].rows[-1] + 1
        self.sheets[table].add(row, cells)
        self._write(table, row, None, kind, None, row_text(cells), cause, of)

    def remove(self, table: TableName, rows: Mapping[int, Cause], kind: ErrorKind) -> None:
        """Take rows away and write it down."""
        for row, cause in rows.items():
            before = row_text(self.sheets[table].cells(row))
            self._write(table, row, None, kind, before, None, cause)
        self.sheets[table].remove(rows)

    def _write(
        self,
        table: TableName,
        row: int,
        column: str | None,
        kind: ErrorKind,
        before: str | None,
        after: str | None,
        cause: Cause,
        of: int | None = None,
    ) -> None:
        number = len(self.entries)
        self.entries.append(Injection(number, table, row, column, kind, before, after, cause, of))


def restored(tables: TextTables, ledger: Ledger) -> TextTables:
    """The tables before the errors, by the inverse of each, last first.

    Raises:
        GoliveError: a table is not what the errors made of it.
    """
    sheets = {name: Sheet(frame) for name, frame in tables.items()}
    gone: dict[TableName, list[int]] = {}
    for entry in reversed(ledger.entries):
        sheet = sheets[entry.table]
        if entry.column is not None:
            _expect(entry, sheet.cell(entry.row, entry.column))
            sheet.put(entry.row, entry.column, entry.before)
        elif entry.before is None:
            _expect(entry, row_text(sheet.cells(entry.row)))
            gone.setdefault(entry.table, []).append(entry.row)
        else:
            sheet.add(entry.row, json.loads(entry.before))
    for name, rows in gone.items():
        sheets[name].remove(rows)
    return {name: sheet.frame() for name, sheet in sheets.items()}


def _expect(entry: Injection, found: str | None) -> None:
    if found != entry.after:
        raise GoliveError(
            f"{entry.table}: row {entry.row}: {found!r}: expected {entry.after!r}, as the "
            f"ledger's entry {entry.number} has it"
        )
