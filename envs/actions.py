"""From an action to a decision and back, and the mask of what is legal.

The action is ``MultiDiscrete([9, 9, 9, 9, 9, 3, 12])``: a focus for each of the five roles
(eight workstreams, then none), the pace, and the management move.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
from gymnasium import spaces
from numpy.typing import ArrayLike, NDArray

from ..scenarios.errors import GoliveError
from ..sim.implementation.decision import (
    FOCUS_CHOICES,
    MOVE_COUNT,
    PACE_COUNT,
    ROLE_COUNT,
    ROLES,
    WORKSTREAMS,
    Decision,
    LegalDecisions,
    Move,
    Pace,
)

ACTION_SIZES: tuple[int, ...] = (FOCUS_CHOICES,) * ROLE_COUNT + (PACE_COUNT, MOVE_COUNT)
"""Number of choices per component of the action."""
ACTION_NAMES: tuple[str, ...] = (*(f"focus_{role}" for role in ROLES), "pace", "move")
"""Name per component of the action."""
MASK_SIZE = sum(ACTION_SIZES)
"""Length of the flat mask: 60."""
_FOCUS_NAMES = (*(str(workstream) for workstream in WORKSTREAMS), "none")
MASK_NAMES: tuple[str, ...] = (
    *(f"focus_{role}/{choice}" for role in ROLES for choice in _FOCUS_NAMES),
    *(f"pace/{pace.name.lower()}" for pace in Pace),
    *(f"move/{move.name.lower()}" for move in Move),
)
"""Name per entry of the flat mask."""
_PACES = tuple(Pace)
_MOVES = tuple(Move)


def action_space() -> spaces.MultiDiscrete:
    """The action space."""
    return spaces.MultiDiscrete(list(ACTION_SIZES))


def decode_action(action: ArrayLike) -> Decision:
    """The decision that an action means.

    Args:
        action: 7 integers, each from 0 to the component's size minus one.

    Raises:
        GoliveError: it is not of this shape or a component is out of range. (A decision that is
            in the space but not legal is no error: the world replaces and counts it.)
    """
    numbers = np.asarray(action)
    if numbers.shape != (len(ACTION_SIZES),) or numbers.dtype.kind not in "iu":
        raise GoliveError(
            f"action: shape {numbers.shape}, type {numbers.dtype}: "
            f"expected {len(ACTION_SIZES)} integers ({', '.join(ACTION_NAMES)})"
        )
    choices = numbers.tolist()
    for name, choice, size in zip(ACTION_NAMES, choices, ACTION_SIZES, strict=True):
        if not 0 <= choice < size:
            raise GoliveError(f"action: {name}: {choice}: expected 0..{size - 1}")
    return Decision(
        tuple(choices[:ROLE_COUNT]), _PACES[choices[ROLE_COUNT]], _MOVES[choices[ROLE_COUNT + 1]]
    )


def encode_decision(decision: Decision) -> NDArray[np.int64]:
    """The action that means this decision."""
    return np.array((*decision.focus, decision.pace, decision.move), dtype=np.int64)


def action_mask(legal: LegalDecisions) -> NDArray[np.bool_]:
    """Which choices are legal, component after component, as sb3-contrib expects it.

    Returns:
        60 booleans: 5 x 9 focuses, 3 paces, 12 moves (names in ``MASK_NAMES``).
    """
    return np.fromiter(chain(*legal.focus, legal.pace, legal.move), dtype=np.bool_, count=MASK_SIZE)
