"""Gymnasium ids. Imports nothing but Gymnasium, and golive's own worlds only when they are made."""

from __future__ import annotations

import warnings
from typing import Any

from ..core.errors import GoliveError
from ..core.worlds import WORLDS

_OWN = {"implementation": ("golive/Implementation-v1", 6573)}
"""Id and longest episode of golive's own worlds, so that none need be loaded to know them."""


def register_environments() -> None:
    """Register the environment of every installed world with Gymnasium; again is harmless.

    Warns of a world of another package that cannot be loaded.
    """
    from gymnasium.envs.registration import register, registry

    for name in WORLDS:
        try:
            identifier, most_decisions = _OWN.get(name) or _told(WORLDS[name])
        except (GoliveError, AttributeError) as error:
            warnings.warn(f"{name} is not registered with Gymnasium: {error}", stacklevel=1)
            continue
        if identifier not in registry:
            register(
                id=identifier,
                entry_point="golive.envs.environment:WorldEnv",
                vector_entry_point="golive.envs.vector:WorldVectorEnv",
                # TimeLimit calls the last step it allows truncated: let none be the last.
                max_episode_steps=most_decisions + 1,
                kwargs={"world": name},
            )


def _told(kind: Any) -> tuple[str, int]:
    return kind.environment, kind.most_decisions
