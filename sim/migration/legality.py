"""Says which operations make no sense in a workspace, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import singledispatch
from typing import TYPE_CHECKING

from ...core.records import Record
from . import operations as o
from .habits import ROW
from .target import TARGET
from .workspace import INTO, LOAD, OWN, STATUS, by_row

if TYPE_CHECKING:
    import polars as pl


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
    status = by_row(tables[operation.table], STATUS)
    if any(status[row] != LOAD for row in operation.rows):
        yield "rows: expected rows that are to be loaded"


@_own_problems.register(o.SetSurvivor)
def _(operation: o.SetSurvivor, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    frame = tables[operation.table]
    into = dict(zip(frame[ROW].to_list(), frame[INTO].to_list(), strict=True))
    if into[operation.row] != operation.survivor:
        yield f"row: {operation.row}: expected one that was merged into the survivor"
