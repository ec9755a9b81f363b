"""golive: a training ground in which AI agents learn to take business systems live.

The public names are loaded when they are first asked for, so that importing golive is quick::

    import golive

    scenario = golive.load_scenario("furniture")
    world = golive.build_world(scenario, seed=0)
    expert = golive.load_policy("expert")

A world may offer names of its own, such as ``golive.ImplementationWorld``
(``WorldKind.exports``).

Importing golive also registers its environments, so that
``gymnasium.make("golive/Implementation-v1")`` works from then on, and
``gymnasium.make("golive:golive/Implementation-v1")`` in any process that has not imported it.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .envs.registration import register_environments

if TYPE_CHECKING:
    from .agents.registry import load_policy
    from .core.errors import GoliveError
    from .scenarios.loader import load_scenario, load_suite
    from .sim.check_world import check_world
    from .sim.episodes import run, run_episode
    from .sim.worlds import build_world, restore_world, world_kind, world_names

    __version__: str

__all__ = [
    "GoliveError",
    "__version__",
    "build_world",
    "check_world",
    "load_policy",
    "load_scenario",
    "load_suite",
    "restore_world",
    "run",
    "run_episode",
    "world_kind",
    "world_names",
]

_HOMES = {
    "GoliveError": ".core.errors",
    "build_world": ".sim.worlds",
    "check_world": ".sim.check_world",
    "load_policy": ".agents.registry",
    "load_scenario": ".scenarios.loader",
    "load_suite": ".scenarios.loader",
    "restore_world": ".sim.worlds",
    "run": ".sim.episodes",
    "run_episode": ".sim.episodes",
    "world_kind": ".sim.worlds",
    "world_names": ".sim.worlds",
}


register_environments()


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version(__name__)
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    if not name.startswith("_") and find_spec(f"{__name__}.{name}") is None:
        from .core.registry import load_place
        from .core.worlds import WORLDS

        for world in WORLDS.loadable():
            if name in world.exports:
                return load_place(world.exports[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
