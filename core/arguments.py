"""Checks of what a caller gives in Python: one line that names the argument and what was expected."""

from __future__ import annotations

from numbers import Integral
from typing import Any, TypeVar

from .errors import GoliveError

ThingT = TypeVar("ThingT")


def seed_of(name: str, value: Any, bits: int = 63) -> int:
    """The value, if it is an integer from 0 to ``2**bits - 1``; true and 1.0 are none.

    Raises:
        GoliveError: it is not.
    """
    if _is_integer(value) and 0 <= value < 2**bits:
        return int(value)
    raise GoliveError(f"{name}: {value!r}: expected an integer from 0 to 2**{bits} - 1")


def count_of(name: str, value: Any, least: int = 0) -> int:
    """The value, if it is an integer and not below the least; true and 1.0 are none.

    Raises:
        GoliveError: it is not.
    """
    if _is_integer(value) and value >= least:
        return int(value)
    what = f"at least {least}" if value is None or _is_integer(value) else "an integer"
    raise GoliveError(f"{name}: {value!r}: expected {what}")


def _is_integer(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def of_type(
    name: str, value: Any, kind: type[ThingT] | tuple[type[ThingT], ...], expected: str
) -> ThingT:
    """The value, if it is of the type.

    Args:
        name: of the argument.
        value: that was given.
        kind: or several.
        expected: the same in words.

    Raises:
        GoliveError: it is not.
    """
    if isinstance(value, kind):
        return value
    raise GoliveError(f"{name}: {value!r}: expected {expected}")
