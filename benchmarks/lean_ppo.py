"""PPO in as few lines as it takes: what a training step costs without a learning library.

The same environments, network, distribution and settings as a training by ``golive train``; no
logs, callbacks, schedules or resuming. It is a yardstick of cost, not a trainer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from golive.envs.sb3 import BatchedVecEnv
from golive.trainers.training.distribution import BatchedMaskableMultiCategorical
from golive.trainers.training.learning import PpoConfiguration


class LeanPpo:
    """An actor, a critic, and one rollout with its update at a time.

    Args:
        environments: that are played in, alike.
        choices: per factor of an action.
        ppo: the settings; schedules stand at their start.
    """

    def __init__(
        self, environments: BatchedVecEnv, choices: Sequence[int], ppo: PpoConfiguration
    ) -> None:
        size = int(np.prod(environments.observation_space.shape or (0,)))
        self.environments, self.ppo = environments, ppo
        self.actor = _perceptron(size, ppo.net_arch, sum(choices))
        self.critic = _perceptron(size, ppo.net_arch, 1)
        self.parameters = [*self.actor.parameters(), *self.critic.parameters()]
        self.optimiser = torch.optim.Adam(self.parameters, lr=ppo.learning_rate.start, eps=1e-5)
        self.actions = BatchedMaskableMultiCategorical(list(choices))
        self.observations: NDArray[np.float32] = np.asarray(environments.reset())

    def iterate(self) -> None:
        """Play a rollout and learn from it."""
        states, masks, actions, chances, values, rewards, ends = self._rollout()
        advantages = self._advantages(values, rewards, ends)
        rows = rewards.numel()
        samples = [part.reshape(rows, -1) for part in (states, masks, actions)]
        for part in (chances, advantages, advantages + values[:-1]):
            samples.append(part.reshape(rows))
        for _ in range(self.ppo.n_epochs):
            for batch in torch.split(torch.randperm(rows), self.ppo.batch_size):
                self._learn(*(part[batch] for part in samples))

    @torch.no_grad()
    def _rollout(self) -> list[torch.Tensor]:
        """States, masks, actions, log-probabilities, values (one more), rewards, endings."""
        rows: list[tuple[torch.Tensor, ...]] = []
        values = []
        for _ in range(self.ppo.n_steps):
            states = torch.from_numpy(self.observations)
            masks = torch.from_numpy(self.environments.action_masks())
            self._distribute(states, masks)
            actions = self.actions.sample()
            chances = self.actions.log_prob(actions)
            values.append(self.critic(states).flatten())
            self.environments.step_async(actions.numpy())
            seen, paid, ended, _ = self.environments.step_wait()
            self.observations = np.asarray(seen)
            result = (torch.as_tensor(paid), torch.as_tensor(ended, dtype=torch.float32))
            rows.append((states, masks, actions, chances, *result))
        values.append(self.critic(torch.from_numpy(self.observations)).flatten())
        states, masks, actions, chances, rewards, ends = map(torch.stack, zip(*rows, strict=True))
        return [states, masks, actions, chances, torch.stack(values), rewards, ends]

    def _distribute(self, states: torch.Tensor, masks: torch.Tensor) -> None:
        self.actions.proba_distribution(self.actor(states))
        self.actions.apply_masking(masks.numpy())

    def _advantages(
        self, values: torch.Tensor, rewards: torch.Tensor, ends: torch.Tensor
    ) -> torch.Tensor:
        """Generalised advantage estimates (Schulman et al. 2016)."""
        gamma, trace = self.ppo.gamma, self.ppo.gae_lambda
        found = torch.zeros_like(rewards)
        last = torch.zeros_like(rewards[0])
        for step in reversed(range(len(rewards))):
            goes_on = 1.0 - ends[step]
            surprise = rewards[step] + gamma * values[step + 1] * goes_on - values[step]
            last = found[step] = surprise + gamma * trace * goes_on * last
        return found

    def _learn(
        self,
        states: torch.Tensor,
        masks: torch.Tensor,
        actions: torch.Tensor,
        chances: torch.Tensor,
        advantages: torch.Tensor,
        returns: torch.Tensor,
    ) -> None:
        """One step of the clipped objective."""
        ppo, clip = self.ppo, self.ppo.clip_range.start
        self._distribute(states, masks)
        scaled = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        ratio = torch.exp(self.actions.log_prob(actions) - chances)
        gain = torch.min(scaled * ratio, scaled * ratio.clamp(1.0 - clip, 1.0 + clip)).mean()
        miss = torch.nn.functional.mse_loss(self.critic(states).flatten(), returns)
        loss = ppo.vf_coef * miss - gain - ppo.ent_coef.start * self.actions.entropy().mean()
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.parameters, ppo.max_grad_norm)
        self.optimiser.step()


def _perceptron(inputs: int, hidden: Sequence[int], outputs: int) -> torch.nn.Sequential:
    sizes = [inputs, *hidden]
    layers: list[torch.nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [torch.nn.Linear(before, after), torch.nn.Tanh()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], outputs))
