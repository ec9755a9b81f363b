"""Parts of learning from recorded decisions, whoever made them and whatever else is learned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from .distribution import BatchedMaskablePolicy


class ActorFit(NamedTuple):
    """How an actor sees recorded decisions.

    Attributes:
        log_probabilities: float32 (batch,), of the whole recorded action.
        entropies: float32 (batch,), in nats, summed over factors.
        agreement: share of the whole actions that the actor thinks most probable.
    """

    log_probabilities: torch.Tensor
    entropies: torch.Tensor
    agreement: float


def fit_to(
    policy: BatchedMaskablePolicy,
    observations: torch.Tensor,
    actions: torch.Tensor,
    masks: torch.Tensor,
) -> ActorFit:
    """Judge recorded decisions by an actor; minus the log-probability is the masked cross-entropy.

    Args:
        policy: whose actor it is.
        observations: float32 (batch, observation size).
        actions: int64 (batch, factors).
        masks: bool (batch, sum of choices).
    """
    policy.get_distribution(observations, action_masks=masks)  # type: ignore[arg-type]
    distribution = policy.action_dist
    agrees = (distribution.mode() == actions).all(dim=1).float().mean()
    return ActorFit(distribution.log_prob(actions), distribution.entropy(), agrees.item())


def discounted_returns(rewards: NDArray[np.float64], gamma: float) -> NDArray[np.float64]:
    """Return from each step of an episode to its end."""
    returns, following = np.empty_like(rewards), 0.0
    for step in range(len(rewards) - 1, -1, -1):
        following = rewards[step] + gamma * following
        returns[step] = following
    return returns


def shuffled_batches(
    samples: int, batch_size: int, generator: np.random.Generator
) -> Iterator[torch.Tensor]:
    """One pass over the samples: their numbers in a new order, batch by batch."""
    order = torch.as_tensor(generator.permutation(samples))
    yield from torch.split(order, batch_size)


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Set the step size of every parameter group."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def descend(optimiser: torch.optim.Optimizer, loss: torch.Tensor, max_grad_norm: float) -> None:
    """One gradient step of all the optimiser's parameters, the gradient clipped to a norm."""
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    for group in optimiser.param_groups:
        torch.nn.utils.clip_grad_norm_(group["params"], max_grad_norm)
    optimiser.step()
