"""Near duplicates: rows entered again under another number, with some fields otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ...scenarios.migration.vocabulary import Cause, ErrorKind, TableName
from .clean_partners import NUMBERS_A_ROW
from .dates import ordinal
from .difficulty import Difficulty, difficulty
from .error_makers import Spot, broken
from .habits import Habit, read_date, write_date, write_number
from .invented_names import COUNTRY_WORDS
from .ledger import Book, Sheet
from .luck import Luck
from .target import TARGET, Table

REDIRECTED_SHARE = 0.35
"""Documents of a partner or item that refer to its duplicate (estimate)."""
EVIDENCE = ("tax_id", "phone", "email", "barcode")
"""Columns that prove that two rows are one thing, where both have them."""
NEVER_COPIED = ("balance", "credit_limit")
"""Amounts that a new row begins with at zero."""
Row = dict[str, str | None]

_PARTNER_EDITS: tuple[tuple[str, ErrorKind | str], ...] = (
    ("name", ErrorKind.INCONSISTENT_NAME),
    ("street", ErrorKind.INCONSISTENT_NAME),
    ("name", ErrorKind.TYPO),
    ("contact", "empty"),
    ("city", ErrorKind.TYPO),
    ("street", ErrorKind.STALE),
    ("postcode", "empty"),
    ("payment_terms", ErrorKind.WRONG_VALID_VALUE),
    ("street", "moved"),
    ("name", "short"),
)
_ITEM_EDITS: tuple[tuple[str, ErrorKind | str], ...] = (
    ("description", ErrorKind.INCONSISTENT_NAME),
    ("description", ErrorKind.TYPO),
    ("variant", "empty"),
    ("weight", ErrorKind.SIGN_FLIPPED),
    ("description", "short"),
    ("status", ErrorKind.WRONG_VALID_VALUE),
    ("base_unit", ErrorKind.WRONG_VALID_VALUE),
    ("list_price", "empty"),
)
EDITS = {
    TableName.CUSTOMERS: _PARTNER_EDITS,
    TableName.VENDORS: _PARTNER_EDITS,
    TableName.ITEMS: _ITEM_EDITS,
}
"""Ways in which a row entered again differs, by table; other tables have no duplicates."""


def add_duplicates(
    book: Book,
    table: TableName,
    chosen: Mapping[int, Cause],
    habit: Habit,
    level: int,
    as_of: int,
    seed: int,
) -> None:
    """Enter rows again under numbers of their own, and turn some documents to them.

    Args:
        book: that is changed.
        table: whose rows they are; nothing is done where there is no way to enter one again.
        chosen: rows to enter again, each with its cause.
        habit: of the table's system.
        level: of difficulty, 1..5.
        as_of: day of the extract; rows are entered again before.
        seed: of the episode.
    """
    if table not in EDITS or not chosen:
        return
    maker = _Maker(
        book.sheets[table],
        TARGET[table],
        habit,
        difficulty(level),
        as_of,
        Luck(seed, f"again/{table}"),
    )
    numbers: dict[str, tuple[str, Cause]] = {}
    for row, cause in chosen.items():
        again = maker.again(row)
        book.add(
            table,
            tuple(again[name] for name in book.sheets[table].names),
            ErrorKind.DUPLICATE,
            cause,
            row,
        )
        old, new = book.sheets[table].cell(row, maker.key), again[maker.key]
        if old is not None and new is not None:
            numbers[old] = (new, cause)
    _redirect(book, table, numbers, Luck(seed, f"redirected/{table}"))


class _Maker:
    def __init__(
        self,
        sheet: Sheet,
        table: Table,
        habit: Habit,
        level: Difficulty,
        as_of: int,
        luck: Luck,
    ) -> None:
        self.sheet, self.table, self.habit, self.level = sheet, table, habit, level
        self.as_of, self.luck = as_of, luck
        self.key = table.key[0]
        self.used = set(sheet.columns[self.key])

    def again(self, row: int) -> Row:
        """The row entered again: another number, some fields otherwise."""
        found: Row = dict(zip(self.sheet.names, self.sheet.cells(row), strict=True))
        found[self.key] = self._number(row, found[self.key] or "")
        found["created_on"] = self._later(row, found["created_on"] or "")
        for name in NEVER_COPIED:
            if name in found:
                found[name] = write_number("0.00", self.habit)
        for whom, name in enumerate(EVIDENCE):
            if name in found and self._u(f"evidence {whom}", row) >= self.level.evidence_kept:
                found[name] = None
        edits, (low, high) = EDITS[self.table.name], self.level.duplicate_edits
        order = sorted(range(len(edits)), key=lambda one: self._u(f"edit {one}", row))
        count = low + int(self._u("edits", row) * (high - low + 1))
        for one in order:
            column, kind = edits[one]
            changed = self._edited(row, found, column, kind, one)
            if changed != found[column]:
                found[column], count = changed, count - 1
            if count == 0:
                break
        return found

    def _u(self, name: str, row: int) -> float:
        return self.luck.uniform(name, row)

    def _edited(
        self, row: int, found: Row, column: str, kind: ErrorKind | str, one: int
    ) -> str | None:
        text = found[column]
        if text is None or kind == "empty":
            return None
        u, v = self._u(f"how {one}", row), self._u(f"where {one}", row)
        if isinstance(kind, ErrorKind):
            changed = broken(kind, text, Spot(self.table[column], self.habit, u, v))
            return text if changed is None else changed
        if kind == "short":
            return text.split(" ")[0] if v < 0.5 else " ".join(text.split(" ")[:2])
        country = next(one for one in COUNTRY_WORDS if one.code == found["country"])
        return country.streets[int(u * len(country.streets))].format(1 + int(v * 399))

    def _later(self, row: int, written: str) -> str:
        """A day between the first entry and the extract."""
        iso = read_date(written, self.habit.date_format)
        if iso is None:
            return written
        first = ordinal(iso)
        day = first + int(self._u("later", row) * max(self.as_of - first, 1))
        return write_date(date.fromordinal(day).isoformat(), self.habit.date_format)

    def _number(self, row: int, number: str) -> str:
        """A number that is not in use: from the gaps, or for items from another series."""
        if self.table.name is TableName.ITEMS:
            value = row + 1
            free = [f"{value:08d}", f"P{value:06d}", f"{10 + value % 80}-{value:05d}"]
            found = next(one for one in free if one not in self.used)
        else:
            prefix = number[:1] if not number[:1].isdigit() else ""
            value = int(self._u("number", row) * NUMBERS_A_ROW * len(self.sheet.rows))
            digits = len(number) - len(prefix)
            while (found := f"{prefix}{value:0{digits}d}") in self.used:
                value += 1
        self.used.add(found)
        return found


def _redirect(
    book: Book, table: TableName, numbers: Mapping[str, tuple[str, Cause]], luck: Luck
) -> None:
    """Turn some references of what was entered again to the new number."""
    for name, other in TARGET.items():
        for column in other.references:
            if column.refers is not table or column.name in other.key:
                continue
            sheet = book.sheets[name]
            cells = sheet.columns[column.name]
            for row, cell in list(zip(sheet.rows, cells, strict=True)):
                if (
                    cell in numbers
                    and luck.uniform(f"{name}/{column.name}", row) < REDIRECTED_SHARE
                ):
                    new, cause = numbers[str(cell)]
                    book.change(name, row, column.name, ErrorKind.DUPLICATE, new, cause)
