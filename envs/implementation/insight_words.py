"""Traits of a customer in words, as far as estimates go, and the reports of readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...scenarios.implementation.traits import TRAITS
from ...sim.implementation.briefing import InsightStatus
from .diary_words import Happening, joined, plain


@dataclass(frozen=True, slots=True)
class TraitWords:
    """A trait in words.

    Attributes:
        short: its name on a dashboard.
        low: a sentence's part for whom it is low.
        high: the same for whom it is high.
    """

    short: str
    low: str
    high: str


WORDS: dict[str, TraitWords] = {
    "change_value": TraitWords(
        "value of changes",
        "what users ask for costs more than it brings",
        "what users ask for is worth much",
    ),
    "data_rot": TraitWords(
        "hidden data errors",
        "hardly any errors in the data load cleanly",
        "many errors in the data load cleanly",
    ),
    "workmanship": TraitWords(
        "careless work", "the crew works slowly and cleanly", "the crew works fast and carelessly"
    ),
    "sponsor_patience": TraitWords(
        "sponsor's patience", "the sponsor takes the date for law", "the sponsor waits"
    ),
    "season": TraitWords(
        "season to come",
        "the high season is still on at the planned go-live",
        "the high season begins on the planned date",
    ),
    "consensus": TraitWords(
        "consensus", "whoever is in charge decides", "decisions are taken in the round"
    ),
    "habits": TraitWords(
        "distant habits",
        "people work much like the standard",
        "people work far from the standard",
    ),
    "fragility": TraitWords(
        "fragile operations",
        "a day of trouble is worked around by hand",
        "a day of trouble stops deliveries",
    ),
}
"""By name, in the order of ``TRAITS``."""


def leaning(name: str, value: float, error: float) -> str:
    """The side that an estimate speaks for; empty where its error is larger."""
    words = WORDS[name]
    return "" if abs(value) < error else words.high if value > 0.0 else words.low


def heard(insights: Sequence[InsightStatus]) -> list[str]:
    """The sides that estimates speak for, of all traits for which they do."""
    sides = [leaning(n, i.value, i.error) for n, i in zip(TRAITS, insights, strict=True)]
    return [side for side in sides if side]


_READINGS: dict[str, tuple[str, str, str]] = {
    "profile_data": (
        "profile of the data",
        "wrong record that loads cleanly",
        "wrong records that load cleanly",
    ),
    "review_work": ("review of the finished work", "defect", "defects"),
    "walk_through": ("walk through the processes", "", ""),
    "visit_operations": ("visit to operations", "", ""),
    "sponsor_talk": ("talk with the sponsor", "", ""),
}
"""Readings by their moves: what they are, and what they bring to light, one and many."""


def report_of(event: Happening) -> str:
    """The report of a reading, in a sentence."""
    what, one, many = _READINGS.get(event.subject, (plain(event.subject), "", ""))
    parts = []
    for name, words in WORDS.items():
        if f"{name}_estimate" in event.values:
            value, error = event.number(f"{name}_estimate"), event.number(f"{name}_error", 1.0)
            side = leaning(name, value, error) or f"nothing certain about {words.short}"
            parts.append(f"{side} ({value:+.1f}, give or take {error:.1f})")
    count = round(event.number("brought_to_light"))
    if one and count:
        parts.append(f"{count:,} {one if count == 1 else many} brought to light")
    return f"Report of the {what}: {joined(parts) or 'nothing new'}."
