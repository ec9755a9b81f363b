"""Habits of legacy systems: how they write dates, numbers and nothing; and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from ...scenarios.migration.customer import LegacySystem
from ...scenarios.migration.scenario import MigrationScenario
from ...scenarios.migration.vocabulary import DataObject, SystemStyle, TableName
from .clean import Tables
from .difficulty import difficulty
from .luck import Luck
from .target import DIGITS, TARGET, Column, ColumnKind, Table

if TYPE_CHECKING:
    import polars as pl

ROW = "_row"
"""Column with the identity of a row; no extract has it."""
TextTables = dict[TableName, "pl.DataFrame"]


class DateFormat(StrEnum):
    """Ways to write a date, each with its three parts in order and what stands between them."""

    ISO = "%Y-%m-%d"
    COMPACT = "%Y%m%d"
    MONTH_SLASH = "%m/%d/%Y"
    MONTH_SLASH_SHORT = "%m/%d/%y"
    DAY_SLASH = "%d/%m/%Y"
    DAY_SLASH_SHORT = "%d/%m/%y"
    DAY_DOT = "%d.%m.%Y"
    DAY_DOT_SHORT = "%d.%m.%y"

    @property
    def separator(self) -> str:
        """Character between the parts; empty if there is none."""
        return "" if self is DateFormat.COMPACT else self.value[2]

    @property
    def order(self) -> str:
        """The parts in order: ``ymd``, ``mdy`` or ``dmy``."""
        return "".join(letter for letter in self.value.lower() if letter in "dmy")

    @property
    def short_year(self) -> bool:
        """True if years have two digits."""
        return "%y" in self.value


_CENTURY = 2000
SHORT_YEARS_FROM = 70
"""A year of two digits from here on is one of the last century."""


def write_date(iso: str, form: DateFormat) -> str:
    """An ISO date in another format."""
    year, month, day = iso[:4], iso[5:7], iso[8:10]
    parts = {"y": year[2:] if form.short_year else year, "m": month, "d": day}
    return form.separator.join(parts[letter] for letter in form.order)


@lru_cache(maxsize=50_000)  # a table has few different dates and numbers, read again and again
def read_date(text: str, form: DateFormat) -> str | None:
    """The ISO date that a text in a format means; None if it is none."""
    parts = _parts(text, form)
    if parts is None or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    by_letter = dict(zip(form.order, parts, strict=True))
    if len(by_letter["y"]) != (2 if form.short_year else 4):
        return None
    if not all(1 <= len(by_letter[letter]) <= 2 for letter in "md"):
        return None
    year, month, day = (int(by_letter[letter]) for letter in "ymd")
    if form.short_year:
        year += _CENTURY if year < SHORT_YEARS_FROM else _CENTURY - 100
    return _iso(year, month, day)


def _parts(text: str, form: DateFormat) -> list[str] | None:
    if form is DateFormat.COMPACT:
        return [text[:4], text[4:6], text[6:]] if len(text) == 8 else None
    parts = text.split(form.separator)
    return parts if len(parts) == 3 else None


_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _iso(year: int, month: int, day: int) -> str | None:
    if not 1 <= month <= 12 or not 1 <= day <= _MONTH_DAYS[month - 1] or year < 1:
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if month == 2 and day == 29 and not leap:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


@dataclass(frozen=True, slots=True)
class Habit:
    """Habits of one legacy system.

    Attributes:
        thousands: mark between thousands; empty if there is none.
        minus_behind: negative numbers have their minus behind them.
        null: spelling of what is not there, in texts and numbers.
        null_date: the same in dates.
    """

    system: str
    style: SystemStyle
    date_format: DateFormat
    decimal: str
    thousands: str
    minus_behind: bool
    null: str
    null_date: str
    code_page: str
    delimiter: str


def habits_of(scenario: MigrationScenario, seed: int) -> dict[TableName, Habit]:
    """Habit of the system that holds each table; what belongs to no object is where money is."""
    made = {
        system.name: _habit(scenario, system, number, seed)
        for number, system in enumerate(scenario.customer.legacy_systems)
    }
    return {
        name: made[scenario.customer.system_of(table.data_object or DataObject.CUSTOMERS).name]
        for name, table in TARGET.items()
    }


def _habit(scenario: MigrationScenario, system: LegacySystem, number: int, seed: int) -> Habit:
    luck, level = Luck(seed, "habits"), difficulty(scenario.difficulty)
    short = luck.uniform("short year", number) < level.two_digit_year_share
    # A dot between the parts, or no separator, tells the order; hard systems tell nothing.
    telling = luck.uniform("telling", number) >= level.early_days_share
    odd = luck.uniform("odd order", number) < level.odd_order_share
    form = _date_format(system.style, system.month_first is not odd, short, telling)
    null_date = "".join("0" if letter.isdigit() else letter for letter in write_date(_ANY, form))
    if system.style is SystemStyle.SPREADSHEET:
        mark = "." if system.month_first else ","
        null = ("", "-", "n/a")[int(luck.uniform("null", number) * 3)]
        return Habit(system.name, system.style, form, mark, "", False, null, null, "utf-8-sig", ",")
    if system.style is SystemStyle.ACCOUNTING:
        return Habit(system.name, system.style, form, ".", ",", False, "", "", "cp1252", ",")
    mark, thousands = (".", "") if system.month_first else (",", ".")
    page = "cp850" if luck.uniform("code page", number) < 0.5 else "cp1252"
    return Habit(system.name, system.style, form, mark, thousands, True, "", null_date, page, ";")


_ANY = "2026-06-30"


def _date_format(style: SystemStyle, month_first: bool, short: bool, telling: bool) -> DateFormat:
    if style is SystemStyle.ERP and telling:
        return DateFormat.COMPACT if month_first else DateFormat.DAY_DOT
    if month_first:
        return DateFormat.MONTH_SLASH_SHORT if short else DateFormat.MONTH_SLASH
    if telling:
        return DateFormat.DAY_DOT_SHORT if short else DateFormat.DAY_DOT
    return DateFormat.DAY_SLASH_SHORT if short else DateFormat.DAY_SLASH


def write_number(canonical: str, habit: Habit) -> str:
    """A number such as ``-1234.50`` as a system writes it."""
    negative, digits = canonical.startswith("-"), canonical.removeprefix("-")
    whole, _, fraction = digits.partition(".")
    if habit.thousands:
        whole = f"{int(whole):,}".replace(",", habit.thousands)
    text = f"{whole}{habit.decimal}{fraction}" if fraction else whole
    if negative:
        return f"{text}-" if habit.minus_behind else f"-{text}"
    return text


@lru_cache(maxsize=50_000)
def read_number(text: str, digits: int, decimal: str, thousands: str) -> str | None:
    """The canonical number that a text means; None if it is none.

    Args:
        text: with a minus before or behind, perhaps.
        digits: after the decimal mark in canonical numbers.
        decimal: mark.
        thousands: mark between groups of three; empty if there is none.
    """
    body = text.strip()
    negative = body.startswith("-") or body.endswith("-")
    whole, _, fraction = body.removeprefix("-").removesuffix("-").partition(decimal)
    groups = whole.split(thousands) if thousands else [whole]
    if len(groups) > 1 and not (
        1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    ):
        return None
    whole = "".join(groups)
    if not (whole.isascii() and whole.isdigit()) or len(fraction) > digits:
        return None
    if fraction and not (fraction.isascii() and fraction.isdigit()):
        return None
    found = str(int(whole)) + (f".{fraction.ljust(digits, '0')}" if digits else "")
    return f"-{found}" if negative and found.strip("0.") else found


def written(value: int, kind: ColumnKind) -> str:
    """Whole cents, thousandths or numbers as canonical text: ``-12.50``, ``1.500``, ``7``."""
    digits = DIGITS[kind]
    if not digits:
        return str(value)
    text = f"{abs(value):0{digits + 1}d}"
    return f"{'-' if value < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def canonical_text(tables: Tables) -> TextTables:
    """Clean tables as text, in the target's own format, with the identities of their rows."""
    return {name: _as_text(tables[name], table) for name, table in TARGET.items()}


