"""What ``info`` holds: the same keys at reset and at every step, of the same types."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from ..sim.implementation.scorecard import Scorecard

Information = dict[str, Any]
"""Gymnasium's ``info``; its keys are ``INFORMATION_KEYS``."""

INFORMATION_KEYS: tuple[str, ...] = (
    "episode_seed",
    "level",
    "day",
    "illegal_parts",
    "illegal_decisions",
    "action_mask",
    "reward_terms",
    "scorecard",
    "go_live_score",
    "is_success",
)
"""Keys of ``info``; ``docs/environment.md`` says what they mean."""

_ZEROS: dict[str, float | int | bool] = {
    field.name: {"bool": False, "int": 0}.get(str(field.type), 0.0) for field in fields(Scorecard)
}


def unfinished_scorecard() -> dict[str, float | int | bool]:
    """The scorecard's fields, all zero: what ``info`` shows until the episode ends.

    Zeros rather than None, so that vector environments can put them into typed arrays.
    """
    return _ZEROS.copy()
