"""Batches of operations: what a kind of work does to a mapped table, rule by rule.

Each rule sees what anybody sees in the tables. What key users answer comes in ``answers``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches

from ...scenarios.migration.vocabulary import TableName
from . import operations as o
from .decision import Work
from .ground import Ground
from .habits import DateFormat, read_number
from .target import DIGITS, ColumnKind, Table
from .visible import (
    DEFAULTS,
    Cells,
    alike,
    cells_of,
    defects,
    keys_of,
    open_references,
    proven,
    same_name,
)
from .workspace import QUARANTINED

_UNAMBIGUOUS = (DateFormat.ISO, DateFormat.COMPACT, DateFormat.DAY_DOT, DateFormat.DAY_DOT_SHORT)
_ORDERED = {
    Work.READ_DAYS_FIRST: (DateFormat.DAY_SLASH, DateFormat.DAY_SLASH_SHORT),
    Work.READ_MONTHS_FIRST: (DateFormat.MONTH_SLASH, DateFormat.MONTH_SLASH_SHORT),
}
_MARKS = ((".", ""), (".", ","), (",", ""), (",", "."))
"""Decimal mark and mark between thousands, the usual first."""
_SAFE = ((",", ""), (".", ","))
"""Ways that leave numbers alone which are as the target wants them."""
AGREE = {
    "country": "city", "currency": "country", "city": "postcode", "item_type": "item_group",
    "base_unit": "item_group", "status": "item_group", "item_group": "description",
    "name": "tax_id",
}  # fmt: skip
"""Columns that are filled from rows that agree in another one."""
Rule = Callable[[Ground, str, Table], Iterator[o.Operation]]


def plan(ground: Ground, section: str, table: Table, work: Work) -> list[o.Operation]:
    """The operations of a work on a mapped table, as the tables are now."""
    return list(_RULES[work](ground, section, table))


def _name(table: Table, column: str) -> str:
    return f"{table.name}.{column}"


def _cells(ground: Ground, section: str, table: Table) -> tuple[list[int], Cells]:
    return cells_of(ground.frames, section, table)


def _read_dates(work: Work) -> Rule:
    def rule(ground: Ground, section: str, table: Table) -> Iterator[o.Operation]:
        _, cells = _cells(ground, section, table)
        for column in table.of_kind(ColumnKind.DATE):
            written = [cell for cell in cells.get(column.name, ()) if cell is not None]
            if not written:
                continue
            for form in (*_UNAMBIGUOUS[1:], *_ORDERED[work]):
                mark = form.separator
                if any((mark in cell) if mark else len(cell) == 8 for cell in written):
                    yield o.CastDate(table=section, column=_name(table, column.name), format=form)

    return rule


def _formats(ground: Ground, section: str, table: Table) -> Iterator[o.Operation]:
    _, cells = _cells(ground, section, table)
    for column in table.columns:
        written = [cell for cell in cells.get(column.name, ()) if cell is not None]
        name = _name(table, column.name)
        if any(cell != " ".join(cell.replace("\u00a0", " ").split()) for cell in written):
            yield o.Normalise(table=section, column=name, how=o.Normalisation.TRIM)
        if column.kind in DIGITS and written:
            for decimal, thousands in _marks(written, DIGITS[column.kind]):
                yield o.CastNumber.model_validate(
                    {"table": section, "column": name, "digits": DIGITS[column.kind]}
                    | {"decimal": decimal, "thousands": thousands}
                )
        elif column.kind in (ColumnKind.TEXT, ColumnKind.NAME) and any(
            "\u00c3" in cell or "\u00c2" in cell for cell in written
        ):
            yield o.Normalise(table=section, column=name, how=o.Normalisation.UNICODE)


def _marks(written: Sequence[str], digits: int) -> list[tuple[str, str]]:
    """Ways to read a column's numbers: the one that most are written in, and safe ones for others.

    A number is taken for written in a way if it has all digits behind the decimal mark: else
    ``46,000`` would be forty-six thousand where it is forty-six and no thousandth.
    """
    values = sorted(set(written))
    whole = {pair: [one for one in values if _is_written(one, digits, *pair)] for pair in _MARKS}
    best = max(_MARKS, key=lambda pair: (len(whole[pair]), -_MARKS.index(pair)))
    if best == (",", ".") and len(whole[best]) <= 1.02 * len(whole[",", ""]):
        best = (",", "")
    found, left = [best], set(values) - set(whole[best])
    found += [pair for pair in _SAFE if pair != best and left.intersection(whole[pair])]
    return found


def _is_written(text: str, digits: int, decimal: str, thousands: str) -> bool:
    behind = text.rstrip("-").rpartition(decimal)[2] if decimal in text else ""
    read = read_number(text, digits, decimal, thousands)
    return read is not None and len(behind) == digits


def _normalise(ground: Ground, section: str, table: Table) -> Iterator[o.Operation]:
    _, cells = _cells(ground, section, table)
    for column in table.columns:
        written = [cell for cell in cells.get(column.name, ()) if cell is not None]
        if not written:
            continue
        name = _name(table, column.name)
        for cell in sorted(DEFAULTS.intersection(written)):
            yield o.ReplaceValue(table=section, column=name, value=cell, by=None)
        if column.name == "standard_cost" and "0.00" in written:
            yield o.ReplaceValue(table=section, column=name, value="0.00", by=None)
        if column.name == "name" and column.kind is ColumnKind.NAME:
            yield o.Normalise(table=section, column=name, how=o.Normalisation.LEGAL_FORM)
        elif column.name == "street":
            yield o.Normalise(table=section, column=name, how=o.Normalisation.STREET)
        elif column.kind is ColumnKind.CODE:
            yield from _code(section, name, written)
        elif column.choices:
            for cell in sorted(set(written) - set(column.choices) - DEFAULTS):
                near = get_close_matches(cell, column.choices, 1, 0.5)
                if near:
                    yield o.ReplaceValue(table=section, column=name, value=cell, by=near[0])


def _code(section: str, name: str, written: Sequence[str]) -> Iterator[o.Operation]:
    odd = [cell for cell in written if not all(one.isalnum() or one == "-" for one in cell)]
    if odd:
        yield o.Normalise(table=section, column=name, how=o.Normalisation.CODE)
    numbers = [cell for cell in written if cell.isascii() and cell.isdigit()]
    if len(numbers) > 0.6 * len(written):
        widths = Counter(map(len, numbers))
        width, count = min(widths.items(), key=lambda one: (-one[1], one[0]))
        if count > 0.6 * len(numbers) and min(widths) < width <= 40:
            yield o.PadZeros(table=section, column=name, width=width)


def _look_up(ground: Ground, section: str, table: Table) -> Iterator[o.Operation]:
    _, cells = _cells(ground, section, table)
    for column, key in AGREE.items():
        if column in cells and key in cells and None in cells[column]:
            yield o.LookUp(
                table=section,
                column=_name(table, column),
                key=_name(table, key),
                other=section,
                other_key=_name(table, key),
                other_column=_name(table, column),
            )


def merge_operation(
    section: str, table: Table, rows: Sequence[int], cells: Cells, places: Sequence[int]
) -> o.Operation:
    """The merge of rows into the one of them that says most, the first of equals."""

    def says(place: int) -> int:
        filled = 0
        for column in cells.values():
            filled += column[place] is not None
        balance = cells.get("balance", cells.get("list_price"))
        return filled + 3 * (balance is not None and balance[place] not in (None, "0.00", "0"))

    survivor = max(places, key=lambda place: (says(place), -place))
    return o.MergeCluster(
        table=section, rows=tuple(rows[place] for place in places), survivor=rows[survivor]
    )


def _merge(*, boldly: bool) -> Rule:
    def rule(ground: Ground, section: str, table: Table) -> Iterator[o.Operation]:
        rows, cells = _cells(ground, section, table)
        for group in alike(table.name, cells):
            for part in same_name(cells, group) if boldly else proven(cells, group):
                yield merge_operation(section, table, rows, cells, part)

    return rule


def _fill(ground: Ground, section: str, table: Table) -> Iterator[o.Operation]:
    _, cells = _cells(ground, section, table)
    for column in table.columns:
        found = cells.get(column.name, [])
        counts = Counter(cell for cell in found if cell is not None)
        if column.mandatory and None in found and counts:
            mode = min(counts.items(), key=lambda one: (-one[1], one[0]))[0]
            yield o.Fill(table=section, column=_name(table, column.name), value=mode)


def _repair_references(ground: Ground, section: str, table: Table) -> Iterator[o.Operation]:
    _, cells = _cells(ground, section, table)
    keys = keys_of(ground.frames, {one: ground.section(one) for one in ground.sections})
    done = set()
    near: dict[TableName, Neighbours] = {}
    for _, column, cell in open_references(table, cells, keys):
        refers = table[column].refers
        if refers is None or (column, cell) in done:
            continue
        done.add((column, cell))
        if refers not in near:
            near[refers] = Neighbours(keys[refers])
        found = near[refers].of(cell)
        if len(found) == 1:
            (by,) = found
            yield o.ReplaceValue(table=section, column=_name(table, column), value=cell, by=by)


class Neighbours:
    """Keys by what is left of them without one letter, to find those that are nearly a text.

    Two texts that differ in one letter, more, less or other, have such a rest in common
    (symmetric deletes: W. Garbe, SymSpell).
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._by_rest: dict[str, set[str]] = defaultdict(set)
        self._by_number: dict[str, set[str]] = defaultdict(set)
        for key in keys:
            self._by_number[key.lstrip("0")].add(key)
            for rest in _rests(key):
                self._by_rest[rest].add(key)

    def of(self, text: str) -> set[str]:
        """Keys that differ in leading zeros alone, or else in a letter or two."""
        found = self._by_number.get(text.lstrip("0"), set())
        return found or set().union(*(self._by_rest.get(rest, ()) for rest in _rests(text)))


