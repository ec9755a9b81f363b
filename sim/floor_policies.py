"""Policies that solve nothing, of every world: what others must be better than."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .check_world import random_decision
from .world_kind import WorldKind

DO_NOTHING, RANDOM = "do_nothing", "random"


class DoNothing:
    """Orders nothing: the neutral decision at every decision point.

    Args:
        kind: of the world.
    """

    name = DO_NOTHING

    def __init__(self, kind: WorldKind) -> None:
        self._kind = kind

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The neutral decision."""
        return self._kind.neutral()


class ByLot:
    """Draws every factor from what is legal, all choices alike.

    Args:
        kind: of the world.
    """

    name = RANDOM

    def __init__(self, kind: WorldKind) -> None:
        self._kind = kind
        self._seed = self._number = 0

    def reset(self, seed: int) -> None:
        """Draw from this seed."""
        self._seed, self._number = seed, 0

    def decide(self, briefing: Any, legal: Any) -> Any:
        """A legal decision by lot."""
        self._number += 1
        return random_decision(self._kind, legal, self._seed, self._number - 1)


class OneOrder:
    """Repeats one order for ever, where it is legal, and orders nothing else.

    Args:
        kind: of the world.
        factor: place of the factor that it sets.
        choice: that it sets it to.
    """

    def __init__(self, kind: WorldKind, factor: int, choice: int) -> None:
        choices = kind.language.choices
        self.name = choices.names[choices.starts[factor] + choice]
        action = kind.language.action(kind.neutral())
        action[factor] = choice
        self._decision = kind.language.decode(action)

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The order, or nothing where it is illegal."""
        decision, _ = legal.replace_illegal(self._decision)
        return decision


def one_orders(kind: WorldKind) -> Iterator[OneOrder]:
    """All policies that repeat one order, without the one that orders nothing."""
    neutral = kind.language.action(kind.neutral()).tolist()
    for factor, size in enumerate(kind.language.choices.sizes):
        for choice in range(size):
            if choice != neutral[factor]:
                yield OneOrder(kind, factor, choice)
