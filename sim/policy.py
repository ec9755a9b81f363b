"""Policies decide from a briefing."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .protocol import AnyWorld


@runtime_checkable
class Policy(Protocol):
    """Decides. A policy sees the briefing and what is legal, and nothing else.

    Briefings, what is legal, and decisions are those of the policy's world.
    """

    @property
    def name(self) -> str:
        """Its name in tables and reports."""
        ...

    def reset(self, seed: int) -> None:
        """Forget the last episode; a policy that draws lots draws them from this seed."""
        ...

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The decision for the time until the next decision point."""
        ...


@runtime_checkable
class WorldPolicy(Policy, Protocol):
    """A policy that looks into the world itself: a bound for others, not one to deploy."""

    def attach(self, world: AnyWorld) -> None:
        """Decide in this world from now on; called after ``reset``."""
        ...


@runtime_checkable
class ScenarioPolicy(Policy, Protocol):
    """A policy that reads what is published of the scenario before it decides."""

    def meet(self, scenario: Any) -> None:
        """Decide in this scenario from now on; called after ``reset``."""
        ...


@runtime_checkable
class StochasticPolicy(Policy, Protocol):
    """A policy that draws each factor of its decision by itself, and says with which chances."""

    def choice_probabilities(self, briefing: Any, legal: Any) -> NDArray[np.float64]:
        """Probability of each choice, factor by factor, laid out as the flat action mask.

        Returns:
            float64 (choices,): sums to 1 over each factor; 0 where a choice is not legal. It
            does not depend on what was drawn before, so it may be asked at any time.
        """
        ...
