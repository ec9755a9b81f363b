"""The judge: what is loaded against the truth. Agents never see this module or what it holds.

It counts in the field's units and weighs nothing: cells repaired and damaged, control totals,
references, duplicates, dates that are silently wrong, rows loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...scenarios.migration.vocabulary import TableName
from .clean import control_totals
from .duplicate_scores import DuplicateScore, duplicate_score
from .habits import ROW, DateFormat, read_date, read_number
from .submission import Submission
from .target import DIGITS, NUMBERS, TARGET, Column, ColumnKind, Table
from .truth import Truth
from .workspace import INTO, LOAD, MERGED, REJECTED, STATUS

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts of what is right and wrong with what is loaded.

    Attributes:
        errors: wrong cells, missing rows' cells and added rows before anything was done.
        repaired: of them, those that are right now.
        damaged: cells that were right and are not any more, rows left behind included.
        guessed: gaps that were filled with a wrong value: nobody looks for it any more.
        totals: control totals, and how many of them agree.
        references: to other tables, and how many of them are closed.
        silent_dates: dates that can be read and are wrong.
        dates: that are loaded.
        rows: things that ought to be loaded, and how many are.
        extra_rows: loaded besides: duplicates, and rows that errors added.
        errors_left: errors before, and those that are left or new, by table.
    """

    errors: int
    repaired: int
    damaged: int
    guessed: int
    totals: int
    totals_right: int
    references: int
    references_closed: int
    dates: int
    silent_dates: int
    rows: int
    rows_loaded: int
    extra_rows: int
    duplicates: dict[TableName, DuplicateScore]
    errors_left: dict[TableName, tuple[int, int]]

    @property
    def cell_error_reduction(self) -> float:
        """Share of the errors that is gone, damage taken off; below 0 if harm was done.

        A gap that was filled with a wrong value counts as damage: it was known to be missing.
        """
        return (self.repaired - self.damaged - self.guessed) / max(self.errors, 1)

    @property
    def share_loaded(self) -> float:
        """Share of the things that ought to be loaded that are."""
        return self.rows_loaded / max(self.rows, 1)


def judge(
    truth: Truth,
    submission: Submission,
    obsolete: Mapping[TableName, frozenset[int]] = MappingProxyType({}),
) -> Verdict:
    """Compare what is loaded with the truth.

    A row stands for a thing: the row itself, or else the first of its duplicates that is loaded.

    Args:
        truth: of the customer.
        submission: what is loaded.
        obsolete: rows of clean tables that may be left behind: those that are rejected count
            neither as loaded nor as missing.
    """
    counts = _Counts()
    keys = {name: _loaded_keys(submission[name], table) for name, table in TARGET.items()}
    duplicates = {}
    errors_left = {}
    for name, table in TARGET.items():
        errors, wrong = counts.errors, counts.left
        _judge_table(counts, truth, table, submission[name], obsolete.get(name, frozenset()))
        errors_left[name] = counts.errors - errors, counts.left - wrong
        _judge_references(counts, table, submission[name], keys)
        if truth.duplicate_of[name]:
            duplicates[name] = _duplicates(truth, name, submission[name])
    expected, found = control_totals(truth.tables), _loaded_totals(submission)
    for name, left in counts.left_behind.items():
        expected[f"{name}.rows"] -= len(left)
        for column in TARGET[name].of_kind(ColumnKind.MONEY, ColumnKind.QUANTITY):
            cells = truth.tables[name][column.name]
            expected[f"{name}.{column.name}"] -= int(cells.gather(sorted(left)).sum())
    right = 0
    for label, value in expected.items():
        right += found[label] == value
    return Verdict(
        counts.errors,
        counts.repaired,
        counts.damaged,
        counts.guessed,
        len(expected),
        right,
        counts.references,
        counts.closed,
        counts.dates,
        counts.silent_dates,
        counts.rows,
        counts.loaded,
        counts.extra,
        duplicates,
        errors_left,
    )


