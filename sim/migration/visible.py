"""Counts that anybody can make in a mapped table: gaps, unreadable cells, likely duplicates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.arithmetic import whole_sum
from ...scenarios.migration.vocabulary import TableName
from .habits import ROW, DateFormat, read_date, read_number
from .target import DIGITS, TARGET, Column, ColumnKind, Table
from .workspace import LOAD, STATUS, Frames

if TYPE_CHECKING:
    import polars as pl

NAMES = {TableName.CUSTOMERS: "name", TableName.VENDORS: "name", TableName.ITEMS: "description"}
"""Column by which rows of a table may be recognised as one thing."""
EVIDENCE = ("tax_id", "phone", "email", "barcode", "postcode")
"""Columns that speak for one thing where two rows have the same value."""
DEFAULTS = frozenset({"TBD", "unknown", "xxx", "?", "see file", "000-000-0000", "1970-01-01",
                      "9999999", "99999.99", "9999.999", "99999.990"})  # fmt: skip
"""Values that forms had to have when nobody knew them, in the target's form."""
_FORMS = frozenset(
    [
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "company",
        "ltd",
        "limited",
        "llc",
        "gmbh",
        "kg",
        "ag",
        "sa",
        "sarl",
        "sas",
        "ab",
        "plc",
        "and",
    ]
)
Cells = dict[str, list[str | None]]


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares of a mapped table's rows or cells, 0 to 1.

    Attributes:
        gaps: mandatory cells that are empty.
        unreadable: dates, numbers and choices that are none in the target.
        days_first: dates not yet read whose first part is above 12.
        months_first: those whose second part is.
        defaults: cells that say that nobody knew.
        alike: rows whose name another row has, nearly.
        same_name: rows whose name another row in the same country has, to the letter.
        proven: of those that are alike, those that share more than the name.
        open_references: references to nothing.
        refused: rows that the target would refuse.
    """

    gaps: float
    unreadable: float
    days_first: float
    months_first: float
    defaults: float
    alike: float
    same_name: float
    proven: float
    open_references: float
    refused: float


_lists: dict[tuple[int, TableName], tuple[pl.DataFrame, list[int], Cells]] = {}
_MOST_LISTS = 64


def cells_of(frames: Frames, section: str, table: Table) -> tuple[list[int], Cells]:
    """Rows that are to be loaded, and their cells by target column; an unmapped one is absent.

    The lists are kept as long as the table is the same one: they are only to be read.
    """
    import polars as pl

    whole = frames[section]
    key = (id(whole), table.name)
    known = _lists.get(key)
    if known is not None and known[0] is whole:
        return known[1], known[2]
    frame = whole.filter(pl.col(STATUS) == LOAD)
    found = {
        name: frame[f"{table.name}.{name}"].to_list()
        for name in table.names
        if f"{table.name}.{name}" in frame.columns
    }
    rows = frame[ROW].to_list()
    while len(_lists) >= _MOST_LISTS:
        del _lists[next(iter(_lists))]
    _lists[key] = whole, rows, found
    return rows, found


def readable(cell: str, column: Column) -> bool:
    """True if a cell is one of its column's kind in the target."""
    if column.kind is ColumnKind.DATE:
        return read_date(cell, DateFormat.ISO) is not None
    if column.kind in DIGITS:
        return read_number(cell, DIGITS[column.kind], ".", "") == cell
    return not column.choices or cell in column.choices


def defects(table: Table, cells: Cells) -> Iterator[tuple[int, str, bool]]:
    """Place, column, and whether it is a gap, of each cell that the target would refuse."""
    for column in table.columns:
        known: dict[str, bool] = {}
        for place, cell in enumerate(cells.get(column.name, ())):
            if cell is None:
                if column.mandatory:
                    yield place, column.name, True
                continue
            if cell not in known:
                known[cell] = readable(cell, column)
            if not known[cell]:
                yield place, column.name, False


def keys_of(frames: Frames, sections: Mapping[TableName, str | None]) -> dict[TableName, set[str]]:
    """Keys of the rows that are to be loaded, of each mapped table."""
    found: dict[TableName, set[str]] = {}
    for table, section in sections.items():
        if section is not None:
            _, cells = cells_of(frames, section, TARGET[table])
            found[table] = {one for one in cells[TARGET[table].key[0]] if one is not None}
    return found


