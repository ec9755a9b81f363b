"""A snapshot as somebody must imagine it who knows only what a briefing may tell of the traits.

The traits are drawn from what is believed of them: how they lie among customers, and what was
heard and read. Errors that load cleanly follow the drawn trait; whatever else is hidden stays.
"""

from __future__ import annotations

from typing import Any

from ...core.arithmetic import exponential
from ...core.random_streams import RandomStreams, purpose
from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.traits import TRAITS, Traits, trait_at
from ..protocol import Snapshot
from .parameters import parameters_with
from .trait_effects import TraitEffects

_DRAW = purpose("implementation/imagined trait")
_MOST_TRIES = 32


def imagined(snapshot: Snapshot, seed: int) -> Snapshot:
    """The snapshot with traits drawn from what is believed of them; equal seeds draw the same."""
    payload: dict[str, Any] = dict(snapshot.payload)
    state = dict(payload["state"])
    old = Customer.model_validate(payload["customer"])
    spread = payload["scenario"]["variation"]["trait_spread"]
    streams = RandomStreams(seed)
    drawn = {
        name: _drawn(streams, number, row, spread)
        for number, (name, row) in enumerate(zip(TRAITS, state["readings"], strict=True))
    }
    new = old.model_copy(update={"traits": Traits(**drawn)})
    parameters = parameters_with(payload["scenario"]["parameters"])
    shares = [TraitEffects.of(one, parameters).rot_share for one in (old, new)]
    factor = shares[1] / shares[0] if shares[0] else 0.0
    state["objects"] = [_rotten(row, factor, shares[1]) for row in state["objects"]]
    payload["state"] = state
    payload["customer"] = new.model_dump(mode="json")
    return Snapshot(snapshot.world, snapshot.version, payload)


def _drawn(streams: RandomStreams, number: int, reading: dict[str, float], spread: float) -> float:
    """A trait by rejection: as it lies among customers, kept as far as it fits the readings."""
    precision = reading["precision"]
    believed = reading["weighted"] / precision
    trait = 0.0
    for attempt in range(0, 2 * _MOST_TRIES, 2):
        trait = round(spread * trait_at(streams.uniform(_DRAW, number, attempt)), 3)
        gap = trait - believed
        fits = exponential(-0.5 * precision * gap * gap)
        if streams.uniform(_DRAW, number, attempt + 1) < fits:
            break
    return trait


def _rotten(row: dict[str, Any], factor: float, share: float) -> dict[str, Any]:
    """A data object whose errors that load cleanly are as many as the drawn trait makes them."""
    if factor:
        rotten = [count * factor for count in row["rotten"]]
    else:  # this customer has none, so that there is nothing to scale
        errors = [share * (known + masked) for known, masked in _pairs(row)]
        rotten = errors if row["stage"] == 0 else [0.0] * len(errors)
    return {**row, "rotten": rotten}


def _pairs(row: dict[str, Any]) -> list[tuple[float, float]]:
    return list(zip(row["visible"], row["hidden"], strict=True))
