"""Maps the columns of a table's extracts to the target's, by names alone or by what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from ...core.arithmetic import plain_sum
from ...scenarios.migration.vocabulary import TableName
from .ground import Ground
from .headers import labels, letters
from .legality import illegal
from .operations import JoinTables, MapColumn
from .target import NUMBERS, TARGET, Column, ColumnKind, Table
from .workspace import OWN

if TYPE_CHECKING:
    import polars as pl

_NOT_DIGIT = re.compile(r"[/.-]")
_NUMBER = re.compile(r"-?[0-9][0-9.,' ]*-?")
LEAST_SIMILARITY = 0.12
"""Of a header and a label, below which names alone say nothing."""
Chosen = dict[str, tuple[str, float]]
"""Target column and similarity by header."""


@cache
def _trigrams(text: str) -> frozenset[str]:
    padded = f"  {letters(text)} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


@cache
def _similarity(header: str, column: str) -> float:
    """The best Dice coefficient of a header's trigrams with a label's or the column's name."""
    mine, best = _trigrams(header), 0.0
    for text in (column, *labels(column)):
        other = _trigrams(text)
        best = max(best, 2.0 * len(mine & other) / max(len(mine) + len(other), 1))
    return best


def by_names(
    headers: Sequence[str],
    columns: Sequence[str],
    fits: Callable[[str, str], bool] = lambda header, column: True,
) -> Chosen:
    """Headers assigned to columns, the most alike first, each once.

    Args:
        headers: of an extract.
        columns: of the target.
        fits: whether a header's values may be a column's; others are never assigned to it.
    """
    pairs = sorted(
        (-_similarity(header, column), place, other, header, column)
        for place, header in enumerate(headers)
        for other, column in enumerate(columns)
        if fits(header, column)
    )
    found: Chosen = {}
    taken: set[str] = set()
    for similar, _, _, header, column in pairs:
        if -similar >= LEAST_SIMILARITY and header not in found and column not in taken:
            found[header] = (column, -similar)
            taken.add(column)
    return found


def _fits(cells: Sequence[str | None], column: Column) -> bool:
    """True if values look like those of a column's kind, as far as that can be seen."""
    written = [cell for cell in cells[:60] if cell is not None]
    if not written:
        return True
    dates = mails = numbers = 0
    for cell in written:
        dates += len(_NOT_DIGIT.split(cell)) == 3 and cell.replace("/", "").isalnum()
        dates += len(cell) == 8 and cell[:2] in ("19", "20") and cell.isdigit()
        mails += "@" in cell
        numbers += bool(_NUMBER.fullmatch(cell))
    most = 0.6 * len(written)
    if column.kind is ColumnKind.DATE:
        return dates >= most
    if column.kind is ColumnKind.EMAIL:
        return mails >= most
    if column.kind in NUMBERS:
        return numbers >= most
    if column.choices:
        return len(set(written)) <= 2 * len(column.choices) + 12
    return dates < most and mails < most


def map_table(
    ground: Ground, table: TableName, known: Callable[[int], bool] | None
) -> tuple[int, float]:
    """Map a table's extracts, and join those that the old system keeps apart.

    Args:
        ground: whose table it is; what was done with the table before is taken back.
        table: that is mapped.
        known: whether a key user knows what the n-th column is; None: names alone decide.

    Returns:
        Number of operations, and how alike headers and names are in the mean, 0 to 1.
    """
    if ground.section(table) is not None or any(one in ground.mapped for one in
                                                ground.sections[table]):  # fmt: skip
        ground.begin_anew(table)
    count, similar = 0, []
    number = 0
    for section in ground.sections[table]:
        headers = [name for name in ground.frames[section].columns if name not in OWN]
        origin = dict(zip(headers, ground.origins[section].columns, strict=True))
        names = {f"{table}.{name}": name for name in TARGET[table].names}
        there = {names[header] for header in headers if header in names}  # named so by chance
        told: dict[str, str] = {}
        for header in headers:
            if known is not None and known(number):
                told[header] = origin[header]
            number += 1
        left = [one for one in TARGET[table].names if one not in {*told.values(), *there}]
        unsure = [one for one in headers if one not in told]
        if known is None:
            guessed = by_names(unsure, left)
        else:
            frame, target = ground.frames[section], TARGET[table]

            def fits(
                header: str, column: str, frame: pl.DataFrame = frame, target: Table = target
            ) -> bool:
                return _fits(frame[header].to_list(), target[column])

            guessed = by_names(unsure, left, fits)
        similar += [guessed[one][1] if one in guessed else 0.0 for one in headers
                    if one not in told]  # fmt: skip
        similar += [1.0] * len(told)
        chosen = told | {header: column for header, (column, _) in guessed.items()}
        chosen = {header: column for header, column in chosen.items() if column not in there}
        count += ground.apply(
            MapColumn(table=section, column=header, to_table=table, to_column=column)
            for header, column in chosen.items()
        )
    count += _join(ground, table)
    for section in ground.sections[table]:
        if section in ground.frames:
            ground.note_mapped(section)
    return count, plain_sum(similar) / max(len(similar), 1)


def _join(ground: Ground, table: TableName) -> int:
    """Join the second part of a table to the first, where keys and columns allow it."""
    if len(ground.sections[table]) < 2:
        return 0
    first, second = ground.sections[table]
    key = f"{table}.{TARGET[table].key[0]}"
    operation = JoinTables(table=first, other=second, key=key, other_key=key)
    if key not in ground.frames[first].columns or illegal(ground.frames, operation):
        return 0
    return ground.apply([operation])
