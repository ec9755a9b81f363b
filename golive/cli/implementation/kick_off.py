"""The date of a kick-off, as written on the command line."""

from __future__ import annotations

from datetime import date

from ...core.errors import GoliveError

_LEAST_YEAR, _MOST_YEAR = 1900, 2200


def parse_kick_off(text: str | None) -> date:
    """The date, or the one that simulations have by default.

    Raises:
        GoliveError: it is no date, or not of 1900 to 2200.
    """
    from ...sim.implementation.event_logs.calendar import DEFAULT_KICK_OFF

    if text is None:
        return DEFAULT_KICK_OFF
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise GoliveError(f"--kick-off: {text!r}: expected a date such as 2026-01-05") from None
    if not _LEAST_YEAR <= day.year <= _MOST_YEAR:
        raise GoliveError(f"--kick-off: {text!r}: expected a year of {_LEAST_YEAR}..{_MOST_YEAR}")
    return day
