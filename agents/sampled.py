"""A trained policy whose decisions are drawn by its own probabilities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..core.random_streams import RandomStreams, purpose
from .learned import ActorNetwork, checked_kind, in_blocks
from .policy_file import PolicyFile, read_policy_file
from .probabilities import draw_decision, masked_softmax

_DRAW = purpose("agents/sampled choice")


class SampledPolicy:
    """Draws each factor by the trained network's masked softmax; satisfies ``StochasticPolicy``.

    Args:
        policy: content of a policy file.
        name: what tables call it.
        temperature: divides the logits; 1 is the policy as it was trained.

    Raises:
        GoliveError: a temperature that is not positive, or a policy that was trained for
            another version of the environment.
    """

    def __init__(self, policy: PolicyFile, name: str = "sampled", temperature: float = 1.0) -> None:
        if not 0.0 < temperature < float("inf"):
            raise GoliveError(f"policy: {name!r}: temperature: {temperature:g}: expected above 0")
        self.kind = checked_kind(policy.interface, name)
        self.name = name
        self.temperature = temperature
        self.network = ActorNetwork(policy)
        self._streams = RandomStreams(0)

    @classmethod
    def load(cls, path: Path, name: str, temperature: float = 1.0) -> SampledPolicy:
        """Load a policy file, or a run directory's best one. Runs no code from the file.

        Raises:
            GoliveError: missing, truncated, not a policy, or for another environment version.
        """
        return cls(read_policy_file(path), name, temperature)

    def reset(self, seed: int) -> None:
        """Draw from this seed."""
        self._streams = RandomStreams(seed)

    def decide(self, briefing: Any, legal: Any) -> Any:
        """A decision drawn by its probability; always legal."""
        probabilities = self.choice_probabilities(briefing, legal)
        moment = self.kind.moment(briefing)
        return draw_decision(self.kind.language, probabilities, self._streams, _DRAW, moment)

    def choice_probabilities(self, briefing: Any, legal: Any) -> NDArray[np.float64]:
        """Probability of each choice, float64 (choices,), laid out as the flat action mask."""
        numbers = self.kind.language
        logits = self.network.logits(numbers.encode(briefing))
        return masked_softmax(numbers.choices, logits, numbers.mask(legal), self.temperature)

    def probabilities(
        self, observations: NDArray[np.float32], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Probability of each choice for many observations; see ``ObservationPolicy``."""
        choices = self.kind.language.choices
        return in_blocks(
            lambda logits, mask: masked_softmax(choices, logits, mask, self.temperature),
            self.network,
            observations,
            masks,
        )
