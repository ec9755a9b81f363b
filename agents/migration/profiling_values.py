"""Looks of the values of a column: patterns over its distinct texts, each with its count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


class ValueType(StrEnum):
    """Types of the values of a column."""

    EMPTY = "empty"
    WHOLE = "whole number"
    DECIMAL = "decimal"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    CODE = "code"
    CHOICE = "choice"
    TEXT = "text"


_GAPS = """
- -- --- . ? ?? ??? n/a na n.a. n.a #n/a #na null none nil nan (null) <null> \\n tbd tba unknown
unbekannt k.a. keine inconnu s/o desconocido missing empty leer xxx x.x #ref! #value! #div/0! #name?
00.00.0000 00/00/0000 0000-00-00 00000000 00.00.00 00/00/00 1900-01-01 01.01.1900 01/01/1900
1/1/1900 1899-12-30 31.12.9999 9999-12-31 99991231 12/31/9999 31/12/9999
"""
GAP_CODES = frozenset(_GAPS.split())
"""Spellings of what is not there, in lower case."""
NUMBER = (
    r"^\s*[+-]?(?:[$€£]\s*)?(?:\d+|\d{1,3}(?:[ ,.'\u00a0]\d{3})+)(?:[.,]\d+)?\s*(?:-|%|[$€£])?\s*$"
)
_POINT = r"^\s*[+-]?(?:\d+(?:,\d{3})*\.(?:\d{1,2}|\d{4,})|0\.\d{3})\s*-?\s*$"
_COMMA = r"^\s*[+-]?(?:\d+(?:\.\d{3})*,(?:\d{1,2}|\d{4,})|0,\d{3})\s*-?\s*$"
_POINT_OPEN = r"^\s*[+-]?[1-9]\d{0,2}\.\d{3}\s*-?\s*$"
_COMMA_OPEN = r"^\s*[+-]?[1-9]\d{0,2},\d{3}\s*-?\s*$"
_PATTERNS = {
    "digits": r"^\d+$",
    "whole": r"^\s*[+-]?(?:\d+|\d{1,3}(?:[ ,.']\d{3})+)\s*-?\s*$",
    "number": NUMBER,
    "point": _POINT,
    "comma": _COMMA,
    "point_open": _POINT_OPEN,
    "comma_open": _COMMA_OPEN,
    "minus_behind": r"^\s*\d[\d.,]*-\s*$",
    "scientific": r"^\s*[+-]?\d(?:[.,]\d+)?[eE]\+?-?\d{1,3}\s*$",
    "date": r"^\s*(?:\d{1,2}([./-])\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|"
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:[ T]\d{1,2}:\d\d.*)?\s*$",
    "named_date": r"(?i)^\d{1,2}\.?[ -]*(?:jan|feb|f[ée]v|m[aä]r|mrz|a[pvb]r|ma[iy]|ju[nil]|aug|"
    r"ao[uû]|ago|sep|o[ck]t|nov|d[eéi][czc]|ene)[^\W\d]*\.?[ ,-]*\d{2,4}$",
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s.]+$",
    "phone": r"^\s*(?:\+|00|\()?[\d()][\d ()./\-]{5,22}\d(?:\s*(?:x|ext\.?)\s*\d+)?\s*$",
    "code": r"^[A-Za-z]{0,6}[-_/.# ]?[A-Za-z]?\d[\w\-/.#*]*$",
    "control": "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\x80-\\x9f\u200b-\u200f\u2028\u2029\ufeff]",
    "line_break": r"[\r\n]",
    "formula": r"^[\t\r\n ]*(?:[=@]|[+\-](?:[^\d\s.,(+\-]|[\d.]+[+\-*/][^\d]|\())",
    "active": r"(?i)^[\t\r\n ]*[=+\-@].*(?:cmd\||\w\(|!|\|)",
    "spaces": r"^[\s\u00a0]|[\s\u00a0]$|  |\u00a0",
    "mojibake": "\u00c3[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122]|\u00c2[\u0080-\u00bf]|\u00e2\u20ac|\ufffd|\u00ef\u00bb\u00bf",
    "boxes": "[A-Za-z][\u2500-\u259f\u201e\u201d\u00b3\u00a4\u00f7][a-z]",
}
_ENOUGH = 0.8
"""Share of a column's values from which on they give it its type."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column in figures.

    Attributes:
        counts: distinct values in order, with ``text``, ``count``, a flag for each pattern.
        filled: cells that are neither empty nor spell a gap.
        share: of the filled cells, by pattern.
        confidence: of the type.
    """

    name: str
    height: int
    counts: pl.DataFrame
    filled: int
    empty: int
    distinct: int
    share: dict[str, float]
    type: ValueType
    confidence: float

    def having(self, pattern: str) -> tuple[int, tuple[str, ...]]:
        """Cells that a pattern fits, and three of them."""
        found = self.counts.filter(self.counts[pattern])
        return int(found["count"].sum()), tuple(found["text"].head(3).to_list())

    @property
    def uniqueness(self) -> float:
        """Distinct values per filled cell."""
        return self.distinct / max(self.filled, 1)


def facts_of(column: pl.Series, typed: bool = False) -> ColumnFacts:
    """Count what the values of a column look like; ``typed`` columns are of one type anyway."""
    import polars as pl

    name, height = column.name, len(column)
    counts = (column.alias("text").drop_nulls().value_counts(sort=False).sort("text")).with_columns(
        pl.col("count").cast(pl.Int64), folded=pl.col("text").str.strip_chars()
    )
    counts = counts.with_columns(folded=pl.col("folded").str.to_lowercase())
    blank = counts.filter(pl.col("folded") == "")
    empty = column.null_count() + int(blank["count"].sum())
    counts = counts.filter(pl.col("folded") != "").with_columns(
        gap=pl.col("folded").is_in(list(GAP_CODES)),
        length=pl.col("text").str.len_chars(),
        **{key: pl.col("text").str.contains(pattern) for key, pattern in _PATTERNS.items()},
    )
    real = counts.filter(~pl.col("gap"))
    filled = int(real["count"].sum())
    weights = real["count"]
    share = {
        key: float((real[key].cast(pl.Int64) * weights).sum() or 0) / max(filled, 1)
        for key in _PATTERNS
    }
    kind, confidence = _type_of(real, share, filled)
    return ColumnFacts(
        name, height, counts, filled, empty, real.height, share, kind, 1.0 if typed else confidence
    )


def _type_of(real: pl.DataFrame, share: dict[str, float], filled: int) -> tuple[ValueType, float]:
    if not filled:
        return ValueType.EMPTY, 1.0
    dates = share["date"] + share["named_date"]
    # A code of digits looks like a date where it begins with 19 or 20 by chance: nearly all must.
    compact = share["digits"] > 0.5
    if dates >= (0.95 if compact else _ENOUGH):
        return ValueType.DATE, dates
    if share["email"] >= _ENOUGH:
        return ValueType.EMAIL, share["email"]
    numbers = share["number"] + share["scientific"]
    zeros = _zeros(real)
    phones = share["phone"] - max(share["digits"], share["number"])
    if phones >= 0.5:
        return ValueType.PHONE, share["phone"]
    if numbers >= _ENOUGH:
        decimals = max(share["point"] + share["point_open"], share["comma"] + share["comma_open"])
        if share["digits"] + share["scientific"] >= _ENOUGH:
            lengths = real.filter(real["digits"])["length"]
            long = int(lengths.median() or 0) >= 7  # type: ignore[arg-type]
            if zeros > 0.0 or long or share["scientific"] > 0.0:
                return ValueType.CODE, numbers
        whole = share["whole"] >= _ENOUGH and decimals < 0.5
        return (ValueType.WHOLE if whole else ValueType.DECIMAL), numbers
    if real.height <= 40 and real.height <= 0.1 * filled:
        return ValueType.CHOICE, 1.0 - real.height / filled
    if share["code"] >= _ENOUGH:
        return ValueType.CODE, share["code"]
    others = max(dates, numbers, share["code"])
    return ValueType.TEXT, 1.0 - others


def _zeros(real: pl.DataFrame) -> float:
    """Share of values of more than one digit that begin with zeros."""
    import polars as pl

    digits = real.filter(pl.col("digits") & (pl.col("length") > 1))
    return float(digits["text"].str.starts_with("0").sum()) / max(digits.height, 1)
