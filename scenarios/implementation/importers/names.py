"""One spelling for names, ids and headings, however a file writes them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Soft hyphens, zero-width blanks and marks of direction; not the joiners that scripts need."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_AMOUNT = r"\s*([0-9]{1,6}(?:[.,][0-9]{1,4})?)\s*"
_UNITS = re.compile(rf"^(.*?)\s*(?:\[{_AMOUNT}(%?)\s*\]|\({_AMOUNT}%\s*\))$")
_LONGEST_PERSON = 250
_ADDRESS = re.compile(r"^(.+?)\s*<[^<>\s]+@[^<>\s]+>$")


def normalised(text: str) -> str:
    """A text in Unicode's form C, without invisible characters, each run of blanks one blank."""
    plain = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return " ".join(unicodedata.normalize("NFC", plain).split())


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """The form in which two spellings of a name are compared: without case and width."""
    return normalised(unicodedata.normalize("NFKC", text)).casefold()


def heading(text: str) -> str:
    """A column's heading as layouts are compared with it: words of letters and digits alone."""
    return " ".join(re.sub(r"[\W_]+", " ", folded(text)).split())


def person(text: str) -> tuple[str, float]:
    """Name and units of somebody in a table, as ``Anna[50%]`` or ``Anna <a@example.org>``."""
    if len(text) > _LONGEST_PERSON:
        return text, 1.0
    found = _UNITS.match(text)
    units = 1.0
    if found is not None and found[1]:
        amount = float((found[2] or found[4]).replace(",", "."))
        units = amount if found[2] and not found[3] else 0.01 * amount
        text = found[1]
    address = _ADDRESS.match(text)
    return (text if address is None else address[1]), units
