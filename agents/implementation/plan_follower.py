"""The plan follower: the phase plan, week by week, whatever the briefing says."""

from __future__ import annotations

from ...scenarios.implementation.vocabulary import Workstream
from ...sim.implementation.briefing import NEVER, Briefing
from ...sim.implementation.decision import (
    WORKSTREAM_COUNT,
    WORKSTREAMS,
    Decision,
    LegalDecisions,
    Move,
    Pace,
)
from .focus import assign_roles

_CUTOVER = WORKSTREAMS.index(Workstream.CUTOVER)

PLANNED_MOVES: tuple[tuple[float, Move], ...] = (
    (0.05, Move.STAKEHOLDER_WORKSHOP),
    (0.50, Move.MOCK_LOAD),
    (0.65, Move.MOCK_LOAD),
    (0.70, Move.CHANGE_FREEZE),
    (0.75, Move.TEST_CYCLE),
    (0.80, Move.MOCK_LOAD),
    (0.85, Move.TRAINING_WAVE),
    (0.87, Move.TEST_CYCLE),
    (0.93, Move.TRAINING_WAVE),
    (0.95, Move.TEST_CYCLE),
)
"""Share of the planned time at which each move is planned."""


class PlanFollower:
    """Works through the plan's phases; moves by the calendar; goes live on the date."""

    name = "plan_follower"

    def __init__(self) -> None:
        self._next = 0

    def reset(self, seed: int) -> None:
        """Begin the plan anew."""
        self._next = 0

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The plan's order for today."""
        wanted = [1.0 if planned else 0.0 for planned in briefing.calendar.planned_focus]
        calendar = briefing.calendar
        if calendar.hypercare_day != NEVER or calendar.day >= calendar.planned_go_live_day:
            wanted = [1.0] * WORKSTREAM_COUNT  # the plan's phases are over: whatever is left
        wanted[_CUTOVER] = 1.0 if _in_cutover(briefing) else 0.2 * wanted[_CUTOVER]
        return Decision(
            assign_roles(briefing, legal, wanted), Pace.NORMAL, self._move(briefing, legal)
        )

    def _move(self, briefing: Briefing, legal: LegalDecisions) -> Move:
        calendar = briefing.calendar
        if calendar.day >= calendar.target_go_live_day - 2 and legal.move[Move.GO_LIVE]:
            return Move.GO_LIVE
        if self._next >= len(PLANNED_MOVES):
            return Move.NONE
        share, move = PLANNED_MOVES[self._next]
        if calendar.day < share * calendar.planned_go_live_day or not legal.move[move]:
            return Move.NONE
        self._next += 1
        return move


def _in_cutover(briefing: Briefing) -> bool:
    return any(site.present and site.status == 1 for site in briefing.sites)
