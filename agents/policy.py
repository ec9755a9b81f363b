"""What a policy is: something that decides from a briefing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..sim.implementation.briefing import Briefing
from ..sim.implementation.decision import Decision, LegalDecisions

if TYPE_CHECKING:
    from ..sim.implementation.world import ImplementationWorld


@runtime_checkable
class Policy(Protocol):
    """Who decides. A policy sees the briefing and what is legal, and nothing else."""

    @property
    def name(self) -> str:
        """What tables and reports call it."""
        ...

    def reset(self, seed: int) -> None:
        """Forget the last episode; a policy that draws lots draws them from this seed."""
        ...

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The decision for the time until the next decision point."""
        ...


@runtime_checkable
class WorldPolicy(Policy, Protocol):
    """A policy that looks into the world itself: a bound for others, not one to deploy."""

    def attach(self, world: ImplementationWorld) -> None:
        """Decide in this world from now on; called after ``reset``."""
        ...


@runtime_checkable
class StochasticPolicy(Policy, Protocol):
    """A policy that draws each factor of its decision by itself, and says with which chances."""

    def choice_probabilities(
        self, briefing: Briefing, legal: LegalDecisions
    ) -> NDArray[np.float64]:
        """Probability of each choice, factor by factor, laid out as the flat action mask.

        Returns:
            float64 (60,): sums to 1 over each factor; 0 where a choice is not legal. It does
            not depend on what was drawn before, so it may be asked at any time.
        """
        ...
