"""Profiles of tables that somebody else made: what is wrong with them, and how sure that is.

Every finding has a confidence. Those of patterns are estimates; those of date orders are posterior
probabilities (``profiling_dates``), those of near duplicates the share of pairs that chance would
not have made (``profiling_rows``). The files are read and never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .profiling_dates import IMPOSSIBLE, DateDecision, decide_together
from .profiling_findings import NOTES, Finding, FindingKind, column_findings
from .profiling_reading import RawFile, RawTable, first_numbers, read_file
from .profiling_rows import row_findings
from .profiling_values import ColumnFacts, ValueType, facts_of


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column in short.

    Attributes:
        confidence: that its type is right.
        format: of its dates; empty for others.
        filled: share of cells with a value.
    """

    name: str
    type: ValueType
    confidence: float
    format: str
    filled: float
    distinct: int


@dataclass(frozen=True, slots=True)
class TableProfile:
    """A table: its columns, and findings, the surest first."""

    name: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FileProfile:
    """A file, how it was read, and its tables.

    Attributes:
        encoding: code page; empty where the format has none.
        encoding_confidence: that it is right.
        cells: of all tables.
    """

    path: str
    format: str
    encoding: str
    encoding_confidence: float
    delimiter: str
    cells: int
    tables: tuple[TableProfile, ...]
    findings: tuple[Finding, ...] = ()

    def surer_than(self, confidence: float) -> FileProfile:
        """The same without findings that are less sure."""
        return replace(
            self,
            findings=_surer(self.findings, confidence),
            tables=tuple(
                replace(table, findings=_surer(table.findings, confidence)) for table in self.tables
            ),
        )


def _surer(findings: Sequence[Finding], confidence: float) -> tuple[Finding, ...]:
    return tuple(one for one in findings if one.confidence >= confidence)


def profile_file(path: Path) -> FileProfile:
    """Profile the tables of a file.

    Raises:
        GoliveError: there is no such file, or it is no table, damaged, empty or too big.
    """
    raw = read_file(path)
    cells = 0
    for table in raw.tables:
        cells += table.height * len(table.columns)
    decoding = raw.decoding
    return FileProfile(
        str(path),
        raw.format,
        decoding.code_page if decoding else "",
        decoding.confidence if decoding else 1.0,
        raw.delimiter,
        cells,
        tuple(profile_table(table) for table in raw.tables),
        _in_order(_file_findings(raw)),
    )


def _file_findings(raw: RawFile) -> Iterator[Finding]:
    decoding = raw.decoding
    if decoding is None:
        return
    if decoding.mixed_count:
        lines = first_numbers(decoding.mixed)
        says = f"{decoding.code_page} but for lines in {decoding.fallback}: {lines}"
        count = decoding.mixed_count
        yield Finding(FindingKind.MIXED_ENCODINGS, "", count, decoding.confidence, says)
    elif not decoding.code_page.startswith("utf"):
        says = f"read as {decoding.code_page}"
        yield Finding(FindingKind.ENCODING, "", 1, decoding.confidence, says)
    if raw.stray_quotes:
        says = f"quotation marks within cells, first in line {raw.stray_quotes}"
        yield Finding(FindingKind.RAGGED_LINES, "", 1, 0.9, says)


def profile_table(table: RawTable) -> TableProfile:
    """Profile a table that was read."""
    facts = [facts_of(column, column.name in table.typed) for column in table.columns]
    dates = _dates(facts)
    found = [*_layout_findings(table)]
    for one in facts:
        found += column_findings(one)
        if one.name in dates:
            found += _date_findings(one, dates[one.name])
    found += row_findings(table.columns, facts)
    return TableProfile(
        table.name,
        table.height,
        tuple(_column(one, dates.get(one.name)) for one in facts),
        _in_order(found),
    )


def _in_order(findings: Iterator[Finding] | list[Finding]) -> tuple[Finding, ...]:
    """What is wrong, the surest first, then what is only told."""
    return tuple(
        sorted(
            findings,
            key=lambda one: (one.kind in NOTES, -round(one.confidence, 2), -one.count, one.column),
        )
    )


