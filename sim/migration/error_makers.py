"""Makers of errors in one cell: a clean text goes in, a wrong one comes out.

Each takes the text, what is known of its column and system, and numbers in [0, 1) of its own.
None of them gives the text itself, the empty text or the system's spelling of nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...scenarios.migration.vocabulary import ErrorKind
from .habits import DateFormat, Habit, read_date, read_number, write_date, write_number, written
from .target import DIGITS, Column, ColumnKind


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell's surroundings, and the luck of its error."""

    column: Column
    habit: Habit
    u: float
    v: float


Maker = Callable[[str, Spot], str | None]
"""Gives the wrong text; None if the error cannot befall this cell."""
_NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "ko", "m": "nk", "n": "bm", "o": "ip", "p": "ol",
    "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc",
    "y": "tu", "z": "xs",
}  # fmt: skip
"""Keys beside one another on an English keyboard."""
_LOOK_ALIKE = (("0", "O"), ("1", "l"), ("5", "S"), ("8", "B"), ("m", "rn"), ("I", "1"), ("l", "1"))
_SHORT_FORMS = (
    (" Street", " St"), (" Avenue", " Ave."), (" Road", " Rd"), ("straße", "str."),
    ("Avenida", "Avda."), (" Inc.", " Incorporated"), (" Corp.", " Corporation"),
    (" Co.", " Company"), (" GmbH & Co. KG", " GmbH"), (" Ltd.", " Limited"), (" Ltd", " Limited"),
    (" LLC", ""), (" & ", " and "), (" Boulevard", " Blvd"), (" Parkway", " Pkwy"),
)  # fmt: skip
_DEFAULT_TEXTS = ("TBD", "unknown", "xxx", "?", "see file")


def _typo(text: str, spot: Spot) -> str | None:
    """Two letters exchanged, one left out, doubled, or the key beside it."""
    letters = [index for index, letter in enumerate(text) if letter.isalpha()]
    if len(letters) < 3:
        return None
    index = letters[1 + int(spot.u * (len(letters) - 1))]
    letter, kind = text[index], int(spot.v * 4)
    if kind == 0 and text[index - 1] not in (letter, " "):
        return text[: index - 1] + letter + text[index - 1] + text[index + 1 :]
    if kind == 1:
        return text[:index] + text[index + 1 :]
    if kind == 2 and letter.lower() in _NEIGHBOURS:
        pair = _NEIGHBOURS[letter.lower()]
        other = pair[int(spot.v * 97) % 2]
        return text[:index] + (other.upper() if letter.isupper() else other) + text[index + 1 :]
    return text[:index] + letter + text[index:]


def _ocr(text: str, spot: Spot) -> str | None:
    found = [(index, a, b) for a, b in _LOOK_ALIKE for index in _places(text, a)]
    if not found:
        return None
    index, a, b = found[int(spot.u * len(found))]
    return text[:index] + b + text[index + len(a) :]


def _places(text: str, part: str) -> list[int]:
    return [index for index in range(len(text)) if text.startswith(part, index)]


def _mojibake(text: str, _spot: Spot) -> str | None:
    """UTF-8 read as code page 1252."""
    if text.isascii():
        return None
    try:
        return text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return None


def _lost_character(text: str, _spot: Spot) -> str | None:
    if text.isascii():
        return None
    return "".join(letter if letter.isascii() else "?" for letter in text)


def _date_order(text: str, spot: Spot) -> str | None:
    """Day and month exchanged, where it stays a date."""
    iso = read_date(text, spot.habit.date_format)
    if iso is None or int(iso[8:]) > 12 or iso[5:7] == iso[8:]:
        return None
    return write_date(f"{iso[:4]}-{iso[8:]}-{iso[5:7]}", spot.habit.date_format)


def _date_format(text: str, spot: Spot) -> str | None:
    iso = read_date(text, spot.habit.date_format)
    if iso is None:
        return None
    others = [form for form in DateFormat if form is not spot.habit.date_format]
    found = write_date(iso, others[int(spot.u * len(others))])
    return found if found != text else None


def _decimal_mark(text: str, spot: Spot) -> str | None:
    decimal, thousands = spot.habit.decimal, spot.habit.thousands
    number = read_number(text, DIGITS[spot.column.kind], decimal, thousands)
    other = "," if decimal == "." else "."
    if number is None or "." not in number:
        return None
    return (
        text.replace(thousands, "").replace(decimal, other)
        if thousands
        else text.replace(decimal, other)
    )


