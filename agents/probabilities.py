"""Probabilities of choices: of any policy, and decisions drawn by them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..envs.actions import ACTION_SIZES, MASK_SIZE, action_mask, decode_action, encode_decision
from ..scenarios import RandomStreams
from ..sim.implementation.briefing import Briefing
from ..sim.implementation.decision import Decision, LegalDecisions
from .policy import Policy, StochasticPolicy

FACTOR_STARTS: tuple[int, ...] = tuple(sum(ACTION_SIZES[:i]) for i in range(len(ACTION_SIZES)))
"""Where each factor's choices begin in the flat mask."""
_FACTORS = tuple(
    slice(start, start + size) for start, size in zip(FACTOR_STARTS, ACTION_SIZES, strict=True)
)


def decide_with_probabilities(
    policy: Policy, briefing: Briefing, legal: LegalDecisions
) -> tuple[Decision, NDArray[np.float64]]:
    """What a policy orders now, and how probable each choice was.

    The policy is asked to decide once, so it may remember. A policy that does not say its
    probabilities is taken to be deterministic.

    Returns:
        The decision with illegal parts replaced by the neutral ones, as the world would, and
        float64 (60,) laid out as the flat action mask.
    """
    decision, _ = legal.replace_illegal(policy.decide(briefing, legal))
    if isinstance(policy, StochasticPolicy):
        return decision, policy.choice_probabilities(briefing, legal)
    return decision, certain(decision)


def choice_probabilities_of(
    policy: Policy, briefing: Briefing, legal: LegalDecisions
) -> NDArray[np.float64]:
    """Probability of each choice under any policy; call it once at each decision point.

    Returns:
        float64 (60,) laid out as the flat action mask; one-hot for a deterministic policy.
    """
    if isinstance(policy, StochasticPolicy):
        return policy.choice_probabilities(briefing, legal)
    return certain(legal.replace_illegal(policy.decide(briefing, legal))[0])


def certain(decision: Decision) -> NDArray[np.float64]:
    """Probability 1 for each of a decision's choices."""
    probabilities: NDArray[np.float64] = np.zeros(MASK_SIZE)
    probabilities[encode_decision(decision) + FACTOR_STARTS] = 1.0
    return probabilities


def uniform_legal(legal: LegalDecisions) -> NDArray[np.float64]:
    """The same probability for each legal choice of a factor."""
    probabilities = action_mask(legal).astype(np.float64)
    for factor in _FACTORS:
        probabilities[factor] /= probabilities[factor].sum()
    return probabilities


def masked_softmax(
    logits: NDArray[np.floating], mask: NDArray[np.bool_], temperature: float = 1.0
) -> NDArray[np.float64]:
    """Softmax over each factor's legal choices.

    Args:
        logits: (..., 60), unnormalised log-probabilities.
        mask: bool, of the same shape; at least one legal choice per factor.
        temperature: divides the logits; near 0 the most probable choice takes all.
    """
    scaled = np.where(mask, logits.astype(np.float64) / temperature, -np.inf)
    probabilities = np.empty_like(scaled)
    for factor in _FACTORS:
        part = scaled[..., factor]
        weights = np.exp(part - part.max(axis=-1, keepdims=True))
        probabilities[..., factor] = weights / weights.sum(axis=-1, keepdims=True)
    return probabilities


def draw_decision(
    probabilities: NDArray[np.float64], streams: RandomStreams, purpose_key: int, day: int
) -> Decision:
    """A decision drawn factor by factor: a function of (seed, purpose, day, factor) alone.

    Args:
        probabilities: float64 (60,) as of ``choice_probabilities``.
        streams: of the episode's seed.
        purpose_key: what the draw is for.
        day: of the decision.
    """
    return decode_action(
        np.array(
            [
                _choice(probabilities[factor], streams.uniform(purpose_key, index, day))
                for index, factor in enumerate(_FACTORS)
            ]
        )
    )


def _choice(probabilities: NDArray[np.float64], draw: float) -> int:
    """Inverse transform; never a choice of probability 0, whatever the sum's last digits."""
    chosen = int(np.searchsorted(probabilities.cumsum(), draw, side="right"))
    return min(chosen, int(np.flatnonzero(probabilities)[-1]))
