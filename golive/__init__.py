"""golive: a training ground in which AI agents learn to take business systems live.

The public names are loaded when they are first asked for, so that importing golive is quick::

    import golive

    scenario = golive.load_scenario("furniture")
    world = golive.build_world(scenario, seed=0)
    expert = golive.load_policy("expert")

A world may offer names of its own, such as ``golive.ImplementationWorld``
(``WorldKind.exports``).

Importing golive also registers its environments, so that
``gymnasium.make("golive/Implementation-v0")`` works from then on, and
``gymnasium.make("golive:golive/Implementation-v0")`` in any process that has not imported it.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .core.lazy_names import lazy_names
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

_MODULES = {
    "agents.registry": "load_policy",
    "core.errors": "GoliveError",
    "scenarios.loader": "load_scenario load_suite",
    "sim.check_world": "check_world",
    "sim.episodes": "run run_episode",
    "sim.worlds": "build_world restore_world world_kind world_names",
}
_own = lazy_names(__name__, **_MODULES)

register_environments()


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version(__name__)
    if name in __all__:
        return _own(name)
    if not name.startswith("_") and find_spec(f"{__name__}.{name}") is None:
        from .core.registry import load_place
        from .core.worlds import WORLDS

        for world in WORLDS.loadable():
            if name in world.exports:
                return load_place(world.exports[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
