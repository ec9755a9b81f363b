"""The keys of ``info``: the same at reset and at every step, of the same types."""

from __future__ import annotations

from typing import Any

from ..sim.world_kind import WorldKind

Information = dict[str, Any]
"""Gymnasium's ``info``; its keys are ``information_keys``."""


def information_keys(kind: WorldKind) -> tuple[str, ...]:
    """Keys of a world's ``info``; ``docs/environment.md`` says what they mean."""
    return (
        "episode_seed",
        "level",
        "day",
        "illegal_parts",
        "illegal_decisions",
        "action_mask",
        "reward_terms",
        "scorecard",
        kind.figures.score,
        "is_success",
    )


def scorecard_zeros(kind: WorldKind) -> dict[str, float | int | bool]:
    """The scorecard's fields, all zero: what ``info`` shows until the episode ends.

    Zeros rather than None, so that vector environments can put them into typed arrays.
    """
    return dict(kind.no_scorecard)
