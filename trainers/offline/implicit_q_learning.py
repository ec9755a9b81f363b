"""Implicit Q-learning: the value of the best recorded decisions, and a policy that takes them.

Source: Kostrikov, Nair and Levine (2021), "Offline Reinforcement Learning with Implicit
Q-Learning". The value function is an expectile of the critic over *recorded* actions, so no
action that nobody took is ever asked for its value, and no maximum over the millions of whole
actions is needed. The policy is extracted by advantage-weighted regression (Peng et al. 2019)
on the masked policy, factor by factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ..training.imitation import descend
from .configuration import OfflineConfiguration
from .learners import BehaviourCloning, Transitions, adam


def perceptron(inputs: int, hidden_sizes: Sequence[int]) -> nn.Sequential:
    """A network with one output and rectified hidden layers."""
    layers: list[nn.Module] = []
    for size in hidden_sizes:
        layers += [nn.Linear(inputs, size), nn.ReLU()]
        inputs = size
    return nn.Sequential(*layers, nn.Linear(inputs, 1))


class TwinCritic(nn.Module):
    """Two estimates of an action's value; the lower one is believed (Fujimoto et al. 2018).

    An action is given as the one-hot codes of its factors side by side, so the millions of
    whole actions need no output each.

    Args:
        observation_size: entries of an observation.
        action_sizes: choices per factor.
        hidden_sizes: of each of the two networks.
    """

    def __init__(
        self, observation_size: int, action_sizes: Sequence[int], hidden_sizes: Sequence[int]
    ) -> None:
        super().__init__()
        self._choices = sum(action_sizes)
        self._offsets = torch.as_tensor(np.cumsum([0, *action_sizes[:-1]]))
        inputs = observation_size + self._choices
        self._first = perceptron(inputs, hidden_sizes)
        self._second = perceptron(inputs, hidden_sizes)

    def forward(
        self, observations: torch.Tensor, actions: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Both estimates, float32 (batch,) each, for actions int64 (batch, factors)."""
        codes = observations.new_zeros((len(actions), self._choices))
        codes.scatter_(1, actions + self._offsets, 1.0)
        inputs = torch.cat([observations, codes], dim=1)
        return self._first(inputs).squeeze(1), self._second(inputs).squeeze(1)

    def lower(self, observations: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        """The lower estimate, float32 (batch,)."""
        return torch.minimum(*self(observations, actions))


class ImplicitQLearner(BehaviourCloning):
    """Twin critics with slow targets, an expectile value function, a weighted imitator.

    Args:
        configuration: how.
        transitions: to learn from, rewards already scaled.
    """

    def __init__(self, configuration: OfflineConfiguration, transitions: Transitions) -> None:
        super().__init__(configuration, transitions)
        settings = configuration.iql
        observation_size = transitions.observations.shape[1]
        self._critic = TwinCritic(
            observation_size, transitions.action_sizes, settings.critic_net_arch
        )
        self._target = deepcopy(self._critic).requires_grad_(False)
        self._value = perceptron(observation_size, settings.critic_net_arch)
        self._settings = settings
        self._max_grad_norm = configuration.max_grad_norm
        self._critic_optimiser = adam(self._critic.parameters(), settings.critic_learning_rate)
        self._value_optimiser = adam(self._value.parameters(), settings.critic_learning_rate)

    def values(self, observations: torch.Tensor) -> torch.Tensor:
        """float32 (batch,), the expectile values of observations (batch, observation size)."""
        estimates: torch.Tensor = self._value(observations).squeeze(1)
        return estimates

    def learn(self, steps: torch.Tensor, done: float) -> dict[str, float]:
        """One gradient step of the value function, the policy and the critics, in this order."""
        settings, data = self._settings, self._transitions
        observations, actions = data.observations[steps], data.actions[steps]
        with torch.no_grad():
            worth = self._target.lower(observations, actions)
        values = self.values(observations)
        advantages = worth - values
        value_loss = expectile_loss(advantages, settings.expectile)
        descend(self._value_optimiser, value_loss, self._max_grad_norm)

        exponents = settings.inverse_temperature * advantages.detach()
        weights = exponents.exp().clamp(max=settings.largest_weight)
        figures = self.imitate(steps, weights, done)

        critic_loss = self._learn_critic(steps, observations, actions)
        figures |= {
            "critic/loss": critic_loss,
            "value/loss": value_loss.item(),
            "value/mean": values.mean().item(),
            "actor/advantage_deviation": advantages.std(correction=0).item(),
            "actor/weight": weights.mean().item(),
            "actor/weights_cut": (weights == settings.largest_weight).float().mean().item(),
        }
        return figures

    def _learn_critic(
        self, steps: torch.Tensor, observations: torch.Tensor, actions: torch.Tensor
    ) -> float:
        data, settings = self._transitions, self._settings
        with torch.no_grad():
            later = self.values(data.observations[data.following[steps]])
            goal = data.rewards[steps] + settings.gamma * data.continues[steps] * later
        first, second = self._critic(observations, actions)
        loss = functional.mse_loss(first, goal) + functional.mse_loss(second, goal)
        descend(self._critic_optimiser, loss, self._max_grad_norm)
        with torch.no_grad():
            for slow, fast in zip(
                self._target.parameters(), self._critic.parameters(), strict=True
            ):
                slow.lerp_(fast, settings.target_rate)
        return loss.item()


def expectile_loss(differences: torch.Tensor, expectile: float) -> torch.Tensor:
    """Mean asymmetric square: positive differences weigh ``expectile``, others the rest of 1."""
    weights = torch.where(differences > 0.0, expectile, 1.0 - expectile)
    return (weights * differences.square()).mean()
