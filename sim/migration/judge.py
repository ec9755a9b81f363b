"""The judge: what is loaded against the truth. Agents never see this module or what it holds.

It counts in the field's units and weighs nothing: cells repaired and damaged, control totals,
references, duplicates, dates that are silently wrong, rows loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...scenarios.migration.scenario import MigrationScenario
from ...scenarios.migration.vocabulary import ErrorKind, TableName
from .clean import Tables, control_totals, make_tables
from .extracts import Extracts, Origin, make_extracts
from .habits import (
    ROW,
    DateFormat,
    Habit,
    TextTables,
    canonical_text,
    habits_of,
    legacy_text,
    read_date,
    read_number,
)
from .headers import HeaderSplit
from .injection import with_errors
from .ledger import Ledger
from .target import DIGITS, NUMBERS, TARGET, ColumnKind, Table
from .workspace import INTO, LOAD, MERGED, STATUS

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is known of a customer's data, and by nobody.

    Attributes:
        clean: canonical texts, with the identities of rows.
        clean_legacy: the same in the habits of the systems.
        dirty: with errors, likewise.
        duplicate_of: row that a row is a duplicate of, by table.
        added: rows that errors added and that are no duplicates, by table.
    """

    tables: Tables
    clean: TextTables
    clean_legacy: TextTables
    dirty: TextTables
    habits: dict[TableName, Habit]
    ledger: Ledger
    extracts: Extracts
    duplicate_of: dict[TableName, dict[int, int]]
    added: dict[TableName, frozenset[int]]


def make_truth(scenario: MigrationScenario, seed: int, split: HeaderSplit | None = None) -> Truth:
    """Draw a customer's clean tables, errors and extracts.

    Args:
        scenario: of the migration.
        seed: in ``[0, 2**64)``; equal ones give equal truths, to the byte.
        split: of which headers are taken; None for both.
    """
    tables = make_tables(scenario, seed)
    clean, habits = canonical_text(tables), habits_of(scenario, seed)
    legacy = legacy_text(clean, habits)
    dirty = with_errors(scenario, seed, legacy, habits)
    again: dict[TableName, dict[int, int]] = {name: {} for name in TARGET}
    added: dict[TableName, set[int]] = {name: set() for name in TARGET}
    for entry in dirty.ledger.entries:
        if entry.of is not None:
            again[entry.table][entry.row] = entry.of
        elif entry.column is None and entry.before is None:
            added[entry.table].add(entry.row)
    return Truth(
        tables,
        clean,
        legacy,
        dirty.tables,
        habits,
        dirty.ledger,
        make_extracts(scenario, seed, dirty.tables, habits, split),
        again,
        {name: frozenset(rows) for name, rows in added.items()},
    )


Submission = dict[TableName, "pl.DataFrame"]
"""Tables as they would be loaded: the target's columns as texts, ``_row`` the identity of the row
in the truth (null: none), ``_status``, and ``_into`` likewise."""


def submission_of(truth: Truth, workspace: Mapping[str, pl.DataFrame]) -> Submission:
    """Tables that a workspace would load, by the columns that are mapped.

    A target table is what the table holds to which its key is mapped, the first if there are
    several. Rows of a table that was split off are recognised by their keys.
    """
    import polars as pl

    origins = {section: origin for (_, section), origin in truth.extracts.origins.items()}
    found: Submission = {}
    for name, table in TARGET.items():
        key = f"{name}.{table.key[0]}"
        source = next((one for one, frame in workspace.items() if key in frame.columns), None)
        if source is None:
            found[name] = nothing_loaded(table)
            continue
        frame = workspace[source]
        identity = _identities(truth, name, origins.get(source), frame)
        cells = [
            frame[mapped].alias(column)
            if (mapped := f"{name}.{column}") in frame.columns
            else pl.Series(column, [None] * frame.height, dtype=pl.String)
            for column in table.names
        ]
        rows = [identity[row] for row in frame[ROW].to_list()]
        into = [None if row is None else identity[row] for row in frame[INTO].to_list()]
        found[name] = pl.DataFrame(
            [
                pl.Series(ROW, rows, dtype=pl.Int64),
                frame[STATUS],
                pl.Series(INTO, into, dtype=pl.Int64),
                *cells,
            ]
        )
    return found


def nothing_loaded(table: Table) -> pl.DataFrame:
    """A table of a submission without rows."""
    import polars as pl

    own = {ROW: pl.Int64, STATUS: pl.String, INTO: pl.Int64}
    return pl.DataFrame(schema={**own, **dict.fromkeys(table.names, pl.String)})


def _identities(
    truth: Truth, name: TableName, origin: Origin | None, frame: pl.DataFrame
) -> dict[int, int | None]:
    """Identity in the truth of each line; by their keys where the line does not tell it."""
    lines: list[int] = frame[ROW].to_list()
    known: dict[int, int | None] = {}
    if origin is not None and origin.table is name:
        known = dict(enumerate(origin.rows))
    missing = [line for line in lines if line not in known]
    if missing:
        keys = list(TARGET[name].key)
        mapped = [f"{name}.{key}" for key in keys]
        of_key = _rows_by_key(truth.clean[name], keys)
        taken = set(known.values())
        if all(one in frame.columns for one in mapped):
            for line, *key in frame.select(ROW, *mapped).iter_rows():
                if line not in known:
                    row = of_key.get(tuple(key))
                    known[line] = None if row in taken else row
                    taken.add(row)
    return {line: known.get(line) for line in lines}


def _rows_by_key(frame: pl.DataFrame, keys: Sequence[str]) -> dict[tuple[str | None, ...], int]:
    return {tuple(key): row for row, *key in frame.select(ROW, *keys).iter_rows()}