def open_references(
    table: Table, cells: Cells, keys: Mapping[TableName, set[str]]
) -> Iterator[tuple[int, str, str]]:
    """Place, column and value of references to nothing, of tables that are mapped."""
    for column in table.references:
        if column.refers is None or column.refers not in keys:
            continue
        own = keys[column.refers]
        for place, cell in enumerate(cells.get(column.name, ())):
            if cell is not None and cell not in own:
                yield place, column.name, cell


def stem(text: str) -> str:
    """The part that two spellings of a name have in common: its words without legal forms."""
    plain = "".join(letter if letter.isalnum() else " " for letter in text.lower())
    words = [word for word in plain.split() if word not in _FORMS]
    return " ".join(words[:2]) if len(words) > 1 else plain.strip()


def alike(table: TableName, cells: Cells) -> list[list[int]]:
    """Places of rows with names that are alike, two at least a group."""
    column = NAMES.get(table)
    if column is None or column not in cells:
        return []
    groups: dict[str, list[int]] = defaultdict(list)
    variants = cells.get("variant") if table is TableName.ITEMS else None
    for place, text in enumerate(cells[column]):
        if text:
            key = stem(text) if variants is None else f"{text.lower()}|{variants[place]}"
            groups[key].append(place)
    return [group for group in groups.values() if len(group) > 1]


def proven(cells: Cells, group: list[int]) -> list[list[int]]:
    """Parts of a group of alike rows that share a value of a column of evidence."""
    parent = {place: place for place in group}

    def root(place: int) -> int:
        while parent[place] != place:
            place = parent[place]
        return place

    for column in EVIDENCE:
        first: dict[str, int] = {}
        for place in group:
            value = cells[column][place] if column in cells else None
            if value is not None and value not in DEFAULTS:
                a, b = root(first.setdefault(value, place)), root(place)
                parent[max(a, b)] = min(a, b)
    parts: dict[int, list[int]] = defaultdict(list)
    for place in group:
        parts[root(place)].append(place)
    return [part for part in parts.values() if len(part) > 1]


def same_name(cells: Cells, group: list[int]) -> list[list[int]]:
    """Parts of a group of alike rows that have the same name in the same country."""
    names = cells.get("name", cells.get("description", []))
    countries = cells.get("country")
    parts: dict[str, list[int]] = defaultdict(list)
    for place in group:
        letters = "".join(one for one in (names[place] or "").lower() if one.isalnum())
        parts[f"{letters}|{countries[place] if countries else None}"].append(place)
    return [part for part in parts.values() if len(part) > 1]


def profile_of(
    frames: Frames, section: str, table: Table, keys: Mapping[TableName, set[str]]
) -> Profile:
    """Count in a mapped table."""
    rows, cells = cells_of(frames, section, table)
    count = max(len(rows), 1)
    refused, gaps, unreadable = set(), 0, 0
    for place, _, gap in defects(table, cells):
        refused.add(place)
        gaps += gap
        unreadable += not gap
    opened = list(open_references(table, cells, keys))
    refused.update(place for place, _, _ in opened)
    days, months, dates = _order_evidence(table, cells)
    groups = alike(table.name, cells)
    parts = [part for group in groups for part in proven(cells, group)]
    same = [part for group in groups for part in same_name(cells, group)]
    some = count * max(len(cells), 1)
    in_groups, in_parts = (whole_sum(map(len, some_groups)) for some_groups in (groups, parts))
    values = Counter(cell in DEFAULTS for column in cells.values() for cell in column)
    references = count * max(len(table.references), 1)
    return Profile(
        gaps / some,
        unreadable / some,
        days / dates,
        months / dates,
        values[True] / some,
        in_groups / count,
        whole_sum(map(len, same)) / count,
        in_parts / max(in_groups, 1),
        len(opened) / references,
        len(refused) / count,
    )


def _order_evidence(table: Table, cells: Cells) -> tuple[int, int, int]:
    """Dates with slashes that say that days come first, that months do, and all dates."""
    days = months = dates = 0
    for column in table.of_kind(ColumnKind.DATE):
        for cell in cells.get(column.name, ()):
            if cell is None:
                continue
            dates += 1
            parts = cell.split("/")
            if len(parts) == 3 and parts[0].isdigit() and parts[1].isdigit():
                days += int(parts[0]) > 12
                months += int(parts[1]) > 12
    return days, months, max(dates, 1)
