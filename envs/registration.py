"""Gymnasium ids. Imports nothing but Gymnasium, and worlds only when they are made."""

from __future__ import annotations

from ..core.errors import GoliveError
from ..core.worlds import WORLDS

_OWN = {"golive/Implementation-v0": "implementation"}
"""Ids of golive's own worlds, so that no world need be loaded to know them."""


def register_environments() -> None:
    """Register the environment of every installed world with Gymnasium; again is harmless."""
    from gymnasium.envs.registration import register, registry

    for name in WORLDS:
        identifier = next((i for i, world in _OWN.items() if world == name), None)
        try:
            identifier = identifier or WORLDS[name].environment
        except GoliveError:  # a broken package takes nothing but its own world away
            continue
        if identifier not in registry:
            register(
                id=identifier,
                entry_point="golive.envs.environment:WorldEnv",
                vector_entry_point="golive.envs.vector:WorldVectorEnv",
                kwargs={"world": name},
            )
