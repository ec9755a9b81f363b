"""Tables of tasks as text: the heading line, its layout, and the rows below it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ....core.arithmetic import whole_sum
from ....core.errors import GoliveError
from .amounts import UNITS, TimeUnit
from .layout import TableField, TableLayout
from .names import heading, normalised
from .outline import MOST_LEVELS
from .project import Finding, Unmapped

_MOST_ROWS = 20_000
WITH_UNIT = re.compile(r"^(.*\S)\s*[(\[]\s*([A-Za-z]+)\s*[)\]]$")
_NUMBERED = re.compile(r"^(.*\S) ([0-9]{1,2})$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: what it holds, its place among the headings of that, and its unit.

    ``level`` is that of a task whose name stands in it, where several columns hold names.
    """

    field: TableField
    rank: int
    unit: TimeUnit | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: cells by field, their units, and where it stands.

    Attributes:
        path: of the file.
        number: of the line.
        row: its number among the rows, from 1.
        cells: by field; those that are empty are left out.
        units: of numbers that have none, by field, as the heading says.
        group: name of the group of lines that it is in.
        level: by which of several columns holds its name; None: only one does.
        indent: blanks before its name.
    """

    path: Path
    number: int
    row: int
    cells: dict[TableField, str]
    units: dict[TableField, TimeUnit]
    group: str = ""
    level: int | None = None
    indent: int = 0

    def error(self, words: str) -> GoliveError:
        """Describe what is wrong with the line."""
        return GoliveError(f"{self.path}:{self.number}: {words}")

    def outline_level(self) -> int | None:
        """The outline level of a line; None: it has none."""
        if self.level is not None:
            return self.level
        cell = self.cells.get(TableField.LEVEL)
        if cell is None:
            return None
        if not re.fullmatch(r"[0-9]{1,3}(\.0+)?", cell) or int(cell.split(".")[0]) > MOST_LEVELS:
            raise self.error(f"outline level: {cell!r}: expected 0 to {MOST_LEVELS}")
        return int(cell.split(".")[0])


@dataclass(slots=True)
class Table:
    """A table of tasks in a text.

    Attributes:
        path: of the file.
        text: of the file.
        delimiter: between cells.
        start: index of the heading's line.
        name: of its layout.
        layout: of its columns.
        findings: what is not read.
    """

    path: Path
    text: str
    delimiter: str
    start: int
    name: str
    layout: TableLayout
    findings: list[Finding] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        """The lines below the heading, blank ones and other tables left out.

        Raises:
            GoliveError: no CSV, more cells than headings, or too many lines.
        """
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True
        )
        try:
            yield from self._lines(reader)
        except csv.Error as error:
            line = reader.line_num
            raise GoliveError(f"{self.path}:{line}: not valid CSV: {error}") from error

    def _lines(self, reader: Iterator[list[str]]) -> Iterator[Line]:
        columns: list[Column | None] = []
        own: list[str] = []
        captions = self.layout.captions_below
        row, group = 0, ""
        for cells in reader:
            number = reader.line_num  # type: ignore[attr-defined]
            texts = [normalised(cell) for cell in cells]
            if number > _MOST_ROWS:
                raise GoliveError(f"{self.path}:{number}: expected at most {_MOST_ROWS:,} lines")
            filled = [text for text in texts if text]
            if not columns:
                group = filled[0] if len(filled) == 1 else group
                if number > self.start and filled:
                    columns = self._columns(number, texts)
                    own = [heading(text) for text in texts]
                continue
            row += bool(cells)
            if not filled:
                continue
            if captions and self._read_captions(texts, columns):
                captions, row = False, 0
                continue
            captions = False
            if [heading(text) for text in texts] == own:
                row -= 1
                continue
            if self._begins_another(texts, columns, own):
                rest = 1 + whole_sum(1 for more in reader if any(cell.strip() for cell in more))
                words = f"another table begins here: its {rest} lines are not read"
                self.findings.append(Finding(Unmapped.COLUMN, f"line {number}", words))
                return
            if self.layout.groups and len(filled) == 1 and texts[0]:
                group, row = filled[0], row - 1
                continue
            if len(texts) > len(columns) and any(texts[len(columns) :]):
                raise GoliveError(
                    f"{self.path}:{number}: {len(cells)} cells: expected at most {len(columns)}, "
                    "as in the heading"
                )
            yield self._line(number, row, cells, columns, group)

    def _line(
        self,
        number: int,
        row: int,
        cells: Sequence[str],
        columns: Sequence[Column | None],
        group: str,
    ) -> Line:
        found: dict[TableField, tuple[int, list[str]]] = {}
        units: dict[TableField, TimeUnit] = {}
        level, indent = None, 0
        for column, cell in zip(columns, cells, strict=False):
            text = normalised(cell)
            if column is None or not text:
                continue
            best = found.get(column.field)
            if best is None or column.rank < best[0]:
                found[column.field] = (column.rank, [text])
                units.pop(column.field, None)
                if column.unit is not None:
                    units[column.field] = column.unit
                if column.field is TableField.NAME:
                    level, indent = column.level, len(cell) - len(cell.lstrip())
            elif column.rank == best[0]:
                best[1].append(text)
        texts = {name: ";".join(parts) for name, (_, parts) in found.items()}
        shown = group if self.layout.groups else ""
        return Line(self.path, number, row, texts, units, shown, level, indent)

    def _columns(self, number: int, texts: Sequence[str]) -> list[Column | None]:
        """What each place of a line holds; None where it is not read."""
        columns: list[Column | None] = []
        seen: set[str] = set()
        joined = (TableField.PREDECESSORS, TableField.SUCCESSORS, TableField.ROLE)
        for text in texts:
            column = _column(self.layout, text)
            name = heading(text)
            if column is not None and name in seen and column.field not in joined:
                raise GoliveError(f"{self.path}:{number}: column {text!r}: expected only once")
            seen.add(name)
            if column is None and text:
                words = f"{text!r} is not read"
                self.findings.append(Finding(Unmapped.COLUMN, f"line {number}", words))
            columns.append(column)
        return columns

    def _read_captions(self, texts: Sequence[str], columns: list[Column | None]) -> bool:
        """Whether a line is the second heading; its units, as ``Duration(h)``, become columns'."""
        found = [_column(self.layout, text.removeprefix("(*)")) for text in texts]
        if whole_sum(column is not None for column in found) < 2:
            return False
        for place, column in enumerate(found[: len(columns)]):
            own = columns[place]
            if column is not None and own is not None and column.unit is not None:
                columns[place] = Column(own.field, own.rank, column.unit, own.level)
        return True

    def _begins_another(
        self, texts: Sequence[str], columns: Sequence[Column | None], own: Sequence[str]
    ) -> bool:
        """Whether a line is the heading of a table of something else, such as resources."""
        pairs = zip(texts, columns, own, strict=False)
        same = [column for text, column, name in pairs if column and text and heading(text) == name]
        fields = {column.field for column in same}
        return {TableField.ID, TableField.NAME} <= fields


def _column(layout: TableLayout, text: str) -> Column | None:
    """What a heading says that its column holds; None: nothing that is read."""
    found = _known(layout, heading(text))
    if found is not None:
        return found
    with_unit = WITH_UNIT.match(text)
    if with_unit is not None and with_unit[2].lower() in UNITS:
        found = _known(layout, heading(with_unit[1]))
        unit = TimeUnit(UNITS[with_unit[2].lower()])
        return None if found is None else Column(found.field, found.rank, unit)
    numbered = _NUMBERED.match(heading(text))
    found = None if numbered is None else _known(layout, numbered[1])
    if numbered is not None and found is not None and found.field is TableField.NAME:
        return Column(found.field, found.rank, level=int(numbered[2]))
    return None


def _known(layout: TableLayout, name: str) -> Column | None:
    found = layout.by_heading.get(name)
    return None if found is None else Column(*found)
