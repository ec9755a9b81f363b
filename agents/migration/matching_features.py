"""Features of a column for a matcher: hashed pieces of its header, and figures of its values.

Where a column stands in its table is no feature: files come in any order.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...sim.migration.target import BULK_UNITS, COUNTRIES, CURRENCIES, TARGET, TERMS, UNITS
from .profiling_values import ColumnFacts, ValueType

if TYPE_CHECKING:
    import polars as pl

HEADER_BUCKETS = 4_096
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VOWELS = re.compile("(?<!^)[aeiouy]")


def header_words(text: str) -> list[str]:
    """The words of a header in lower case without accents; ``CamelCase`` is two."""
    bare = unicodedata.normalize("NFKD", text)
    return [word.lower() for word in _WORDS.findall("".join(s for s in bare if s.isascii()))]


def header_features(text: str) -> NDArray[np.int64]:
    """Buckets of the pieces of a header, each once.

    Pieces are words, runs of two to four letters of each word and of all of them together, and the
    same of what is left without vowels, since that is how people abbreviate.
    """
    words = header_words(text)
    whole = "".join(words)
    pieces = {f"w:{word}" for word in words} | {f"h:{whole}"}
    pieces |= {f"p:{a} {b}" for a, b in pairwise(words)}
    for word in (*words, whole):
        bare = _VOWELS.sub("", word)
        pieces.add(f"b:{bare}")
        pieces |= {f"v{piece}" for piece in _runs(bare, (2, 3))}
        pieces |= _runs(word, (2, 3, 4))
    return np.unique(
        np.array([zlib.crc32(piece.encode()) % HEADER_BUCKETS for piece in pieces], dtype=np.int64)
    )


def _runs(word: str, sizes: Sequence[int]) -> set[str]:
    padded = f"^{word}$"
    return {
        padded[place : place + size]
        for size in sizes
        for place in range(max(len(padded) - size + 1, 1))
    }


CODE_LISTS: dict[str, frozenset[str]] = {
    "countries": frozenset(one.lower() for one in COUNTRIES),
    "currencies": frozenset(one.lower() for one in CURRENCIES),
    "terms": frozenset(one.lower() for one in TERMS),
    "units": frozenset(UNITS),
    "bulk units": frozenset(BULK_UNITS),
    **{
        f"{name}.{column.name}": frozenset(one.lower() for one in column.choices)
        for name, table in TARGET.items()
        for column in table.columns
        if column.choices
        and column.choices not in (COUNTRIES, CURRENCIES, TERMS, UNITS, BULK_UNITS)
    },
}
"""Lists of codes that values may be of, by name."""
_SHAPES = {
    "legal form": r"(?i)\b(?:inc|corp|ltd|llc|co|gmbh|ag|kg|s\.?a|s\.?l|sarl|ab|plc|company)\b\.?",
    "street": r"(?i)\b(?:street|st|avenue|ave|road|rd|drive|lane|boulevard|blvd|rue|calle|avenida|"
    r"avda|highway|parkway|pkwy|way|court)\b|stra(?:ß|ss)e|str\.|weg\b|gatan|vägen",
    "person": r"^[A-ZÀ-Þ][\w'\-]+ (?:[A-Z]\. )?[A-ZÀ-Þ][\w'\-]+$",
    "number first": r"^\d+ ",
    "letters first": r"^[A-Za-z]{1,4}[-/ ]?\d",
    "all upper": r"^[^a-z]*[A-Z]{2}[^a-z]*$",
    "hyphen": r"\w-\w",
    "space": r"\S \S",
    "measure": r"(?i)\b(?:mm|cm|m|in|inch|kg|g|l)\b",
    "zero first": r"^0\d",
    "two decimals": r"[.,]\d\d-?$",
    "three decimals": r"[.,]\d\d\d-?$",
    "no cents": r"[.,]0+-?$",
    "minus": r"^-|-$",
    "postcode": r"^(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}|"
    r"\d{3} \d{2})$",
    "first of a month": r"^(?:01[./]\d\d[./]|\d\d/01/|\d{4}-?\d\d-?01$)",
    "january": r"^(?:\d\d[./]01[./]|01/\d\d/|\d{4}-?01-?\d\d$)",
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MOST_VALUES = 400
"""Distinct values of which figures are taken."""

FIGURES = (
    *(f"type {kind.value}" for kind in ValueType),
    *(f"of {name}" for name in CODE_LISTS),
    *_SHAPES,
    "filled",
    "distinct",
    "unique",
    "few",
    "length",
    "one length",
    "words",
    "sorted",
    "in another",
    "has others",
    "whole",
    "zero",
    "small",
    "size",
    "spread",
    "year",
    "years",
    "future",
)
"""Names of the figures of a column's values, each in about [0, 1]."""


def value_features(
    columns: Sequence[pl.Series], facts: Sequence[ColumnFacts]
) -> NDArray[np.float64]:
    """Figures of the values of a table's columns: columns x ``FIGURES``."""
    sets = [frozenset(one.counts["folded"].to_list()[:5_000]) for one in facts]
    rows = [
        _figures(column, one, place, sets)
        for place, (column, one) in enumerate(zip(columns, facts, strict=True))
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FIGURES))


