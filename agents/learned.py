"""A trained policy that acts: its file's network in plain NumPy.

Acting needs neither torch nor the training packages. The network is small enough for a
matrix product to cost less than a framework's call.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..envs.actions import ACTION_SIZES, action_mask, decode_action
from ..envs.encoding import encode_flat
from ..envs.features import FEATURES, OBSERVATION_SIZE
from ..envs.registration import IMPLEMENTATION_ENVIRONMENT_ID
from ..scenarios.errors import GoliveError
from ..sim.implementation.briefing import Briefing
from ..sim.implementation.decision import Decision, LegalDecisions
from .policy_file import InterfaceRecord, PolicyFile, read_policy_file


def current_interface() -> InterfaceRecord:
    """What a policy must have been trained to see and order to act in this version.

    The observation's digest covers every entry's name, bounds, scale and transformation.
    """
    table = "\n".join(
        f"{f.name} {f.low!r} {f.high!r} {f.scale!r} {f.transform.name}" for f in FEATURES
    )
    return InterfaceRecord(
        IMPLEMENTATION_ENVIRONMENT_ID,
        OBSERVATION_SIZE,
        hashlib.sha256(table.encode()).hexdigest(),
        ACTION_SIZES,
    )


class ActorNetwork:
    """A trained actor's forward pass and its choice among legal actions.

    Args:
        policy: the file's content; its interface sizes are taken as they are.
    """

    def __init__(self, policy: PolicyFile) -> None:
        self._layers = [
            (np.ascontiguousarray(weight.T), bias.copy()) for weight, bias in policy.layers
        ]
        self._is_tanh = policy.network.activation == "tanh"
        sizes = policy.interface.action_sizes
        self._padded: NDArray[np.float32] = np.full(
            (len(sizes), max(sizes)), -np.inf, dtype=np.float32
        )
        columns = np.arange(max(sizes)) < np.array(sizes)[:, None]
        self._places = np.flatnonzero(columns)

    def logits(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        """Unnormalised log-probabilities of all choices, factor after factor."""
        hidden = observation
        last = len(self._layers) - 1
        for index, (weight, bias) in enumerate(self._layers):
            hidden = hidden @ weight
            hidden += bias
            if index < last:
                if self._is_tanh:
                    np.tanh(hidden, out=hidden)
                else:
                    np.maximum(hidden, 0.0, out=hidden)
        return hidden

    def best(self, observation: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Per factor the most probable legal choice, the first of equals."""
        return self._argmax(self.logits(observation), mask)

    def sampled(
        self,
        observation: NDArray[np.float32],
        mask: NDArray[np.bool_],
        generator: np.random.Generator,
    ) -> NDArray[np.int64]:
        """Per factor a legal choice drawn by its probability (Gumbel-max trick)."""
        logits = self.logits(observation)
        return self._argmax(logits + generator.gumbel(size=logits.shape), mask)

    def _argmax(self, logits: NDArray[np.floating], mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        padded = self._padded
        padded.ravel()[self._places] = np.where(mask, logits, -np.inf)
        choices: NDArray[np.int64] = padded.argmax(axis=1)
        return choices


class LearnedPolicy:
    """A trained policy; satisfies ``Policy``.

    Args:
        policy: content of a policy file.
        name: what tables call it.
        deterministic: the most probable decision, or one drawn by its probability.

    Raises:
        GoliveError: it was trained for another version of the environment.
    """

    def __init__(
        self, policy: PolicyFile, name: str = "learned", *, deterministic: bool = True
    ) -> None:
        check_interface(policy.interface, name)
        self.name = name
        self.policy_file = policy
        self.network = ActorNetwork(policy)
        self._deterministic = deterministic
        self._generator = np.random.default_rng(0)

    @classmethod
    def load(cls, path: Path | str, *, deterministic: bool = True) -> LearnedPolicy:
        """Load a policy file, or a run directory's best one. Runs no code from the file.

        Raises:
            GoliveError: missing, truncated, not a policy, or for another environment version.
        """
        path = Path(path)
        policy = read_policy_file(path)
        return cls(policy, str(path), deterministic=deterministic)

    def reset(self, seed: int) -> None:
        """Start an episode; only a sampling policy draws lots, and from this seed."""
        self._generator = np.random.default_rng(seed)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The decision for the time until the next decision point; always legal."""
        observation, mask = encode_flat(briefing), action_mask(legal)
        if self._deterministic:
            return decode_action(self.network.best(observation, mask))
        return decode_action(self.network.sampled(observation, mask, self._generator))


def check_interface(found: InterfaceRecord, name: str) -> None:
    """Refuse a policy that sees or orders something else than this version's.

    Raises:
        GoliveError: the first difference, in words.
    """
    expected = current_interface()
    for field in ("environment", "action_sizes", "observation_size", "observation_digest"):
        theirs, ours = getattr(found, field), getattr(expected, field)
        if theirs != ours:
            raise GoliveError(
                f"{name}: trained for another environment version: "
                f"interface.{field}: {theirs!r}: expected {ours!r}"
            )
