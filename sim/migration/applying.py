"""Applies operations to the workspace, and says which of them are illegal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...core.records import Record
from . import operations as o
from .habits import ROW, read_date, read_number
from .normalising import normalised, padded, scaled
from .target import TARGET
from .workspace import (
    INTO,
    LOAD,
    MERGED,
    OWN,
    QUARANTINED,
    REJECTED,
    STATUS,
    Frames,
    Patch,
    patch_between,
)

if TYPE_CHECKING:
    import polars as pl

Cell = str | None


@dataclass(frozen=True, slots=True)
class Applied:
    """The tables after an operation, and the way back."""

    tables: Frames
    patch: Patch


def apply_operation(tables: Frames, operation: o.Operation) -> Applied:
    """Apply an operation to the tables of a workspace, which stay as they are.

    Raises:
        GoliveError: it is illegal here; the message says why.
    """
    reason = illegal(tables, operation)
    if reason is not None:
        raise GoliveError(reason)
    after = {**tables, **_changed(operation, tables)}
    if isinstance(operation, o.JoinTables):
        del after[operation.other]
    return Applied(after, patch_between(tables, after))


def illegal(tables: Mapping[str, pl.DataFrame], operation: o.Operation) -> str | None:
    """The reason why an operation makes no sense here; None if it does."""
    name = o.operation_name(type(operation))
    return next((f"{name}: {problem}" for problem in _problems(tables, operation)), None)


def _problems(tables: Mapping[str, pl.DataFrame], operation: o.Operation) -> Iterator[str]:
    if not isinstance(operation, (*o.CHANGES, o.Profile, o.Sample, o.AskKeyUser)):
        return
    table = str(getattr(operation, "table", ""))
    if table not in tables:
        yield f"table: {table!r}: expected one of {', '.join(tables)}"
        return
    frame = tables[table]
    for field in ("column", "key"):
        column = getattr(operation, field, None)
        if column is not None and (column not in frame.columns or column in OWN):
            yield f"{field}: {column!r}: expected a column of {table}"
            return
    yield from _unknown_columns(operation, frame)
    rows = [*getattr(operation, "rows", ())] if not isinstance(operation, o.Sample) else []
    rows += [
        getattr(operation, field) for field in ("row", "survivor") if hasattr(operation, field)
    ]
    if rows and not set(rows) <= set(frame[ROW].to_list()):
        yield f"rows: expected rows of {table}"
        return
    yield from _own_problems(operation, tables)


def _unknown_columns(operation: o.Operation, frame: pl.DataFrame) -> Iterator[str]:
    named: Sequence[str] = getattr(operation, "columns", ())
    if isinstance(operation, o.AddRow):
        named = tuple(operation.cells)
    for column in named:
        if column not in frame.columns or column in OWN:
            yield f"columns: {column!r}: expected columns of the table"
    if len(set(named)) < len(named):
        yield "columns: expected each once"


@singledispatch
def _own_problems(operation: Record, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """What an operation demands besides that its table, columns and rows are there."""
    yield from ()


@_own_problems.register(o.MapColumn)
def _(operation: o.MapColumn, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    if operation.to_column not in TARGET[operation.to_table].names:
        yield f"to_column: {operation.to_column!r}: expected a column of {operation.to_table}"
    mapped = f"{operation.to_table}.{operation.to_column}"
    if mapped in tables[operation.table].columns:
        yield f"to_column: {mapped}: expected one that no column is mapped to yet"


@_own_problems.register(o.SplitColumn)
@_own_problems.register(o.JoinColumns)
def _(
    operation: o.SplitColumn | o.JoinColumns, tables: Mapping[str, pl.DataFrame]
) -> Iterator[str]:
    new = operation.into if isinstance(operation.into, tuple) else (operation.into,)
    old = operation.columns if isinstance(operation, o.JoinColumns) else (operation.column,)
    taken = set(tables[operation.table].columns) - set(old) | set(OWN)
    if len(set(new)) < len(new) or any(name in taken for name in new):
        yield f"into: {', '.join(new)}: expected names that no other column has"


@_own_problems.register(o.SplitTable)
def _(operation: o.SplitTable, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    if operation.into in tables:
        yield f"into: {operation.into!r}: expected a name that no table has"
    if operation.key in operation.columns:
        yield f"columns: {operation.key!r}: expected columns beside the key"


@_own_problems.register(o.JoinTables)
def _(operation: o.JoinTables, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    other = tables.get(operation.other)
    if other is None or operation.other == operation.table:
        yield f"other: {operation.other!r}: expected another table"
        return
    if operation.other_key not in other.columns or operation.other_key in OWN:
        yield f"other_key: {operation.other_key!r}: expected a column of {operation.other}"
        return
    keys = other[operation.other_key].drop_nulls()
    if keys.is_duplicated().any():
        yield f"other_key: {operation.other_key!r}: expected each key once"
    added = set(other.columns) - set(OWN) - {operation.other_key}
    both = sorted(added & set(tables[operation.table].columns))
    if both:
        yield f"other: column {both[0]!r}: expected no column that both tables have"


@_own_problems.register(o.LookUp)
def _(operation: o.LookUp, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    other = tables.get(operation.other)
    if other is None:
        yield f"other: {operation.other!r}: expected one of {', '.join(tables)}"
        return
    for name in (operation.other_key, operation.other_column):
        if name not in other.columns or name in OWN:
            yield f"other: {name!r}: expected a column of {operation.other}"


@_own_problems.register(o.MergeCluster)
def _(operation: o.MergeCluster, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    if operation.survivor not in operation.rows or len(set(operation.rows)) < len(operation.rows):
        yield "rows: expected each row once, the survivor among them"
    status = _by_row(tables[operation.table], STATUS)
    if any(status[row] != LOAD for row in operation.rows):
        yield "rows: expected rows that are to be loaded"


@_own_problems.register(o.SetSurvivor)
def _(operation: o.SetSurvivor, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    frame = tables[operation.table]
    into = dict(zip(frame[ROW].to_list(), frame[INTO].to_list(), strict=True))
    if into[operation.row] != operation.survivor:
        yield f"row: {operation.row}: expected one that was merged into the survivor"


def _by_row(frame: pl.DataFrame, column: str) -> dict[int, Cell]:
    return dict(zip(frame[ROW].to_list(), frame[column].to_list(), strict=True))


@singledispatch
def _changed(operation: Record, tables: Frames) -> Frames:
    """The tables that an operation changes, changed."""
    return {}


@_changed.register(o.MapColumn)
def _(operation: o.MapColumn, tables: Frames) -> Frames:
    mapped = f"{operation.to_table}.{operation.to_column}"
    return {operation.table: tables[operation.table].rename({operation.column: mapped})}


@_changed.register(o.DropColumn)
def _(operation: o.DropColumn, tables: Frames) -> Frames:
    return {operation.table: tables[operation.table].drop(operation.column)}


@_changed.register(o.SplitColumn)
def _(operation: o.SplitColumn, tables: Frames) -> Frames:
    frame = tables[operation.table]
    parts = [
        (None, None) if cell is None else cell.partition(operation.separator)[::2]
        for cell in frame[operation.column].to_list()
    ]
    first, second = ([part[one] or None for part in parts] for one in (0, 1))
    new = {operation.into[0]: first, operation.into[1]: second}
    return {operation.table: _replaced(frame, (operation.column,), new)}


@_changed.register(o.JoinColumns)
def _(operation: o.JoinColumns, tables: Frames) -> Frames:
    frame = tables[operation.table]
    cells: list[Cell] = [
        operation.separator.join(cell for cell in pair if cell is not None) or None
        for pair in frame.select(operation.columns).iter_rows()
    ]
    return {operation.table: _replaced(frame, operation.columns, {operation.into: cells})}


def _replaced(
    frame: pl.DataFrame, old: Sequence[str], new: Mapping[str, Sequence[Cell]]
) -> pl.DataFrame:
    """The frame with new columns where the first of the old ones stood."""
    import polars as pl

    columns = []
    for name in frame.columns:
        if name == old[0]:
            columns += [pl.Series(one, cells, dtype=pl.String) for one, cells in new.items()]
        elif name not in old:
            columns.append(frame[name])
    return pl.DataFrame(columns)


@_changed.register(o.SplitTable)
def _(operation: o.SplitTable, tables: Frames) -> Frames:
    frame = tables[operation.table]
    own = frame.select(*OWN, operation.key, *operation.columns)
    return {
        operation.table: frame.drop(operation.columns),
        operation.into: own.unique(operation.key, keep="first", maintain_order=True),
    }


@_changed.register(o.JoinTables)
def _(operation: o.JoinTables, tables: Frames) -> Frames:
    other = tables[operation.other].drop(OWN)
    joined = tables[operation.table].join(
        other,
        left_on=operation.key,
        right_on=operation.other_key,
        how="left",
        maintain_order="left",
    )
    return {operation.table: joined}


def _each(frame: pl.DataFrame, column: str, change: Callable[[str], Cell]) -> pl.DataFrame:
    """The frame with every cell of a column changed that is not empty."""
    import polars as pl

    known: dict[str, Cell] = {}
    for cell in frame[column].unique().drop_nulls().to_list():
        known[cell] = change(cell)
    cells = [None if cell is None else known[cell] for cell in frame[column].to_list()]
    return frame.with_columns(pl.Series(column, cells, dtype=pl.String))


@_changed.register(o.CastDate)
def _(operation: o.CastDate, tables: Frames) -> Frames:
    def cast(cell: str) -> str:
        return read_date(cell, operation.format) or cell

    return {operation.table: _each(tables[operation.table], operation.column, cast)}


@_changed.register(o.CastNumber)
def _(operation: o.CastNumber, tables: Frames) -> Frames:
    def cast(cell: str) -> str:
        return read_number(cell, operation.digits, operation.decimal, operation.thousands) or cell

    return {operation.table: _each(tables[operation.table], operation.column, cast)}


@_changed.register(o.Normalise)
def _(operation: o.Normalise, tables: Frames) -> Frames:
    def change(cell: str) -> Cell:
        return normalised(cell, operation.how)

    return {operation.table: _each(tables[operation.table], operation.column, change)}


@_changed.register(o.PadZeros)
def _(operation: o.PadZeros, tables: Frames) -> Frames:
    def change(cell: str) -> str:
        return padded(cell, operation.width)

    return {operation.table: _each(tables[operation.table], operation.column, change)}


@_changed.register(o.ReplaceValue)
def _(operation: o.ReplaceValue, tables: Frames) -> Frames:
    def change(cell: str) -> Cell:
        return operation.by if cell == operation.value else cell

    return {operation.table: _each(tables[operation.table], operation.column, change)}


@_changed.register(o.ConvertUnit)
def _(operation: o.ConvertUnit, tables: Frames) -> Frames:
    def change(cell: Cell) -> Cell:
        return None if cell is None else scaled(cell, operation.multiply, operation.divide) or cell

    frame, column = tables[operation.table], operation.column
    cells = _by_row(frame, column)
    new = {row: change(cells[row]) for row in operation.rows}
    return {operation.table: _put(frame, {column: new})}


def _put(frame: pl.DataFrame, values: Mapping[str, Mapping[int, str | int | None]]) -> pl.DataFrame:
    """The frame with some cells changed, by column and row."""
    import polars as pl

    place = {row: index for index, row in enumerate(frame[ROW].to_list())}
    columns = []
    for column, new in values.items():
        cells = frame[column].to_list()
        for row, value in new.items():
            cells[place[row]] = value
        columns.append(pl.Series(column, cells, dtype=frame[column].dtype))
    return frame.with_columns(columns)


@_changed.register(o.LookUp)
def _(operation: o.LookUp, tables: Frames) -> Frames:
    other = tables[operation.other]
    known: dict[Cell, Cell] = {}
    pairs = other.select(operation.other_key, operation.other_column).iter_rows()
    for key, value in pairs:
        known.setdefault(key, value)
    frame = tables[operation.table]
    cells = zip(
        frame[ROW].to_list(),
        frame[operation.key].to_list(),
        frame[operation.column].to_list(),
        strict=True,
    )
    new = {row: known.get(key) for row, key, cell in cells if cell is None and key is not None}
    return {operation.table: _put(frame, {operation.column: new})}


@_changed.register(o.Fill)
def _(operation: o.Fill, tables: Frames) -> Frames:
    frame = tables[operation.table]
    filled = frame[operation.column].fill_null(operation.value)
    return {operation.table: frame.with_columns(filled)}


@_changed.register(o.SetCell)
def _(operation: o.SetCell, tables: Frames) -> Frames:
    new = {operation.column: {operation.row: operation.value}}
    return {operation.table: _put(tables[operation.table], new)}


@_changed.register(o.SwapCells)
def _(operation: o.SwapCells, tables: Frames) -> Frames:
    frame, (a, b) = tables[operation.table], operation.columns
    first, second = _by_row(frame, a), _by_row(frame, b)
    new = {a: {row: second[row] for row in operation.rows}}
    new[b] = {row: first[row] for row in operation.rows}
    return {operation.table: _put(frame, new)}


@_changed.register(o.AddRow)
def _(operation: o.AddRow, tables: Frames) -> Frames:
    import polars as pl

    frame = tables[operation.table]
    number = 1 + max(frame[ROW].to_list(), default=-1)
    row = {ROW: number, STATUS: LOAD, INTO: None, **operation.cells}
    added = pl.DataFrame([{name: row.get(name) for name in frame.columns}], schema=frame.schema)
    return {operation.table: pl.concat([frame, added])}


@_changed.register(o.MergeCluster)
def _(operation: o.MergeCluster, tables: Frames) -> Frames:
    frame = tables[operation.table]
    gone = [row for row in operation.rows if row != operation.survivor]
    found = {
        operation.table: _put(
            frame,
            {STATUS: dict.fromkeys(gone, MERGED), INTO: dict.fromkeys(gone, operation.survivor)},
        )
    }
    for name, column, key in _references(tables, operation.table):
        keys = _by_row(frame, key)
        numbers = {keys[row] for row in gone} - {None, keys[operation.survivor]}
        other = found.get(name, tables[name])
        if (
            keys[operation.survivor] is None
            or not other[column].is_in(sorted(map(str, numbers))).any()
        ):
            continue

        def turn(
            cell: str, numbers: set[Cell] = numbers, to: Cell = keys[operation.survivor]
        ) -> Cell:
            return to if cell in numbers else cell

        found[name] = _each(other, column, turn)
    return found


def _references(tables: Frames, table: str) -> Iterator[tuple[str, str, str]]:
    """Table and column of each mapped reference to a table, and the table's column with its key."""
    for target in TARGET.values():
        key = f"{target.name}.{target.key[0]}"
        if len(target.key) > 1 or key not in tables[table].columns:
            continue
        for name, frame in tables.items():
            for other in TARGET.values():
                for column in other.references:
                    mapped = f"{other.name}.{column.name}"
                    if column.refers is target.name and mapped in frame.columns:
                        yield name, mapped, key


@_changed.register(o.SetSurvivor)
def _(operation: o.SetSurvivor, tables: Frames) -> Frames:
    frame = tables[operation.table]
    value = _by_row(frame, operation.column)[operation.row]
    return {operation.table: _put(frame, {operation.column: {operation.survivor: value}})}


@_changed.register(o.RejectRows)
@_changed.register(o.QuarantineRows)
@_changed.register(o.ReleaseRows)
def _(operation: o.RejectRows | o.QuarantineRows | o.ReleaseRows, tables: Frames) -> Frames:
    status = {o.RejectRows: REJECTED, o.QuarantineRows: QUARANTINED, o.ReleaseRows: LOAD}
    new: dict[str, dict[int, str | int | None]] = {
        STATUS: dict.fromkeys(operation.rows, status[type(operation)]),
        INTO: dict.fromkeys(operation.rows),
    }
    return {operation.table: _put(tables[operation.table], new)}
