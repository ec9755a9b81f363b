"""Gymnasium ids. Imports nothing but Gymnasium, and the environments only when they are made."""

from __future__ import annotations

IMPLEMENTATION_ENVIRONMENT_ID = "golive/Implementation-v0"


def register_environments() -> None:
    """Register every golive environment with Gymnasium; again is harmless."""
    from gymnasium.envs.registration import register, registry

    if IMPLEMENTATION_ENVIRONMENT_ID not in registry:
        register(
            id=IMPLEMENTATION_ENVIRONMENT_ID,
            entry_point="golive.envs.environment:ImplementationEnv",
        )
