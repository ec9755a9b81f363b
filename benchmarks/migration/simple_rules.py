"""Simple rules for duplicates, headers and dates, as anybody would write them first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from golive.core.arithmetic import plain_sum
from golive.scenarios.migration.vocabulary import TableName
from golive.sim.migration.habits import ROW, DateFormat, from_legacy_text, read_date
from golive.sim.migration.headers import labels, letters
from golive.sim.migration.truth import Truth

Similarity = Callable[[str, str], float]
COMPARED = ("name", "street", "city", "postcode", "phone", "email")
"""Fields of which the mean similarity is taken, where both rows have them."""
BLOCKED_BY = ("postcode", "phone", "email", "tax_id")
NAME_LETTERS = 5
PARSED_SHARE = 0.9
"""A format is taken if so many of a column's cells can be read in it."""


def similarity() -> tuple[str, Similarity]:
    """Similarity of two texts in [0, 1] and its name: RapidFuzz where it is installed."""
    try:
        from rapidfuzz import fuzz  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return "trigrams", trigram_similarity
    return "rapidfuzz", lambda a, b: fuzz.token_sort_ratio(a, b) / 100.0


def trigram_similarity(a: str, b: str) -> float:
    """Share of the pieces of three letters that two texts have in common (Dice)."""
    if a == b:
        return 1.0
    one, other = _trigrams(a), _trigrams(b)
    return 2.0 * len(one & other) / max(len(one) + len(other), 1)


def _trigrams(text: str) -> frozenset[str]:
    padded = f"  {text.lower()} "
    return frozenset(padded[index : index + 3] for index in range(len(padded) - 2))


def compared_pairs(truth: Truth, similar: Similarity) -> dict[tuple[int, int], float]:
    """Similarity of customers that have a key of blocking in common; 1 for equal tax numbers."""
    frame = from_legacy_text(truth.dirty, truth.habits)[TableName.CUSTOMERS]
    columns = [frame[name].to_list() for name in COMPARED]
    tax = frame["tax_id"].to_list()
    rows: list[int] = frame[ROW].to_list()
    blocks: dict[tuple[str, str], list[int]] = {}
    for index, name in enumerate(frame["name"].to_list()):
        key = letters(name or "")[:NAME_LETTERS]
        if key:
            blocks.setdefault(("name", key), []).append(index)
    for field in BLOCKED_BY:
        for index, cell in enumerate(frame[field].to_list()):
            if cell is not None:
                blocks.setdefault((field, cell), []).append(index)
    found: dict[tuple[int, int], float] = {}
    for block in blocks.values():
        for a, b in combinations(block, 2):
            pair = (min(rows[a], rows[b]), max(rows[a], rows[b]))
            if pair in found:
                continue
            if tax[a] is not None and tax[a] == tax[b]:
                found[pair] = 1.0
                continue
            scores = [
                similar(column[a].lower(), column[b].lower())
                for column in columns
                if column[a] is not None and column[b] is not None
            ]
            found[pair] = plain_sum(scores) / max(len(scores), 1)
    return found


def clusters_of(pairs: Mapping[tuple[int, int], float], threshold: float) -> dict[int, int]:
    """Clusters that the pairs above a threshold make."""
    root: dict[int, int] = {}

    def find(row: int) -> int:
        while root.setdefault(row, row) != row:
            row = root[row]
        return row

    for (a, b), score in pairs.items():
        if score >= threshold:
            root[find(a)] = find(b)
    return {row: find(row) for row in list(root)}


def matched_headers(headers: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """The column that each header is most like, each column once: names and first labels count."""
    scores = np.array(
        [
            [
                max(
                    trigram_similarity(letters(header), letters(word))
                    for word in (column, labels(column)[0])
                )
                for column in columns
            ]
            for header in headers
        ]
    )
    _, places = linear_sum_assignment(-scores)
    return tuple(columns[place] for place in places.tolist())


def parsed_format(cells: Sequence[str | None], month_first: bool) -> DateFormat | None:
    """The first format in which nearly all cells of a column can be read; None if there is none.

    Args:
        cells: of the column.
        month_first: which order is tried first, by the customer's country.
    """
    known = [cell for cell in cells if cell is not None]
    for form in _in_order(month_first):
        read = len([cell for cell in known if read_date(cell, form) is not None])
        if known and read >= PARSED_SHARE * len(known):
            return form
    return None


def _in_order(month_first: bool) -> Iterator[DateFormat]:
    yield from (DateFormat.ISO, DateFormat.COMPACT, DateFormat.DAY_DOT, DateFormat.DAY_DOT_SHORT)
    month = (DateFormat.MONTH_SLASH, DateFormat.MONTH_SLASH_SHORT)
    day = (DateFormat.DAY_SLASH, DateFormat.DAY_SLASH_SHORT)
    yield from (*month, *day) if month_first else (*day, *month)
