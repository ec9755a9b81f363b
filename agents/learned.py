"""A trained policy that acts: its file's network in plain NumPy.

Acting needs neither torch nor the training packages. The network is small enough for a
matrix product to cost less than a framework's call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..sim.world_kind import WorldKind
from ..sim.worlds import kind_of_environment
from .policy_file import InterfaceRecord, PolicyFile, read_policy_file

_BLOCK_STEPS = 1 << 15
"""Steps whose activations are in memory at once."""


def current_interface(kind: WorldKind) -> InterfaceRecord:
    """The record a policy must have been trained with to act in a world of this version.

    The observation's digest covers every entry's name, bounds, scale and transformation.
    """
    features = [feature for group in kind.language.groups for feature in group.features()]
    table = "\n".join(
        f"{f.name} {f.low!r} {f.high!r} {f.scale!r} {f.transform.name}" for f in features
    )
    return InterfaceRecord(
        kind.environment,
        len(features),
        hashlib.sha256(table.encode()).hexdigest(),
        kind.language.choices.sizes,
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
                    np.tanh(hidden, out=hidden)  # same bits: nor are products of matrices
                else:
                    np.maximum(hidden, 0.0, out=hidden)
        return hidden

    def best(self, observation: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Per factor the most probable legal choice, the first of equals."""
        padded = self._padded
        padded.ravel()[self._places] = np.where(mask, self.logits(observation), -np.inf)
        choices: NDArray[np.int64] = padded.argmax(axis=1)
        return choices


class LearnedPolicy:
    """A trained policy, which makes the most probable decision; satisfies ``Policy``.

    Args:
        policy: content of a policy file.
        name: what tables call it.

    Raises:
        GoliveError: it was trained for another version of the environment.
    """

    def __init__(self, policy: PolicyFile, name: str = "learned") -> None:
        self.kind = checked_kind(policy.interface, name)
        self.name = name
        self.policy_file = policy
        self.network = ActorNetwork(policy)

    @classmethod
    def load(cls, path: Path | str) -> LearnedPolicy:
        """Load a policy file, or a run directory's best one. Runs no code from the file.

        Raises:
            GoliveError: missing, truncated, not a policy, or for another environment version.
        """
        path = Path(path)
        return cls(read_policy_file(path), str(path))

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The decision for the time until the next decision point; always legal."""
        numbers = self.kind.language
        return numbers.decode(self.network.best(numbers.encode(briefing), numbers.mask(legal)))

    def probabilities(
        self, observations: NDArray[np.float32], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Probability of each choice for many observations; see ``ObservationPolicy``."""
        return in_blocks(self._most_probable, self.network, observations, masks)

    def _most_probable(
        self, logits: NDArray[np.floating], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        return most_probable(self.kind.language.choices.sizes, logits, masks)


def most_probable(
    sizes: Sequence[int], logits: NDArray[np.floating], masks: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Probability 1 for the first of the most probable legal choices of each factor.

    Args:
        sizes: choices per factor.
        logits: (steps, choices), factor after factor.
        masks: bool, of the same shape.
    """
    probabilities = np.zeros(masks.shape, np.float64)
    legal = np.where(masks, logits, -np.inf)
    rows = np.arange(len(masks))
    start = 0
    for size in sizes:
        probabilities[rows, start + legal[:, start : start + size].argmax(axis=1)] = 1.0
        start += size
    return probabilities


def in_blocks(
    probabilities: Callable[[NDArray[np.floating], NDArray[np.bool_]], NDArray[np.float64]],
    network: ActorNetwork,
    observations: NDArray[np.float32],
    masks: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Probabilities from a network's logits for many observations, some at a time.

    Args:
        probabilities: from logits and masks of a block.
        network: of the policy.
        observations: float32 (steps, observation size).
        masks: bool (steps, choices).
    """
    found = np.empty(masks.shape, np.float64)
    for start in range(0, len(masks), _BLOCK_STEPS):
        block = slice(start, start + _BLOCK_STEPS)
        found[block] = probabilities(network.logits(observations[block]), masks[block])
    return found


def checked_kind(found: InterfaceRecord, name: str) -> WorldKind:
    """The world that a policy was trained in, if it sees and orders what this version's does.

    Raises:
        GoliveError: no such world, or the first difference, in words.
    """
    try:
        kind = kind_of_environment(found.environment)
    except GoliveError as error:
        raise GoliveError(f"{name}: trained for another environment version: {error}") from None
    expected = current_interface(kind)
    for field in ("action_sizes", "observation_size", "observation_digest"):
        theirs, ours = getattr(found, field), getattr(expected, field)
        if theirs != ours:
            raise GoliveError(
                f"{name}: trained for another environment version: "
                f"interface.{field}: {theirs!r}: expected {ours!r}"
            )
    return kind
