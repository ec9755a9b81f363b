"""Charts of one implementation, each into axes that the caller gives.

Frames and briefings come from a recording world; days are working days from kick-off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core.arithmetic import plain_sum, whole_sum
from ...sim.implementation.briefing import Briefing
from ...sim.implementation.decision import ROLES
from . import drawing
from .drawing import (
    Mark,
    day_axis,
    draw_marks,
    label_line_ends,
    mark_levels,
    style_axes,
    write_near,
)

if TYPE_CHECKING:
    import polars
    from matplotlib.axes import Axes

REWORK_ACTIVITIES = ("rework", "cleansing")
"""Activities drawn hatched: work that should not have been needed."""
_DAYS_WITH_SEAMS = 100
"""Up to so many days white seams between packages can still be told apart."""


def draw_gantt(
    axes: Axes,
    gantt: polars.DataFrame,
    *,
    hours_per_day: float = 8.0,
    last_day: float | None = None,
    marks: Sequence[Mark] = (),
    title: str = "Who worked on what",
    legend: bool = True,
) -> None:
    """Draw a row per crew member, coloured by workstream, rework hatched.

    Args:
        axes: where to draw.
        gantt: columns start_hour, end_hour, role, member, package, workstream, activity.
        hours_per_day: working hours a day.
        last_day: right end of the axis; None: the last day worked.
        marks: vertical lines, such as the planned go-live.
        title: of the chart.
        legend: whether to explain the colours, above the chart at the right.
    """
    style_axes(axes, title)
    axes.grid(False)
    members = _members(gantt)
    rows = {member: row for row, (member, _) in enumerate(members)}
    if last_day is None:
        last_day = (gantt["end_hour"].to_numpy().max() if len(gantt) else 8.0) / hours_per_day
    day_axis(axes, last_day)
    seams = 0.4 if last_day <= _DAYS_WITH_SEAMS else 0.0
    for (workstream, hatched), bars in _bars(gantt, rows, hours_per_day).items():
        _draw_bars(axes, bars, drawing.WORKSTREAM_COLOURS[workstream], hatched, seams)
    axes.set_yticks(range(len(members)), [name for _, name in members])
    axes.tick_params(axis="y", labelcolor=drawing.INK, labelsize=drawing.TEXT_SIZE)
    levels = 1 + max(mark_levels(marks, *axes.get_xlim()), default=-1)
    axes.set_ylim(max(len(members), 1) - 0.4, -0.6 - 0.8 * levels)
    draw_marks(axes, marks, top=-0.2 - 0.8 * levels, line_height=0.8)
    if not members:
        axes.text(
            0.5, 0.4, "no work yet", transform=axes.transAxes, ha="center", color=drawing.MUTED
        )
    elif legend:
        _gantt_legend(axes, gantt)


def _members(gantt: polars.DataFrame) -> list[tuple[int, str]]:
    """Members by role, and what their rows are called."""
    pairs = gantt.select("role", "member").unique().rows()
    order = {str(role): place for place, role in enumerate(ROLES)}
    ordered = sorted(pairs, key=lambda pair: (order[str(pair[0])], pair[1]))
    of_role: dict[str, int] = {}
    names = []
    for role, member in ordered:
        of_role[role] = of_role.get(role, 0) + 1
        number = f" {of_role[role]}" if whole_sum(r == role for r, _ in ordered) > 1 else ""
        names.append((member, str(role).replace("_", " ").capitalize() + number))
    return names


_Bars = list[tuple[int, float, float]]


def _bars(
    gantt: polars.DataFrame, rows: dict[int, int], hours_per_day: float
) -> dict[tuple[str, bool], _Bars]:
    """Row, start and length in days of each bar, by workstream and whether it is rework.

    Sessions on one package that follow each other (work stops overnight) are one bar.
    """
    bars: dict[tuple[str, bool], _Bars] = {}
    columns = ("member", "start_hour", "end_hour", "workstream", "activity", "package")
    ordered = gantt.select(columns).sort("member", "start_hour")
    last: dict[int, tuple[object, float]] = {}
    for member, start, end, workstream, activity, package in ordered.iter_rows():
        of_kind = bars.setdefault((str(workstream), activity in REWORK_ACTIVITIES), [])
        first, length = start / hours_per_day, (end - start) / hours_per_day
        if last.get(member) == (package, start) and of_kind and of_kind[-1][0] == rows[member]:
            _, first, before = of_kind.pop()
            length += before
        of_kind.append((rows[member], first, length))
        last[member] = (package, end)
    return bars


def _draw_bars(axes: Axes, bars: _Bars, colour: str, hatched: bool, seams: float) -> None:
    from matplotlib.collections import PolyCollection

    half = 0.36
    corners = [
        [(x, row + y) for x, y in ((a, -half), (a + length, -half), (a + length, half), (a, half))]
        for row, a, length in bars
    ]
    hatch = "/////" if hatched else None
    boxes = PolyCollection(
        corners, facecolors=colour, edgecolors="white", linewidths=seams, hatch=hatch, zorder=3
    )
    axes.add_collection(boxes, autolim=False)


def _gantt_legend(axes: Axes, gantt: polars.DataFrame) -> None:
    from matplotlib.patches import Patch

    seen = set(gantt["workstream"].to_list())
    handles = [
        Patch(facecolor=colour, label=str(workstream).capitalize())
        for workstream, colour in drawing.WORKSTREAM_COLOURS.items()
        if str(workstream) in seen
    ]
    if set(gantt["activity"].to_list()) & set(REWORK_ACTIVITIES):
        plan, white = drawing.PLAN, "white"
        handles.append(Patch(facecolor=plan, edgecolor=white, hatch="/////", label="Rework"))
    axes.legend(
        handles=handles,
        ncols=len(handles) or 1,
        loc="lower right",
        bbox_to_anchor=(1.005, 1.0),
        frameon=False,
        fontsize=drawing.SMALL_SIZE,
        labelcolor=drawing.INK,
        handlelength=1.2,
        handleheight=1.0,
        columnspacing=1.3,
        borderpad=0.2,
    )


def draw_burn_down(
    axes: Axes,
    history: Sequence[Briefing],
    *,
    last_day: float | None = None,
    colour: str = drawing.ACCENT,
    label: str = "remaining",
    title: str = "Burn-down",
    plan: bool = True,
) -> None:
    """Draw known remaining effort against the line from the baseline to the planned go-live.

    Args:
        axes: where to draw; call again on the same axes to compare implementations.
        history: briefings in order of time.
        last_day: right end of the axis; None: the last day of the history or the planned go-live.
        colour: of the line.
        label: name at the end of the line.
        title: of the chart.
        plan: whether to draw the plan's line.
    """
    days = [briefing.calendar.day for briefing in history]
    remaining = [plain_sum(w.remaining_hours for w in briefing.workstreams) for briefing in history]
    planned_day = history[0].calendar.planned_go_live_day
    baseline = plain_sum(w.planned_hours for w in history[0].workstreams)
    style_axes(axes, title, "effort known to remain, human-equivalent hours")
    if plan:
        axes.plot([0, planned_day], [baseline, 0], color=drawing.PLAN, ls=(0, (4, 3)), lw=1.3)
    axes.plot(days, remaining, color=colour, lw=2.0)
    axes.fill_between(days, remaining, color=colour, alpha=0.10, linewidth=0)
    day_axis(axes, last_day or max(days[-1], planned_day))
    top = max(axes.get_ylim()[1], 1.08 * max(baseline, *remaining))
    axes.set_ylim(0, top)
    ends = [(remaining[-1], f"{label} {remaining[-1]:,.0f}", colour)]
    label_line_ends(axes, ends, days[-1])
    if plan:
        style = {"ha": "left", "va": "bottom", "color": drawing.MUTED}
        write_near(axes, "plan", (planned_day * 0.3, baseline * 0.7), (3, 1), **style)
