"""Learning from recorded decisions: parts that all learners share, and a training's warm start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from .distribution import BatchedMaskablePolicy
from .episodes import Demonstrations
from .learning import WarmStart
from .rewards import ScaledRewards

if TYPE_CHECKING:
    from .algorithm import ResumablePPO

_SHUFFLE_KEY = 0x1417
"""Keeps the shuffling's generator apart from others that take the training's seed."""


class ActorFit(NamedTuple):
    """An actor's view of recorded decisions.

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
    """Make one gradient step of all the optimiser's parameters, clipped to a norm."""
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    for group in optimiser.param_groups:
        torch.nn.utils.clip_grad_norm_(group["params"], max_grad_norm)
    optimiser.step()


def imitate(
    model: ResumablePPO,
    warm_start: WarmStart,
    demonstrations: Demonstrations,
    rewards: ScaledRewards,
    on_epoch: Callable[[int, float, float], None],
) -> None:
    """Fit the actor to the demonstrator's actions and the critic to its returns.

    After each epoch ``on_epoch`` hears epochs done, mean loss and the share of the demonstrator's
    actions that the actor thinks most probable.

    The critic is fitted in the units that the reward scaling knows by now. Draws only from a
    generator of its own.
    """
    returns = np.concatenate(
        [
            discounted_returns(rewards.scale(episode), model.gamma)
            for episode in demonstrations.episode_rewards
        ]
    )
    data = (
        torch.as_tensor(demonstrations.observations),
        torch.as_tensor(demonstrations.actions),
        torch.as_tensor(demonstrations.masks),
        torch.as_tensor(returns.astype(np.float32)),
    )
    optimiser = torch.optim.Adam(model.policy.parameters(), eps=1e-5)
    generator = np.random.default_rng([model.configuration.seed, _SHUFFLE_KEY])
    model.policy.set_training_mode(True)
    for epoch in range(warm_start.epochs):
        set_rate(optimiser, warm_start.learning_rate.at(epoch / warm_start.epochs))
        batches = shuffled_batches(len(returns), warm_start.batch_size, generator)
        figures = [
            _step(model, warm_start, optimiser, [part[batch] for part in data]) for batch in batches
        ]
        loss, agreement = np.mean(figures, axis=0)
        on_epoch(epoch + 1, float(loss), float(agreement))


def _step(
    model: ResumablePPO,
    warm_start: WarmStart,
    optimiser: torch.optim.Optimizer,
    batch: list[torch.Tensor],
) -> tuple[float, float]:
    """One gradient step: its loss, and how often the actor agrees with the demonstrator."""
    observations, actions, masks, returns = batch
    fit = fit_to(model.policy, observations, actions, masks)
    loss = -fit.log_probabilities.mean() - warm_start.entropy_coef * fit.entropies.mean()
    if warm_start.vf_coef:  # else nobody will ask the critic
        values = model.policy.predict_values(observations).flatten()
        loss = loss + warm_start.vf_coef * functional.mse_loss(values, returns)
    descend(optimiser, loss, model.max_grad_norm)
    return loss.item(), fit.agreement
