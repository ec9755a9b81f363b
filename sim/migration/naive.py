"""Naive ways to clean data, for the judge: all of them must lose to doing nothing but the casts.

They are given what nobody has in an episode, the right mapping and the systems' habits, so that
they lose by what they do to rows and cells and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...scenarios.migration.vocabulary import TableName
from .habits import ROW, DateFormat, TextTables, from_legacy_text, read_date, read_number
from .submission import Submission
from .target import DIGITS, TARGET, Column, ColumnKind
from .truth import Truth
from .workspace import INTO, LOAD, MERGED, REJECTED, STATUS

if TYPE_CHECKING:
    import polars as pl


def oracle(truth: Truth) -> Submission:
    """Load the clean tables, every duplicate merged into what it is one of."""
    import polars as pl

    found = _submitted(truth.clean)
    for name, again in truth.duplicate_of.items():
        if not again:
            continue
        # Merged rows stay known, so that clusters can be judged.
        merged = pl.DataFrame(
            {
                ROW: list(again),
                STATUS: [MERGED] * len(again),
                INTO: list(again.values()),
                **{column: [None] * len(again) for column in TARGET[name].names},
            },
            schema=found[name].schema,
        )
        found[name] = pl.concat([found[name], merged])
    return found


def casts_only(truth: Truth) -> Submission:
    """Read dates and numbers as their systems write them, and repair nothing: the reference."""
    return _submitted(from_legacy_text(truth.dirty, truth.habits))


def load_as_is(truth: Truth) -> Submission:
    """Load the texts as the systems write them."""
    return _submitted(truth.dirty)


def delete_hard_rows(truth: Truth) -> Submission:
    """Leave behind every row with an empty mandatory cell or one of another kind."""
    import polars as pl

    found = casts_only(truth)
    for name, frame in found.items():
        hard = [
            any(
                _is_hard(cell, column)
                for cell, column in zip(cells, TARGET[name].columns, strict=True)
            )
            for cells in frame.select(TARGET[name].names).iter_rows()
        ]
        status = pl.Series(STATUS, [REJECTED if one else LOAD for one in hard], dtype=pl.String)
        found[name] = frame.with_columns(status)
    return found


def fill_with_the_mode(truth: Truth) -> Submission:
    """Fill every empty cell with the commonest value of its column."""
    found = casts_only(truth)
    for name, frame in found.items():
        filled = []
        for column in TARGET[name].names:
            counts = frame[column].drop_nulls().value_counts().rows()
            mode = min(counts, key=lambda one: (-one[1], one[0]), default=(None, 0))[0]
            filled.append(frame[column] if mode is None else frame[column].fill_null(mode))
        found[name] = frame.with_columns(filled)
    return found


def merge_equal_names(truth: Truth) -> Submission:
    """Merge every customer and vendor into the first one of the same name."""
    found = casts_only(truth)
    for name in (TableName.CUSTOMERS, TableName.VENDORS):
        found[name] = _merged(found[name])
    return found


NAIVE: dict[str, Callable[[Truth], Submission]] = {
    "load as is": load_as_is,
    "delete hard rows": delete_hard_rows,
    "fill with the mode": fill_with_the_mode,
    "merge equal names": merge_equal_names,
}
"""Ways that lose, by name."""


def _submitted(tables: TextTables) -> Submission:
    import polars as pl

    return {
        name: frame.select(
            pl.col(ROW),
            pl.lit(LOAD).alias(STATUS),
            pl.lit(None, dtype=pl.Int64).alias(INTO),
            pl.exclude(ROW),
        )
        for name, frame in tables.items()
    }


def _is_hard(cell: str | None, column: Column) -> bool:
    if cell is None:
        return column.mandatory
    if column.kind is ColumnKind.DATE:
        return read_date(cell, DateFormat.ISO) is None
    if column.kind in DIGITS:
        return read_number(cell, DIGITS[column.kind], ".", "") is None
    return bool(column.choices) and cell not in column.choices


def _merged(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    first: dict[str, int] = {}
    status, into = [], []
    for row, text in frame.select(ROW, "name").iter_rows():
        survivor = row if text is None else first.setdefault(text.lower(), row)
        status.append(LOAD if survivor == row else MERGED)
        into.append(None if survivor == row else survivor)
    return frame.with_columns(
        pl.Series(STATUS, status, dtype=pl.String), pl.Series(INTO, into, dtype=pl.Int64)
    )
