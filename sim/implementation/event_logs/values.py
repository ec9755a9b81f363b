"""Values of attributes: their types, and their lexical forms in files.

XES takes its forms from XML Schema (``xs:long``, ``xs:double``, ``xs:boolean``, ``xs:dateTime``),
OCEL 2.0 writes the same. What is not of the form is no value of the type: a reader counts it.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

_INTEGER = re.compile(r"[+-]?[0-9]+")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = {"NaN": math.nan, "INF": math.inf, "+INF": math.inf, "-INF": -math.inf}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_MOST_DIGITS = 20
_LEAST_INTEGER, _MOST_INTEGER = -(2**63), 2**63 - 1
_LEAST_YEAR, _MOST_YEAR = 1900, 2200
_BLANK = " \t\n\r"
_MIDNIGHT = re.compile(r"T24(:00(:00([.,]0+)?)?)?(?=Z|[+-]|$)")
_MOST_OFFSET = timedelta(hours=14)
_LISTED, _LONGEST_NAME = 8, 60


class Identity(str):
    """A text of XES's type ``id``."""

    __slots__ = ()


Value = float | int | str | bool | datetime
"""Value of an attribute; declared times are working hours since kick-off, others ``datetime``."""


class Unfit(ValueError):
    """A value that is not of its type; the message says what it is, such as ``broken float``."""


def parse_time(text: str, form: str = "") -> datetime:
    """Read a timestamp, with the offset that it is written with, or without one.

    Raises:
        Unfit: it is no timestamp, or not of 1900 to 2200.
    """
    try:
        if form:
            moment = datetime.strptime(text.strip(), form)
        else:
            plain, nights = _MIDNIGHT.subn("T00", text.strip())
            moment = datetime.fromisoformat(plain) + timedelta(days=nights)
    except (ValueError, OverflowError, re.error):
        raise Unfit("broken time") from None
    if not _LEAST_YEAR <= moment.year <= _MOST_YEAR:
        raise Unfit("time that is not of 1900 to 2200")
    return moment


def parse_value(text: str, kind: str, form: str = "") -> Value:
    """Read a value of a type as OCEL 2.0 calls it; text where that is no other type.

    Raises:
        Unfit: it is not of that type, or a number that is not finite.
    """
    if kind in ("time", "date"):
        return parse_time(text, form)
    if kind not in ("integer", "float", "boolean"):
        return text
    text = text.strip(_BLANK)
    if kind == "boolean" and text in _BOOLEANS:
        return _BOOLEANS[text]
    if kind == "integer" and _INTEGER.fullmatch(text):
        sign = text[0] if text[0] in "+-" else ""
        digits = text[len(sign) :].lstrip("0")
        return checked(int(f"{sign}{digits[:_MOST_DIGITS] or 0}"))  # cut, it is still too big
    if kind == "float" and (text in _NOT_FINITE or _FLOAT.fullmatch(text)):
        return checked(_NOT_FINITE[text] if text in _NOT_FINITE else float(text))
    raise Unfit(f"broken {kind}")


def checked(number: float, low: float = -math.inf, high: float = math.inf) -> float:
    """Let a number pass that is finite, has no more than 64 bits and lies within limits.

    Raises:
        Unfit: it does not.
    """
    if isinstance(number, int):
        if not _LEAST_INTEGER <= number <= _MOST_INTEGER:
            raise Unfit("number of more than 64 bits")
    elif not math.isfinite(number):
        raise Unfit("number that is not finite")
    if not low <= number <= high:
        raise Unfit(f"number outside {low:g}..{high:g}")
    return number


def parse_json(text: str | bytes) -> Any:
    """Read JSON as other tools write it: bare ``NaN`` passes, to be refused as a value.

    Raises:
        ValueError: it is no JSON, no UTF-8, or nested too deeply.
    """
    if isinstance(text, bytes):
        text = text.decode(json.detect_encoding(text))
    try:
        content = json.loads(text, parse_int=_whole)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return _without_surrogates(content) if "\\ud" in text.lower() else content


def _whole(digits: str) -> int:
    # Python refuses to read more than 4,300 digits; cut, it is still refused for its size.
    return int(digits[: 2 * _MOST_DIGITS])


def _without_surrogates(content: Any) -> Any:
    """Halves of characters, which no file can hold, become replacement characters."""
    if isinstance(content, str):
        return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(content, list):
        return [_without_surrogates(entry) for entry in content]
    if isinstance(content, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in content.items()}
    return content


def canonical(text: str) -> Value:
    """Read a cell of a table: a number only where the number says all that is written.

    ``007``, ``1e3`` and ``1.10`` may be names; they stay text.
    """
    if len(text) <= _MOST_DIGITS + 4:
        if _INTEGER.fullmatch(text) and str(int(text)) == text:
            return int(text) if _LEAST_INTEGER <= int(text) <= _MOST_INTEGER else text
        if _FLOAT.fullmatch(text) and repr(float(text)) == text:
            return float(text)
    return text


def format_float(number: float) -> str:
    """Write a float as ``xs:double`` has it."""
    if math.isfinite(number):
        return repr(float(number))
    return "NaN" if math.isnan(number) else "INF" if number > 0.0 else "-INF"


def format_time(moment: datetime) -> str:
    """Write a timestamp as ``xs:dateTime`` has it, with microseconds and its offset.

    An offset that the form cannot have (seconds, more than 14 hours) becomes UTC.
    """
    offset = moment.utcoffset() or timedelta()
    if moment.tzinfo is None or offset % timedelta(minutes=1) or abs(offset) > _MOST_OFFSET:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")


def local(moment: datetime, zone: tzinfo | None = None) -> datetime:
    """Put a moment on the wall clock of a zone; without a zone the clock it is written with counts.

    A moment without an offset is taken for one of the zone, or of UTC.
    """
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone or UTC)
    return moment if zone is None else moment.astimezone(zone)


def wall_clock(moment: datetime) -> datetime:
    """The time that the clock on the wall shows."""
    return moment.replace(tzinfo=None, fold=0)


def same_moment(one: datetime, other: datetime) -> bool:
    """True if two moments show the same wall clock at the same offset."""
    return wall_clock(one) == wall_clock(other) and one.utcoffset() == other.utcoffset()


def shown(name: str) -> str:
    """A name out of a file as a message may hold it: one line, printable, not too long."""
    plain = "".join(c if c.isprintable() else "\ufffd" for c in name[: _LONGEST_NAME + 1])
    return plain if len(plain) <= _LONGEST_NAME else plain[:_LONGEST_NAME] + "..."


def listed(counts: Counter[str]) -> str:
    """The most frequent names with their counts, and how many more there are."""
    met = +counts
    words = [f"{shown(name)} ({count:,})" for name, count in met.most_common(_LISTED)]
    more = len(met) - _LISTED
    return ", ".join(words) + (f" and {more:,} more" if more > 0 else "")
