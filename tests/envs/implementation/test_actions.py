from __future__ import annotations

import numpy as np
import pytest
from gymnasium.spaces import MultiDiscrete
from hypothesis import given
from hypothesis import strategies as st

from golive.core.errors import GoliveError
from golive.envs.implementation.actions import (
    ACTION_SIZES,
    CHOICES,
    MASK_NAMES,
    action_mask,
    decode_action,
    encode_decision,
)
from golive.sim.implementation.decision import (
    MOVE_COUNT,
    NO_FOCUS,
    Decision,
    LegalDecisions,
    Move,
    Pace,
)

ACTIONS = st.tuples(*(st.integers(0, size - 1) for size in ACTION_SIZES))


@given(ACTIONS)
def test_decoding_and_encoding_are_inverse(action: tuple[int, ...]) -> None:
    decision = decode_action(np.array(action))
    assert tuple(encode_decision(decision)) == action
    assert encode_decision(decision) in MultiDiscrete(list(ACTION_SIZES))


def test_an_action_means_focus_pace_and_move() -> None:
    decision = decode_action([1, 8, 2, 3, 4, 2, 10])
    assert decision == Decision((1, NO_FOCUS, 2, 3, 4), Pace.RUSH, Move.GO_LIVE)
    assert isinstance(decision.focus[0], int)


def test_every_mask_entry_has_a_name_in_the_order_of_the_action() -> None:
    assert len(MASK_NAMES) == CHOICES.count == 5 * 9 + 3 + MOVE_COUNT
    assert MASK_NAMES[9 * 2 + 1] == "focus_data_migration/data"
    assert MASK_NAMES[45 + 2] == "pace/rush"
    assert MASK_NAMES[48 + 10] == "move/go_live"


def test_the_mask_is_what_is_legal_component_after_component() -> None:
    focus = tuple(tuple(choice in (role, NO_FOCUS) for choice in range(9)) for role in range(5))
    legal = LegalDecisions(
        focus, (True, True, False), tuple(move == 0 for move in range(MOVE_COUNT))
    )
    mask = action_mask(legal)
    assert mask.dtype == np.bool_
    assert mask.shape == (len(MASK_NAMES),)
    expected = {f"move/{Move(0).name.lower()}", "pace/careful", "pace/normal"}
    expected |= {name for name in MASK_NAMES if name.endswith("/none")}
    expected |= {MASK_NAMES[9 * role + role] for role in range(5)}
    assert {name for name, free in zip(MASK_NAMES, mask, strict=True) if free} == expected


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ([0, 0, 0, 0, 9, 0, 0], "focus_industry_expert: 9: expected 0..8"),
        ([0, 0, 0, 0, 0, 0, MOVE_COUNT], f"move: {MOVE_COUNT}: expected 0..{MOVE_COUNT - 1}"),
        ([0, 0, 0, -1, 0, 0, 0], "focus_configuration: -1: expected 0..8"),
        ([0, 0, 0], "shape (3,)"),
        ([0.0, 0, 0, 0, 0, 0, 0], "float64"),
        (3, "expected 7 integers"),
    ],
)
def test_an_action_outside_the_space_is_named(action: object, message: str) -> None:
    with pytest.raises(GoliveError, match="action") as caught:
        decode_action(action)  # type: ignore[arg-type]
    assert message in str(caught.value)
