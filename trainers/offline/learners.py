"""Parts that offline learners share, and the simplest of them: behaviour cloning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from gymnasium import spaces
from torch import nn

from ..datasets import LoggedEpisodes
from ..training.algorithm import ACTIVATIONS
from ..training.distribution import BatchedMaskablePolicy
from ..training.imitation import ActorFit, descend, fit_to, set_rate, shuffled_batches
from .configuration import OfflineConfiguration


@dataclass(frozen=True, slots=True)
class Transitions:
    """Steps of episodes, and which step follows which.

    Attributes:
        observations: float32 (steps, observation size).
        actions: int64 (steps, factors).
        masks: bool (steps, sum of choices).
        rewards: float32 (steps,).
        following: int64 (steps,), number of the next step; its own at an episode's end.
        continues: float32 (steps,), 0 at an episode's end and 1 elsewhere.
        action_sizes: choices per factor.
    """

    observations: torch.Tensor
    actions: torch.Tensor
    masks: torch.Tensor
    rewards: torch.Tensor
    following: torch.Tensor
    continues: torch.Tensor
    action_sizes: tuple[int, ...]

    @classmethod
    def of(cls, logged: LoggedEpisodes, reward_scale: float = 1.0) -> Transitions:
        """The steps of recorded episodes, rewards divided by the scale."""
        steps = len(logged.rewards)
        ends = np.cumsum(logged.lengths) - 1
        following = np.arange(1, steps + 1)
        following[ends] = ends
        continues = np.ones(steps, np.float32)
        continues[ends] = 0.0
        return cls(
            torch.as_tensor(logged.observations),
            torch.as_tensor(logged.actions),
            torch.as_tensor(logged.masks),
            torch.as_tensor((logged.rewards / reward_scale).astype(np.float32)),
            torch.as_tensor(following),
            torch.as_tensor(continues),
            logged.action_sizes,
        )

    def __len__(self) -> int:
        """Number of steps."""
        return len(self.rewards)


def endless_batches(
    samples: int, batch_size: int, generator: np.random.Generator
) -> Iterator[torch.Tensor]:
    """Numbers of samples, batch by batch, one shuffled pass after the other."""
    while True:
        yield from shuffled_batches(samples, batch_size, generator)


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


class BehaviourCloning:
    """Makes recorded decisions likely: masked cross-entropy over all action factors.

    Also the frame of other learners: what makes a policy, one batch at a time.

    Args:
        configuration: how.
        transitions: to learn from.
    """

    def __init__(self, configuration: OfflineConfiguration, transitions: Transitions) -> None:
        observation_size = transitions.observations.shape[1]
        self.policy = new_policy(configuration, observation_size, transitions.action_sizes)
        self._configuration = configuration
        self._transitions = transitions
        self._optimiser = adam(actor_parameters(self.policy), configuration.learning_rate.start)

    def learn(self, steps: torch.Tensor, done: float) -> dict[str, float]:
        """One gradient step.

        Args:
            steps: int64 (batch,), numbers of the transitions to learn from.
            done: share of all gradient steps that is done, 0..1.

        Returns:
            What the step says of itself, by name.
        """
        return self.imitate(steps, torch.ones(len(steps)), done)

    def imitate(self, steps: torch.Tensor, weights: torch.Tensor, done: float) -> dict[str, float]:
        """One gradient step in which some decisions count for more than others.

        Args:
            steps: int64 (batch,).
            weights: float32 (batch,), not negative.
            done: share of all gradient steps that is done.
        """
        configuration = self._configuration
        fit = fit_at(self.policy, self._transitions, steps)
        loss = -(weights * fit.log_probabilities).mean()
        set_rate(self._optimiser, configuration.learning_rate.at(done))
        bonus = configuration.entropy_coef * fit.entropies.mean()
        descend(self._optimiser, loss - bonus, configuration.max_grad_norm)
        return {
            "actor/loss": loss.item(),
            "actor/agreement": fit.agreement,
            "actor/entropy": fit.entropies.mean().item(),
        }


def fit_at(
    policy: BatchedMaskablePolicy, transitions: Transitions, steps: torch.Tensor
) -> ActorFit:
    """An actor's view of the decisions of some steps."""
    return fit_to(
        policy,
        transitions.observations[steps],
        transitions.actions[steps],
        transitions.masks[steps],
    )
