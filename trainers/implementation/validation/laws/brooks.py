"""Brooks's law: staff added late costs, and brings the date forward only if it is added early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .....agents.registry import load_policy
from .....scenarios.implementation.vocabulary import Delivery
from .....sim.implementation.decision import Move
from ....evaluation.statistics import FloatArray
from ..figures import mean_figure, resampled_figure
from ..law_result import Condition, LawResult
from ..projects import AlteredPolicy, Project, play, projects

if TYPE_CHECKING:
    from .....sim.implementation.briefing import Briefing
    from .....sim.implementation.decision import Decision, LegalDecisions
    from .....sim.implementation.scorecard import Scorecard
    from .....sim.policy import Policy

NAME = "Brooks's law"
SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Shares of the planned time at which staff is added."""
ADDED = 3
"""Members added from there on, one at each decision point that has no other move."""
_FREE = frozenset({Move.NONE, Move.ADD_CAPACITY})


@dataclass(frozen=True, slots=True)
class _Effect:
    """What staff added did to a project, relative to the same project without it."""

    cost: float
    """Share of the cost without it."""
    days: float
    """Share of the planned time by which the last go-live moved."""


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


def experiment(
    customers: int, first_seed: int, parameters: Mapping[str, float] | None = None
) -> LawResult:
    """Add staff to the same conventional projects at five times, or not at all.

    Args:
        customers: how many projects.
        first_seed: of the customers.
        parameters: of the world, in place of its own.
    """
    cases = projects(customers, first_seed, Delivery.CONVENTIONAL, parameters or {})
    effects = [row for row in (_effects(case) for case in cases) if row is not None]
    days = np.asarray([[effect.days for effect in row] for row in effects])
    costs = [
        mean_figure(
            f"cost, staff added at {share:.0%}",
            "share",
            [row[index].cost for row in effects],
            "always up",
        )
        for index, share in enumerate(SHARES)
    ]
    dates = [
        mean_figure(
            f"go-live moved, staff added at {share:.0%}",
            "share",
            list(days[:, index]),
            "earlier only if added early",
        )
        for index, share in enumerate(SHARES)
    ]
    spread = mean_figure(
        "go-live moved, added at 90% less added at 10%", "share", list(days[:, -1] - days[:, 0])
    )
    even = resampled_figure("break-even: staff added later is in vain", "share", days, break_even)
    first, last = dates[0].value, dates[-1].value
    return LawResult(
        name=NAME,
        statement=(
            "Staff added to a late project makes it cost more at any time, and brings its date "
            "forward only if it is added early enough."
        ),
        source="Brooks 1975; Abdel-Hamid & Madnick 1991; Hsia, Hsu & Kung 1999",
        published="cost always up; the date improves only if staff is added early enough",
        experiment=(
            f"The expert without staff of its own choice; with {ADDED} consultants added from "
            "a share of the planned time on; the same projects without. Projects that are "
            "cancelled in one arm or live before the last addition are left out."
        ),
        customers=customers,
        first_seed=first_seed,
        figures=(*costs, *dates, spread, even),
        conditions=(
            Condition(
                "staff added costs more, whenever it is added",
                all(figure.value.above(0.0) for figure in costs),
            ),
            Condition("staff added early brings the date forward", first.below(0.0)),
            Condition("staff added late does less for the date", spread.value.above(0.0)),
            Condition("staff added last does not bring it forward", not last.below(0.0)),
        ),
    )


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


def _effects(case: Project) -> list[_Effect] | None:
    """Effect of each addition; None if the project ends before the last one could matter."""
    plain = _scorecard(case, None)
    planned = case.scenario.plan.weeks * case.scenario.plan.days_per_week
    if not plain.went_live or plain.schedule_ratio <= SHARES[-1]:
        return None
    cards = [_scorecard(case, share) for share in SHARES]
    if not all(card.went_live for card in cards):
        return None
    return [
        _Effect(
            card.cost_usd / plain.cost_usd - 1.0,
            (card.days_late - plain.days_late) / planned,
        )
        for card in cards
    ]


def _scorecard(case: Project, share: float | None) -> Scorecard:
    return play(with_staff_added(load_policy("expert"), share), case).scorecard()
