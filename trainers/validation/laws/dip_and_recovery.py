"""The dip and its recovery: output falls after go-live, the more so the less was ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ....agents.critical_path import CriticalPath
from ....agents.typical_practice import TypicalPractice
from ....scenarios.vocabulary import Delivery
from ....sim.implementation.decision import Move
from ..figures import mean_figure, median_figure
from ..law_result import Condition, LawResult
from ..projects import AlteredPolicy, play, projects, state_of
from ..targets import MODERATE_DIP

if TYPE_CHECKING:
    from ....sim.implementation.briefing import Briefing
    from ....sim.implementation.decision import Decision, LegalDecisions

NAME = "The dip and its recovery"
NEGLECTED = {
    "open defects": Move.TEST_CYCLE,
    "bad data": Move.MOCK_LOAD,
    "untrained users": Move.TRAINING_WAVE,
}
"""What a go-live meets, and the move without which it meets more of it."""
RECOVERY_BAND = (15.0, 60.0)
"""Working days: half and twice of about six weeks (estimate)."""
SHARE_BAND = (0.65, 0.85)
"""Share of firms with a moderate to severe dip."""


def without(move: Move) -> AlteredPolicy:
    """The critical path, live on the date, without one kind of move."""

    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        return replace(decision, move=Move.NONE) if decision.move is move else decision

    return AlteredPolicy(CriticalPath(), alter, f"critical_path without {move.name.lower()}")


def experiment(
    customers: int, first_seed: int, parameters: Mapping[str, float] | None = None
) -> LawResult:
    """Watch the same conventional projects after go-live, and neglect one thing at a time.

    Args:
        customers: how many projects.
        first_seed: of the customers.
        parameters: of the world, in place of its own.
    """
    cases = projects(customers, first_seed, Delivery.CONVENTIONAL, parameters or {})
    usual = [play(TypicalPractice(), case) for case in cases]
    usual = [world for world in usual if world.scorecard().went_live]
    cards = [world.scorecard() for world in usual]
    moderate = mean_figure(
        f"dip of {MODERATE_DIP:.0%} or more, typical practice",
        "share",
        [float(card.dip_depth >= MODERATE_DIP) for card in cards],
        f"{SHARE_BAND[0]:.0%} to {SHARE_BAND[1]:.0%}",
    )
    days = median_figure(
        "working days to recover, typical practice, median",
        "days",
        [card.dip_days for card in cards],
        "about 30 (6 weeks)",
    )
    left = mean_figure(
        "of the deepest loss, what is left at the end of hypercare",
        "share",
        [_loss_left(state_of(world)["sites"]) for world in usual],
        "recovers",
    )
    planned = [play(CriticalPath(), case).scorecard() for case in cases]
    deeper, longer = [], []
    for what, move in NEGLECTED.items():
        neglected = [play(without(move), case).scorecard() for case in cases]
        pairs = [
            (worse, card)
            for worse, card in zip(neglected, planned, strict=True)
            if worse.went_live and card.went_live
        ]
        deeper.append(
            mean_figure(
                f"deepest loss, more {what}, less as planned",
                "share",
                [worse.dip_depth - card.dip_depth for worse, card in pairs],
                "above 0",
            )
        )
        longer.append(
            mean_figure(
                f"days to recover, more {what}, less as planned",
                "days",
                [worse.dip_days - card.dip_days for worse, card in pairs],
            )
        )
    recovery, low, high = days.value.estimate, *RECOVERY_BAND
    return LawResult(
        name=NAME,
        statement=(
            "Output falls after go-live and recovers in weeks; it falls the more, the more "
            "defects are open, data bad and users untrained."
        ),
        source="Panorama ERP reports 2010-2013; recovery: calibration E",
        published=(
            f"a moderate to severe dip in {SHARE_BAND[0]:.0%} to {SHARE_BAND[1]:.0%} of firms; "
            "recovery in about six weeks at the median"
        ),
        experiment=(
            "Typical practice for depth and recovery. The critical path, live on the date, as "
            "planned and without test cycles, without mock loads, or without training."
        ),
        customers=customers,
        first_seed=first_seed,
        figures=(moderate, days, left, *deeper, *longer),
        conditions=(
            Condition("most firms have a moderate dip", moderate.value.estimate > 0.5),
            Condition("output recovers in hypercare", left.value.below(0.5)),
            Condition(
                f"half have recovered within {low:g} to {high:g} working days",
                low <= recovery <= high,
            ),
            *(
                Condition(f"the more {what}, the deeper", figure.value.above(0.0))
                for what, figure in zip(NEGLECTED, deeper, strict=True)
            ),
        ),
    )


def _loss_left(sites: Sequence[Mapping[str, Any]]) -> float:
    """Loss of the sites at the end over their deepest; 0 where there was none."""
    deepest = sum(float(site["deepest_loss"]) for site in sites)
    return sum(float(site["loss"]) for site in sites) / deepest if deepest else 0.0
