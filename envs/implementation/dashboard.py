"""One picture of an implementation: header, Gantt chart, eight panels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.arithmetic import plain_sum, whole_sum
from ...sim.implementation.briefing import Briefing
from . import drawing
from .charts import draw_burn_down, draw_gantt
from .dashboard_record import DashboardRecord
from .drawing import Mark, dollars
from .status_charts import (
    draw_data_quality,
    draw_defects,
    draw_money,
    draw_people,
    draw_sites_and_gates,
)
from .value_charts import draw_insights, draw_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...sim.implementation.world import ImplementationWorld

WIDTH_INCHES, HEIGHT_INCHES, DOTS_PER_INCH = 16.0, 10.0, 100
_ROOM_AFTER_TODAY = 1.04
"""The day axis ends a little after the last day that matters."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline number: what it is, its value, a remark and the remark's colour."""

    label: str
    value: str
    remark: str
    colour: str = drawing.MUTED


def draw_dashboard(
    world_or_record: ImplementationWorld | DashboardRecord, figure: Figure | None = None
) -> Figure:
    """Draw the dashboard of an implementation so far.

    Args:
        world_or_record: a world made with ``record=True``, or a record of one.
        figure: drawn into after clearing it; None: a new one of 1600 x 1000 dots.

    Returns:
        The figure; ``figure.savefig(path)`` writes it.
    """
    from matplotlib.figure import Figure

    if isinstance(world_or_record, DashboardRecord):
        record = world_or_record
    else:
        record = DashboardRecord.of_world(world_or_record)
    if figure is None:
        figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES), dpi=DOTS_PER_INCH)
    figure.clear()
    figure.set_facecolor(drawing.PAPER)
    last_day = _last_day(record.today)
    _draw_header(figure, record)
    _draw_panels(figure, record, last_day)
    return figure


def _draw_panels(figure: Figure, record: DashboardRecord, last_day: float) -> None:
    history = record.history
    gantt = figure.add_axes((0.085, 0.595, 0.893, 0.255))
    draw_gantt(
        gantt,
        record.gantt,
        hours_per_day=record.today.calendar.hours_per_day,
        last_day=last_day,
        marks=day_marks(record.today),
    )
    over_time = (
        *((draw_burn_down, 0, 0), (draw_defects, 0, 1), (draw_data_quality, 0, 2)),
        *((draw_people, 1, 0), (draw_money, 1, 1)),
    )
    for draw, row, column in over_time:
        draw(_panel(figure, row, column), history, last_day=last_day)
    draw_insights(_panel(figure, 0, 3), record.today)
    draw_value(_panel(figure, 1, 2), record.today, record.scorecard)
    draw_sites_and_gates(_panel(figure, 1, 3), record.today, record.sites)


_COLUMNS = ((0.036, 0.165), (0.268, 0.165), (0.515, 0.175), (0.752, 0.226))
"""Left edge and width of each column of panels."""


def _panel(figure: Figure, row: int, column: int) -> Axes:
    left, width = _COLUMNS[column]
    bottom = (0.328, 0.048)[row]
    return figure.add_axes((left, bottom, width, 0.17))


def _last_day(today: Briefing) -> float:
    """The day at which axes end, the same in all panels."""
    calendar = today.calendar
    days = (calendar.day, calendar.planned_go_live_day, calendar.target_go_live_day)
    return _ROOM_AFTER_TODAY * max(days) + 1


def day_marks(today: Briefing) -> list[Mark]:
    """The planned go-live, target and agreed date if others, go-lives that happened, today."""
    calendar = today.calendar
    planned_day = calendar.planned_go_live_day
    marks = [Mark(planned_day, "planned go-live", drawing.MUTED, leftwards=True)]
    moved = calendar.target_go_live_day != planned_day
    if moved and calendar.hypercare_day < 0:
        marks.append(Mark(calendar.target_go_live_day, "target", drawing.ALARM))
    if calendar.agreed_go_live_day != planned_day and calendar.hypercare_day < 0:
        marks.append(Mark(calendar.agreed_go_live_day, "agreed", drawing.WARNING))
    went_live = sorted({calendar.day - s.days_live for s in today.sites if s.days_live >= 0})
    marks += [Mark(day, "live", drawing.GOOD, dashed=False) for day in went_live]
    marks.append(Mark(calendar.day, "today", drawing.INK, dashed=False))
    return marks