def _scaled(text: str, spot: Spot) -> str | None:
    """The number in another unit: by the thousand, the dozen, the hundred."""
    number = _number(text, spot)
    if not number:
        return None
    factor = (1_000, 12, 100)[int(spot.u * 3)]
    if spot.v < 0.5:
        return _number_text(number * factor, spot)
    return _number_text(number // factor, spot) if number >= factor else None


def _sign_flipped(text: str, spot: Spot) -> str | None:
    number = _number(text, spot)
    return _number_text(-number, spot) if number else None


def _number(text: str, spot: Spot) -> int | None:
    habit = spot.habit
    canonical = read_number(text, DIGITS[spot.column.kind], habit.decimal, habit.thousands)
    return None if canonical is None else int(canonical.replace(".", ""))


def _number_text(value: int, spot: Spot) -> str:
    return write_number(written(value, spot.column.kind), spot.habit)


def _default_as_missing(text: str, spot: Spot) -> str | None:
    """The value that a form had to have when nobody knew it."""
    kind = spot.column.kind
    if kind is ColumnKind.DATE:
        found = write_date("1970-01-01", spot.habit.date_format)
    elif kind is ColumnKind.PHONE:
        found = "000-000-0000"
    elif kind in (ColumnKind.MONEY, ColumnKind.QUANTITY, ColumnKind.WHOLE):
        found = _number_text((9_999_999, 0)[int(spot.u * 2)], spot)
    else:
        found = _DEFAULT_TEXTS[int(spot.u * len(_DEFAULT_TEXTS))]
    return found if found != text else None


def _missing_cost(text: str, spot: Spot) -> str | None:
    """A cost of zero; half of the missing ones are empty instead (``injection``)."""
    zero = _number_text(0, spot)
    return zero if text != zero else None


def _leading_zero_lost(text: str, _spot: Spot) -> str | None:
    if not (text.isascii() and text.isdigit()) or not text.startswith("0"):
        return None
    return text.lstrip("0") or None


def _scientific_notation(text: str, _spot: Spot) -> str | None:
    """What a spreadsheet makes of a long number."""
    digits = text.lstrip("0")
    if not (text.isascii() and text.isdigit()) or len(digits) < 12:
        return None
    return f"{digits[0]}.{digits[1:6]}E+{len(digits) - 1}"


def _special_character(text: str, spot: Spot) -> str | None:
    sign = ("/", "#", "*", "\u00a0", ";", '"', "'", "=")[int(spot.u * 8)]
    if sign == "=":  # a formula, as far as a spreadsheet knows
        return f"={text}"
    if sign == "\u00a0" or len(text) < 3:
        return text + sign
    index = 1 + int(spot.v * (len(text) - 1))
    return text[:index] + sign + text[index:]


def _inconsistent_name(text: str, spot: Spot) -> str | None:
    """Another way to write the same name."""
    shorter = [text.replace(a, b) for a, b in _SHORT_FORMS if a in text]
    words = text.split(" ")
    found = [
        text.upper(),
        text.lower(),
        *shorter,
        *([f"{' '.join(words[1:])}, {words[0]}"] if len(words) > 1 else []),
        text.replace(" ", "  "),
    ]
    found = [one for one in found if one and one != text]
    return found[int(spot.u * len(found))] if found else None


def _wrong_valid_value(text: str, spot: Spot) -> str | None:
    others = [choice for choice in spot.column.choices if choice != text]
    return others[int(spot.u * len(others))] if others else None


def _stale(text: str, spot: Spot) -> str | None:
    """What was right years ago: another extension, another person's mail, another house."""
    kind = spot.column.kind
    if kind is ColumnKind.EMAIL:
        return f"info{text[text.index('@') :]}" if "@" in text else None
    digits = [index for index, letter in enumerate(text) if letter.isdigit()]
    if not digits:
        return None
    index = digits[-1] if kind is ColumnKind.PHONE else digits[int(spot.u * len(digits))]
    other = (int(text[index]) + 1 + int(spot.v * 9)) % 10
    return text[:index] + str(other) + text[index + 1 :]


def _wrong_total(text: str, spot: Spot) -> str | None:
    number = _number(text, spot)
    if number is None:
        return None
    return _number_text(number + 100 * (1 + int(spot.u * 5_000)), spot)


_NAMES = (ColumnKind.NAME, ColumnKind.TEXT)
MAKERS: dict[ErrorKind, tuple[tuple[ColumnKind, ...], Maker]] = {
    ErrorKind.TYPO: (_NAMES, _typo),
    ErrorKind.OCR: ((*_NAMES, ColumnKind.CODE), _ocr),
    ErrorKind.MOJIBAKE: (_NAMES, _mojibake),
    ErrorKind.LOST_CHARACTER: (_NAMES, _lost_character),
    ErrorKind.DATE_ORDER: ((ColumnKind.DATE,), _date_order),
    ErrorKind.DATE_FORMAT: ((ColumnKind.DATE,), _date_format),
    ErrorKind.DECIMAL_MARK: ((ColumnKind.MONEY, ColumnKind.QUANTITY), _decimal_mark),
    ErrorKind.UNIT_SCALE: ((ColumnKind.QUANTITY,), _scaled),
    ErrorKind.SIGN_FLIPPED: ((ColumnKind.MONEY, ColumnKind.QUANTITY), _sign_flipped),
    ErrorKind.DEFAULT_AS_MISSING: (
        (*_NAMES, ColumnKind.DATE, ColumnKind.PHONE, ColumnKind.QUANTITY, ColumnKind.WHOLE),
        _default_as_missing,
    ),
    ErrorKind.LEADING_ZERO_LOST: ((ColumnKind.CODE,), _leading_zero_lost),
    ErrorKind.SCIENTIFIC_NOTATION: ((ColumnKind.CODE,), _scientific_notation),
    ErrorKind.SPECIAL_CHARACTER: ((ColumnKind.CODE,), _special_character),
    ErrorKind.INCONSISTENT_NAME: (_NAMES, _inconsistent_name),
    ErrorKind.WRONG_VALID_VALUE: ((ColumnKind.CHOICE,), _wrong_valid_value),
    ErrorKind.STALE: ((ColumnKind.PHONE, ColumnKind.EMAIL, ColumnKind.TEXT), _stale),
    ErrorKind.MISSING_COST: ((ColumnKind.MONEY,), _missing_cost),
    ErrorKind.WRONG_TOTAL: ((ColumnKind.MONEY,), _wrong_total),
}
"""Kinds of column that each error befalls, and its maker."""


def broken(kind: ErrorKind, text: str, spot: Spot) -> str | None:
    """The wrong text that an error makes; None if it cannot befall the cell."""
    found = MAKERS[kind][1](text, spot)
    nothing = ("", spot.habit.null, spot.habit.null_date, text)
    return None if found is None or found in nothing else found
