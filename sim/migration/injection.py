"""Puts errors into clean tables, correlated by what caused them, and writes them down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.distributions import beta_table
from ...scenarios.migration.scenario import HIGHEST_RATE, MigrationScenario
from ...scenarios.migration.vocabulary import Cause, ErrorKind, TableName
from .dates import TAKEOVER_SHARE, ordinal
from .difficulty import difficulty
from .duplicates import add_duplicates
from .error_makers import MAKERS, Spot, broken
from .habits import Habit, TextTables
from .ledger import Book, Ledger, Sheet
from .luck import Luck
from .target import TARGET, Column, Table

CARELESS_SHARE, OTHER_SITE_SHARE = 0.2, 0.25
"""Rows that a careless clerk typed, and those of a site with habits of its own (estimates)."""
CLEAN_COLUMN_SHARE = 0.35
COLUMN_SHAPES = (0.6, 5.0)
"""Error rates of columns: zero in so many, else a beta distribution (estimate on six public
tables, in which the worse half of the columns has four fifths of the errors)."""
GROUP_SHARE = {
    Cause.CARELESS_CLERK: CARELESS_SHARE,
    Cause.OLD_IMPORT: TAKEOVER_SHARE,
    Cause.SITE: OTHER_SITE_SHARE,
}
CAUSE_OF: dict[ErrorKind, Cause] = {
    ErrorKind.DUPLICATE: Cause.CARELESS_CLERK,
    ErrorKind.MISSING_BOM_LINE: Cause.SITE,
    ErrorKind.BOM_CYCLE: Cause.CARELESS_CLERK,
    ErrorKind.ORPHAN_KEY: Cause.OLD_IMPORT,
    ErrorKind.MISSING_COST: Cause.SITE,
    ErrorKind.WRONG_TOTAL: Cause.CARELESS_CLERK,
    ErrorKind.SWAPPED_COLUMNS: Cause.CARELESS_CLERK,
    ErrorKind.STALE: Cause.OLD_IMPORT,
    ErrorKind.WRONG_VALID_VALUE: Cause.CARELESS_CLERK,
    ErrorKind.UNIT_SCALE: Cause.SITE,
    ErrorKind.SIGN_FLIPPED: Cause.SITE,
    ErrorKind.DATE_ORDER: Cause.SITE,
    ErrorKind.DATE_FORMAT: Cause.OLD_IMPORT,
    ErrorKind.DECIMAL_MARK: Cause.SITE,
    ErrorKind.MISSING_VALUE: Cause.CARELESS_CLERK,
    ErrorKind.DEFAULT_AS_MISSING: Cause.OLD_IMPORT,
    ErrorKind.LEADING_ZERO_LOST: Cause.OLD_IMPORT,
    ErrorKind.SCIENTIFIC_NOTATION: Cause.OLD_IMPORT,
    ErrorKind.SPECIAL_CHARACTER: Cause.CARELESS_CLERK,
    ErrorKind.INCONSISTENT_NAME: Cause.SITE,
    ErrorKind.TYPO: Cause.CARELESS_CLERK,
    ErrorKind.OCR: Cause.OLD_IMPORT,
    ErrorKind.LOST_CHARACTER: Cause.OLD_IMPORT,
    ErrorKind.MOJIBAKE: Cause.OLD_IMPORT,
}
"""Cause that errors of a kind have, where they have one in common."""
ONLY_IN: dict[ErrorKind, frozenset[tuple[TableName, str]]] = {
    ErrorKind.MISSING_COST: frozenset(
        (TableName.COSTS, name) for name in ("material_cost", "labour_cost", "standard_cost")
    ),
    ErrorKind.WRONG_TOTAL: frozenset(
        {(TableName.SALES_ORDERS, "total"), (TableName.PURCHASE_ORDERS, "total")}
    ),
}
"""Kinds that befall certain columns only."""
SWAPS: dict[TableName, tuple[tuple[str, str], ...]] = {
    TableName.CUSTOMERS: (("street", "city"), ("name", "contact"), ("postcode", "phone")),
    TableName.VENDORS: (("street", "city"), ("name", "contact"), ("postcode", "phone")),
    TableName.ITEMS: (("description", "item_group"), ("barcode", "vendor_number")),
    TableName.COSTS: (("material_cost", "labour_cost"),),
    TableName.SALES_LINES: (("quantity", "price"),),
    TableName.PURCHASE_LINES: (("quantity", "price"),),
}
"""Columns whose cells are taken for each other."""
SAFE = frozenset({TableName.LEDGER_BALANCES, TableName.WORK_CENTRES})
"""Tables too small to be wrong: somebody looks at every row."""


@dataclass(frozen=True, slots=True)
class DirtyTables:
    """Tables with errors, as text in the habits of their systems, and what the errors are."""

    tables: TextTables
    ledger: Ledger


def with_errors(
    scenario: MigrationScenario, seed: int, clean: TextTables, habits: Mapping[TableName, Habit]
) -> DirtyTables:
    """Put errors into tables.

    Args:
        scenario: whose rates, correlation and difficulty count.
        seed: in ``[0, 2**64)``; equal ones give equal errors.
        clean: tables in the habits of their systems (``legacy_text``).
        habits: of the systems.
    """
    book = Book({name: Sheet(frame) for name, frame in clean.items()})
    rates = _Rates(scenario, seed)
    for name, table in TARGET.items():
        if name not in SAFE:
            chosen = rates.chosen(table, ErrorKind.DUPLICATE, book)
            add_duplicates(
                book, name, chosen, habits[name], scenario.difficulty, ordinal(scenario.as_of), seed
            )
    _bills(book, rates)
    for kind in ErrorKind:
        for name, table in TARGET.items():
            if name not in SAFE and kind not in _ROW_KINDS:
                _cells(book, rates, kind, table, habits[name])
    return DirtyTables({name: sheet.frame() for name, sheet in book.sheets.items()}, book.ledger())


_ROW_KINDS = (ErrorKind.DUPLICATE, ErrorKind.MISSING_BOM_LINE, ErrorKind.BOM_CYCLE)


class _Rates:
    """Rows that errors befall: a kind's rate is kept, and its cause's rows have more of it."""

    def __init__(self, scenario: MigrationScenario, seed: int) -> None:
        self.scenario, self.luck = scenario, Luck(seed, "errors")
        self.factor = difficulty(scenario.difficulty).rate_factor

    def chosen(self, table: Table, kind: ErrorKind, book: Book) -> dict[int, Cause]:
        """Rows that an error befalls, in order, each with its cause."""
        rate = self.scenario.error_rate(kind, table.data_object)
        if kind is not ErrorKind.DUPLICATE:
            rate = min(rate * self.factor, HIGHEST_RATE)
        rows = book.sheets[table.name].rows
        if not rate or not rows:
            return {}
        size, name = rows[-1] + 1, f"{table.name}/{kind}"
        inside = self._group(CAUSE_OF[kind], table.name, size)
        share = GROUP_SHARE[CAUSE_OF[kind]]
        correlation = self.scenario.correlation
        # The mean over both groups of rows is the rate, whatever the correlation.
        high = min(rate * (1.0 - correlation + correlation / share), 0.95)
        low = (rate - share * high) / (1.0 - share)
        befallen = self.luck.uniforms(name, size) < np.where(inside, high, low)
        caused = inside & (self.luck.uniforms(f"{name}/cause", size) * high < high - low)
        return {
            row: CAUSE_OF[kind] if caused[row] else Cause.CHANCE for row in rows if befallen[row]
        }

    def _group(self, cause: Cause, table: TableName, size: int) -> NDArray[np.bool_]:
        """True for rows that a cause touched; an import is a block at the beginning."""
        if cause is Cause.OLD_IMPORT:
            return np.asarray(np.arange(size) < size * TAKEOVER_SHARE, dtype=np.bool_)
        # Of all kinds alike: the same clerk's rows have typos and missing values.
        return self.luck.chances(f"{table}/{cause}", size, GROUP_SHARE[cause])

    def column_weights(self, table: Table, kind: ErrorKind, columns: Sequence[Column]) -> list[int]:
        """Whole weight of each column: errors are not spread evenly."""
        weights = []
        for column in columns:
            whom = table.names.index(column.name)
            name = f"{table.name}/{kind}/column"
            clean = self.luck.uniform(f"{name}/clean", whom) < CLEAN_COLUMN_SHARE
            share = beta_table(*COLUMN_SHAPES).at(self.luck.uniform(name, whom))
            weights.append(0 if clean else 1 + int(share * 1_000_000))
        return weights if any(weights) else [1] * len(columns)


def _bills(book: Book, rates: _Rates) -> None:
    """Lines of bills that are missing, and lines that close a circle."""
    table, name = TARGET[TableName.BOM_LINES], TableName.BOM_LINES
    sheet = book.sheets[name]
    lines: dict[str | None, list[str | None]] = {}
    for parent, part in zip(sheet.columns["item_number"], sheet.columns["component"], strict=True):
        lines.setdefault(parent, []).append(part)
    for row, cause in rates.chosen(table, ErrorKind.BOM_CYCLE, book).items():
        cells = dict(zip(sheet.names, sheet.cells(row), strict=True))
        parent = cells["item_number"]
        # Below a part of its own that is made itself, else directly below itself.
        place = next((part for part in lines[parent] if part in lines), parent)
        position = str(10 * len(lines[place]) + 995)
        lines[place].append(parent)
        closing = {**cells, "item_number": place, "component": parent, "position": position}
        book.add(name, tuple(closing[one] for one in sheet.names), ErrorKind.BOM_CYCLE, cause)
    original = {entry.row for entry in book.entries if entry.table is name}
    gone = rates.chosen(table, ErrorKind.MISSING_BOM_LINE, book)
    book.remove(
        name,
        {row: cause for row, cause in gone.items() if row not in original},
        ErrorKind.MISSING_BOM_LINE,
    )


def _cells(book: Book, rates: _Rates, kind: ErrorKind, table: Table, habit: Habit) -> None:
    chosen = rates.chosen(table, kind, book)
    if not chosen:
        return
    sheet, size = book.sheets[table.name], book.sheets[table.name].rows[-1] + 1
    name = f"{table.name}/{kind}"
    u, v, w = (rates.luck.uniforms(f"{name}/{one}", size).tolist() for one in "uvw")
    if kind is ErrorKind.SWAPPED_COLUMNS:
        _swaps(book, table, chosen, u)
        return
    columns = _columns(table, kind)
    if not columns:
        return
    weights = rates.column_weights(table, kind, columns)
    keys = _known_keys(book, columns) if kind is ErrorKind.ORPHAN_KEY else {}
    for row, cause in chosen.items():
        for column in _in_turn(columns, weights, w[row]):
            text = sheet.cell(row, column.name)
            if text is None:
                continue
            after = _after(kind, text, Spot(column, habit, u[row], v[row]), keys)
            if after != text:
                book.change(table.name, row, column.name, kind, after, cause)
                break


def _columns(table: Table, kind: ErrorKind) -> tuple[Column, ...]:
    """Columns of a table that an error can befall."""
    if kind is ErrorKind.MISSING_VALUE:
        return tuple(c for c in table.columns if c.name not in table.key)
    if kind is ErrorKind.ORPHAN_KEY:
        return table.references
    columns = table.of_kind(*MAKERS[kind][0])
    if kind in ONLY_IN:
        return tuple(c for c in columns if (table.name, c.name) in ONLY_IN[kind])
    if kind is ErrorKind.DEFAULT_AS_MISSING:
        return tuple(c for c in columns if c.name not in table.key)
    return columns


def _in_turn(columns: Sequence[Column], weights: Sequence[int], u: float) -> Iterator[Column]:
    """A column drawn by weight, then those behind it that have any, in a circle."""
    total = 0
    for weight in weights:
        total += weight
    place, first = u * total, 0
    for first, weight in enumerate(weights):  # noqa: B007
        place -= weight
        if place < 0:
            break
    for step in range(len(columns)):
        index = (first + step) % len(columns)
        if weights[index]:
            yield columns[index]


def _after(
    kind: ErrorKind, text: str, spot: Spot, keys: Mapping[str, frozenset[str | None]]
) -> str | None:
    """What a cell becomes; its own text if the error cannot befall it."""
    if kind is ErrorKind.MISSING_VALUE or (kind is ErrorKind.MISSING_COST and spot.v < 0.5):
        return None
    if kind is ErrorKind.ORPHAN_KEY:
        gone = f"{'19X'[int(spot.u * 3)]}{text}"
        return text if gone in keys[spot.column.name] else gone
    found = broken(kind, text, spot)
    return text if found is None else found


def _known_keys(book: Book, columns: Sequence[Column]) -> dict[str, frozenset[str | None]]:
    return {
        column.name: frozenset(book.sheets[column.refers].columns[TARGET[column.refers].key[0]])
        for column in columns
        if column.refers
    }


def _swaps(book: Book, table: Table, chosen: Mapping[int, Cause], u: Sequence[float]) -> None:
    pairs = SWAPS.get(table.name, ())
    for row, cause in chosen.items() if pairs else ():
        a, b = pairs[int(u[row] * len(pairs))]
        first, second = (book.sheets[table.name].cell(row, one) for one in (a, b))
        if first is not None and second is not None and first != second:
            for column, after in ((a, second), (b, first)):
                book.change(table.name, row, column, ErrorKind.SWAPPED_COLUMNS, after, cause)
