"""Ids of Gymnasium and PettingZoo. Imports nothing but Gymnasium, and worlds when they are made."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from ..core.errors import GoliveError
from ..core.worlds import WORLDS

_OWN = {
    "implementation": ("golive/Implementation-v1", 6573),
    "migration": ("golive/Migration-v0", 600),
    "gateway": ("golive/Gateway-v0", 1_000_000),
}
"""Id and longest episode of golive's own worlds, so that none need be loaded to know them."""

BANDIT = "golive/GatewayBandit-v0"
"""The gateway's tasks of which each is placed once and for all."""
_MOST_TASKS = 1_000_000

_TEAMS = {"golive/Team-v0": "implementation"}
"""Ids of golive's own worlds as PettingZoo knows them, where a team plays."""

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

    if BANDIT not in registry:
        register(
            id=BANDIT,
            entry_point="golive.envs.gateway.bandit:GatewayBanditEnv",
            max_episode_steps=_MOST_TASKS + 1,
        )


def register_teams() -> None:
    """Register the worlds for teams with PettingZoo, once that is imported; again is harmless.

    It is not imported for that: few ask for it, and it sets variables of the environment.
    """
    if "pettingzoo" in sys.modules:
        _register_teams(sys.modules["pettingzoo"])
    elif not any(isinstance(finder, _OnImport) for finder in sys.meta_path):
        sys.meta_path.insert(0, _OnImport())


def _register_teams(pettingzoo: ModuleType) -> None:
    for identifier, world in _TEAMS.items():
        for kind in ("parallel", "aec"):
            known = getattr(pettingzoo, f"{kind}_registry", None)  # none before its version 1.27
            if known is not None and identifier not in known:
                place = f"{__package__}.team:{kind}_env"
                pettingzoo.register(kind, identifier, place, kwargs={"world": world})


class _OnImport:
    """Finds PettingZoo as others do, and registers the teams after it is loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Its specification with a loader that registers; None of all other modules."""
        if name != "pettingzoo":
            return None
        others = [finder for finder in sys.meta_path if finder is not self]
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next((one for one in found if one is not None), None)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_register(module: ModuleType) -> None:
                load(module)
                if self in sys.meta_path:  # a specification may be asked for and not loaded
                    sys.meta_path.remove(self)
                _register_teams(module)

            spec.loader.exec_module = load_and_register  # type: ignore[method-assign]
        return spec


def text_identifier(identifier: str) -> str:
    """Id of a world's environment in words, from that of the one in numbers."""
    name, dash, version = identifier.rpartition("-v")
    return f"{name}Text-v{version}" if dash else f"{identifier}Text"


def _told(kind: Any) -> tuple[str, int]:
    return kind.environment, kind.most_decisions
