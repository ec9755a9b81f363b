"""Recorded implementations in reports: what the crew did, and how the work went down."""

from __future__ import annotations

from collections.abc import Sequence

from ...envs.implementation.charts import draw_burn_down, draw_gantt
from ...envs.implementation.dashboard_record import DashboardRecord
from ...envs.implementation.drawing import ALARM, GOOD, PLAN, WORKSTREAM_COLOURS, Mark
from ...sim.implementation.briefing import Briefing, SiteStatus
from ...sim.implementation.world import ImplementationWorld
from ..reports.figures import canvas_rows, svg
from ..reports.markup import Markup, tag


def draw_episodes(
    worlds: Sequence[ImplementationWorld],
) -> tuple[Sequence[Markup], Markup]:
    """Pictures of finished worlds on common axes, and their legend."""
    records = [DashboardRecord.of_world(world) for world in worlds]
    last_day = max(record.today.calendar.day for record in records)
    most = max(_most_remaining(record.history) for record in records)
    return [_picture(record, last_day, most) for record in records], _legend()


def _picture(record: DashboardRecord, last_day: int, most_hours: float) -> Markup:
    figure, (above, below) = canvas_rows(6.4, 6.0, (1.35, 1.0))
    calendar = record.history[0].calendar
    draw_gantt(
        above,
        record.gantt,
        hours_per_day=calendar.hours_per_day,
        last_day=last_day,
        marks=_marks(record.history),
        legend=False,
    )
    draw_burn_down(below, record.history, last_day=last_day)
    below.set_ylim(0, 1.08 * most_hours)
    return svg(figure)


def _marks(history: Sequence[Briefing]) -> list[Mark]:
    """The planned go-live, and the day from which the last site was live."""
    marks = [Mark(history[0].calendar.planned_go_live_day, "plan", PLAN)]
    live = [briefing.calendar.day for briefing in history if _all_live(briefing)]
    if live:
        late = live[0] > history[0].calendar.planned_go_live_day
        marks.append(Mark(live[0], "live", ALARM if late else GOOD, dashed=False))
    return marks


def _all_live(briefing: Briefing) -> bool:
    present = [site for site in briefing.sites if site.present]
    return all(site.status >= SiteStatus.LIVE for site in present)


def _most_remaining(history: Sequence[Briefing]) -> float:
    return max(sum(w.remaining_hours for w in briefing.workstreams) for briefing in history)


def _legend() -> Markup:
    swatches = [
        tag("span", tag("i", "", style=f"background:{colour}"), str(name))
        for name, colour in WORKSTREAM_COLOURS.items()
    ]
    return tag("p", *swatches, "hatched: rework and cleansing", class_="legend quiet")
