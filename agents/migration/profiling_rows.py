"""Finds errors among the rows of a table: keys, duplicates, rows that are nearly the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from .profiling_findings import Finding, FindingKind
from .profiling_values import ColumnFacts, ValueType

if TYPE_CHECKING:
    import polars as pl

_KEY_TYPES = (ValueType.CODE, ValueType.WHOLE, ValueType.TEXT)
_NEARLY = 0.97
"""Distinct values per row from which on a column of codes was meant to be a key."""
_COLUMNS_OF_KEYS = 6
"""Columns from the left among which a key of several is looked for."""
_MOST_BLOCK = 12
"""Rows with the same value; more of them have it for another reason than being one thing."""
_MOST_PAIRS = 50_000
_LEAST_LETTERS = 5
_LEAST_SURE = 0.05
_NAMES = (ValueType.TEXT, ValueType.EMAIL)


def row_findings(columns: Sequence[pl.Series], facts: Sequence[ColumnFacts]) -> Iterator[Finding]:
    """Findings among the rows of a table."""
    import polars as pl

    height = len(columns[0])
    if height < 2:
        return
    frame = pl.DataFrame(list(columns))
    whole = frame.is_duplicated()
    doubled = height - frame.n_unique() if bool(whole.any()) else 0
    if doubled:
        says = "rows that stand again, cell by cell"
        yield Finding(FindingKind.DUPLICATE_ROWS, "", doubled, 0.99, says)
        frame = frame.unique(maintain_order=True)
    keys = _keys(frame, facts)
    yield from keys
    yield from _near_duplicates(
        frame, facts, {one.column for one in keys if one.kind is FindingKind.KEY}
    )


def _keys(frame: pl.DataFrame, facts: Sequence[ColumnFacts]) -> list[Finding]:
    """The columns that tell the rows apart, and those that were meant to."""
    height = frame.height
    found = []
    for place, one in enumerate(facts):
        if one.type not in _KEY_TYPES or one.empty or one.filled < one.height:
            continue
        again = height - min(one.distinct, height)
        # Few rows are told apart by anything; a text or one further right is less often a key.
        sure = height / (height + 5.0) * (1.0 if place == 0 else 0.8)
        sure *= 1.0 if one.type is ValueType.CODE else 0.9 if one.type is ValueType.WHOLE else 0.5
        if not again:
            says = "tells the rows apart"
            found.append(Finding(FindingKind.KEY, one.name, height, round(sure, 2), says))
        elif again <= (1.0 - _NEARLY) * height and one.type is not ValueType.TEXT:
            values = one.counts.filter(one.counts["count"] > 1).sort("count", descending=True)
            says = f"{values.height:,} values stand in more than one row"
            examples = tuple(values["text"].head(3).to_list())
            found.append(
                Finding(FindingKind.BROKEN_KEY, one.name, again, round(sure, 2), says, examples)
            )
    if not found:
        found = _composite(frame, facts)
    return found


def _composite(frame: pl.DataFrame, facts: Sequence[ColumnFacts]) -> list[Finding]:
    names = [one.name for one in facts if one.type in _KEY_TYPES or one.type is ValueType.CHOICE]
    names = names[:_COLUMNS_OF_KEYS]
    for count in (2, 3):
        for some in combinations(names, count):
            if frame.select(some).n_unique() == frame.height:
                says = f"tells the rows apart together with {', '.join(some[1:])}"
                sure = round(frame.height / (frame.height + 5.0) * 0.7, 2)
                return [Finding(FindingKind.KEY, some[0], frame.height, sure, says)]
    return []


def _near_duplicates(
    frame: pl.DataFrame, facts: Sequence[ColumnFacts], keys: set[str]
) -> Iterator[Finding]:
    """Rows with the same rare value that are alike in more columns than chance explains.

    A pair of rows is found by a value that few others have, and counts where most of the other
    columns that tell rows apart agree. Each agreement is worth its probability by chance, the sum
    of the squared shares of the column's values.
    """
    telling = [
        (place, one)
        for place, one in enumerate(facts)
        if one.name not in keys
        and one.type not in (ValueType.EMPTY, ValueType.DATE, ValueType.CHOICE)
        and one.uniqueness >= 0.5
        and one.filled >= 0.3 * one.height
    ]
    texts = [(p, one) for p, one in telling if one.type in _NAMES]
    if len(telling) < 2 or not texts:
        return
    folded = {p: _folded(frame.to_series(p).to_list()) for p, _ in telling}
    pairs: Counter[tuple[int, int]] = Counter()
    for place, one in telling:
        if one.type is ValueType.DECIMAL:
            continue
        blocks: dict[str, list[int]] = {}
        for row, value in enumerate(folded[place]):
            if len(value) >= _LEAST_LETTERS:
                blocks.setdefault(value, []).append(row)
        for rows in blocks.values():
            if 1 < len(rows) <= _MOST_BLOCK:
                pairs.update(combinations(rows, 2))
        if len(pairs) > _MOST_PAIRS:
            return
    need = 2 if len(telling) < 5 else 3
    alike = []
    for (a, b), count in pairs.items():
        close = 0
        if count < need:
            for place, _ in texts:
                close += _close(folded[place][a], folded[place][b])
        if count + close >= need:
            alike.append((a, b))
    if not alike:
        return
    chance = _pairs_by_chance(frame.height, [one for _, one in telling], need)
    sure = round(min(max(1.0 - chance / len(alike), 0.0), 0.97), 2)
    if sure < _LEAST_SURE:
        return
    again = {b for _, b in alike}
    place = texts[0][0]
    first = alike[0]
    examples = tuple(str(frame.to_series(place)[row]) for row in first)
    says = f"{len(alike):,} pairs of rows agree in {need} or more of {len(telling)} telling columns"
    yield Finding(FindingKind.NEAR_DUPLICATES, "", len(again), sure, says, examples)


def _folded(values: Sequence[str | None]) -> list[str]:
    return ["".join(filter(str.isalnum, (value or "").lower())) for value in values]


def _close(a: str, b: str) -> bool:
    """True for texts most of whose pairs of letters are the same, and which are not the same."""
    if a == b or min(len(a), len(b)) < _LEAST_LETTERS:
        return False
    one = {a[place : place + 2] for place in range(len(a) - 1)}
    other = {b[place : place + 2] for place in range(len(b) - 1)}
    return 2 * len(one & other) >= 0.75 * (len(one) + len(other))


def _pairs_by_chance(height: int, telling: Sequence[ColumnFacts], need: int) -> float:
    """Pairs that would agree in so many columns if the columns had nothing to do with one another.

    The commonest agreement is of the columns with the largest probabilities.
    """
    chances = []
    for one in telling:
        total = max(one.filled, 1)
        squares = one.counts["count"].cast(float)
        chances.append(float((squares * squares).sum() - total) / max(total * (total - 1), 1))
    expected = height * (height - 1) / 2.0
    combined = 0.0
    for some in combinations(sorted(chances), need):
        product = 1.0
        for chance in some:
            product *= chance
        combined += product
    return expected * combined
