"""Charts of an implementation's state: defects, data, people, money, sites."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import and_, attrgetter
from typing import TYPE_CHECKING, Any

from ...core.arithmetic import whole_sum
from ...sim.implementation.briefing import DATA_OBJECTS, Briefing, SiteStatus
from . import drawing
from .drawing import day_axis, label_line_ends, style_axes, write_near

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SITE_COLOURS: dict[SiteStatus, str] = {
    SiteStatus.PLANNED: drawing.PLAN,
    SiteStatus.CUTOVER: drawing.WARNING,
    SiteStatus.LIVE: drawing.ACCENT,
    SiteStatus.STABLE: drawing.GOOD,
}


def draw_defects(axes: Axes, history: Sequence[Briefing], *, last_day: float | None = None) -> None:
    """Draw known open defects by severity, and when test cycles ended."""
    days = [briefing.calendar.day for briefing in history]
    today = history[-1].defects
    style_axes(
        axes,
        "Defects",
        f"known and open · {today.found} found, {today.fixed} fixed"
        + (f", {today.open_tickets} tickets open" if today.open_tickets else ""),
    )
    counts = [[b.defects.open_by_severity[level] for b in history] for level in (2, 1, 0)]
    colours = [drawing.SEVERITY_COLOURS[level] for level in (2, 1, 0)]
    axes.stackplot(
        days, counts, colors=colours, step="post", labels=("critical", "major", "minor"), lw=0
    )
    top = max([4, *(whole_sum(b.defects.open_by_severity) for b in history)])
    axes.set_ylim(0, top * 1.3)
    day_axis(axes, last_day or max(days[-1], 1))
    _draw_events(axes, _increments(history, attrgetter("tests.cycles_done")), "cycle")
    _corner_legend(axes)


def draw_data_quality(
    axes: Axes, history: Sequence[Briefing], *, last_day: float | None = None
) -> None:
    """Draw the measured quality of each data object over time, and when mock loads ended."""
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap

    today = history[-1].migration
    present = [i for i, data in enumerate(today.objects) if data.present]
    days = [briefing.calendar.day for briefing in history]
    edges = np.array([*days, days[-1] + history[-1].calendar.days_per_decision], dtype=float)
    objects = [briefing.migration.objects for briefing in history]
    quality = np.array([[row[i].measured_quality for row in objects] for i in present])
    loaded = (
        f"last mock load {today.last_mock_load_success:.0%} of {today.gate:.0%}"
        if today.mock_loads_done
        else "not loaded yet"
    )
    style_axes(axes, "Data quality", f"records without known error · {loaded}")
    axes.grid(False)
    colours = LinearSegmentedColormap.from_list("quality", ("#c8313e", "#f3d08b", "#2f8f5b"))
    rows = np.arange(len(present) + 1) - 0.5
    if present:
        axes.pcolormesh(edges, rows, quality, cmap=colours, vmin=0.5, vmax=1.0, edgecolors="none")
    for row in range(1, len(present)):
        axes.axhline(row - 0.5, color=drawing.PANEL, lw=2)
    names = [str(DATA_OBJECTS[i]).replace("_", " ").replace("boms", "BOMs") for i in present]
    axes.set_yticks(range(len(present)), names)
    axes.set_ylim(len(present) + 0.7, -0.5)
    end = last_day or edges[-1]
    day_axis(axes, end)
    for row, i in enumerate(present):
        share = f"{today.objects[i].measured_quality:.0%}"
        style = {"color": drawing.INK, "va": "center", "annotation_clip": False}
        write_near(axes, share, (edges[-1], row), (4, 0), **style)
    loads = _increments(history, attrgetter("migration.mock_loads_done"))
    _draw_events(axes, loads, "mock load")
    if loads:
        style = {"color": drawing.MUTED, "va": "bottom"}
        write_near(axes, "mock load", (loads[-1], axes.get_ylim()[0]), (7, 3), **style)


def draw_people(axes: Axes, history: Sequence[Briefing], *, last_day: float | None = None) -> None:
    """Draw the pulse surveys: trust, support, readiness, adoption and resistance."""
    days = [briefing.calendar.day for briefing in history]
    style_axes(axes, "People", "last pulse survey, %")
    lines = (
        ("trust", drawing.ACCENT, 2.2),
        ("sponsor_support", "#8d6cc0", 1.4),
        ("readiness", drawing.GOOD, 1.8),
        ("adoption", "#1f9c8e", 1.4),
        ("resistance", drawing.ALARM, 1.4),
    )
    ends = []
    for name, colour, width in lines:
        values = [100.0 * getattr(briefing.people, name) for briefing in history]
        axes.plot(days, values, color=colour, lw=width)
        short = {"sponsor_support": "sponsor"}.get(name, name)
        ends.append((values[-1], f"{short} {values[-1]:.0f}", colour))
    axes.set_ylim(0, 100)
    day_axis(axes, last_day or max(days[-1], 1))
    label_line_ends(axes, ends, days[-1])


def draw_money(axes: Axes, history: Sequence[Briefing], *, last_day: float | None = None) -> None:
    """Draw what is spent against what the plan had spent by then, and the budget."""
    days = [briefing.calendar.day for briefing in history]
    spent = [briefing.money.spent_usd / 1e3 for briefing in history]
    planned = [briefing.money.planned_to_date_usd / 1e3 for briefing in history]
    budget = history[-1].money.budget_usd / 1e3
    style_axes(axes, "Money", f"thousand USD · budget {drawing.dollars(budget * 1e3)}")
    axes.plot([0, max(days[-1], 1)], [budget] * 2, color=drawing.ALARM, lw=1.2, ls=(0, (4, 3)))
    write_near(axes, "budget", (0, budget), (4, 3), color=drawing.ALARM)
    axes.plot(days, planned, color=drawing.PLAN, lw=1.4, ls=(0, (4, 3)))
    axes.plot(days, spent, color=drawing.ACCENT, lw=2.0)
    axes.set_ylim(0, 1.15 * max(budget, *spent, *planned))
    day_axis(axes, last_day or max(days[-1], 1))
    ends = [
        (spent[-1], f"spent {spent[-1]:,.0f}", drawing.ACCENT),
        (planned[-1], f"plan {planned[-1]:,.0f}", drawing.MUTED),
    ]
    label_line_ends(axes, ends, days[-1])


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A line of the status panel: what, how it stands, and a word in colour."""

    name: str
    remark: str
    status: str
    colour: str


