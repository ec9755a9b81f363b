"""Events of a diary, and the way numbers, names and lists are written in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_NAMES = 4
"""Names in a list; of the rest it says how many."""
_IDENTITIES = frozenset({"package", "defect", "member", "number", "attempt"})
"""Values that only tell one thing from another."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the project as it was recorded.

    Attributes:
        hour: working hours since kick-off.
        kind: what happened.
        subject: to what or whom.
        values: figures that belong to it.
    """

    hour: float
    kind: str
    subject: str
    values: Mapping[str, float | str]

    def number(self, name: str, default: float = 0.0) -> float:
        """A figure, or the default where it is missing or no number."""
        value = self.values.get(name, default)
        return default if isinstance(value, str) else float(value)

    def text(self, name: str) -> str:
        """A value as text; empty where there is none."""
        return str(self.values.get(name, ""))


def plain(name: object) -> str:
    """A name without underscores."""
    return str(name).replace("_", " ")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def often(times: int) -> str:
    """A number of times in words."""
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


def capital(text: str) -> str:
    """A text whose first letter is a capital."""
    return text[:1].upper() + text[1:]


def none_or(number: int, one: str) -> str:
    """A number with its noun, or that there is none."""
    return counted(number, one) if number else f"no {one}"


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{100.0 * share:.0f} %"


def usd(amount: float) -> str:
    """An amount of money in full, the sign before the currency."""
    return f"{'-' if round(amount) < 0 else ''}${abs(amount):,.0f}"


def listed(names: Iterable[str], most: int = MOST_NAMES) -> str:
    """Names as a list in words: each once, with how often; of many how many more there are."""
    times: dict[str, int] = {}
    for name in names:
        times[name] = times.get(name, 0) + 1
    shown = [name if n == 1 else f"{name} {often(n)}" for name, n in times.items()]
    if len(shown) > most + 1:  # "and one more" would take the place of its name
        shown = [*shown[:most], f"{len(shown) - most} more"]
    return joined(shown)


def lateness(days: float) -> str:
    """Days after, or before, a date."""
    whole = round(days)
    if not whole:
        return "on time"
    return f"{counted(abs(whole), 'day')} {'late' if whole > 0 else 'early'}"


def joined(parts: Sequence[str]) -> str:
    """Parts with commas and an "and" between them; semicolons where they have such of their own."""
    own = any(", " in part or " and " in part for part in parts)
    between, last = ("; ", "; and ") if own else (", ", " and ")
    return last.join(filter(None, (between.join(parts[:-1]), *parts[-1:])))


def date(day: int, last: int, days_per_week: int) -> str:
    """The days from one to another of the same week, as a heading."""
    week, first_of_week = divmod(day, days_per_week)
    names = _WEEKDAYS[first_of_week % 7], _WEEKDAYS[last % days_per_week % 7]
    if day == last:
        return f"Week {week + 1}, {names[0]} (day {day})"
    return f"Week {week + 1}, {names[0]} to {names[1]} (days {day}-{last})"


def generic(events: Sequence[Happening]) -> str:
    """Words that fit any kind of event: its name, subjects and figures."""
    return f"{capital(plain(events[0].kind))}: {listed(map(_with_figures, events))}"


def _with_figures(event: Happening) -> str:
    figures = [
        _figure(name, value) for name, value in event.values.items() if name not in _IDENTITIES
    ]
    return f"{plain(event.subject)} ({', '.join(figures)})" if figures else plain(event.subject)


def _figure(name: str, value: float | str) -> str:
    if isinstance(value, str):
        return f"{plain(name)} {plain(value)}"
    for suffix, written in _UNITS.items():
        if name == suffix or name.endswith(f"_{suffix}"):
            about = name.removesuffix(suffix).strip("_")
            return f"{plain(about)} {written(value)}" if about not in _OBVIOUS else written(value)
    return f"{plain(name)} {value:.3g}" if value != int(value) else f"{plain(name)} {value:,.0f}"


_OBVIOUS = ("", "effort", "price", "cost")
"""Words that a figure's unit says as well."""
_UNITS: dict[str, Callable[[float], str]] = {
    "days_late": lateness,
    "hours": lambda value: f"{value:,.0f} h",
    "usd": lambda value: f"${value:,.0f}",
    "days": lambda value: counted(round(value), "day"),
    "day": lambda value: f"day {value:,.0f}",
    "weeks": lambda value: counted(round(value), "week"),
    "share": percent,
}
