"""What can be ordered at a decision point, and what of it is legal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ...scenarios.implementation.vocabulary import Role, Workstream

WORKSTREAMS: tuple[Workstream, ...] = tuple(Workstream)
ROLES: tuple[Role, ...] = tuple(Role)
WORKSTREAM_COUNT = len(WORKSTREAMS)
ROLE_COUNT = len(ROLES)

NO_FOCUS = WORKSTREAM_COUNT
"""Focus index meaning that the role stands down for the day."""
FOCUS_CHOICES = WORKSTREAM_COUNT + 1


class Pace(IntEnum):
    """How hard the crew is driven: speed against defects."""

    CAREFUL = 0
    NORMAL = 1
    RUSH = 2


class Move(IntEnum):
    """The one management move of the day."""

    NONE = 0
    STAKEHOLDER_WORKSHOP = 1
    ESCALATE = 2
    TRAINING_WAVE = 3
    MOCK_LOAD = 4
    TEST_CYCLE = 5
    CHANGE_FREEZE = 6
    MANUAL_INTERVENTION = 7
    ADD_CAPACITY = 8
    POSTPONE_GO_LIVE = 9
    GO_LIVE = 10
    ROLL_BACK = 11


PACE_COUNT = len(Pace)
MOVE_COUNT = len(Move)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: a focus for each role, a pace and one management move.

    Attributes:
        focus: per role (order of ``Role``) the index of a workstream (order of
            ``Workstream``) or ``NO_FOCUS``; length 5.
        pace: how hard the crew is driven until the next decision.
        move: the management move; ``CHANGE_FREEZE`` toggles.
    """

    focus: tuple[int, ...] = (NO_FOCUS,) * ROLE_COUNT
    pace: Pace = Pace.NORMAL
    move: Move = Move.NONE

    def __post_init__(self) -> None:
        if len(self.focus) != ROLE_COUNT:
            raise ValueError(f"focus: {self.focus!r}: expected {ROLE_COUNT} workstream indices")
        for index in self.focus:
            if not 0 <= index <= NO_FOCUS:
                raise ValueError(f"focus: {index!r}: expected an index in 0..{NO_FOCUS}")


NEUTRAL_DECISION = Decision()
"""Everybody stands down, normal pace, no move: what an illegal part is replaced by."""


@dataclass(frozen=True, slots=True)
class LegalDecisions:
    """What may be ordered now, factor by factor (the factors are independent).

    Attributes:
        focus: 5 rows (roles) of 9 booleans (8 workstreams, then ``NO_FOCUS``, always legal).
        pace: 3 booleans.
        move: 12 booleans; ``Move.NONE`` is always legal.
    """

    focus: tuple[tuple[bool, ...], ...]
    pace: tuple[bool, ...]
    move: tuple[bool, ...]

    def replace_illegal(self, decision: Decision) -> tuple[Decision, int]:
        """The decision with each illegal factor made neutral, and how many were."""
        focus, move = decision.focus, decision.move
        illegal = 0
        for role, choice in enumerate(focus):
            if not self.focus[role][choice]:
                focus = (*focus[:role], NO_FOCUS, *focus[role + 1 :])
                illegal += 1
        if not self.move[move]:
            move = Move.NONE
            illegal += 1
        pace = decision.pace
        if not self.pace[pace]:
            pace = Pace.NORMAL
            illegal += 1
        return (Decision(focus, pace, move), illegal) if illegal else (decision, 0)