def _rests(text: str) -> Iterator[str]:
    yield text
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]


def _quarantine(ground: Ground, section: str, table: Table) -> Iterator[o.Operation]:
    rows, cells = _cells(ground, section, table)
    refused = sorted({place for place, _, _ in defects(table, cells)})
    if refused:
        yield o.QuarantineRows(
            table=section, rows=tuple(rows[place] for place in refused), reason=o.Reason.INVALID
        )


def _release(ground: Ground, section: str, table: Table) -> Iterator[o.Operation]:
    kept = tuple(row for row, one in ground.statuses(section).items() if one == QUARANTINED)
    if kept:
        yield o.ReleaseRows(table=section, rows=kept)


_RULES: dict[Work, Rule] = {
    Work.READ_DAYS_FIRST: _read_dates(Work.READ_DAYS_FIRST),
    Work.READ_MONTHS_FIRST: _read_dates(Work.READ_MONTHS_FIRST),
    Work.FORMATS: _formats,
    Work.NORMALISE: _normalise,
    Work.LOOK_UP: _look_up,
    Work.MERGE_CAUTIOUSLY: _merge(boldly=False),
    Work.MERGE_BOLDLY: _merge(boldly=True),
    Work.FILL_WITH_MODE: _fill,
    Work.REPAIR_REFERENCES: _repair_references,
    Work.QUARANTINE: _quarantine,
    Work.RELEASE: _release,
}
RULE_WORKS = tuple(_RULES)
"""Works that are done by rules, on mapped tables."""
