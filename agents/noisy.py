"""A policy with noise: what makes recorded episodes cover more than one policy's habits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..scenarios import RandomStreams, purpose
from ..scenarios.errors import GoliveError
from ..sim.implementation.briefing import Briefing
from ..sim.implementation.decision import Decision, LegalDecisions
from .policy import Policy, WorldPolicy
from .probabilities import choice_probabilities_of, draw_decision, uniform_legal

_DRAW = purpose("agents/noisy choice")


class NoisyPolicy:
    """Replaces each factor of a policy's decision, with a probability, by any legal choice.

    This is epsilon-greedy exploration, factor by factor. What the policy itself would order is
    asked once at each decision point, so it may remember what it ordered.

    Args:
        policy: whose decisions are disturbed.
        epsilon: probability, for each factor by itself, of a uniformly drawn legal choice
            (which may be the policy's own).
        name: what tables call it.

    Raises:
        GoliveError: epsilon is no probability, or the policy looks into the world.
    """

    def __init__(self, policy: Policy, epsilon: float, name: str) -> None:
        if not 0.0 <= epsilon <= 1.0:
            raise GoliveError(f"policy: {name!r}: epsilon: {epsilon:g}: expected 0 to 1")
        if isinstance(policy, WorldPolicy):
            raise GoliveError(
                f"policy: {name!r}: {policy.name} looks into the world: expected a policy that "
                "decides from the briefing"
            )
        self.name = name
        self.undisturbed = policy
        self._epsilon = epsilon
        self._streams = RandomStreams(0)
        self._asked_on: int | None = None
        self._own: NDArray[np.float64] = np.empty(0)

    def reset(self, seed: int) -> None:
        """Forget the last episode, and draw from this seed."""
        self.undisturbed.reset(seed)
        self._streams = RandomStreams(seed)
        self._asked_on = None

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The policy's decision, disturbed."""
        probabilities = self.choice_probabilities(briefing, legal)
        return draw_decision(probabilities, self._streams, _DRAW, briefing.calendar.day)

    def choice_probabilities(
        self, briefing: Briefing, legal: LegalDecisions
    ) -> NDArray[np.float64]:
        """Probability of each choice, float64 (60,), laid out as the flat action mask."""
        day = briefing.calendar.day
        if self._asked_on != day:
            self._own = choice_probabilities_of(self.undisturbed, briefing, legal)
            self._asked_on = day
        return self.disturbed(self._own, uniform_legal(legal))

    def disturbed(
        self, own: NDArray[np.float64], uniform: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """What noise makes of the policy's own probabilities.

        Args:
            own: float64 (..., 60), without noise.
            uniform: float64, of the same shape, over what is legal.
        """
        return (1.0 - self._epsilon) * own + self._epsilon * uniform
