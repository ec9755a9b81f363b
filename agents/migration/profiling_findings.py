"""Finds errors in one column of texts, and says how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .profiling_values import ColumnFacts, ValueType


class FindingKind(StrEnum):
    """Kinds of finding, of files, of tables and of columns."""

    ENCODING = "encoding"
    MIXED_ENCODINGS = "mixed encodings"
    LAYOUT = "layout"
    RAGGED_LINES = "ragged lines"
    TOTALS = "totals"
    HEADERS = "headers"
    KEY = "key"
    BROKEN_KEY = "broken key"
    DUPLICATE_ROWS = "duplicate rows"
    NEAR_DUPLICATES = "near duplicates"
    EMPTY_COLUMN = "empty column"
    GAPS = "gaps"
    GAP_CODES = "gap codes"
    DEFAULTS = "defaults"
    MIXED_TYPES = "mixed types"
    DATE_FORMATS = "date formats"
    DATE_ORDER = "date order"
    IMPOSSIBLE_DATES = "impossible dates"
    DECIMAL_MARKS = "decimal marks"
    MINUS_BEHIND = "minus behind"
    LOST_ZEROS = "lost zeros"
    SCIENTIFIC = "scientific notation"
    MOJIBAKE = "mojibake"
    CONTROL_CHARACTERS = "control characters"
    FORMULAS = "formulas"
    SPACES = "spaces"
    SPELLINGS = "spellings"


NOTES = frozenset({FindingKind.KEY, FindingKind.LAYOUT, FindingKind.ENCODING})
"""Kinds that tell how to read a table rather than what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a table has.

    Attributes:
        column: name; empty for the whole table or file.
        count: cells or lines that have it.
        confidence: that it is so and is no accident of right values, in [0, 1].
        says: in one line.
        examples: texts as they stand, at most three.
    """

    kind: FindingKind
    column: str
    count: int
    confidence: float
    says: str
    examples: tuple[str, ...] = ()


def column_findings(facts: ColumnFacts) -> Iterator[Finding]:
    """Findings in a column as far as its distinct values tell; dates are elsewhere."""
    name = facts.name
    if facts.type is ValueType.EMPTY:
        yield Finding(FindingKind.EMPTY_COLUMN, name, facts.height, 1.0, "no cell has a value")
        return
    if facts.empty:
        share = facts.empty / facts.height
        yield Finding(FindingKind.GAPS, name, facts.empty, 1.0, f"{share:.1%} of the cells empty")
    yield from _gap_codes(facts)
    yield from _defaults(facts)
    yield from _signs(facts)
    yield from _numbers(facts)
    yield from _lost_zeros(facts)
    if facts.type in (ValueType.TEXT, ValueType.CHOICE):
        yield from _spellings(facts)


def _gap_codes(facts: ColumnFacts) -> Iterator[Finding]:
    count, examples = facts.having("gap")
    if count:
        codes = ", ".join(repr(one) for one in examples)
        # A hyphen among texts may be a value; a code of a gap stands again and again.
        sure = 0.95 if count >= 3 or facts.type is not ValueType.TEXT else 0.7
        says = f"{codes} in the place of nothing"
        yield Finding(FindingKind.GAP_CODES, facts.name, count, sure, says, examples)


_REPEATED = re.compile(r"0+|9+|1+|(?:123456?7?8?9?0?)|x+|9+[.,]9+", re.IGNORECASE)


def _defaults(facts: ColumnFacts) -> Iterator[Finding]:
    """A value without meaning that stands far more often than any other of a column of many."""
    if facts.uniqueness < 0.3 or facts.filled < 20 or facts.counts.height < 2:
        return
    top = facts.counts.filter(~facts.counts["gap"]).sort("count", "text", descending=True).head(2)
    text, count = top["text"][0], int(top["count"][0])
    second = int(top["count"][1]) if top.height > 1 else 1
    if count >= max(4, 3 * second, 0.01 * facts.filled):
        looks_so = _REPEATED.fullmatch(text.strip()) is not None
        # Money that is zero is money; a code of nines is nobody's.
        sure = 0.9 if looks_so and text.strip("0,. ") else 0.5 if looks_so else 0.4
        says = f"{text!r} stands {count:,} times, the next value {second:,}: a default?"
        yield Finding(FindingKind.DEFAULTS, facts.name, count, sure, says, (text,))


def _signs(facts: ColumnFacts) -> Iterator[Finding]:
    count, examples = facts.having("control")
    if count:
        says = "control or invisible characters"
        yield Finding(FindingKind.CONTROL_CHARACTERS, facts.name, count, 0.99, says, examples)
    count, examples = facts.having("line_break")
    if count:
        says = "line breaks within cells"
        yield Finding(FindingKind.CONTROL_CHARACTERS, facts.name, count, 0.6, says, examples)
    count, examples = facts.having("spaces")
    if count:
        says = "spaces in front, behind, doubled or hard"
        yield Finding(FindingKind.SPACES, facts.name, count, 0.99, says, examples)
    formulas = facts.counts.filter(
        facts.counts["formula"]
        & ~facts.counts["gap"]
        & ~facts.counts["number"]
        & ~(facts.counts["phone"])
    )
    if formulas.height:
        sure = 0.99 if bool(formulas["active"].any()) else 0.7
        says = "a spreadsheet would run these as formulas"
        examples = tuple(formulas["text"].head(3).to_list())
        total = int(formulas["count"].sum())
        yield Finding(FindingKind.FORMULAS, facts.name, total, sure, says, examples)
    yield from _mojibake(facts)


def _mojibake(facts: ColumnFacts) -> Iterator[Finding]:
    found = facts.counts.filter(facts.counts["mojibake"] | facts.counts["boxes"])
    if not found.height:
        return
    texts = found["text"].to_list()
    proven = [text for text in texts[:200] if is_mojibake(text)]
    sure = 0.98 if proven else 0.6
    says = "letters of another code page" + (f", such as {repaired(proven[0])!r}" if proven else "")
    count, examples = int(found["count"].sum()), tuple((proven or texts)[:3])
    yield Finding(FindingKind.MOJIBAKE, facts.name, count, sure, says, examples)


def is_mojibake(text: str) -> bool:
    """True if a text can be read again as UTF-8 and that changes it, or has lost letters."""
    return "\ufffd" in text or repaired(text) != text


def repaired(text: str) -> str:
    """UTF-8 that was read in code page 1252, read again; the text itself if it is none."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _numbers(facts: ColumnFacts) -> Iterator[Finding]:
    count, examples = facts.having("scientific")
    if count and facts.type in (ValueType.CODE, ValueType.WHOLE, ValueType.DECIMAL):
        sure = 0.98 if facts.type is ValueType.CODE else 0.8
        says = "numbers that a spreadsheet has rounded: digits are lost"
        yield Finding(FindingKind.SCIENTIFIC, facts.name, count, sure, says, examples)
    if facts.type in (ValueType.WHOLE, ValueType.DECIMAL):
        yield from _marks(facts)
        count, examples = facts.having("minus_behind")
        if count:
            says = "the minus stands behind the number"
            yield Finding(FindingKind.MINUS_BEHIND, facts.name, count, 0.99, says, examples)
    numeric = facts.type in (ValueType.WHOLE, ValueType.DECIMAL)
    if numeric and facts.confidence < 1.0:
        other = facts.counts.filter(
            ~facts.counts["number"] & ~facts.counts["scientific"] & ~facts.counts["gap"]
        )
        if other.height:
            says = f"not numbers among {facts.confidence:.1%} numbers"
            count, examples = int(other["count"].sum()), tuple(other["text"].head(3).to_list())
            yield Finding(FindingKind.MIXED_TYPES, facts.name, count, 0.95, says, examples)


