"""The tables that are worked on, and patches that take a change back exactly.

A table of the workspace has the columns of an extract as texts, and three of its own: ``_row`` (the
number of the line), ``_status`` (``load``, ``merged``, ``rejected`` or ``quarantined``) and
``_into`` (the row that a merged one went into). A patch is plain data, so that a world that keeps
patches is plain data too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .extracts import ExtractFile, read_extract
from .habits import ROW

if TYPE_CHECKING:
    import polars as pl

STATUS, INTO = "_status", "_into"
OWN = (ROW, STATUS, INTO)
LOAD, MERGED, REJECTED, QUARANTINED = "load", "merged", "rejected", "quarantined"
Frames = dict[str, "pl.DataFrame"]


def workspace_of(files: tuple[ExtractFile, ...]) -> Frames:
    """The tables of extracts by section, every row still to be loaded."""
    import polars as pl

    found: Frames = {}
    for file in files:
        for name, frame in read_extract(file).items():
            found[name] = frame.select(
                pl.col(ROW),
                pl.lit(LOAD).alias(STATUS),
                pl.lit(None, dtype=pl.Int64).alias(INTO),
                pl.exclude(ROW),
            )
    return found


@dataclass(frozen=True, slots=True)
class Patch:
    """The way back from a change.

    Attributes:
        names: of the tables before, in order.
        tables: by name, how each changed table was: ``columns`` in order, ``height``, and by column
            ``cells`` (all of them) or ``changed`` (some, by position).
    """

    names: tuple[str, ...]
    tables: dict[str, dict[str, Any]]


def patch_between(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> Patch:
    """The patch that takes a change of tables back."""
    tables: dict[str, dict[str, Any]] = {}
    for name, frame in before.items():
        now = after.get(name)
        if now is not frame:
            tables[name] = _table_patch(frame, now)
    return Patch(tuple(before), tables)


def _table_patch(before: pl.DataFrame, after: pl.DataFrame | None) -> dict[str, Any]:
    same_rows = (
        after is not None
        and after.height >= before.height
        and after[ROW].head(before.height).equals(before[ROW])
    )
    cells: dict[str, list[Any]] = {}
    changed: dict[str, list[tuple[int, Any]]] = {}
    for name in before.columns:
        if not same_rows or after is None or name not in after.columns:
            cells[name] = before[name].to_list()
            continue
        old, new = before[name], after[name].head(before.height)
        places = old.ne_missing(new).arg_true().to_list()
        if places:
            changed[name] = [(place, old[place]) for place in places]
    return {
        "columns": before.columns,
        "height": before.height,
        "cells": cells,
        "changed": changed,
    }


def undone(after: Mapping[str, pl.DataFrame], patch: Patch) -> Frames:
    """The tables before a change, byte for byte.

    Args:
        after: the tables as the change left them.
        patch: of the change.
    """
    return {
        name: _table_before(after.get(name), patch.tables[name])
        if name in patch.tables
        else after[name]
        for name in patch.names
    }


def _table_before(after: pl.DataFrame | None, patch: Mapping[str, Any]) -> pl.DataFrame:
    import polars as pl

    columns = []
    for name in patch["columns"]:
        kind = pl.Int64 if name in (ROW, INTO) else pl.String
        if name in patch["cells"] or after is None:
            columns.append(pl.Series(name, patch["cells"][name], dtype=kind))
            continue
        series = after[name].head(patch["height"])
        if name in patch["changed"]:
            values = series.to_list()
            for place, value in patch["changed"][name]:
                values[place] = value
            series = pl.Series(name, values, dtype=kind)
        columns.append(series)
    return pl.DataFrame(columns)


def by_row(frame: pl.DataFrame, column: str) -> dict[int, str | None]:
    """Cells of a column of texts by row."""
    return dict(zip(frame[ROW].to_list(), frame[column].to_list(), strict=True))