def _figures(
    column: pl.Series, facts: ColumnFacts, place: int, sets: Sequence[frozenset[str]]
) -> list[float]:
    real = facts.counts.filter(~facts.counts["gap"])
    if real.height > _MOST_VALUES:
        real = real.gather_every(-(-real.height // _MOST_VALUES))
    weights = real["count"].to_numpy().astype(np.float64)
    total = max(float(weights.sum()), 1.0)
    found = [float(facts.type is kind) for kind in ValueType]
    folded = real["folded"]
    for codes in CODE_LISTS.values():
        found.append(float(weights[folded.is_in(list(codes)).to_numpy()].sum()) / total)
    text = real["text"].str.strip_chars()
    shapes = real.select(
        text.str.contains(pattern).alias(name) for name, pattern in _SHAPES.items()
    )
    for name in _SHAPES:
        found.append(float(weights[shapes[name].to_numpy()].sum()) / total)
    lengths = text.str.len_chars().to_numpy().astype(np.float64)
    mean = float((lengths * weights).sum()) / total
    deviation = float(np.sqrt(max(float((lengths**2 * weights).sum()) / total - mean**2, 0.0)))
    words = text.str.count_matches(" ").to_numpy().astype(np.float64)
    others = [one for number, one in enumerate(sets) if number != place]
    own = sets[place]
    found += [
        facts.filled / max(facts.height, 1),
        min(np.log10(max(facts.distinct, 1)) / 4.0, 1.5),
        facts.uniqueness,
        float(facts.distinct <= 12),
        min(mean / 30.0, 1.5),
        1.0 / (1.0 + deviation),
        min(float((words * weights).sum()) / total / 4.0, 1.5),
        _sorted_share(column.head(2_000).drop_nulls()),
        max((_within(own, other) for other in others), default=0.0),
        max((_within(other, own) for other in others), default=0.0),
    ]
    return [*found, *_number_figures(text, weights, facts), *_date_figures(text, weights, facts)]


def _within(some: frozenset[str], others: frozenset[str]) -> float:
    """Share of some values that are among others; 0 where there are too few to say."""
    return len(some & others) / len(some) if len(some) >= 5 else 0.0


def _sorted_share(cells: pl.Series) -> float:
    """Share of neighbouring cells that are in order; about a half by chance."""
    if len(cells) < 3:
        return 0.5
    return float((cells.slice(1) >= cells.head(len(cells) - 1)).sum()) / (len(cells) - 1)


def _number_figures(
    text: pl.Series, weights: NDArray[np.float64], facts: ColumnFacts
) -> list[float]:
    if facts.type not in (ValueType.WHOLE, ValueType.DECIMAL, ValueType.CODE):
        return [0.0] * 5
    values, counts = [], []
    for one, weight in zip(text.to_list(), weights.tolist(), strict=True):
        value = as_number(one)
        if value is not None:
            values.append(abs(value))
            counts.append(weight)
    if not values or facts.type is ValueType.CODE:
        return [0.0] * 5
    sizes, shares = np.array(values), np.array(counts) / sum(counts)
    order = np.argsort(sizes)
    places = np.cumsum(shares[order])
    ordered, last = sizes[order], len(sizes) - 1
    middle = float(ordered[min(int(np.searchsorted(places, 0.5)), last)])
    high = float(ordered[min(int(np.searchsorted(places, 0.95)), last)])
    return [
        float(shares[sizes == np.floor(sizes)].sum()),
        float(shares[sizes == 0.0].sum()),
        float(shares[sizes < 20.0].sum()),
        float(np.log10(1.0 + middle)) / 6.0,
        float(np.log10((1.0 + high) / (1.0 + middle))) / 3.0,
    ]


def as_number(text: str) -> float | None:
    """The number that a text is, whatever its marks; the last mark is the decimal one."""
    body = text.strip(" $€£%")
    negative = body.startswith("-") or body.endswith("-")
    body = body.strip("-+ ")
    place = max(body.rfind("."), body.rfind(","))
    if place >= 0:
        whole = body[:place].replace(".", "").replace(",", "").replace(" ", "")
        body = f"{whole or '0'}.{body[place + 1 :] or '0'}"
    if not _NUMBER.fullmatch(body):
        return None
    return -float(body) if negative else float(body)


_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORT_YEAR = re.compile(r"[./-](\d\d)$")


def _date_figures(text: pl.Series, weights: NDArray[np.float64], facts: ColumnFacts) -> list[float]:
    if facts.type is not ValueType.DATE:
        return [0.0] * 3
    years, counts = [], []
    for one, weight in zip(text.to_list(), weights.tolist(), strict=True):
        full, short = _YEAR.search(one), _SHORT_YEAR.search(one)
        if full or short:
            years.append(int(full[0]) if full else 2000 + int(short[1]) if short else 0)
            counts.append(weight)
    if not years:
        return [0.0] * 3
    found, shares = np.array(years), np.array(counts) / sum(counts)
    newest = int(np.quantile(found, 0.95))
    return [
        float(shares[found >= newest].sum()),
        min((newest - int(np.quantile(found, 0.05))) / 10.0, 1.5),
        float(len(np.unique(found)) <= 2),
    ]