def _marks(facts: ColumnFacts) -> Iterator[Finding]:
    """Points and commas before the decimals, in one column."""
    point, comma = facts.having("point")[0], facts.having("comma")[0]
    few = min(point, comma)
    if few:
        _, examples = facts.having("comma" if comma <= point else "point")
        sure = 0.95 if few >= 2 else 0.85
        says = f"decimal points in {point:,} cells, decimal commas in {comma:,}"
        yield Finding(FindingKind.DECIMAL_MARKS, facts.name, few, sure, says, examples)
    elif not point and not comma:
        open_point, examples = facts.having("point_open")
        open_comma, more = facts.having("comma_open")
        # Three digits behind a mark are thousands or thousandths; nothing in the column tells.
        if open_point or open_comma:
            says = "three digits behind the only mark: thousands or decimals?"
            count, found = open_point + open_comma, (examples or more)
            yield Finding(FindingKind.DECIMAL_MARKS, facts.name, count, 0.4, says, found)


def _lost_zeros(facts: ColumnFacts) -> Iterator[Finding]:
    """Digits of one length, often with leading zeros, and some shorter ones."""
    import polars as pl

    if facts.share["digits"] < 0.6:
        return
    digits = facts.counts.filter(pl.col("digits") & ~pl.col("gap"))
    lengths = digits.group_by("length").agg(pl.col("count").sum()).sort("count", descending=True)
    usual, cells = int(lengths["length"][0]), int(lengths["count"][0])
    total = int(lengths["count"].sum())
    if usual < 4 or cells < 0.6 * total:
        return
    begins = digits.filter((pl.col("length") == usual) & pl.col("text").str.starts_with("0"))
    shorter = digits.filter((pl.col("length") < usual) & ~pl.col("text").str.starts_with("0"))
    if not shorter.height:
        return
    with_zeros, count = int(begins["count"].sum()), int(shorter["count"].sum())
    if with_zeros:
        sure = 0.95 if with_zeros >= count else 0.8
        says = f"{usual} digits with leading zeros elsewhere in the column"
    else:
        # Numbers that are counted up have shorter ones of themselves: no gap, no finding.
        values = digits["text"].cast(pl.Float64)
        spread = float(values.max() or 0.0) - float(values.min() or 0.0)  # type: ignore[arg-type]
        if count > 0.1 * total or usual < 5 or spread < 20.0 * digits.height:
            return
        sure, says = 0.5, f"{usual} digits elsewhere in the column"
    examples = tuple(shorter["text"].head(3).to_list())
    yield Finding(FindingKind.LOST_ZEROS, facts.name, count, sure, says, examples)


def _spellings(facts: ColumnFacts) -> Iterator[Finding]:
    """Values that are the same but for case, spaces and punctuation."""
    import polars as pl

    bare = facts.counts.filter(~pl.col("gap")).with_columns(
        bare=pl.col("folded").str.replace_all(r"[\s\p{P}]+", "")
    )
    groups = bare.group_by("bare").agg(pl.col("text"), pl.col("count"), pl.len().alias("n"))
    groups = groups.filter((pl.col("n") > 1) & (pl.col("bare") != "")).sort("bare")
    if not groups.height:
        return
    count = 0
    for cells in groups["count"].to_list():
        count += sum(cells) - max(cells)
    examples = tuple(sorted(groups["text"][0].to_list())[:3])
    says = f"{groups.height:,} values in more than one spelling"
    sure = 0.9 if facts.type is ValueType.CHOICE else 0.75
    yield Finding(FindingKind.SPELLINGS, facts.name, count, sure, says, examples)