def draw_sites_and_gates(axes: Axes, today: Briefing, names: Sequence[str]) -> None:
    """Draw a line per site, then what must be passed before go-live."""
    style_axes(axes, "Sites and gates", "where each site stands, and what go-live waits for")
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    lines = [*site_lines(today, names), *gate_lines(today)]
    axes.set_xlim(0, 1)
    axes.set_ylim(max(len(lines), 5) - 0.4, -0.6)
    for row, line in enumerate(lines):
        _draw_status_line(axes, row, line)


def site_lines(today: Briefing, names: Sequence[str]) -> list[StatusLine]:
    """The status of each site."""
    lines = []
    for slot, site in enumerate(today.sites):
        if not site.present:
            continue
        status = SiteStatus(site.status)
        name = names[slot] if slot < len(names) else f"Site {slot + 1}"
        if status is SiteStatus.PLANNED:
            remark = f"go-live on day {site.target_go_live_day}"
        elif status is SiteStatus.CUTOVER:
            remark = "cutting over"
        else:
            remark = f"{site.days_live} days, output {site.reported_productivity:.0%}"
        lines.append(StatusLine(name, remark, status.name.lower(), SITE_COLOURS[status]))
    return lines


def gate_lines(today: Briefing) -> list[StatusLine]:
    """The data gate, the acceptance checks and the interfaces."""
    migration, tests, interfaces = today.migration, today.tests, today.interfaces
    load = f"mock load {migration.last_mock_load_success:.0%} of {migration.gate:.0%}"
    checks = whole_sum(tests.checks_required)
    passed = whole_sum(map(and_, tests.checks_passed, tests.checks_required))
    loaded = migration.mock_loads_done > 0
    reached = loaded and migration.last_mock_load_success >= migration.gate
    lines = [_gate("Data gate", load if loaded else "not loaded", reached)]
    if checks:
        lines.append(_gate("Acceptance", f"{passed} of {checks} checks", passed == checks))
    if interfaces.total:
        remark = f"{interfaces.tested} of {interfaces.total} tested"
        lines.append(_gate("Interfaces", remark, interfaces.tested == interfaces.total))
    return lines


def _gate(name: str, remark: str, passed: bool) -> StatusLine:
    colour = drawing.GOOD if passed else drawing.WARNING
    return StatusLine(name, remark, "passed" if passed else "open", colour)


def _draw_status_line(axes: Axes, row: int, line: StatusLine) -> None:
    texts = (
        (0.03, drawing.shortened(line.name, 21), drawing.TEXT_SIZE, drawing.INK, "bold"),
        (0.45, line.remark, drawing.SMALL_SIZE, drawing.MUTED, "normal"),
    )
    for x, text, size, colour, weight in texts:
        axes.text(x, row, text, fontsize=size, color=colour, fontweight=weight, va="center")
    box = {"boxstyle": "round,pad=0.3", "facecolor": line.colour, "lw": 0}
    white: dict[str, Any] = {"fontsize": drawing.SMALL_SIZE, "color": "white", "fontweight": "bold"}
    axes.text(0.97, row, line.status, ha="right", va="center", bbox=box, **white)


def _increments(history: Sequence[Briefing], count_of: Callable[[Briefing], int]) -> list[int]:
    pairs = pairwise(history)
    return [after.calendar.day for before, after in pairs if count_of(after) > count_of(before)]


def _draw_events(axes: Axes, days: Sequence[int], label: str) -> None:
    """Small triangles that stand on the day axis."""
    if days:
        heights = [axes.get_ylim()[0]] * len(days)
        triangle: dict[str, Any] = {
            "marker": "^",
            "ms": 6,
            "color": drawing.INK,
            "mec": "white",
            "mew": 0.6,
        }
        axes.plot(days, heights, ls="", **triangle, label=label, clip_on=False, zorder=7)


def _corner_legend(axes: Axes) -> None:
    """A legend without frame in the upper right corner."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.legend(
            handles,
            labels,
            loc="upper right",
            bbox_to_anchor=(1.01, 1.04),
            ncols=len(handles),
            frameon=False,
            fontsize=drawing.SMALL_SIZE,
            labelcolor=drawing.MUTED,
            handlelength=1.0,
            handleheight=0.8,
            columnspacing=1.0,
            borderpad=0.1,
        )
