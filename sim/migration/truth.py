"""The truth of a customer's data: clean, with errors, and how one became the other.

Agents never see it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...scenarios.migration.scenario import MigrationScenario
from ...scenarios.migration.vocabulary import ErrorKind, TableName
from .clean import Tables, make_tables
from .extracts import Extracts, make_extracts
from .habits import Habit, TextTables, canonical_text, habits_of, legacy_text
from .headers import HeaderSplit
from .injection import with_errors
from .ledger import Ledger
from .target import TARGET


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


def errors_by_kind(ledger: Ledger) -> dict[ErrorKind, int]:
    """Number of entries of a ledger by kind."""
    counts = dict.fromkeys(ErrorKind, 0)
    for entry in ledger.entries:
        counts[entry.kind] += 1
    return counts
