"""One recorded implementation: what the crew did, how the work went down, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...envs.implementation.charts import draw_burn_down, draw_gantt
from ...envs.implementation.dashboard_record import DashboardRecord
from ...envs.implementation.drawing import ALARM, GOOD, PLAN, WORKSTREAM_COLOURS, Mark
from ...scenarios.scenario import Scenario
from ...sim.episodes import run_episode
from ...sim.implementation.briefing import Briefing, SiteStatus
from ...sim.implementation.metrics import METRICS
from ...sim.policy import Policy
from .figures import canvas_rows, svg
from .markup import Markup, tag


@dataclass(frozen=True)
class RecordedEpisode:
    """An episode to be shown.

    Attributes:
        label: of the policy.
        seed: of the episode.
        record: briefings, Gantt table and scorecard of the finished world.
    """

    label: str
    seed: int
    record: DashboardRecord


def record_episode(label: str, policy: Policy, scenario: Scenario, seed: int) -> RecordedEpisode:
    """Run an episode with everything recorded."""
    world = run_episode(policy, scenario, seed, record=True).world
    if world is None:
        raise RuntimeError("a recorded episode came without its world")
    return RecordedEpisode(label, seed, DashboardRecord.of_world(world))


def episodes_section(episodes: Sequence[RecordedEpisode]) -> Markup:
    """Implementations beside one another, on common axes."""
    last_day = max(episode.record.today.calendar.day for episode in episodes)
    most = max(_most_remaining(episode.record.history) for episode in episodes)
    columns = [_column(episode, last_day, most) for episode in episodes]
    return tag("div", tag("div", *columns, class_="side"), _legend())


def _column(episode: RecordedEpisode, last_day: int, most_hours: float) -> Markup:
    picture = _picture(episode.record, last_day, most_hours)
    return tag(
        "section",
        tag("h3", episode.label),
        tag("figure", picture, class_="card"),
        tag("p", _facts(episode.record), class_="quiet"),
    )


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


def _facts(record: DashboardRecord) -> str:
    if record.scorecard is None:
        return ""
    facts = record.scorecard.as_dict()
    shown = [entry for entry in METRICS if entry.headline and entry.name in facts]
    parts = [f"{entry.label} {_fact(facts[entry.name], entry.format)}" for entry in shown]
    return ("; ".join(parts) + ".").replace(" %", "\N{NO-BREAK SPACE}%")


def _fact(value: float, form: Callable[[float], str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return form(value)


def _legend() -> Markup:
    swatches = [
        tag("span", tag("i", "", style=f"background:{colour}"), str(name))
        for name, colour in WORKSTREAM_COLOURS.items()
    ]
    return tag("p", *swatches, "hatched: rework and cleansing", class_="legend quiet")
