"""Overtime: weeks of it gain output at first and lose it later; AI agents do not tire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .....agents.registry import load_policy
from .....scenarios.implementation.vocabulary import Delivery
from .....sim.implementation.briefing import Briefing
from .....sim.implementation.decision import Pace
from ....evaluation.statistics import FloatArray
from ..figures import ratio_figure, resampled_figure
from ..law import Figure, Law, Measured
from ..projects import AlteredPolicy, Project, Sample, in_arms, play

WEEKS = 8
AGENT_WEEKS = 3
"""As long as AI agents have work enough in a project of six weeks."""
FIRST_WEEKS = 3
LAST_WEEKS = 3
"""Weeks at the beginning and at the end of which output is compared."""
BAND = (0.85, 1.15)
"""Ratios that "about the output" is taken to mean (estimate)."""
_DAYS_PER_WEEK = 5


@dataclass(frozen=True, slots=True)
class _Output:
    """Effort hours done and crew hours at work (no switching, no waiting) by each week's end."""

    effort: tuple[float, ...]
    work: tuple[float, ...]


_Pairs = Sequence[tuple[_Output, ...]]
"""Each project at normal pace, and under rush."""


def _measure(sample: Sample) -> Measured:
    people = _pairs(sample.projects(), WEEKS)
    agents = _pairs(sample.projects(Delivery.AGENTIC), AGENT_WEEKS)
    normal, rushed = zip(*people, strict=True)
    by_week = [
        ratio_figure(
            f"output of people so far, week {week + 1}",
            [output.effort[week] for output in rushed],
            [output.effort[week] for output in normal],
            "about 1" if week == WEEKS - 1 else "",
        )
        for week in range(WEEKS)
    ]
    late = ratio_figure(
        f"output of people in the last {LAST_WEEKS} of {WEEKS} weeks",
        [_last(output.effort) for output in rushed],
        [_last(output.effort) for output in normal],
        "below 1",
    )
    table = np.asarray([output.effort for output in rushed])
    table -= np.asarray([output.effort for output in normal])
    even = resampled_figure(
        "break-even: overtime has brought nothing by",
        "weeks",
        table,
        even_at,
        bounds=(0.0, float(WEEKS)),
    )
    fresh, tired = _per_hour("people", people)
    agent_fresh, agent_tired = _per_hour("AI agents", agents)
    first, last = by_week[FIRST_WEEKS - 1].value, by_week[-1].value
    return (*by_week, late, even, fresh, tired, agent_fresh, agent_tired), {
        "overtime is ahead in the first weeks": first.above(1.0),
        "overtime is behind in the last weeks": late.value.below(1.0),
        "all weeks together give about the same": BAND[0] <= last.estimate <= BAND[1],
        "tired people do less per hour at work": tired.value.below(1.0),
        "fresh people do more per hour at work": fresh.value.above(1.0),
        "AI agents keep their output per hour": agent_tired.value.above(1.0),
    }


def even_at(gains: FloatArray) -> float:
    """Weeks after which overtime is no longer ahead; as many as there are if it always is.

    Gains are of shape (projects, weeks): output so far less that of normal pace.
    """
    means = [0.0, *gains.mean(axis=0)]
    for week in range(1, len(means)):
        if means[week] <= 0.0:
            before, now = means[week - 1], means[week]
            return week - 1 + (before / (before - now) if before > now else 0.0)
    return float(len(means) - 1)


def _per_hour(who: str, pairs: _Pairs) -> tuple[Figure, Figure]:
    """Output per hour at work under rush over that at normal pace: first and last week."""

    def figure(name: str, week: int) -> Figure:
        return ratio_figure(
            f"output per hour at work, {who}, {name} week of rush",
            [_rate(rushed, week) for _, rushed in pairs],
            [_rate(normal, week) for normal, _ in pairs],
        )

    return figure("first", 0), figure("last", len(pairs[0][0].effort) - 1)


def _pairs(cases: Sequence[Project], weeks: int) -> _Pairs:
    """Each project at normal pace and under rush, unless it stood still or was stopped."""
    return in_arms(
        cases,
        lambda case: _output(case, Pace.NORMAL, weeks),
        lambda case: _output(case, Pace.RUSH, weeks),
    )


def _output(case: Project, pace: Pace, weeks: int) -> _Output | None:
    """The first weeks of a project at a pace; None if it stood still or was stopped."""
    effort: list[float] = []
    work: list[float] = []
    worked = 0.0

    def week_by_week(briefing: Briefing) -> bool:
        nonlocal worked
        worked += sum(role.useful_hours + role.rework_hours for role in briefing.roles)
        if briefing.calendar.day == _DAYS_PER_WEEK * (len(effort) + 1):
            effort.append(sum(row.done_hours for row in briefing.workstreams))
            work.append(worked)
        return len(effort) == weeks

    policy = AlteredPolicy(
        load_policy("expert"),
        lambda briefing, legal, decision: replace(decision, pace=pace),
        f"expert at {pace.name.lower()}",
    )
    play(policy, case, until=week_by_week)
    moved = all(now > before for before, now in pairwise((0.0, *work)))
    return _Output(tuple(effort), tuple(work)) if moved and len(work) == weeks else None


def _last(effort: Sequence[float]) -> float:
    return effort[-1] - effort[-1 - LAST_WEEKS]


def _rate(output: _Output, week: int) -> float:
    """Effort hours per hour at work in a week."""
    before = (output.effort[week - 1], output.work[week - 1]) if week else (0.0, 0.0)
    return (output.effort[week] - before[0]) / (output.work[week] - before[1])


experiment = Law(
    name="Overtime breaks even",
    statement=(
        f"{WEEKS} weeks of 60 hours give about the output of {WEEKS} weeks of 40: overtime "
        "is ahead in the first weeks and behind in the last. AI agents do not tire."
    ),
    source="Construction and software practice (calibration A); agents: golive",
    published=f"output of {WEEKS} weeks about equal, {BAND[0]:.2f} to {BAND[1]:.2f}",
    experiment=(
        "The expert at the pace of rush from kick-off, and the same projects at normal pace: "
        "effort hours done by the end of each week, and effort hours done per hour at work."
    ),
    measure=_measure,
)
