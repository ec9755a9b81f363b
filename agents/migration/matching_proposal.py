"""Proposed mappings of a user's file, with the reasons; the file is only read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...core.errors import GoliveError
from ...scenarios.migration.vocabulary import TableName
from ...sim.migration.headers import LANGUAGES, labels, letters
from ...sim.migration.target import TARGET
from .matching import Match, match_table
from .matching_features import CODE_LISTS, FIGURES, value_features
from .matching_file import MappedColumn, MappingFile, SourceTable
from .matching_knowledge import Knowledge
from .matching_model import MatchingModel, Weights, shipped_model
from .profiling_dates import decide_together
from .profiling_reading import RawTable, read_file
from .profiling_values import ColumnFacts, ValueType, facts_of

SURE = 0.8
"""From which confidence on a column is mapped; others are left open."""
_TABLE_SURE = 0.8


def propose_file(
    path: Path,
    to: TableName | None = None,
    sure: float = SURE,
    knowledge: Knowledge | None = None,
    model: MatchingModel | None = None,
) -> tuple[MappingFile, ...]:
    """Propose mappings for the tables of a file.

    Args:
        path: of a file that ``profile`` reads too.
        to: target table where it is known; else the likeliest.
        sure: confidence from which on a column is mapped.
        knowledge: learned from mappings of the past.
        model: None for the one that golive brings.

    Raises:
        GoliveError: it is no table, damaged, empty or too big.
    """
    raw = read_file(path)
    tables = [table for table in raw.tables if table.height]
    return tuple(
        propose(table, path, to, sure, knowledge, model or shipped_model()) for table in tables
    )


def propose(
    table: RawTable,
    path: Path,
    to: TableName | None,
    sure: float,
    knowledge: Knowledge | None,
    model: MatchingModel,
) -> MappingFile:
    """Propose a mapping for a table that was read."""
    facts = [facts_of(column, column.name in table.typed) for column in table.columns]
    figures = value_features(table.columns, facts)
    headers = table.layout.headers
    more = None if knowledge is None else knowledge.logs(headers)
    match = match_table(model, headers, figures, to, more)
    sure_of_table = match.confidence >= _TABLE_SURE
    formats = _formats(facts)
    columns = []
    for place, one in enumerate(match.matches):
        confidence = one.confidence * match.confidence
        mapped = one.column if one.column and confidence >= sure else None
        known = knowledge.told(headers[place], one.column) if knowledge and one.column else ""
        reasons = _reasons(model, headers[place], figures[place], facts[place], one, match.table)
        if known:
            reasons.insert(0, known)
        if mapped is None:
            reasons.insert(0, _open(one, confidence, sure_of_table))
        columns.append(
            MappedColumn(
                header=table.layout.headers[place] or facts[place].name,
                column=mapped,
                confidence=round(confidence, 3),
                format=formats.get(facts[place].name) if mapped else None,
                decimal=_decimal(facts[place]) if mapped else None,
                reasons=tuple(reason[:1_000] for reason in reasons),
            )
        )
    found = {one.column for one in columns}
    return MappingFile(
        source=SourceTable(
            file=path.name[:1_000], table=table.name[:1_000], header_line=table.layout.header_line
        ),
        to=match.table,
        confidence=round(match.confidence, 3),
        columns=tuple(columns),
        missing=tuple(name for name in TARGET[match.table].names if name not in found),
    )


def _open(match: Match, confidence: float, sure_of_table: bool) -> str:
    if not match.column:
        near = f"; the nearest is {match.second}" if match.second else ""
        return f"open: none of the table's columns{near}"
    if not sure_of_table:
        return f"open: {match.column} if it is this table, which is not sure"
    other = f" or {match.second}" if match.second else ""
    return f"open: {match.column} ({confidence:.0%}){other}? ask"


def _reasons(
    model: MatchingModel,
    header: str,
    figures: Weights,
    facts: ColumnFacts,
    match: Match,
    table: TableName,
) -> list[str]:
    """Why a column is taken for what it is: the header's share, then the values'."""
    if not match.column:
        return []
    found = []
    by_header, by_values = (
        _gain(model, ((header, None), ("", figures))[part], match, table) for part in (0, 1)
    )
    near = _nearest_label(header, match.column)
    if header:
        says = f"the header says it is {near!r}" if near else "the header"
        found.append(f"{says} ({by_header:.0%} by itself)")
    said = _values(figures, facts)
    found.append(f"the values ({by_values:.0%} by themselves){': ' if said else ''}{said}")
    return found


def _gain(
    model: MatchingModel, seen: tuple[str, Weights | None], match: Match, table: TableName
) -> float:
    """Probability of a column by its header alone, or by its values alone."""
    header, figures = seen
    if not header and figures is None:
        return 0.0
    rows = None if figures is None else figures[np.newaxis]
    found = match_table(model, [header], rows, table).matches[0]
    if found.column == match.column:
        return found.confidence
    return 1.0 - found.confidence if found.second == match.column else 0.0


def _nearest_label(header: str, column: str) -> str:
    """The label of a column that a header is, but for case and marks, or begins with; or ""."""
    bare = letters(header)
    for language in LANGUAGES:
        for label in labels(column, language):
            known = letters(label)
            if bare == known or (len(known) >= 4 and known in bare):
                return label
    return ""


def _values(figures: Weights, facts: ColumnFacts) -> str:
    """What stands out of a column's values, in words; no value is told."""
    figure = dict(zip(FIGURES, figures.tolist(), strict=True))
    words = [f"{facts.confidence:.0%} {facts.type.value}"]
    for name in CODE_LISTS:
        if figure[f"of {name}"] >= 0.9 and not name.startswith(("vendors.", "customers.")):
            words.append(f"codes of {name.replace('.', ': ')}")
            break
    if figure["unique"] >= 0.999 and facts.height > 20:
        words.append("no two alike")
    if figure["two decimals"] >= 0.8 and facts.type is ValueType.DECIMAL:
        words.append("two decimals, as money")
    if figure["three decimals"] >= 0.8 and facts.type is ValueType.DECIMAL:
        words.append("three decimals, as quantities")
    if figure["legal form"] >= 0.4:
        words.append("names of companies")
    if figure["person"] >= 0.6 and facts.type is ValueType.TEXT:
        words.append("names of people")
    if figure["street"] >= 0.5:
        words.append("streets")
    if figure["in another"] >= 0.95:
        words.append("all of them stand in another column too")
    return ", ".join(words)


def _formats(facts: Sequence[ColumnFacts]) -> dict[str, str]:
    """Formats of the columns of dates whose order is sure."""
    columns = [one for one in facts if one.type is ValueType.DATE]
    cells = []
    for one in columns:
        real = one.counts.filter(~one.counts["gap"])
        cells.append(dict(zip(real["text"].to_list(), real["count"].to_list(), strict=True)))
    found = decide_together(cells)
    return {
        one.name: decision.form
        for one, decision in zip(columns, found, strict=True)
        if decision.order in ("dmy", "mdy", "ymd")
    }


def _decimal(facts: ColumnFacts) -> str | None:
    if facts.type is not ValueType.DECIMAL:
        return None
    point, comma = facts.share["point"], facts.share["comma"]
    return None if point == comma else "point" if point > comma else "comma"


def target_table(text: str) -> TableName:
    """The target table of a name.

    Raises:
        GoliveError: there is none.
    """
    try:
        return TableName(text.strip().lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        known = ", ".join(TARGET)
        raise GoliveError(f"--to: {text!r}: expected one of {known}") from None
