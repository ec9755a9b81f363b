"""Change management pays: projects that prepare their people meet their objectives more often."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .....agents.implementation.typical_practice import TypicalPractice
from .....sim.implementation.briefing import NEVER, Briefing
from .....sim.implementation.decision import Decision, LegalDecisions, Move
from .....sim.implementation.scorecard import Scorecard
from .....sim.policy import Policy
from ....evaluation.statistics import FloatArray
from ..figures import mean_figure, resampled_figure, share_figure
from ..law import Figure, Law, Measured
from ..projects import AlteredPolicy, Sample, in_arms, play

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
            wishes = [Move.TRAINING_WAVE, Move.POSTPONE_GO_LIVE]
        elif decision.move in (Move.NONE, Move.POSTPONE_GO_LIVE):
            wishes = [move for move, wanted in _WISHES.items() if wanted(briefing)]
        else:
            wishes = []
        for move in wishes:
            if legal.move[move]:
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
    """True if live, not cancelled, no catastrophic dip, adopted, over half of the benefits."""
    return (
        card.went_live
        and not card.cancelled
        and not card.catastrophic_dip
        and card.adoption_reached
        and card.benefits_realised > LEAST_BENEFITS
    )


def _measure(sample: Sample) -> Measured:
    policies: tuple[Policy, ...] = (excellent(), TypicalPractice(), poor())
    cards = in_arms(
        sample.projects(), *(lambda case, p=p: play(p, case).scorecard() for p in policies)
    )
    met = np.array([[objectives_met(card) for card in row] for row in cards], dtype=np.float64)
    shares = [
        share_figure(f"objectives met, {name} change management", column, published)
        for name, column, published in zip(
            ("excellent", "typical", "poor"), met.T, ("88 %", "", "13 %"), strict=True
        )
    ]

    def compared(name: str, unit: str, of: Callable[[Scorecard, Scorecard], float]) -> Figure:
        return mean_figure(name, unit, [of(good, bad) for good, _, bad in cards])

    ratio = resampled_figure(
        "objectives met, excellent over poor",
        "x",
        met[:, ::2],
        odds,
        f"at least {PUBLISHED_RATIO:g}",
        bounds=(0.0, math.inf),
    )
    adoption = compared(
        "adoption, excellent less poor", "share", lambda g, b: g.adoption - b.adoption
    )
    benefits = compared(
        "benefits, excellent less poor",
        "share",
        lambda g, b: g.benefits_realised - b.benefits_realised,
    )
    cost = compared("cost, excellent over poor", "x", lambda g, b: g.cost_usd / b.cost_usd)
    late = compared(
        "days later, excellent than poor", "days", lambda g, b: g.days_late - b.days_late
    )
    return (*shares, ratio, adoption, benefits, cost, late), {
        "it raises adoption": adoption.value.above(0.0),
        "it raises benefits": benefits.value.above(0.0),
        "objectives are met more often": shares[0].value.low > shares[2].value.high,
        f"at least {PUBLISHED_RATIO:g} times as often": ratio.value.estimate >= PUBLISHED_RATIO,
    }


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
    return since == NEVER or since >= WORKSHOP_DAYS


def _wants_freeze(briefing: Briefing) -> bool:
    calendar = briefing.calendar
    due = calendar.day >= FREEZE_FROM * calendar.planned_go_live_day
    return due and not briefing.management.change_freeze


_WISHES: dict[Move, Callable[[Briefing], bool]] = {
    Move.TRAINING_WAVE: _wants_training,
    Move.STAKEHOLDER_WORKSHOP: _wants_workshop,
    Move.CHANGE_FREEZE: _wants_freeze,
}

experiment = Law(
    name="Change management pays",
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
    measure=_measure,
)
