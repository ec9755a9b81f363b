"""Networks of offline learners: the actor that a training has, and critics of whole actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from gymnasium import spaces
from torch import nn

from ..training.algorithm import ACTIVATIONS
from ..training.distribution import BatchedMaskablePolicy
from .configuration import OfflineConfiguration


def new_policy(
    configuration: OfflineConfiguration, observation_size: int, action_sizes: Sequence[int]
) -> BatchedMaskablePolicy:
    """The policy of a training with these networks, at its random start."""
    return BatchedMaskablePolicy(
        spaces.Box(-np.inf, np.inf, (observation_size,), np.float32),
        spaces.MultiDiscrete(list(action_sizes)),
        lambda _: configuration.learning_rate.start,
        net_arch={"pi": list(configuration.net_arch), "vf": []},
        activation_fn=ACTIVATIONS[configuration.activation],
    )


def actor_parameters(policy: BatchedMaskablePolicy) -> list[nn.Parameter]:
    """Parameters of what decides; the policy's own value function is left out."""
    return [*policy.mlp_extractor.policy_net.parameters(), *policy.action_net.parameters()]


def adam(parameters: Iterable[nn.Parameter], rate: float) -> torch.optim.Adam:
    """The optimiser of every part; fused, because small networks mostly wait for calls."""
    return torch.optim.Adam(parameters, lr=rate, eps=1e-5, fused=True)


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
