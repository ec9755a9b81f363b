"""Imitation of a demonstrator before reinforcement learning begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from .algorithm import ResumablePPO
from .configuration import WarmStart
from .ground import Demonstrations
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
    returns = np.concatenate([_discounted(rewards.scale(e), model.gamma) for e in episodes])
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
        _set_rate(optimiser, warm_start.learning_rate.at(epoch / warm_start.epochs))
        batches = _batches(len(returns), warm_start.batch_size, generator)
        figures = [
            _step(model, warm_start, optimiser, [part[batch] for part in data]) for batch in batches
        ]
        loss, agreement = np.mean(figures, axis=0)
        on_epoch(epoch + 1, float(loss), float(agreement))


def _discounted(rewards: NDArray[np.float64], gamma: float) -> NDArray[np.float64]:
    """Return from each step to the episode's end."""
    returns, following = np.empty_like(rewards), 0.0
    for step in range(len(rewards) - 1, -1, -1):
        following = rewards[step] + gamma * following
        returns[step] = following
    return returns


def _batches(
    samples: int, batch_size: int, generator: np.random.Generator
) -> Iterator[torch.Tensor]:
    order = torch.as_tensor(generator.permutation(samples))
    yield from torch.split(order, batch_size)


def _set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate


def _step(
    model: ResumablePPO,
    warm_start: WarmStart,
    optimiser: torch.optim.Optimizer,
    batch: list[torch.Tensor],
) -> tuple[float, float]:
    """One gradient step: its loss, and how often the actor agrees with the demonstrator."""
    observations, actions, masks, returns = batch
    values, log_probabilities, entropy = model.policy.evaluate_actions(
        observations, actions, action_masks=masks
    )
    assert entropy is not None
    loss = (
        -log_probabilities.mean()
        + warm_start.vf_coef * functional.mse_loss(values.flatten(), returns)
        - warm_start.entropy_coef * entropy.mean()
    )
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.policy.parameters(), model.max_grad_norm)
    optimiser.step()
    agrees = (model.policy.action_dist.mode() == actions).all(dim=1).float().mean()
    return loss.item(), agrees.item()
