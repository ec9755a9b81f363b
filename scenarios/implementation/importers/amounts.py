"""Amounts of time as project tools write them: ``12.5h``, ``5 days?``, ``1w 2d``, ``P5D``, ``50%``.

A day has the hours of the project's day, a week its days, a month 20 days (Microsoft Project's
default). Elapsed time (``2ed``) counts nights and weekends: it becomes its share of working time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

WEEK_HOURS = 168.0
"""Hours of a week, nights and weekends included."""
_DAYS_PER_MONTH = 20.0
_ELAPSED = {"day": 24.0, "week": WEEK_HOURS, "month": 720.0}
_WORDS = {
    "millisecond": "ms msec millisecond milliseconds",
    "second": "s sec secs second seconds sekunde sekunden",
    "minute": "m min mins minute minutes minuten minuto minutos minuti",
    "hour": "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren",
    "day": "d dy day days t tag tage tagen j jour jours dia dias día días giorno giorni dag dagen",
    "week": "w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane "
    "weken",
    "month": "mo mon mons month months monat monate monaten mois mes meses mês mese mesi maand "
    "maanden",
}
UNITS = {word: unit for unit, words in _WORDS.items() for word in words.split()}
_ELAPSED_UNITS = {
    **{f"e{word}": unit for word, unit in UNITS.items()},
    **{
        f"f{word}": UNITS[word] for word in ("h", "std", "t", "tag", "tage", "w", "woche", "wochen")
    },
}
UNIT_WORDS = "|".join(sorted({*UNITS, *_ELAPSED_UNITS}, key=lambda word: (-len(word), word)))
"""A pattern of all words of units, the longest first."""
ISO_DURATION = re.compile(
    r"^([-+]?)P(?=[0-9T-])(?:(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)W)?(?:(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)D)?"
    r"(?:T(?=[0-9-])(?:(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)H)?(?:(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)M)?"
    r"(?:(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)S)?)?$"
)
_NUMBER = r"[0-9]{1,12}(?:[.,' ][0-9]{1,12})*"
_PART = re.compile(rf"\s*({_NUMBER})\s*(?:({UNIT_WORDS})(?![^\W\d_])\.?)?", re.IGNORECASE)
_CLOCK = re.compile(r"^([0-9]{1,6}):([0-5][0-9])(?::([0-5][0-9]))?$")
_MOST = 1e9


class TimeUnit(StrEnum):
    """Units of a number that has none beside it."""

    MILLISECONDS = "millisecond"
    SECONDS = "second"
    MINUTES = "minute"
    HOURS = "hour"
    DAYS = "day"
    WEEKS = "week"
    MONTHS = "month"


class Decimal(StrEnum):
    """Marks between a number's whole part and its fraction."""

    POINT = "point"
    COMMA = "comma"


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Working hours of a project's day and working days of its week."""

    hours_per_day: float = 8.0
    days_per_week: float = 5.0

    def hours(self, unit: str) -> float:
        """Working hours of a unit."""
        day = self.hours_per_day
        return {
            "millisecond": 1.0 / 3_600_000.0,
            "second": 1.0 / 3_600.0,
            "minute": 1.0 / 60.0,
            "hour": 1.0,
            "day": day,
            "week": day * self.days_per_week,
            "month": day * _DAYS_PER_MONTH,
        }[unit]

    @property
    def share(self) -> float:
        """Of all the hours of a week, those that are worked."""
        return self.hours_per_day * self.days_per_week / WEEK_HOURS


@dataclass(frozen=True, slots=True)
class Amount:
    """Working hours, and whether the text counted nights and weekends."""

    hours: float
    elapsed: bool = False


def amount_of(
    text: str,
    time: WorkingTime,
    bare: TimeUnit = TimeUnit.HOURS,
    decimal: Decimal = Decimal.POINT,
) -> Amount | None:
    """The amount that a cell says; None: it says none, or one that can be read in two ways.

    Args:
        text: of the cell, not empty.
        time: of the project.
        bare: unit of a number without one.
        decimal: mark of fractions where a number's own marks leave it open.
    """
    text = text.strip().removesuffix("?").strip().casefold()
    clock = _CLOCK.match(text)
    if clock is not None:
        return Amount(int(clock[1]) + int(clock[2]) / 60.0 + int(clock[3] or 0) / 3_600.0)
    iso = iso_hours(text.upper(), time)
    if iso is not None:
        return None if iso < 0.0 else Amount(iso)
    total, place, elapsed = 0.0, 0, False
    while place < len(text):
        found = _PART.match(text, place)
        if found is None:
            return None
        value, word = number_of(found[1], decimal), found[2]
        if value is None or (word is None and (place or found.end() < len(text))):
            return None
        is_elapsed = word in _ELAPSED_UNITS and word not in UNITS
        unit = str(bare) if word is None else (_ELAPSED_UNITS if is_elapsed else UNITS)[word]
        hours = _ELAPSED.get(unit) if is_elapsed else None
        total += (
            value
            * (time.hours(unit) if hours is None else hours)
            * (time.share if is_elapsed else 1.0)
        )
        elapsed, place = elapsed or is_elapsed, found.end()
    return Amount(total, elapsed) if place and total < _MOST else None


def number_of(text: str, decimal: Decimal = Decimal.POINT) -> float | None:
    """The number in a text of digits and marks; None: it can be read in two ways, or in none.

    ``1,200`` is 1200 to some and 1.2 to others; ``7,5``, ``1.200,5`` and ``1,200.5`` are clear.
    """
    marks = [mark for mark in text if not mark.isdigit()]
    if not marks:
        return float(text) if len(text) <= 12 else None
    last = marks[-1]
    groups = re.split(r"[^0-9]", text)
    if last in ",." and marks.count(last) == 1:
        told = "," if decimal is Decimal.COMMA else "."
        if len(groups[-1]) != 3 or len(marks) > 1 or last == told:
            return _grouped(groups[:-1], marks[:-1], f".{groups[-1]}")
        if last == "," and decimal is Decimal.POINT:
            return None
    return _grouped(groups, marks, "")


def _grouped(groups: list[str], marks: list[str], fraction: str) -> float | None:
    """The number of groups of three digits, all separated by one mark."""
    whole = len(set(marks)) <= 1 and all(len(group) == 3 for group in groups[1:])
    if not whole or (marks and len(groups[0]) > 3):
        return None
    digits = "".join(groups)
    return float(digits + fraction) if len(digits) <= 12 else None


def iso_hours(text: str, time: WorkingTime) -> float | None:
    """Working hours of a duration such as ``PT8H0M0S`` or ``P5D``; None: it is none.

    A day is a working day: nobody who writes five days of work means 120 hours.
    """
    found = ISO_DURATION.match(text)
    if found is None:
        return None
    units = [time.hours(unit) for unit in ("week", "day", "hour", "minute", "second")]
    value = 0.0
    for part, hours in zip(found.groups()[1:], units, strict=True):
        value += float(part or 0.0) * hours
    return -value if found[1] == "-" else value
