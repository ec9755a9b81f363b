"""A policy with noise: what makes recorded episodes cover more than one policy's habits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..core.random_streams import RandomStreams, purpose
from ..sim.policy import Policy, WorldPolicy
from ..sim.world_kind import WorldKind
from .probabilities import (
    ObservationPolicy,
    choice_probabilities_of,
    draw_decision,
    uniform_legal,
)

_DRAW = purpose("agents/noisy choice")


class NoisyPolicy:
    """Replaces each factor of a policy's decision, with a probability, by any legal choice.

    This is epsilon-greedy exploration, factor by factor. What the policy itself would order is
    asked once at each decision point, so it may remember what it ordered.

    Args:
        kind: of the world that it decides in.
        policy: whose decisions are disturbed.
        epsilon: probability, for each factor by itself, of a uniformly drawn legal choice
            (which may be the policy's own).
        name: what tables call it.

    Raises:
        GoliveError: epsilon is no probability, or the policy looks into the world.
    """

    def __init__(self, kind: WorldKind, policy: Policy, epsilon: float, name: str) -> None:
        if not 0.0 <= epsilon <= 1.0:
            raise GoliveError(f"policy: {name!r}: epsilon: {epsilon:g}: expected 0 to 1")
        if isinstance(policy, WorldPolicy):
            raise GoliveError(
                f"policy: {name!r}: {policy.name} looks into the world: expected a policy that "
                "decides from the briefing"
            )
        self.name = name
        self._kind = kind
        self.undisturbed = policy
        self._epsilon = epsilon
        self._streams = RandomStreams(0)
        self._asked_at: int | None = None
        self._own: NDArray[np.float64] = np.empty(0)

    def reset(self, seed: int) -> None:
        """Forget the last episode, and draw from this seed."""
        self.undisturbed.reset(seed)
        self._streams = RandomStreams(seed)
        self._asked_at = None

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The policy's decision, disturbed."""
        probabilities = self.choice_probabilities(briefing, legal)
        moment = self._kind.moment(briefing)
        return draw_decision(self._kind.language, probabilities, self._streams, _DRAW, moment)

    def choice_probabilities(self, briefing: Any, legal: Any) -> NDArray[np.float64]:
        """Probability of each choice, float64 (choices,), laid out as the flat action mask."""
        numbers, moment = self._kind.language, self._kind.moment(briefing)
        if self._asked_at != moment:
            self._own = choice_probabilities_of(self.undisturbed, numbers, briefing, legal)
            self._asked_at = moment
        return self._disturbed(self._own, numbers.mask(legal))

    def probabilities(
        self, observations: NDArray[np.float32], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64] | None:
        """Probability of each choice for many observations; see ``ObservationPolicy``."""
        if not isinstance(self.undisturbed, ObservationPolicy):
            return None
        own = self.undisturbed.probabilities(observations, masks)
        return None if own is None else self._disturbed(own, masks)

    def _disturbed(self, own: NDArray[np.float64], masks: NDArray[np.bool_]) -> NDArray[np.float64]:
        uniform = uniform_legal(self._kind.language.choices, masks)
        return (1.0 - self._epsilon) * own + self._epsilon * uniform