@dataclass(slots=True)
class _Counts:
    errors: int = 0
    repaired: int = 0
    damaged: int = 0
    guessed: int = 0
    references: int = 0
    closed: int = 0
    dates: int = 0
    silent_dates: int = 0
    rows: int = 0
    loaded: int = 0
    extra: int = 0
    left_behind: dict[TableName, set[int]] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Errors that are left, new ones included."""
        return self.errors - self.repaired + self.damaged


def _judge_table(
    counts: _Counts, truth: Truth, table: Table, frame: pl.DataFrame, obsolete: frozenset[int]
) -> None:
    name, clean = table.name, truth.clean[table.name]
    again, added = truth.duplicate_of[name], truth.added[name]
    fate: dict[int, tuple[str, int | None]] = {}
    place: dict[int, int] = {}
    standing: dict[int, int] = {}
    for index, (row, status, into) in enumerate(frame.select(ROW, STATUS, INTO).iter_rows()):
        if row is not None:
            fate[row] = (status, into)
        if status != LOAD:
            continue
        thing = again.get(row, row)
        stands = row is not None and row not in added and (thing not in standing or row == thing)
        counts.extra += not stands or thing in standing
        if stands:
            place[row], standing[thing] = index, row
    left = {
        again.get(row, row) for row, (status, _) in fate.items() if status == REJECTED
    } & obsolete.difference(standing)
    _judge_added(counts, again, added, fate, left)
    counts.left_behind[name] = left
    counts.rows += clean.height - len(left)
    counts.loaded += len(standing)
    before = {row: index for index, row in enumerate(truth.dirty[name][ROW].to_list())}
    rows = clean[ROW].to_list()
    now = [place[standing[row]] if row in standing else None for row in rows]
    then = [before.get(row) for row in rows]
    for column in table.columns:
        cells = frame[column.name].to_list()
        _judge_column(counts, truth, table, column, cells, then, now, left)


def _judge_column(
    counts: _Counts,
    truth: Truth,
    table: Table,
    column: Column,
    loaded: Sequence[str | None],
    then: Sequence[int | None],
    now: Sequence[int | None],
    left: Collection[int],
) -> None:
    """Count a column's cells.

    Args:
        counts: that grow.
        truth: of the customer.
        table: of the column.
        column: that is judged.
        loaded: cells as they would be loaded.
        then: place of each clean row in the table with errors; None if it is missing there.
        now: place of what stands for it among the loaded; None if nothing does.
        left: clean rows that are left behind by agreement, and not judged.
    """
    clean, legacy, dirty = (
        tables[table.name][column.name].to_list()
        for tables in (truth.clean, truth.clean_legacy, truth.dirty)
    )
    is_date = column.kind is ColumnKind.DATE
    for index, expected in enumerate(clean):
        if index in left:  # identities of clean rows are their places
            continue
        was, is_now = then[index], now[index]
        was_right = was is not None and dirty[was] == legacy[index]
        got = None if is_now is None else loaded[is_now]
        good = is_now is not None and got == expected
        counts.errors += not was_right
        counts.repaired += good and not was_right
        counts.damaged += was_right and not good
        if not good and not was_right and was is not None and got is not None:
            counts.guessed += dirty[was] is None
        if is_date and got is not None:
            counts.dates += 1
            counts.silent_dates += not good and read_date(got, DateFormat.ISO) is not None


def _judge_added(
    counts: _Counts,
    again: Mapping[int, int],
    added: frozenset[int],
    fate: Mapping[int, tuple[str, int | None]],
    left: Collection[int],
) -> None:
    """Rows that errors added are repaired if they are not loaded, a duplicate by a right merge."""
    for row, thing in again.items():
        if thing in left:
            continue
        status, into = fate.get(row, ("", None))
        counts.errors += 1
        merged = status == MERGED and into is not None and again.get(into, into) == thing
        survived = status == LOAD and fate.get(thing, ("", None)) == (MERGED, row)
        counts.repaired += merged or survived
    for row in sorted(added):
        counts.errors += 1
        counts.repaired += fate.get(row, ("", None))[0] != LOAD


def _loaded_keys(frame: pl.DataFrame, table: Table) -> frozenset[str | None]:
    import polars as pl

    return frozenset(frame.filter(pl.col(STATUS) == LOAD)[table.key[0]].to_list())


def _judge_references(
    counts: _Counts,
    table: Table,
    frame: pl.DataFrame,
    keys: Mapping[TableName, frozenset[str | None]],
) -> None:
    import polars as pl

    loaded = frame.filter(pl.col(STATUS) == LOAD)
    for column in table.references:
        for cell in loaded[column.name].to_list():
            if cell is not None and column.refers is not None:
                counts.references += 1
                counts.closed += cell in keys[column.refers]


def _duplicates(truth: Truth, name: TableName, frame: pl.DataFrame) -> DuplicateScore:
    again = truth.duplicate_of[name]
    things = {row: again.get(row, row) for row in truth.dirty[name][ROW].to_list()}
    into = {
        row: to
        for row, to in frame.select(ROW, INTO).iter_rows()
        if row is not None and to is not None
    }
    clusters = {}
    for row in things:
        root, steps = row, 0
        while root in into and steps < len(into):
            root, steps = into[root], steps + 1
        clusters[row] = root
    return duplicate_score(things, clusters)


def _loaded_totals(submission: Submission) -> dict[str, int]:
    """Control totals of what is loaded; what is no number counts nothing."""
    import polars as pl

    totals: dict[str, int] = {}
    for name, table in TARGET.items():
        loaded = submission[name].filter(pl.col(STATUS) == LOAD)
        totals[f"{name}.rows"] = loaded.height
        for column in table.of_kind(*sorted(NUMBERS)):
            total = 0
            for cell in loaded[column.name].to_list():
                number = None if cell is None else read_number(cell, DIGITS[column.kind], ".", "")
                total += int(number.replace(".", "")) if number else 0
            totals[f"{name}.{column.name}"] = total
    return totals
