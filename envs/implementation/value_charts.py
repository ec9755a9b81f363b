"""Charts of what a project is worth and of what is known of its customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.arithmetic import whole_sum
from ...scenarios.implementation.traits import TRAITS
from ...sim.implementation.briefing import Briefing
from ...sim.implementation.scorecard import Scorecard
from . import drawing
from .diary_words import counted
from .drawing import dollars, style_axes
from .insight_words import WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_TRAIT = 3.0
"""Estimates are drawn up to here; beyond they stand at the edge."""
_SCALE = (0.47, 0.97)
"""From where to where the scale of traits reaches, as shares of the panel."""
_BARS = (0.37, 0.72)
"""The same for the bars of value."""
_CERTAIN = 1.0
"""An estimate that is more standard errors than this from 0 speaks for a side."""


def _blank(axes: Axes, title: str, subtitle: str, rows: int) -> None:
    """A panel without scales, for rows of text and marks."""
    style_axes(axes, title, subtitle)
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0, 1)
    axes.set_ylim(rows - 0.4, -0.6)


def draw_insights(axes: Axes, today: Briefing) -> None:
    """Draw what is known of each trait: the estimate, its standard error, readings as dots."""
    money, bought = today.money, today.management.readings_bought
    awaited = whole_sum(today.management.readings_pending)
    subtitle = f"left less, right more; ± standard error · {counted(bought, 'reading')}"
    subtitle += f", {awaited} awaited" if awaited else f" at {dollars(money.reading_usd)}"
    _blank(axes, "Who the customer is", subtitle, len(TRAITS))
    low, high = _SCALE
    middle, unit = (low + high) / 2, (high - low) / (2 * _MOST_TRAIT)
    axes.axvline(middle, color=drawing.PLAN, lw=1.0, zorder=1)
    for row, (name, insight) in enumerate(zip(TRAITS, today.insights, strict=True)):
        words: dict[str, Any] = {"fontsize": drawing.SMALL_SIZE, "va": "center"}
        axes.text(0.03, row, WORDS[name].short, color=drawing.INK, **words)
        place = [
            min(high, max(low, middle + unit * value))
            for value in (
                insight.value - insight.error,
                insight.value,
                insight.value + insight.error,
            )
        ]
        sure = abs(insight.value) > _CERTAIN * insight.error
        colour = drawing.ACCENT if sure else drawing.PLAN
        axes.plot([place[0], place[2]], [row, row], color=colour, lw=2.0, zorder=2)
        axes.plot([place[1]], [row], "o", color=colour, ms=6, mec="white", mew=0.6, zorder=3)
        if insight.readings:
            dots = "•" * insight.readings
            axes.text(low - 0.01, row, dots, ha="right", color=drawing.INK, **words)


def draw_value(axes: Axes, today: Briefing, card: Scorecard | None) -> None:
    """Draw the parts of the value once it is over; before, what time and knowledge cost."""
    if card is None:
        _draw_prices(axes, today)
        return
    parts = value_parts(card)
    subtitle = f"of {dollars(card.business_case_usd)} planned · {card.survival:.0%} not stopped"
    _blank(axes, "Value to the customer", subtitle, len(parts))
    left, right = _BARS
    levels = _levels([amount for _, amount, _ in parts])
    lowest = min(0.0, *(min(span) for span in levels))
    highest = max(1.0, *(max(span) for span in levels))
    unit = (right - left) / (highest - lowest)
    axes.axvline(left - unit * lowest, color=drawing.PLAN, lw=1.0, zorder=1)
    for row, ((name, amount, total), (start, end)) in enumerate(zip(parts, levels, strict=True)):
        colour = drawing.GOOD if amount >= 0.0 else drawing.ALARM
        colour = drawing.ACCENT if total and amount >= 0.0 else colour
        width = unit * (end - start)
        axes.barh(row, width, 0.62, left + unit * (start - lowest), color=colour, zorder=2)
        words: dict[str, Any] = {"fontsize": drawing.SMALL_SIZE, "va": "center"}
        words |= {"fontweight": "bold"} if total else {}
        axes.text(0.02, row, name, color=drawing.INK, **words)
        axes.text(0.99, row, dollars(amount), ha="right", color=drawing.INK, **words)


def value_parts(card: Scorecard) -> list[tuple[str, float, bool]]:
    """Parts of the value with their amounts in USD; True for what is a sum."""
    return [
        ("benefits", card.benefits_usd, False),
        ("programme", card.programme_usd, False),
        ("lost output", card.dip_usd, False),
        ("delay", card.delay_usd, False),
        ("penalties", card.penalties_usd, False),
        ("value", card.value_usd, True),
        ("risk counted", card.expected_value_usd, True),
    ]


def _levels(amounts: list[float]) -> list[tuple[float, float]]:
    """From where to where each bar reaches: parts go on where the last ended, sums begin at 0."""
    levels, so_far = [], 0.0
    for amount in amounts[:-2]:
        levels.append((so_far, so_far + amount))
        so_far += amount
    return [*levels, *((0.0, amount) for amount in amounts[-2:])]


def _draw_prices(axes: Axes, today: Briefing) -> None:
    lines = price_lines(today)
    _blank(axes, "Time and money", "what waiting and knowing cost", max(len(lines), 5))
    for row, (name, value) in enumerate(lines):
        words: dict[str, Any] = {"fontsize": drawing.SMALL_SIZE, "va": "center"}
        axes.text(0.02, row, name, color=drawing.MUTED, **words)
        axes.text(0.99, row, value, ha="right", color=drawing.INK, fontweight="bold", **words)


def price_lines(today: Briefing) -> list[tuple[str, str]]:
    """Lines on the price of time and knowledge, and on what is committed, as managers know it."""
    calendar, money, management = today.calendar, today.money, today.management
    agreed = f"day {calendar.agreed_go_live_day}"
    if management.rebaselines:
        agreed += f", {counted(management.rebaselines, 'new plan')}"
    lines = [
        ("a day in full use", dollars(money.benefit_day_usd)),
        ("a reading", f"{dollars(money.reading_usd)}, {management.readings_bought} bought"),
        ("next window", f"day {calendar.next_window_day}"),
        ("agreed go-live", agreed),
        ("built since acceptance", f"{today.tests.built_hours_since_acceptance:,.0f} h"),
    ]
    return lines if calendar.hypercare_day < 0 else lines[:1]
