"""Imitation of a demonstrator before reinforcement learning begins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from .algorithm import ResumablePPO
from .configuration import WarmStart
from .ground import Demonstrations
from .imitation import descend, discounted_returns, fit_to, set_rate, shuffled_batches
from .rewards import ScaledRewards

_SHUFFLE_KEY = 0x1417
"""Keeps the shuffling's generator apart from others that take the training's seed."""


def imitate(
    model: ResumablePPO,
    warm_start: WarmStart,
    demonstrations: Demonstrations,
    rewards: ScaledRewards,
    on_epoch: Callable[[int, float, float], None],
) -> None:
    """Fit the actor to the demonstrator's actions and the critic to its returns.

    The reward scaling learns from the demonstrations first, so that the critic is fitted in
    the units it will be trained in. Draws only from a generator of its own.

    Args:
        model: what is fitted, in place.
        warm_start: how.
        demonstrations: of the demonstrator.
        rewards: the training's reward scaling.
        on_epoch: hears (epochs done, mean loss, share of the demonstrator's whole actions
            that the actor thinks most probable) after each epoch.
    """
    episodes = np.split(demonstrations.rewards, np.cumsum(demonstrations.lengths)[:-1])
    rewards.learn_from(episodes)
    returns = np.concatenate([discounted_returns(rewards.scale(e), model.gamma) for e in episodes])
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
    values = model.policy.predict_values(observations).flatten()
    loss = (
        -fit.log_probabilities.mean()
        + warm_start.vf_coef * functional.mse_loss(values, returns)
        - warm_start.entropy_coef * fit.entropies.mean()
    )
    descend(optimiser, loss, model.max_grad_norm)
    return loss.item(), fit.agreement
