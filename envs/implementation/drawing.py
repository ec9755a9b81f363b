"""The look that all pictures share: colours, axes, labels that do not run into each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...scenarios.implementation.vocabulary import Workstream

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#1f2933"
MUTED = "#616e7c"
GRID = "#e4e7eb"
PANEL = "#ffffff"
PAPER = "#f5f7fa"
PLAN = "#9aa5b1"
ALARM = "#c8313e"
ACCENT = "#2f6fbe"
GOOD = "#2f8f5b"
WARNING = "#d98a1f"

WORKSTREAM_COLOURS: dict[str, str] = {
    Workstream.DISCOVERY: "#8d6cc0",
    Workstream.DATA: "#1f9c8e",
    Workstream.CONFIGURATION: "#3b7dd8",
    Workstream.CUSTOMISATION: "#ee9441",
    Workstream.INTEGRATION: "#cf5f93",
    Workstream.TESTING: "#e0bd2b",
    Workstream.TRAINING: "#76ab4f",
    Workstream.CUTOVER: "#b5483f",
}
SEVERITY_COLOURS = ("#f3d08b", "#e8964a", "#c8313e")
"""Minor, major, critical: also told apart by lightness, for those who do not see red and green."""

# Points at 100 dots per inch: legible when a dashboard of 1600 x 1000 is shown at half its size.
TITLE_SIZE = 11
TEXT_SIZE = 9
SMALL_SIZE = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line with a label, at a working day; the label stands at its right or left."""

    day: float
    label: str
    colour: str
    dashed: bool = True
    leftwards: bool = False


def write_near(
    axes: Axes, text: str, point: tuple[float, float], offset: tuple[float, float], **style: Any
) -> None:
    """Write small text at an offset in points from a point of the data."""
    style = {"fontsize": SMALL_SIZE, "textcoords": "offset points", **style}
    axes.annotate(text, point, offset, **style)


def style_axes(axes: Axes, title: str, subtitle: str = "") -> None:
    """Make a white panel with light grid lines and the title above its left edge."""
    axes.set_facecolor(PANEL)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PLAN)
    axes.tick_params(colors=MUTED, labelsize=SMALL_SIZE, length=0)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    place: dict[str, Any] = {"xycoords": "axes fraction", "annotation_clip": False}
    bold: dict[str, Any] = {"fontsize": TITLE_SIZE, "fontweight": "bold", "color": INK}
    write_near(axes, title, (0, 1), (0, 22 if subtitle else 9), **place, **bold)
    if subtitle:
        write_near(axes, subtitle, (0, 1), (0, 9), **place, color=MUTED)


_TICK_INCHES = 0.26
"""Room that the number of a day takes."""


def day_axis(axes: Axes, last_day: float, label: bool = True) -> None:
    """Draw working days from kick-off along the bottom, ticks at whole weeks or quarters."""
    inches = axes.bbox.width / axes.figure.dpi
    most = min(14.0, inches / _TICK_INCHES)
    step = next((s for s in (5, 10, 20, 40, 60, 120) if last_day / s <= most), 240)
    axes.set_xlim(0, max(last_day, 1))
    axes.set_xticks(range(0, int(last_day) + 1, step))
    if label:
        axes.set_xlabel("working day", fontsize=SMALL_SIZE, color=MUTED, labelpad=2)


def mark_levels(marks: Sequence[Mark], first_day: float, last_day: float) -> list[int]:
    """Line on which each mark's label stands, so that none runs into another."""
    per_letter = (last_day - first_day) * _LETTER_WIDTH
    taken: list[tuple[float, float, int]] = []
    levels = []
    for mark in marks:
        start, end = _label_span(mark, per_letter, last_day)
        level = 0
        while any(level == other and start < right and left < end for left, right, other in taken):
            level += 1
        taken.append((start, end, level))
        levels.append(level)
    return levels


_LETTER_WIDTH = 0.0062
"""Of a label's letter, as a share of a chart that is as wide as a dashboard."""


def _label_span(mark: Mark, per_letter: float, last_day: float) -> tuple[float, float]:
    """From where to where a label reaches; on the other side of its line where it must."""
    width = per_letter * (len(mark.label) + 2)
    if mark.day + width > last_day or (mark.leftwards and mark.day >= width):
        return mark.day - width, mark.day
    return mark.day, mark.day + width


def draw_marks(axes: Axes, marks: Sequence[Mark], top: float, line_height: float) -> None:
    """Draw vertical lines with their labels, level below level (``mark_levels``).

    Args:
        axes: where to draw; the height axis points down.
        marks: what to draw.
        top: height of the first level, data units.
        line_height: between two levels, data units.
    """
    first_day, last_day = axes.get_xlim()
    per_letter = (last_day - first_day) * _LETTER_WIDTH
    levels = mark_levels(marks, first_day, last_day)
    for mark, level in zip(marks, levels, strict=True):
        style = (0, (4, 3)) if mark.dashed else "-"
        axes.axvline(mark.day, color=mark.colour, linewidth=1.2, linestyle=style, zorder=4)
        leftwards = _label_span(mark, per_letter, last_day)[0] < mark.day
        write_near(
            axes,
            mark.label,
            (mark.day, top + level * line_height),
            (-4 if leftwards else 4, 0),
            color=mark.colour,
            ha="right" if leftwards else "left",
            va="center",
            fontweight="bold",
            zorder=6,
            bbox={"facecolor": PANEL, "lw": 0, "pad": 1.0},
        )


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions moved as little as needed to stand a gap apart, within bounds where they fit."""
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    placed = [0.0] * len(positions)
    previous = low - gap
    for index in order:
        previous = max(positions[index], previous + gap)
        placed[index] = previous
    overshoot = previous - high
    following = high + gap
    if overshoot > 0:
        for index in reversed(order):
            following = min(placed[index], following - gap)
            placed[index] = following
    return placed


def label_line_ends(
    axes: Axes, ends: Sequence[tuple[float, str, str]], day: float, gap_share: float = 0.085
) -> None:
    """Write names at the right end of lines instead of a legend: (value, label, colour) each."""
    low, high = axes.get_ylim()
    gap = (high - low) * gap_share
    heights = spread([value for value, _, _ in ends], gap, low + 0.4 * gap, high)
    for (_, label, colour), height in zip(ends, heights, strict=True):
        style = {"color": colour, "va": "center", "annotation_clip": False}
        write_near(axes, label, (day, height), (5, 0), **style)


def shortened(text: str, letters: int) -> str:
    """The text, cut to so many letters."""
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def dollars(amount: float) -> str:
    """An amount as people write it: $412k, $3.4M."""
    sign, amount = "-" if amount <= -50.0 else "", abs(amount)
    if amount < 50.0:
        return "$0"
    if amount >= 1e6:
        return f"{sign}${amount / 1e6:,.2f}M"
    return f"{sign}${amount / 1e3:,.{1 if amount < 9.95e3 else 0}f}k"