def _as_text(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    import polars as pl

    columns = [pl.Series(ROW, range(frame.height), dtype=pl.Int64)]
    for column in table.columns:
        values = frame[column.name]
        if column.kind is ColumnKind.DATE:
            values = values.dt.strftime("%Y-%m-%d")
        elif column.kind in DIGITS:
            cells = [None if v is None else written(v, column.kind) for v in values.to_list()]
            values = pl.Series(column.name, cells, dtype=pl.String)
        columns.append(values)
    return pl.DataFrame(columns)


def legacy_text(tables: TextTables, habits: Mapping[TableName, Habit]) -> TextTables:
    """Canonical text as each table's system writes it."""
    return {
        name: _converted(frame, TARGET[name], partial(_write, habit=habits[name]))
        for name, frame in tables.items()
    }


def from_legacy_text(tables: TextTables, habits: Mapping[TableName, Habit]) -> TextTables:
    """The way back: cells in a system's habit become canonical, others stay as they are."""
    return {
        name: _converted(frame, TARGET[name], partial(_read, habit=habits[name]))
        for name, frame in tables.items()
    }


def from_text(tables: TextTables) -> Tables:
    """Clean tables from canonical text.

    Raises:
        ValueError: a cell is none of its column's kind.
    """
    import polars as pl

    found: Tables = {}
    for name, table in TARGET.items():
        frame = tables[name]
        columns = []
        for column in table.columns:
            values = frame[column.name]
            if column.kind is ColumnKind.DATE:
                values = values.str.to_date("%Y-%m-%d")
            elif column.kind in DIGITS:
                cells = [None if v is None else int(v.replace(".", "")) for v in values.to_list()]
                values = pl.Series(column.name, cells, dtype=pl.Int64)
            columns.append(values)
        found[name] = pl.DataFrame(columns)
    return found


def _converted(
    frame: pl.DataFrame, table: Table, convert: Callable[[str, Column], str]
) -> pl.DataFrame:
    import polars as pl

    changed = []
    for column in table.of_kind(ColumnKind.DATE, *DIGITS):
        cells = frame[column.name].to_list()
        known: dict[str, str] = {}
        for cell in cells:
            if cell is not None and cell not in known:
                known[cell] = convert(cell, column)
        cells = [None if cell is None else known[cell] for cell in cells]
        changed.append(pl.Series(column.name, cells, dtype=pl.String))
    return frame.with_columns(changed)


def _write(cell: str, column: Column, habit: Habit) -> str:
    if column.kind is ColumnKind.DATE:
        return write_date(cell, habit.date_format)
    return write_number(cell, habit)


def _read(cell: str, column: Column, habit: Habit) -> str:
    """The canonical cell; itself if it cannot be read."""
    if column.kind is ColumnKind.DATE:
        return read_date(cell, habit.date_format) or cell
    return read_number(cell, DIGITS[column.kind], habit.decimal, habit.thousands) or cell
