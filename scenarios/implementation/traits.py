"""Traits: what a customer is like and nobody says at kick-off; each flips a decision.

A trait lies in -1..1, 0 is as most. It is never in a briefing; what is known of it are signs and
readings (``sim/implementation/insight.py``). What each does stands in
``sim/implementation/trait_effects.py``.
"""

from __future__ import annotations

from collections.abc import Callable

from pydantic import Field

from ...core.records import Number, Record


def _trait(description: str) -> float:
    value: float = Field(default=0.0, ge=-1.0, le=1.0, description=description)
    return value


class Traits(Record):
    """Latent traits of a customer, -1..1 each."""

    change_value: Number = _trait(
        "What users ask for during the project is worth much (1), or costs upkeep for ever (-1)."
    )
    data_rot: Number = _trait(
        "Errors in the data that load cleanly and are wrong all the same: many (1), none (-1)."
    )
    workmanship: Number = _trait(
        "The crew works fast and carelessly here (1), or slowly and cleanly (-1)."
    )
    sponsor_patience: Number = _trait(
        "The sponsor waits for what is right (1), or takes any slipped date for failure (-1)."
    )
    season: Number = _trait(
        "The high season begins on the planned date, which must be met (1), or is still on (-1)."
    )
    consensus: Number = _trait(
        "Decisions are taken in the round (1), or by whoever is in charge (-1)."
    )
    habits: Number = _trait(
        "People work far from how the standard has it (1), or much like it (-1)."
    )
    fragility: Number = _trait(
        "A day of trouble stops deliveries (1), or is worked around by hand (-1)."
    )


TRAITS: tuple[str, ...] = tuple(Traits.model_fields)
"""Names of the traits, in their order."""
LEAST_TRAIT = 0.5
"""Traits of drawn customers lie at least this far from 0: who is undecided flips no decision."""

HIGHEST_RANK = 0.999
"""Ranks lie below 1."""


def trait_at(rank: float) -> float:
    """The trait of a rank in [0, 1): in [-1, -0.5) below the middle, in [0.5, 1) from there on."""
    value = rank - 1.0 if rank < LEAST_TRAIT else rank
    return round(value, 3)


VISIBLE_TIE = 0.3
"""Rank correlation of a trait with what can be seen of it (estimate)."""


def draw_traits(
    uniform: Callable[[int, int], float], seen: dict[str, float], spread: float = 1.0
) -> Traits:
    """Traits of a customer.

    Args:
        uniform: a draw in [0, 1) for (number of the trait, purpose 0 or 1).
        seen: rank in [0, 1) of what can be seen and goes with a trait, by its name.
        spread: 0: everybody is as most; 1: the whole range.
    """
    values = {}
    for number, name in enumerate(TRAITS):
        rank = uniform(number, 0)
        if name in seen and uniform(number, 1) < VISIBLE_TIE:
            rank = seen[name]
        values[name] = round(spread * trait_at(rank), 3)
    return Traits(**values)
