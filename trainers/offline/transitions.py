"""Recorded steps as tensors, and batches of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from ..datasets import LoggedEpisodes
from ..training.imitation import shuffled_batches


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
