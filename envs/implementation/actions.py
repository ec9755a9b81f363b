"""Translation of an action to a decision and back, and the mask of what is legal.

The action is ``MultiDiscrete([9, 9, 9, 9, 9, 3, 12])``: a focus for each of the five roles
(eight workstreams, then none), the pace, and the management move. Moves of other packages are
further choices of the last component.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...sim.implementation.decision import (
    MOVES,
    ROLES,
    WORKSTREAMS,
    Decision,
    LegalDecisions,
    Move,
    Pace,
    move_of,
)
from ...sim.numbers import Choices, Factor

_FOCUS_NAMES = (*(str(workstream) for workstream in WORKSTREAMS), "none")


@lru_cache(maxsize=4)
def _choices(moves: tuple[str, ...]) -> Choices:
    return Choices(
        [
            *(Factor(f"focus_{role}", _FOCUS_NAMES) for role in ROLES),
            Factor("pace", tuple(pace.name.lower() for pace in Pace)),
            Factor("move", moves),
        ]
    )


def choices() -> Choices:
    """The action's factors and their choices, with the moves that are installed now."""
    return _choices(MOVES.names())


CHOICES = _choices(tuple(move.name.lower() for move in Move))
"""The same with golive's own moves alone."""
ACTION_SIZES: tuple[int, ...] = CHOICES.sizes
"""Number of choices per component of the action."""
ACTION_NAMES: tuple[str, ...] = tuple(factor.name for factor in CHOICES.factors)
"""Name per component of the action."""
MASK_NAMES: tuple[str, ...] = CHOICES.names
"""Name per entry of the flat mask."""
_PACES = tuple(Pace)


def decode_action(action: ArrayLike) -> Decision:
    """The decision that an action means.

    Args:
        action: 7 integers, each from 0 to the component's size minus one.

    Raises:
        GoliveError: it is not of this shape or a component is out of range. (A decision that is
            in the space but not legal is no error: the world replaces and counts it.)
    """
    *focus, pace, move = choices().checked(action)
    return Decision(tuple(focus), _PACES[pace], move_of(move))


def encode_decision(decision: Decision) -> NDArray[np.int64]:
    """The action that means this decision."""
    return np.array((*decision.focus, decision.pace, decision.move), dtype=np.int64)


def action_mask(legal: LegalDecisions) -> NDArray[np.bool_]:
    """The legal choices as True, component after component, as sb3-contrib expects it.

    Returns:
        a boolean for each choice of golive's own (names in ``MASK_NAMES``): 5 x 9 focuses, 3
        paces, the moves of ``Move``; and one for each move of other packages.
    """
    return np.fromiter(chain(*legal.focus, legal.pace, legal.move), dtype=np.bool_)
