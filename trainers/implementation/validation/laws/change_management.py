"""Change management pays: projects that prepare their people meet their objectives more often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .....agents.implementation.typical_practice import TypicalPractice
from .....scenarios.implementation.vocabulary import Delivery
from .....sim.implementation.briefing import NEVER
from .....sim.implementation.decision import Move
from ....evaluation.statistics import FloatArray
from ..figures import mean_figure, resampled_figure
from ..law_result import Condition, LawResult
from ..projects import AlteredPolicy, play, projects

if TYPE_CHECKING:
    from .....sim.implementation.briefing import Briefing
    from .....sim.implementation.decision import Decision, LegalDecisions
    from .....sim.implementation.scorecard import Scorecard

NAME = "Change management pays"
WORKSHOP_DAYS = 40
"""Excellent change management holds a stakeholder workshop so often, in working days."""
FREEZE_FROM = 0.4
"""Share of the planned time from which it freezes changes."""
TRAINING_DAYS = 20
"""It trains from so many working days before the next go-live on."""
READY = 0.65
"""Share of users trained and able without which it does not go live while dates can be moved."""
LEAST_BENEFITS = 0.5
"""Share of the promised benefits without which a project has not met its objectives."""
PUBLISHED_RATIO = 4.0
_CHANGE_MANAGEMENT = frozenset(
    {Move.STAKEHOLDER_WORKSHOP, Move.TRAINING_WAVE, Move.CHANGE_FREEZE, Move.ESCALATE}
)


def excellent() -> AlteredPolicy:
    """Typical practice that also prepares its people, and waits for them."""

    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        if decision.move is Move.GO_LIVE and not _are_ready(briefing):
            for move in (Move.TRAINING_WAVE, Move.POSTPONE_GO_LIVE):
                if legal.move[move]:
                    return replace(decision, move=move)
            return decision
        if decision.move not in (Move.NONE, Move.POSTPONE_GO_LIVE):
            return decision
        for move, wanted in _WISHES:
            if legal.move[move] and wanted(briefing):
                return replace(decision, move=move)
        return decision

    return AlteredPolicy(TypicalPractice(), alter, "excellent change management")


def poor() -> AlteredPolicy:
    """Typical practice that does nothing for its people."""

    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        neglected = decision.move in _CHANGE_MANAGEMENT
        return replace(decision, move=Move.NONE) if neglected else decision

    return AlteredPolicy(TypicalPractice(), alter, "poor change management")


def objectives_met(card: Scorecard) -> bool:
    """Live, not cancelled, no catastrophic dip, adopted, and more than half of the benefits."""
    return (
        card.went_live
        and not card.cancelled
        and not card.catastrophic_dip
        and card.adoption_reached
        and card.benefits_realised > LEAST_BENEFITS
    )


def experiment(
    customers: int, first_seed: int, parameters: Mapping[str, float] | None = None
) -> LawResult:
    """Manage the same conventional projects with excellent, typical and poor change management.

    Args:
        customers: how many projects.
        first_seed: of the customers.
        parameters: of the world, in place of its own.
    """
    cases = projects(customers, first_seed, Delivery.CONVENTIONAL, parameters or {})
    good = [play(excellent(), case).scorecard() for case in cases]
    usual = [play(TypicalPractice(), case).scorecard() for case in cases]
    bad = [play(poor(), case).scorecard() for case in cases]
    shares = [
        mean_figure(
            f"objectives met, {name} change management",
            "share",
            [float(objectives_met(card)) for card in cards],
            published,
        )
        for name, cards, published in (
            ("excellent", good, "88 %"),
            ("typical", usual, ""),
            ("poor", bad, "13 %"),
        )
    ]
    table = np.asarray(
        [[objectives_met(g), objectives_met(b)] for g, b in zip(good, bad, strict=True)],
        dtype=np.float64,
    )
    ratio = resampled_figure(
        "objectives met, excellent over poor", "x", table, odds, f"at least {PUBLISHED_RATIO:g}"
    )
    adoption = mean_figure(
        "adoption, excellent less poor",
        "share",
        [g.adoption - b.adoption for g, b in zip(good, bad, strict=True)],
    )
    benefits = mean_figure(
        "benefits, excellent less poor",
        "share",
        [g.benefits_realised - b.benefits_realised for g, b in zip(good, bad, strict=True)],
    )
    cost = mean_figure(
        "cost, excellent over poor",
        "x",
        [g.cost_usd / b.cost_usd for g, b in zip(good, bad, strict=True)],
    )
    late = mean_figure(
        "days later, excellent than poor",
        "days",
        [g.days_late - b.days_late for g, b in zip(good, bad, strict=True)],
    )
    return LawResult(
        name=NAME,
        statement=(
            "Projects with excellent change management meet their objectives several times as "
            "often as those with poor change management."
        ),
        source="Prosci (a vendor's survey): 88 % against 13 %",
        published=f"ratio of at least {PUBLISHED_RATIO:g}",
        experiment=(
            "Typical practice without workshops, training and change freeze; as it is; and with "
            f"a workshop every {WORKSHOP_DAYS} days, a freeze from {FREEZE_FROM:.0%} of the "
            f"plan, and training until {READY:.0%} are ready for which go-live waits. "
            "Objectives are met when a project is live, without a catastrophic dip, adopted, "
            f"and brings more than {LEAST_BENEFITS:.0%} of its benefits."
        ),
        customers=customers,
        first_seed=first_seed,
        figures=(*shares, ratio, adoption, benefits, cost, late),
        conditions=(
            Condition("it raises adoption", adoption.value.above(0.0)),
            Condition("it raises benefits", benefits.value.above(0.0)),
            Condition("objectives are met more often", shares[0].value.low > shares[2].value.high),
            Condition(
                f"at least {PUBLISHED_RATIO:g} times as often",
                ratio.value.estimate >= PUBLISHED_RATIO,
            ),
        ),
    )


def odds(table: FloatArray) -> float:
    """Ratio of the two columns' sums; half a project is added below where there is none."""
    above, below = table.sum(axis=0)
    return float(above / max(below, 0.5))


def _are_ready(briefing: Briefing) -> bool:
    return briefing.people.readiness >= READY


def _wants_training(briefing: Briefing) -> bool:
    calendar = briefing.calendar
    near = calendar.target_go_live_day - calendar.day <= TRAINING_DAYS
    live = calendar.hypercare_day != NEVER
    return (near or live) and not _are_ready(briefing)


def _wants_workshop(briefing: Briefing) -> bool:
    since = briefing.management.days_since_workshop
    return since in (NEVER,) or since >= WORKSHOP_DAYS


def _wants_freeze(briefing: Briefing) -> bool:
    calendar = briefing.calendar
    due = calendar.day >= FREEZE_FROM * calendar.planned_go_live_day
    return due and not briefing.management.change_freeze


_WISHES: tuple[tuple[Move, Callable[[Briefing], bool]], ...] = (
    (Move.TRAINING_WAVE, _wants_training),
    (Move.STAKEHOLDER_WORKSHOP, _wants_workshop),
    (Move.CHANGE_FREEZE, _wants_freeze),
)
