"""The worlds that are installed."""

from __future__ import annotations

from typing import Any

from ..core.arguments import checked, of_type
from ..core.errors import GoliveError
from ..core.worlds import DEFAULT_WORLD, WORLDS
from ..scenarios.scenario import Scenario
from .protocol import AnyWorld, Snapshot
from .world_kind import WorldKind

__all__ = [
    "DEFAULT_WORLD",
    "WORLDS",
    "build_world",
    "kind_of",
    "kind_of_environment",
    "restore_world",
    "world_kind",
    "world_names",
]


def world_names() -> tuple[str, ...]:
    """Names of the worlds that are installed."""
    return WORLDS.names()


def world_kind(name: str) -> WorldKind:
    """The record of a world.

    Raises:
        GoliveError: there is no such world, or it cannot be loaded.
    """
    kind: WorldKind = WORLDS[of_type("world", name, str, "the name of a world")]
    return kind


def kind_of(scenario: Any) -> WorldKind:
    """The record of the world that simulates a scenario.

    Raises:
        GoliveError: there is no such world, or it cannot be loaded.
    """
    return world_kind(of_type("scenario", scenario, Scenario, "a Scenario").world)


def kind_of_environment(identifier: str) -> WorldKind:
    """The record of the world whose environment has this Gymnasium id.

    Raises:
        GoliveError: none has.
    """
    for name in world_names():
        if world_kind(name).environment == identifier:
            return world_kind(name)
    known = ", ".join(world_kind(name).environment for name in world_names())
    raise GoliveError(f"environment: {identifier!r}: no such environment: expected one of {known}")


@checked
def build_world(scenario: Any, seed: int, *, record: bool = False, **options: Any) -> AnyWorld:
    """A world at its beginning.

    Args:
        scenario: of any world, or the name or path of one.
        seed: of the episode.
        record: keep what pictures and logs need (slower).
        options: the world's own, such as ``customer``.

    Raises:
        GoliveError: no such scenario or option.
    """
    from ..scenarios.loader import as_scenario

    scenario = as_scenario(scenario)
    kind = kind_of(scenario)
    scenario, chosen = kind.varied(scenario, options)
    return kind.build(scenario, seed, record=record, **chosen)


@checked
def restore_world(snapshot: Snapshot, *, record: bool = False, seed: int | None = None) -> AnyWorld:
    """The world of a snapshot; its future is that of the world that made it.

    Args:
        snapshot: of any world that is installed.
        record: keep what pictures and logs need (slower).
        seed: draws the future anew from here, what has happened staying as it is: another of
            the futures that this state can have. Several policies on the same seed meet the
            same one.

    Raises:
        SnapshotError: it is of another version, or damaged.
        GoliveError: no such world is installed.
    """
    of_type("snapshot", snapshot, Snapshot, "a Snapshot")
    return world_kind(snapshot.world).restore(snapshot, record=record, seed=seed)
