"""Probabilities of choices for whole batches of recorded observations, without simulating."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..envs.actions import ACTION_SIZES
from .learned import LearnedPolicy
from .noisy import NoisyPolicy
from .policy import Policy
from .probabilities import FACTOR_STARTS, masked_softmax
from .probes import RandomPolicy
from .sampled import SampledPolicy

_BLOCK_STEPS = 1 << 15
"""Steps whose activations are in memory at once."""


def probabilities_from_observations(
    policy: Policy, observations: NDArray[np.float32], masks: NDArray[np.bool_]
) -> NDArray[np.float64] | None:
    """Probability of each choice under a policy that needs no more than the observation.

    A trained network sees many rows at once here and one in an episode, so its probabilities
    agree with those of ``choice_probabilities`` to about single precision.

    Args:
        policy: a trained one, a sampled one, ``random``, or one of these with noise.
        observations: float32 (steps, observation size).
        masks: bool (steps, 60).

    Returns:
        float64 (steps, 60); None if the policy decides from more than the observation.
    """
    if isinstance(policy, RandomPolicy):
        return _uniform(masks)
    if isinstance(policy, NoisyPolicy):
        own = probabilities_from_observations(policy.undisturbed, observations, masks)
        return None if own is None else policy.disturbed(own, _uniform(masks))
    if not isinstance(policy, LearnedPolicy | SampledPolicy):
        return None
    probabilities = np.empty(masks.shape, np.float64)
    for start in range(0, len(masks), _BLOCK_STEPS):
        block = slice(start, start + _BLOCK_STEPS)
        logits, mask = policy.network.logits(observations[block]), masks[block]
        probabilities[block] = (
            masked_softmax(logits, mask, policy.temperature)
            if isinstance(policy, SampledPolicy)
            else _best(logits, mask)
        )
    return probabilities


def _uniform(masks: NDArray[np.bool_]) -> NDArray[np.float64]:
    return masked_softmax(np.zeros(masks.shape), masks)


def _best(logits: NDArray[np.floating], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Probability 1 for the first of the most probable legal choices of each factor."""
    probabilities = np.zeros(mask.shape, np.float64)
    legal = np.where(mask, logits, -np.inf)
    rows = np.arange(len(mask))
    for start, size in zip(FACTOR_STARTS, ACTION_SIZES, strict=True):
        probabilities[rows, start + legal[:, start : start + size].argmax(axis=1)] = 1.0
    return probabilities
