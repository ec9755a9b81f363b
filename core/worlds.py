"""The names of the worlds and where their records stand.

The records are ``WorldKind`` (``golive.sim.world_kind``); rooms above it ask ``golive.sim.worlds``,
scenarios, which stand below, need only what ``ScenarioFormat`` says of them.
"""

from __future__ import annotations

from typing import Any

from .registry import Registry

DEFAULT_WORLD = "implementation"
"""The world of a file that names none: those written before there was a second one."""

WORLDS: Registry[Any] = Registry(
    "golive.worlds",
    "world",
    {
        "implementation": "golive.agents.implementation.kind:KIND",
        "migration": "golive.agents.migration.kind:KIND",
        "gateway": "golive.agents.gateway.kind:KIND",
    },
)
