"""Probabilities of choices: of any policy, and decisions drawn by them.

Arrays of probabilities are laid out as the flat action mask: factor after factor, choice after
choice (``golive.sim.numbers.Choices``).
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..core.random_streams import RandomStreams
from ..sim.numbers import Choices, Numbers
from ..sim.policy import Policy, StochasticPolicy


@runtime_checkable
class ObservationPolicy(Policy, Protocol):
    """A policy that needs no more than the observation, so that many can be decided at once."""

    def probabilities(
        self, observations: NDArray[np.float32], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64] | None:
        """Probability of each choice, without simulating.

        A network sees many rows at once here and one in an episode, so its probabilities agree
        with those of ``choice_probabilities`` to about single precision.

        Args:
            observations: float32 (steps, observation size).
            masks: bool (steps, choices).

        Returns:
            float64 (steps, choices); None if it needs more after all.
        """
        ...


def decide_with_probabilities(
    policy: Policy, numbers: Numbers, briefing: Any, legal: Any
) -> tuple[Any, NDArray[np.float64]]:
    """The policy's decision, and how probable each choice was.

    The policy is asked to decide once, so it may remember. A policy that does not say its
    probabilities is taken to be deterministic.

    Returns:
        The decision with illegal parts replaced by the neutral ones, as the world would, and
        float64 (choices,).
    """
    decision, _ = legal.replace_illegal(policy.decide(briefing, legal))
    if isinstance(policy, StochasticPolicy):
        return decision, policy.choice_probabilities(briefing, legal)
    return decision, certain(numbers, decision)


def choice_probabilities_of(
    policy: Policy, numbers: Numbers, briefing: Any, legal: Any
) -> NDArray[np.float64]:
    """Probability of each choice under any policy; call it once at each decision point.

    Returns:
        float64 (choices,); one-hot for a deterministic policy.
    """
    if isinstance(policy, StochasticPolicy):
        return policy.choice_probabilities(briefing, legal)
    return certain(numbers, legal.replace_illegal(policy.decide(briefing, legal))[0])


def certain(numbers: Numbers, decision: Any) -> NDArray[np.float64]:
    """Probability 1 for each of a decision's choices."""
    choices = numbers.choices
    probabilities: NDArray[np.float64] = np.zeros(choices.count)
    probabilities[numbers.action(decision) + choices.starts] = 1.0
    return probabilities


def uniform_legal(choices: Choices, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The same probability for each legal choice of a factor.

    Args:
        choices: of the world.
        mask: bool (..., choices).
    """
    probabilities = mask.astype(np.float64)
    for part in choices.parts:
        probabilities[..., part] /= probabilities[..., part].sum(axis=-1, keepdims=True)
    return probabilities


def masked_softmax(
    choices: Choices,
    logits: NDArray[np.floating],
    mask: NDArray[np.bool_],
    temperature: float = 1.0,
) -> NDArray[np.float64]:
    """Softmax over each factor's legal choices.

    Args:
        choices: of the world.
        logits: (..., choices), unnormalised log-probabilities.
        mask: bool, of the same shape; at least one legal choice per factor.
        temperature: divides the logits; near 0 the most probable choice takes all.
    """
    scaled = np.where(mask, logits.astype(np.float64) / temperature, -np.inf)
    probabilities = np.empty_like(scaled)
    for part in choices.parts:
        own = scaled[..., part]
        weights = np.exp(own - own.max(axis=-1, keepdims=True))  # same bits: networks differ more
        probabilities[..., part] = weights / weights.sum(axis=-1, keepdims=True)
    return probabilities


def draw_decision(
    numbers: Numbers,
    probabilities: NDArray[np.float64],
    streams: RandomStreams,
    purpose_key: int,
    moment: int,
) -> Any:
    """A decision drawn factor by factor: a function of (seed, purpose, moment, factor) alone.

    Args:
        numbers: of the world.
        probabilities: float64 (choices,) as of ``choice_probabilities``.
        streams: of the episode's seed.
        purpose_key: what the draw is for.
        moment: of the decision point (``WorldKind.moment``).
    """
    return numbers.decode(
        np.array(
            [
                _choice(probabilities[part], streams.uniform(purpose_key, index, moment))
                for index, part in enumerate(numbers.choices.parts)
            ]
        )
    )


def _choice(probabilities: NDArray[np.float64], draw: float) -> int:
    """Inverse transform; never a choice of probability 0, whatever the sum's last digits."""
    chosen = int(np.searchsorted(probabilities.cumsum(), draw, side="right"))
    return min(chosen, int(np.flatnonzero(probabilities)[-1]))