def _draw_header(figure: Figure, record: DashboardRecord) -> None:
    calendar = record.today.calendar
    scenario = record.scenario.removeprefix(f"{record.customer}, ")
    scenario = drawing.shortened(scenario[:1].upper() + scenario[1:], 60)
    day = f"Day {calendar.day} of a {calendar.planned_go_live_day}-day plan"
    lines = (
        (0.960, drawing.shortened(record.customer, 30), 20, "bold", drawing.INK),
        (0.928, scenario, 10, "normal", drawing.INK),
        (0.908, day, 10, "normal", drawing.MUTED),
    )
    for height, text, size, weight, colour in lines:
        figure.text(0.02, height, text, fontsize=size, fontweight=weight, color=colour, va="center")
    tiles = headline_tiles(record)
    width, left = 0.0935, 0.387
    for index, tile in enumerate(tiles):
        _draw_tile(figure, left + index * (width + 0.006), width, tile)


def _draw_tile(figure: Figure, left: float, width: float, tile: Tile) -> None:
    from matplotlib.patches import FancyBboxPatch

    figure.add_artist(
        FancyBboxPatch(
            (left, 0.905),
            width,
            0.075,
            boxstyle="round,pad=0,rounding_size=0.006",
            transform=figure.transFigure,
            facecolor=drawing.PANEL,
            edgecolor=drawing.GRID,
        )
    )
    x = left + 0.008
    figure.text(x, 0.966, tile.label, fontsize=drawing.SMALL_SIZE, color=drawing.MUTED, va="center")
    figure.text(
        x, 0.943, tile.value, fontsize=15, fontweight="bold", color=drawing.INK, va="center"
    )
    figure.text(x, 0.919, tile.remark, fontsize=drawing.SMALL_SIZE, color=tile.colour, va="center")


def headline_tiles(record: DashboardRecord) -> list[Tile]:
    """The six numbers of the header."""
    today = record.today
    return [
        _go_live_tile(record),
        _progress_tile(today),
        _defect_tile(today),
        _data_tile(today),
        _trust_tile(today),
        _money_tile(today),
    ]


def _go_live_tile(record: DashboardRecord) -> Tile:
    calendar, card = record.today.calendar, record.scorecard
    slip = calendar.target_go_live_day - calendar.planned_go_live_day
    if card is not None:
        outcome = "success" if card.success else "cancelled" if card.cancelled else "not a success"
        colour = drawing.GOOD if card.success else drawing.ALARM
        return Tile("Go-live score", f"{card.go_live_score:.2f}", outcome, colour)
    if calendar.hypercare_day >= 0:
        remark = f"hypercare day {calendar.hypercare_day} of {calendar.hypercare_days}"
        return Tile("Go-live", "live", remark, drawing.GOOD)
    days = calendar.target_go_live_day - calendar.day
    if days < 0:
        return Tile("Go-live", f"{-days} days over", "target has passed", drawing.ALARM)
    remark = f"{slip} days after plan" if slip else "on plan"
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return Tile("Go-live", when, remark, drawing.ALARM if slip else drawing.GOOD)


def _progress_tile(today: Briefing) -> Tile:
    done = plain_sum(workstream.done_hours for workstream in today.workstreams)
    known = done + plain_sum(workstream.remaining_hours for workstream in today.workstreams)
    blocked = whole_sum(workstream.blocked_packages for workstream in today.workstreams)
    remark = f"{blocked} packages blocked" if blocked else "nothing blocked"
    colour = drawing.WARNING if blocked else drawing.GOOD
    return Tile("Known work done", f"{done / known:.0%}" if known else "none", remark, colour)


def _defect_tile(today: Briefing) -> Tile:
    _, _, critical = today.defects.open_by_severity
    remark = f"{critical} critical" if critical else "none critical"
    colour = drawing.ALARM if critical else drawing.GOOD
    return Tile("Open defects", str(whole_sum(today.defects.open_by_severity)), remark, colour)


def _data_tile(today: Briefing) -> Tile:
    migration = today.migration
    qualities = [data.measured_quality for data in migration.objects if data.present]
    mean = plain_sum(qualities) / len(qualities) if qualities else 1.0
    if not migration.mock_loads_done:
        return Tile("Data quality", f"{mean:.0%}", "not loaded yet")
    passed = migration.last_mock_load_success >= migration.gate
    remark = f"load {migration.last_mock_load_success:.0%}, gate {migration.gate:.0%}"
    return Tile("Data quality", f"{mean:.0%}", remark, drawing.GOOD if passed else drawing.ALARM)


def _trust_tile(today: Briefing) -> Tile:
    people = today.people
    low = people.sponsor_support < 0.5
    remark = f"sponsor {people.sponsor_support:.0%}"
    return Tile("Trust", f"{people.trust:.0%}", remark, drawing.ALARM if low else drawing.GOOD)


def _money_tile(today: Briefing) -> Tile:
    money = today.money
    over = money.spent_usd - money.planned_to_date_usd
    side = "over" if over > 0 else "under"
    colour = drawing.ALARM if over > 0.05 * money.budget_usd else drawing.GOOD
    return Tile("Spent", dollars(money.spent_usd), f"{dollars(abs(over))} {side} plan", colour)