def _column(facts: ColumnFacts, dates: DateDecision | None) -> ColumnProfile:
    confidence = facts.confidence
    return ColumnProfile(
        facts.name,
        facts.type,
        round(confidence, 3),
        dates.form if dates and dates.order != "ambiguous" else "",
        round(facts.filled / max(facts.height, 1), 4),
        facts.distinct,
    )


def _dates(facts: Sequence[ColumnFacts]) -> dict[str, DateDecision]:
    """Decisions on the columns of dates, made together."""
    columns = [one for one in facts if one.type is ValueType.DATE]
    cells = []
    for one in columns:
        real = one.counts.filter(~one.counts["gap"])
        cells.append(dict(zip(real["text"].to_list(), real["count"].to_list(), strict=True)))
    found = decide_together(cells)
    return {one.name: decision for one, decision in zip(columns, found, strict=True)}


def _date_findings(facts: ColumnFacts, dates: DateDecision) -> Iterator[Finding]:
    name = facts.name
    impossible = dates.formats.get(IMPOSSIBLE, 0)
    if impossible:
        says = "look like dates and are none"
        yield Finding(
            FindingKind.IMPOSSIBLE_DATES, name, impossible, 0.99, says, dates.impossible[:3]
        )
    forms = {form: count for form, count in dates.formats.items() if form != IMPOSSIBLE}
    if len(forms) > 1:
        told = ", ".join(f"{form} {count:,}" for form, count in sorted(forms.items()))
        few = dates.count - max(forms.values())
        yield Finding(FindingKind.DATE_FORMATS, name, few, 0.95, f"more than one format: {told}")
    by_day, by_month = dates.proofs
    if by_day and by_month:
        few = min(by_day, by_month)
        says = f"{by_day:,} cells can only be day first, {by_month:,} only month first"
        yield Finding(FindingKind.DATE_ORDER, name, few, 0.95, says)
    elif dates.order == "ambiguous":
        says = (
            f"day or month first: nothing proves either; the likelier is {dates.form} "
            f"({dates.probability:.0%})"
        )
        yield Finding(FindingKind.DATE_ORDER, name, dates.count, 1.0 - dates.probability, says)
    other = facts.filled - dates.count - impossible
    if other > 0:
        says = f"neither dates nor gaps among {facts.share['date']:.1%} dates"
        found = facts.counts.filter(
            ~facts.counts["date"] & ~facts.counts["named_date"] & ~facts.counts["gap"]
        )
        examples = tuple(found["text"].head(3).to_list())
        yield Finding(FindingKind.MIXED_TYPES, name, other, 0.95, says, examples)


def _layout_findings(table: RawTable) -> Iterator[Finding]:
    layout = table.layout
    if layout.header_line == 0:
        says = "no line of headers; columns are numbered"
        yield Finding(FindingKind.HEADERS, "", 1, 0.8, says)
    elif layout.header_line > 1 and not layout.record_type:
        says = f"headers in line {layout.header_line}, titles before"
        yield Finding(FindingKind.LAYOUT, "", layout.header_line - 1, 0.95, says)
    if layout.record_type:
        says = f"one of several kinds of line in the file: {layout.record_type}"
        yield Finding(FindingKind.LAYOUT, "", table.height, 0.95, says)
    changed = [
        name for header, name in zip(layout.headers, layout.names, strict=True) if header != name
    ]
    if changed and layout.header_line:
        says = f"headers empty or twice: {', '.join(changed[:3])}"
        yield Finding(FindingKind.HEADERS, "", len(changed), 1.0, says)
    if table.ragged:
        says = f"cells missing or too many in lines {first_numbers(table.ragged)}"
        yield Finding(FindingKind.RAGGED_LINES, "", len(table.ragged), 0.99, says)
    if table.totals:
        says = f"lines of totals among the data: {first_numbers(table.totals)}"
        yield Finding(FindingKind.TOTALS, "", len(table.totals), 0.95, says)
