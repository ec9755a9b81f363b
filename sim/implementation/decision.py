"""Orders that can be given at a decision point, and which of them are legal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from ...core.registry import Registry
from ...scenarios.implementation.vocabulary import Role, Workstream

if TYPE_CHECKING:
    from .briefing import Briefing
    from .mechanisms import Mechanisms

WORKSTREAMS: tuple[Workstream, ...] = tuple(Workstream)
ROLES: tuple[Role, ...] = tuple(Role)
WORKSTREAM_COUNT = len(WORKSTREAMS)
BUILDING: tuple[int, ...] = tuple(
    WORKSTREAMS.index(name)
    for name in (Workstream.CONFIGURATION, Workstream.CUSTOMISATION, Workstream.INTEGRATION)
)
"""Workstreams whose results a test cycle covers."""
ROLE_COUNT = len(ROLES)

NO_FOCUS = WORKSTREAM_COUNT
"""Focus index meaning that the role stands down for the day."""
FOCUS_CHOICES = WORKSTREAM_COUNT + 1


class Pace(IntEnum):
    """Paces at which the crew is driven: speed against defects."""

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
    REBASELINE = 12
    PROFILE_DATA = 13
    REVIEW_WORK = 14
    WALK_THROUGH = 15
    VISIT_OPERATIONS = 16
    SPONSOR_TALK = 17


READS: dict[Move, tuple[str, ...]] = {
    Move.PROFILE_DATA: ("data_rot",),
    Move.REVIEW_WORK: ("workmanship",),
    Move.WALK_THROUGH: ("change_value", "consensus"),
    Move.VISIT_OPERATIONS: ("habits", "fragility"),
    Move.SPONSOR_TALK: ("sponsor_patience", "season"),
}
"""The traits that each bought reading is about."""


PACE_COUNT = len(Pace)
MOVE_COUNT = len(Move)


class FurtherMove(int):
    """A move of another package: its place among the choices, after golive's own."""

    name: str

    def __new__(cls, place: int, name: str) -> FurtherMove:
        """The move of this place and name."""
        move = super().__new__(cls, place)
        move.name = name
        return move

    def __reduce__(self) -> tuple[type[FurtherMove], tuple[int, str]]:
        """Travel as place and name."""
        return FurtherMove, (int(self), self.name)


@dataclass(frozen=True, slots=True)
class MoveRule:
    """The rule of another package's move.

    Attributes:
        legal: whether it may be ordered, from the briefing alone.
        carry_out: what it sets going, on the morning of the day it is ordered for.
    """

    legal: Callable[[Briefing], bool]
    carry_out: Callable[[Mechanisms], None]


MOVES: Registry[Move | MoveRule] = Registry(
    "golive.implementation.moves", "move", {move.name.lower(): move for move in Move}
)
"""The choices of a move by name: golive's own, then those of other packages."""


def move_of(place: int) -> Move | FurtherMove:
    """The move at this place of the choices."""
    return Move(place) if place < MOVE_COUNT else FurtherMove(place, MOVES.names()[place])


def further_rules() -> tuple[MoveRule, ...]:
    """Rules of other packages' moves, in the order of the choices."""
    rules = [MOVES[name] for name in MOVES.names()[MOVE_COUNT:]]
    return tuple([rule for rule in rules if isinstance(rule, MoveRule)])


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
    move: Move | FurtherMove = Move.NONE

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
    """Choices that are legal now, factor by factor (the factors are independent).

    Attributes:
        focus: 5 rows (roles) of 9 booleans (8 workstreams, then ``NO_FOCUS``, always legal).
        pace: 3 booleans.
        move: 18 booleans (``Move``), then one for each move of other packages; ``Move.NONE`` is
            always legal.
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
        if move >= len(self.move) or not self.move[move]:
            move = Move.NONE
            illegal += 1
        pace = decision.pace
        if not self.pace[pace]:
            pace = Pace.NORMAL
            illegal += 1
        return (Decision(focus, pace, move), illegal) if illegal else (decision, 0)