@dataclass(frozen=True, slots=True)
class DuplicateScore:
    """Agreement of clusters with the truth.

    Attributes:
        b_cubed_precision: mean over rows of the share of its cluster that is the same thing.
        b_cubed_recall: mean over rows of the share of the same things that its cluster has.
        pairs: of rows that are one thing.
        found: of them, in one cluster.
        wrong: pairs in one cluster that are two things.
        missed_by_blocking: pairs that were never compared; of them none could be found.
    """

    b_cubed_precision: float
    b_cubed_recall: float
    pairs: int
    found: int
    wrong: int
    missed_by_blocking: int

    @property
    def b_cubed_f1(self) -> float:
        """Harmonic mean of both."""
        return _harmonic(self.b_cubed_precision, self.b_cubed_recall)

    @property
    def pair_precision(self) -> float:
        """Share of the pairs in one cluster that are one thing; 1 if there are none."""
        together = self.found + self.wrong
        return self.found / together if together else 1.0

    @property
    def pair_recall(self) -> float:
        """Share of all pairs that are one thing, compared or not, that were found."""
        return self.found / self.pairs if self.pairs else 1.0

    @property
    def pair_f1(self) -> float:
        """Harmonic mean of both."""
        return _harmonic(self.pair_precision, self.pair_recall)


def _harmonic(a: float, b: float) -> float:
    return 2.0 * a * b / (a + b) if a + b else 0.0


def duplicate_score(
    truth: Mapping[int, int],
    clusters: Mapping[int, int],
    compared: Iterable[tuple[int, int]] | None = None,
) -> DuplicateScore:
    """Score of a clustering.

    Args:
        truth: thing that each row is.
        clusters: cluster that each row was put into; rows not in it are alone.
        compared: pairs that blocking let through; None if all were compared.
    """
    things: dict[int, list[int]] = {}
    groups: dict[int, list[int]] = {}
    for row, thing in truth.items():
        things.setdefault(thing, []).append(row)
        # Rows alone have a cluster of their own, under a number that no cluster has.
        groups.setdefault(clusters.get(row, -1 - row), []).append(row)
    pairs = [
        (a, b)
        for rows in things.values()
        for index, a in enumerate(rows)
        for b in rows[index + 1 :]
    ]
    found = wrong = 0
    precision = recall = 0.0
    for rows in groups.values():
        of_thing: dict[int, int] = {}
        for row in rows:
            of_thing[truth[row]] = of_thing.get(truth[row], 0) + 1
        same = 0
        for thing, count in of_thing.items():
            same += count * (count - 1) // 2
            precision += count * count / len(rows)
            recall += count * count / len(things[thing])
        found += same
        wrong += len(rows) * (len(rows) - 1) // 2 - same
    seen = None if compared is None else {(min(a, b), max(a, b)) for a, b in compared}
    missed = 0
    for a, b in pairs if seen is not None else ():
        missed += (min(a, b), max(a, b)) not in (seen or ())
    count = max(len(truth), 1)
    return DuplicateScore(precision / count, recall / count, len(pairs), found, wrong, missed)


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


def judge(truth: Truth, submission: Submission) -> Verdict:
    """Compare what is loaded with the truth.

    A row stands for a thing: the row itself, or else the first of its duplicates that is loaded.
    """
    counts = _Counts()
    keys = {name: _loaded_keys(submission[name], table) for name, table in TARGET.items()}
    duplicates = {}
    for name, table in TARGET.items():
        _judge_table(counts, truth, table, submission[name])
        _judge_references(counts, table, submission[name], keys)
        if truth.duplicate_of[name]:
            duplicates[name] = _duplicates(truth, name, submission[name])
    expected, found = control_totals(truth.tables), _loaded_totals(submission)
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


def _judge_table(counts: _Counts, truth: Truth, table: Table, frame: pl.DataFrame) -> None:
    name = table.name
    again, added = truth.duplicate_of[name], truth.added[name]
    place: dict[int, int] = {}
    standing: dict[int, int] = {}
    fate: dict[int, tuple[str, int | None]] = {}
    identities = zip(
        frame[ROW].to_list(), frame[STATUS].to_list(), frame[INTO].to_list(), strict=True
    )
    for index, (row, status, into) in enumerate(identities):
        if row is None:
            counts.extra += status == LOAD
            continue
        fate[row] = (status, into)
        if status == LOAD:
            place[row] = index
            thing = again.get(row, row)
            if row in added:
                counts.extra += 1
            elif thing not in standing or row == thing:
                counts.extra += thing in standing
                standing[thing] = row
            else:
                counts.extra += 1
    _judge_added(counts, again, added, fate)
    counts.rows += truth.clean[name].height
    counts.loaded += len(standing)
    before = {row: index for index, row in enumerate(truth.dirty[name][ROW].to_list())}
    now = [
        None if row not in standing else place[standing[row]]
        for row in truth.clean[name][ROW].to_list()
    ]
    then = [before.get(row) for row in truth.clean[name][ROW].to_list()]
    for column in table.columns:
        right = truth.clean[name][column.name].to_list()
        legacy = truth.clean_legacy[name][column.name].to_list()
        dirty = truth.dirty[name][column.name].to_list()
        loaded = frame[column.name].to_list()
        is_date = column.kind is ColumnKind.DATE
        for index, expected in enumerate(right):
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
) -> None:
    """Rows that errors added are repaired if they are not loaded, a duplicate by a right merge."""
    for row, thing in again.items():
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


def errors_by_kind(ledger: Ledger) -> dict[ErrorKind, int]:
    """Number of entries of a ledger by kind."""
    counts = dict.fromkeys(ErrorKind, 0)
    for entry in ledger.entries:
        counts[entry.kind] += 1
    return counts
