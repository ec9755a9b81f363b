"""Static policies: a fixed focus per phase, a fixed pace, a fixed schedule of moves.

They look at the calendar and at nothing else. The hindsight-best of them shows what planning
without looking can reach: a world in which it beats an adaptive manager is too tame.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from ...core.arithmetic import whole_sum
from ...core.errors import GoliveError
from ...sim.implementation.briefing import NEVER, Briefing, SiteStatus
from ...sim.implementation.decision import (
    NO_FOCUS,
    ROLE_COUNT,
    Decision,
    LegalDecisions,
    Move,
    Pace,
)

PHASE_ENDS = (0.25, 0.5, 0.75)
"""Shares of the planned time at which the first three phases end; the fourth goes on."""

_LETTERS = "DMCUITRX"
"""The workstreams in their order by a letter each, M being data and X the cutover."""


def _focus_of(letters: str) -> tuple[int, ...]:
    return tuple(_LETTERS.index(letter) for letter in letters)


FOCUS_TEMPLATES: dict[str, tuple[tuple[int, ...], ...]] = {
    name: tuple(_focus_of(phase) for phase in phases.split())
    for name, phases in {
        "specialists": "DDMDD TDMCC IRIUC TTIUT",
        "build_first": "DDMDD IDMCD ITIUC TRMUT",
        "data_first": "DDMDD MDMCM ITICU TRIUT",
        "discovery_long": "DDDDD DDMCD ITMCI TRIUT",
    }.items()
}
"""Per phase a workstream for each role, in the order of ``Role``."""

MOVE_SCHEDULES: dict[str, tuple[tuple[float, Move], ...]] = {
    "lean": (
        (0.00, Move.STAKEHOLDER_WORKSHOP),
        (0.50, Move.MOCK_LOAD),
        (0.65, Move.MOCK_LOAD),
        (0.80, Move.TEST_CYCLE),
        (0.85, Move.MOCK_LOAD),
        (0.90, Move.TRAINING_WAVE),
    ),
    "thorough": (
        (0.00, Move.STAKEHOLDER_WORKSHOP),
        (0.35, Move.CHANGE_FREEZE),
        (0.45, Move.MOCK_LOAD),
        (0.55, Move.MOCK_LOAD),
        (0.65, Move.MOCK_LOAD),
        (0.70, Move.TEST_CYCLE),
        (0.75, Move.MOCK_LOAD),
        (0.80, Move.TRAINING_WAVE),
        (0.85, Move.TEST_CYCLE),
        (0.92, Move.TRAINING_WAVE),
        (0.96, Move.TEST_CYCLE),
    ),
    "sponsor": (
        (0.00, Move.STAKEHOLDER_WORKSHOP),
        (0.20, Move.ESCALATE),
        (0.35, Move.STAKEHOLDER_WORKSHOP),
        (0.40, Move.CHANGE_FREEZE),
        (0.50, Move.MOCK_LOAD),
        (0.55, Move.ESCALATE),
        (0.60, Move.MOCK_LOAD),
        (0.70, Move.MOCK_LOAD),
        (0.75, Move.TEST_CYCLE),
        (0.80, Move.STAKEHOLDER_WORKSHOP),
        (0.85, Move.TRAINING_WAVE),
        (0.92, Move.TEST_CYCLE),
        (0.95, Move.TRAINING_WAVE),
    ),
}
"""Shares of the planned time from which each move is wanted, in order."""

GO_LIVE_DELAYS_WEEKS = (0, 1, 2, 3)
"""Weeks after the planned date at which they go live."""


@dataclass(slots=True)
class StaticPolicy:
    """One static policy.

    Args:
        template: name of its focus template.
        pace: all along.
        schedule: name of its schedule of moves.
        delay_weeks: it postpones so often, and then goes live.
    """

    template: str
    pace: Pace
    schedule: str
    delay_weeks: int
    _next: int = 0

    @property
    def name(self) -> str:
        """A name that says it all."""
        pace = self.pace.name.lower()
        return f"static:{self.template}:{pace}:{self.schedule}:{self.delay_weeks}"

    def reset(self, seed: int) -> None:
        """Begin the schedule anew."""
        self._next = 0

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The calendar's order for today."""
        return Decision(self._focus(briefing, legal), self.pace, self._move(briefing, legal))

    def _focus(self, briefing: Briefing, legal: LegalDecisions) -> tuple[int, ...]:
        if any(site.present and site.status == SiteStatus.CUTOVER for site in briefing.sites):
            wanted = _focus_of("X" * ROLE_COUNT)
        elif briefing.calendar.hypercare_day != NEVER:
            wanted = _focus_of("IRMCU")
        else:
            share = briefing.calendar.day / (
                briefing.calendar.planned_go_live_day + 5.0 * self.delay_weeks
            )
            phase = whole_sum(share >= end for end in PHASE_ENDS)
            wanted = FOCUS_TEMPLATES[self.template][phase]
        return tuple(
            choice if legal.focus[role][choice] else NO_FOCUS for role, choice in enumerate(wanted)
        )

    def _move(self, briefing: Briefing, legal: LegalDecisions) -> Move:
        calendar = briefing.calendar
        if calendar.day >= calendar.target_go_live_day - 2:
            if calendar.postponements < self.delay_weeks and legal.move[Move.POSTPONE_GO_LIVE]:
                return Move.POSTPONE_GO_LIVE
            if legal.move[Move.GO_LIVE]:
                return Move.GO_LIVE
        schedule = MOVE_SCHEDULES[self.schedule]
        if self._next >= len(schedule):
            return Move.NONE
        share, move = schedule[self._next]
        planned = calendar.planned_go_live_day + 5.0 * self.delay_weeks
        if calendar.day < share * planned or not legal.move[move]:
            return Move.NONE
        self._next += 1
        return move


def static_policies() -> list[StaticPolicy]:
    """All combinations of templates, paces, schedules and delays: 144 policies."""
    combinations = product(FOCUS_TEMPLATES, Pace, MOVE_SCHEDULES, GO_LIVE_DELAYS_WEEKS)
    return [StaticPolicy(*combination) for combination in combinations]


def static_policy(name: str) -> StaticPolicy:
    """The static policy of a name.

    Raises:
        GoliveError: there is none.
    """
    policies = {policy.name: policy for policy in static_policies()}
    if name not in policies:
        example = next(iter(policies))
        raise GoliveError(f"policy: {name!r}: no such static policy; expected one like {example!r}")
    return policies[name]
