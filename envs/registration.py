"""Gymnasium ids. Imports nothing but Gymnasium, and golive's own worlds only when they are made."""

from __future__ import annotations

import warnings
from typing import Any

from ..core.errors import GoliveError
from ..core.worlds import WORLDS

_OWN = {"implementation": ("golive/Implementation-v1", 6573)}
"""Id and longest episode of golive's own worlds, so that none need be loaded to know them."""

_CALLS_PER_DECISION = 24
"""As ``tool_session.CALLS_PER_DECISION``, which is not imported, as nothing heavy may be."""


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
        in_words = text_identifier(identifier)
        if in_words not in registry:
            register(
                id=in_words,
                entry_point="golive.envs.text:WorldTextEnv",
                max_episode_steps=_CALLS_PER_DECISION * most_decisions + 1,
                kwargs={"world": name},
            )


def text_identifier(identifier: str) -> str:
    """Id of a world's environment in words, from that of the one in numbers."""
    name, dash, version = identifier.rpartition("-v")
    return f"{name}Text-v{version}" if dash else f"{identifier}Text"


def _told(kind: Any) -> tuple[str, int]:
    return kind.environment, kind.most_decisions
