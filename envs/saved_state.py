"""Saving an environment between two steps, so that training resumes exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import numpy as np

from ..core.arguments import count_of, of_type
from ..core.errors import GoliveError
from ..sim.protocol import AnyWorld, Snapshot, SnapshotError
from ..sim.world_kind import WorldKind

SAVED_STATE_VERSION = 1


class SavedWorld(TypedDict):
    """A world's snapshot as a dict."""

    world: str
    version: int
    payload: Mapping[str, Any]


class SavedEnvironment(TypedDict):
    """An environment between two steps: dicts, lists, numbers and strings only.

    Attributes:
        version: of this layout.
        configuration: the arguments the environment was made with, as far as they matter.
        np_random: state of the generator that draws the next episodes.
        world: the running episode; None before the first reset.
    """

    version: int
    configuration: dict[str, object]
    np_random: Mapping[str, Any]
    world: SavedWorld | None


def saved_environment(
    configuration: dict[str, object],
    generator: np.random.Generator,
    world: AnyWorld | None,
) -> SavedEnvironment:
    """The state of an environment, detached from it."""
    return {
        "version": SAVED_STATE_VERSION,
        "configuration": configuration,
        "np_random": generator.bit_generator.state,
        "world": None if world is None else _saved_world(world.snapshot()),
    }


def restored(
    kind: WorldKind, state: SavedEnvironment, configuration: dict[str, object], record: bool
) -> tuple[np.random.Generator, AnyWorld | None]:
    """The generator and the world of a saved environment, after checking that the state fits.

    Raises:
        GoliveError: it is no such state, of another version or of another configuration.
    """
    _check(state, configuration)
    return _restored_generator(state["np_random"]), _restored_world(kind, state["world"], record)


def _restored_generator(saved: object) -> np.random.Generator:
    bits = np.random.PCG64()
    try:
        bits.state = saved  # type: ignore[assignment]
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise GoliveError(f"state: np_random: {error!r}: expected the state of a PCG64") from error
    return np.random.Generator(bits)


def _restored_world(kind: WorldKind, saved: object, record: bool) -> AnyWorld | None:
    if saved is None:
        return None
    expected = tuple(SavedWorld.__annotations__)
    if not isinstance(saved, Mapping) or set(saved) != set(expected):
        raise GoliveError(f"state: world: expected a dict with {', '.join(expected)}")
    snapshot = Snapshot(saved["world"], saved["version"], saved["payload"])
    try:
        return kind.restore(snapshot, record=record)
    except SnapshotError as error:
        raise GoliveError(f"state: world: {error}") from error


def _saved_world(snapshot: Snapshot) -> SavedWorld:
    return {
        "world": snapshot.world,
        "version": snapshot.version,
        "payload": snapshot.payload,
    }


def _check(state: object, configuration: dict[str, object]) -> None:
    expected = tuple(SavedEnvironment.__annotations__)
    if not isinstance(state, Mapping) or set(state) != set(expected):
        raise GoliveError(f"state: expected a dict with {', '.join(expected)}")
    if count_of("state: version", state["version"]) != SAVED_STATE_VERSION:
        raise GoliveError(f"state: version: {state['version']!r}: expected {SAVED_STATE_VERSION}")
    of_type("state: configuration", state["configuration"], Mapping, "a dict")
    for name, value in configuration.items():
        saved = state["configuration"].get(name)
        if saved != value:
            raise GoliveError(
                f"state: {name}: {saved!r}: expected {value!r}, as this environment was made with"
            )
