"""Decisions worth comparing with one, in any world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..sim.world_kind import WorldKind


def neighbours_of(
    kind: WorldKind, briefing: Any, legal: Any, own: Any, most: int | None = None
) -> Sequence[Any]:
    """A decision and its neighbours; see ``golive.sim.world_kind.Neighbours``.

    A world that has no view of its own gets those that differ in one factor, the factors taken
    in turns.
    """
    if kind.neighbours is not None:
        return kind.neighbours(briefing, legal, own, most)
    numbers = kind.language
    own, _ = legal.replace_illegal(own)
    action, mask = numbers.action(own), numbers.mask(legal)
    changed = []
    for factor, part in enumerate(numbers.choices.parts):
        others = [int(c) for c in np.flatnonzero(mask[part]) if c != action[factor]]
        changed += [(turn, factor, choice) for turn, choice in enumerate(others)]
    found = [own]
    for _, factor, choice in sorted(changed):
        other = action.copy()
        other[factor] = choice
        found.append(numbers.decode(other))
    return found if most is None else found[: max(1, most)]


def description(kind: WorldKind, decision: Any) -> str:
    """A decision in words, on one line."""
    if kind.describe is not None:
        return kind.describe(decision)
    numbers = kind.language
    pairs = zip(numbers.choices.factors, numbers.action(decision), strict=True)
    return ", ".join(f"{factor.name} {factor.choices[choice]}" for factor, choice in pairs)


def description_of_change(kind: WorldKind, decision: Any, reference: Any) -> str:
    """The differences from one decision to another, in words; empty without any."""
    if kind.describe_change is not None:
        return kind.describe_change(decision, reference)
    numbers = kind.language
    triples = zip(
        numbers.choices.factors, numbers.action(decision), numbers.action(reference), strict=True
    )
    return ", ".join(f"{f.name} {f.choices[to]}" for f, to, was in triples if to != was)
