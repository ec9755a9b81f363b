"""A trained policy whose decisions are drawn by its own probabilities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..envs.actions import action_mask
from ..envs.encoding import encode_flat
from ..scenarios import RandomStreams, purpose
from ..scenarios.errors import GoliveError
from ..sim.implementation.briefing import Briefing
from ..sim.implementation.decision import Decision, LegalDecisions
from .learned import ActorNetwork, check_interface
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

    def __init__(self, policy: PolicyFile, name: str, temperature: float = 1.0) -> None:
        if not 0.0 < temperature < float("inf"):
            raise GoliveError(f"policy: {name!r}: temperature: {temperature:g}: expected above 0")
        check_interface(policy.interface, name)
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

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """A decision drawn by its probability; always legal."""
        probabilities = self.choice_probabilities(briefing, legal)
        return draw_decision(probabilities, self._streams, _DRAW, briefing.calendar.day)

    def choice_probabilities(
        self, briefing: Briefing, legal: LegalDecisions
    ) -> NDArray[np.float64]:
        """Probability of each choice, float64 (60,), laid out as the flat action mask."""
        logits = self.network.logits(encode_flat(briefing))
        return masked_softmax(logits, action_mask(legal), self.temperature)
