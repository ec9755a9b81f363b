"""Applies operations to the workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from itertools import groupby
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...core.records import Record
from . import operations as o
from .habits import ROW, read_date, read_number
from .legality import illegal
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
    by_row,
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
    after = tables_after(tables, operation)
    return Applied(after, patch_between(tables, after))


def tables_after(tables: Frames, operation: o.Operation) -> Frames:
    """The tables of a workspace after an operation, without the way back, which takes longer.

    Raises:
        GoliveError: it is illegal here; the message says why.
    """
    _check(tables, operation)
    after = {**tables, **_changed(operation, tables)}
    if isinstance(operation, o.JoinTables):
        del after[operation.other]
    return after


def tables_after_all(tables: Frames, operations: Sequence[o.Operation]) -> Frames:
    """The tables after operations, as one after another would leave them; many cells at once.

    Raises:
        GoliveError: one of them is illegal where it stands.
    """
    for (table, _), group in groupby(operations, _at_once):
        same = list(group)
        if not table or len(same) == 1:
            for operation in same:
                tables = tables_after(tables, operation)
        elif isinstance(same[0], o.SetCell):
            tables = {**tables, table: _with_cells(tables, table, same)}
        else:
            tables = {**tables, table: _with_values(tables, table, same)}
    return tables


def _at_once(operation: o.Operation) -> tuple[str, str]:
    """Table and column of what can be done at once with its like; empty for anything else."""
    if isinstance(operation, o.SetCell):
        return operation.table, ""
    return (
        (operation.table, operation.column) if isinstance(operation, o.ReplaceValue) else ("", "")
    )


def _with_cells(tables: Frames, table: str, operations: Sequence[o.Operation]) -> pl.DataFrame:
    new: dict[str, dict[int, Cell]] = {}
    rows = set(tables[table][ROW].to_list()) if table in tables else set()
    for operation in operations:
        if isinstance(operation, o.SetCell):
            if operation.row not in rows or operation.column not in new:
                _check(tables, operation)
            new.setdefault(operation.column, {})[operation.row] = operation.value
    return _put(tables[table], new)


def _with_values(tables: Frames, table: str, operations: Sequence[o.Operation]) -> pl.DataFrame:
    _check(tables, operations[0])
    column, replaced = "", dict[str, Cell]()
    for operation in operations:
        if isinstance(operation, o.ReplaceValue):
            column = operation.column
            for value, by in replaced.items():
                if by == operation.value:
                    replaced[value] = operation.by
            replaced.setdefault(operation.value, operation.by)
    return _each(tables[table], column, lambda cell: replaced.get(cell, cell))


def _check(tables: Frames, operation: o.Operation) -> None:
    reason = illegal(tables, operation)
    if reason is not None:
        raise GoliveError(reason)


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
    cells = by_row(frame, column)
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
    first, second = by_row(frame, a), by_row(frame, b)
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
        keys = by_row(frame, key)
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
    value = by_row(frame, operation.column)[operation.row]
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
