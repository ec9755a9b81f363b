"""Changes of one cell that operations make."""

from __future__ import annotations

from .operations import Normalisation

_LEGAL_FORMS = (
    ("Incorporated", "Inc."),
    ("Corporation", "Corp."),
    ("Company", "Co."),
    ("Limited", "Ltd."),
)
_STREETS = (
    ("St", "Street"),
    ("Ave.", "Avenue"),
    ("Rd", "Road"),
    ("Blvd", "Boulevard"),
    ("Pkwy", "Parkway"),
    ("Avda.", "Avenida"),
)


def normalised(text: str, how: Normalisation) -> str | None:
    """A text in one form; None if nothing is left of it."""
    match how:
        case Normalisation.TRIM:
            found = " ".join(text.replace("\u00a0", " ").split())
        case Normalisation.UPPER:
            found = text.upper()
        case Normalisation.LOWER:
            found = text.lower()
        case Normalisation.TITLE:
            found = " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))
        case Normalisation.CODE:
            found = "".join(letter for letter in text if letter.isalnum() or letter == "-")
        case Normalisation.UNICODE:
            found = _read_again(text)
        case Normalisation.LEGAL_FORM:
            found = _words_replaced(text, _LEGAL_FORMS)
        case Normalisation.STREET:
            found = _words_replaced(text, _STREETS).replace("str. ", "straße ")
    return found or None


def _words_replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    known = dict(pairs)
    return " ".join(known.get(word, word) for word in text.split(" "))


def _read_again(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def padded(text: str, width: int) -> str:
    """A number of digits with leading zeros up to a width; another text as it is."""
    return text.zfill(width) if text.isascii() and text.isdigit() else text


def scaled(text: str, multiply: int, divide: int) -> str | None:
    """A canonical number times a fraction, rounded half up to the digits it has; None if none."""
    body = text.removeprefix("-")
    whole, _, fraction = body.partition(".")
    if not (whole + fraction).isascii() or not (whole + fraction).isdigit():
        return None
    value = (int(whole + fraction) * multiply * 2 + divide) // (2 * divide)
    digits = str(value).zfill(len(fraction) + 1)
    found = f"{digits[: -len(fraction)]}.{digits[-len(fraction) :]}" if fraction else digits
    return f"-{found}" if text.startswith("-") and value else found
