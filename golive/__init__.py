"""golive: a training ground in which AI agents learn to take an ERP system live.

The public names are loaded when they are first asked for, so that importing golive is quick::

    import golive

    scenario = golive.load_scenario("furniture")
    world = golive.ImplementationWorld(scenario, seed=0)
    expert = golive.load_policy("expert")

Importing golive also registers its environments, so that
``gymnasium.make("golive/Implementation-v0")`` works from then on, and
``gymnasium.make("golive:golive/Implementation-v0")`` in any process that has not imported it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .envs.registration import register_environments

if TYPE_CHECKING:
    from .agents.registry import load_policy
    from .core.errors import GoliveError
    from .scenarios.loader import load_scenario, load_suite
    from .sim.implementation.world import ImplementationWorld

    __version__: str

__all__ = [
    "GoliveError",
    "ImplementationWorld",
    "__version__",
    "load_policy",
    "load_scenario",
    "load_suite",
]

_HOMES = {
    "GoliveError": ".scenarios.errors",
    "ImplementationWorld": ".sim.implementation.world",
    "load_policy": ".agents.registry",
    "load_scenario": ".scenarios.loader",
    "load_suite": ".scenarios.loader",
}


register_environments()


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version(__name__)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
