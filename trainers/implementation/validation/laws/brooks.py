"""Brooks's law: staff added late costs, and brings the date forward only if it is added early."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from .....agents.implementation.expert import Expert
from .....agents.implementation.expert_file import shipped_rules
from .....sim.implementation.briefing import Briefing
from .....sim.implementation.decision import Decision, LegalDecisions, Move
from .....sim.implementation.scorecard import Scorecard
from .....sim.policy import Policy
from ....evaluation.statistics import FloatArray
from ..figures import mean_figure, resampled_figure
from ..law import Figure, Law, Measured
from ..projects import AlteredPolicy, Project, Sample, play

SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Shares of the planned time at which staff is added."""
ADDED = 3
"""Members added from there on, one at each decision point that has no other move."""
_FREE = frozenset({Move.NONE, Move.ADD_CAPACITY})


PATIENCE_DAYS = 20.0
"""So long after the date all waits for what is not ready."""


def waiting_expert() -> Expert:
    """The expert who waits some weeks for what is not ready: who keeps the date cannot be late."""
    rules = shipped_rules()
    return Expert(replace(rules, weekly=replace(rules.weekly, latest_days=PATIENCE_DAYS)))


def with_staff_added(policy: Policy, share: float | None) -> AlteredPolicy:
    """The policy with staff added at a share of the planned time, and at no other time."""

    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        calendar = briefing.calendar
        begun = share is not None and calendar.day >= share * calendar.planned_go_live_day
        if decision.move not in _FREE:
            return decision
        add = begun and briefing.management.capacity_added < ADDED
        return replace(decision, move=Move.ADD_CAPACITY if add else Move.NONE)

    return AlteredPolicy(policy, alter, f"{policy.name}, staff added at {share}")


def _measure(sample: Sample) -> Measured:
    effects = [row for row in map(_effects, sample.projects()) if row is not None]
    cost, days = np.moveaxis(np.asarray(effects), -1, 0)

    def by_share(what: str, table: FloatArray, published: str) -> list[Figure]:
        return [
            mean_figure(f"{what}, staff added at {share:.0%}", "share", column, published)
            for share, column in zip(SHARES, table.T, strict=True)
        ]

    costs = by_share("cost", cost, "always up")
    dates = by_share("go-live moved", days, "earlier only if added early")
    spread = mean_figure(
        "go-live moved, added at 90% less added at 10%", "share", days[:, -1] - days[:, 0]
    )
    even = resampled_figure(
        "break-even: staff added later is in vain", "share", days, break_even, bounds=(0.0, 1.0)
    )
    first, last = dates[0].value, dates[-1].value
    return (*costs, *dates, spread, even), {
        "staff added costs more, whenever it is added": all(
            figure.value.above(0.0) for figure in costs
        ),
        "staff added early brings the date forward": first.below(0.0),
        "staff added late does less for the date": spread.value.above(0.0),
        "staff added last does not bring it forward": not last.below(0.0),
    }


def break_even(days: FloatArray) -> float:
    """Share of the planned time from which on staff added moves the date forward no more.

    Between two times the mean effect is taken to be linear; 0 or 1 where it never changes sign.
    """
    means = days.mean(axis=0)
    points = list(zip(SHARES, means, strict=True))
    if means[0] >= 0.0:
        return 0.0
    for (share, effect), (next_share, next_effect) in pairwise(points):
        if next_effect >= 0.0:
            return float(share + (next_share - share) * effect / (effect - next_effect))
    return 1.0


def _effects(case: Project) -> list[tuple[float, float]] | None:
    """Effect of each addition on cost and on the date, as shares of the cost without it and of
    the planned time; None if the project ends before the last addition could matter."""
    plain = _scorecard(case, None)
    planned = case.scenario.plan.weeks * case.scenario.plan.days_per_week
    if not plain.went_live or plain.schedule_ratio <= SHARES[-1]:
        return None
    cards = [_scorecard(case, share) for share in SHARES]
    if not all(card.went_live for card in cards):
        return None
    return [
        (card.cost_usd / plain.cost_usd - 1.0, (card.days_late - plain.days_late) / planned)
        for card in cards
    ]


def _scorecard(case: Project, share: float | None) -> Scorecard:
    return play(with_staff_added(waiting_expert(), share), case).scorecard()


experiment = Law(
    name="Brooks's law",
    statement=(
        "Staff added to a late project makes it cost more at any time, and brings its date "
        "forward only if it is added early enough."
    ),
    source="Brooks 1975; Abdel-Hamid & Madnick 1991; Hsia, Hsu & Kung 1999",
    published="cost always up; the date improves only if staff is added early enough",
    experiment=(
        f"The expert, patient and without staff of its own choice; with {ADDED} consultants added "
        "from a share of the planned time on; the same projects without. Projects that are "
        "cancelled in one arm or live before the last addition are left out."
    ),
    measure=_measure,
)
