"""Partners that may be left behind: nothing is open, nothing refers to them, and they are old.

What law demands stays: who has a balance, or stands in a document or an item, is never one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ...scenarios.migration.vocabulary import TableName
from .habits import DateFormat, read_date
from .target import TARGET

if TYPE_CHECKING:
    from .truth import Truth

ARCHIVED = (TableName.VENDORS, TableName.CUSTOMERS)
"""Tables whose old rows may be left behind."""
KEPT_YEARS = 6
"""Retention of business letters in German commercial law (HGB, section 257); ten for vouchers."""
_LOOKED_AT = ("balance", "created_on")
_NOTHING_OPEN = ("0.00", "0")
Column = Sequence[str | None]


def obsolete_places(cells: Mapping[str, Column], key: str, used: set[str], as_of: str) -> list[int]:
    """Places of rows that may be left behind.

    Args:
        cells: by column of the target; rows without the columns that must be looked at stay.
        key: column of their numbers.
        used: numbers that something refers to.
        as_of: day of the extract, as ``2026-06-30``.
    """
    if not {key, *_LOOKED_AT} <= cells.keys():
        return []
    latest = f"{int(as_of[:4]) - KEPT_YEARS}{as_of[4:]}"
    rows = zip(cells[key], cells["balance"], cells["created_on"], strict=True)
    return [
        place
        for place, (number, balance, created) in enumerate(rows)
        if number is not None
        and number not in used
        and balance in _NOTHING_OPEN
        and created is not None
        and read_date(created, DateFormat.ISO) is not None
        and created <= latest
    ]


def referred_to(table: TableName, columns: Iterable[tuple[TableName, str, Column]]) -> set[str]:
    """Numbers of a table's rows that columns of others refer to.

    Args:
        table: that is referred to.
        columns: table, name and cells.
    """
    found: set[str] = set()
    for name, column, cells in columns:
        if TARGET[name][column].refers is table:
            found.update(cell for cell in cells if cell is not None)
    return found


def obsolete_rows(truth: Truth, as_of: str) -> dict[TableName, frozenset[int]]:
    """Latent: identities of the clean rows that may be left behind, by table."""
    found = {}
    for table in ARCHIVED:
        columns = (
            (name, column.name, truth.clean[name][column.name].to_list())
            for name, other in TARGET.items()
            for column in other.references
        )
        used, key = referred_to(table, columns), TARGET[table].key[0]
        cells = {name: truth.clean[table][name].to_list() for name in (key, *_LOOKED_AT)}
        found[table] = frozenset(obsolete_places(cells, key, used, as_of))
    return found
