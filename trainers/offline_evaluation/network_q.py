"""Fitted Q evaluation with a small neural network that has an output for every choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .fitted_q import Plausible, StepValues, following, one_hot, scaled_observations
from .question import FloatArray, Question

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True)
class NetworkQ:
    """An MLP of the observation; a value is the sum of the outputs of the choices made.

    Actions interact with the observation and not with one another (Tang et al. 2022), so that
    the mean over the target's actions is exact. After the fit to the recorded returns, each
    round fits the same network a little further to targets made by the network before it.

    Attributes:
        question: what is asked.
        width: units of each of the two hidden layers.
        first_epochs: passes over the data when fitting the recorded returns.
        rounds: of fitted Q evaluation.
        epochs_per_round: passes over the data in each.
        batch: steps per gradient step.
        learning_rate: of AdamW.
        seed: of the initial weights and of the order of the data.
    """

    question: Question
    width: int = 64
    first_epochs: int = 20
    rounds: int = 60
    epochs_per_round: int = 1
    batch: int = 512
    learning_rate: float = 1e-3
    seed: int = 0

    def fit(self, weights: FloatArray) -> StepValues:
        """See ``FittedQ.fit``."""
        import torch

        question, plausible = self.question, Plausible(self.question)
        rng = torch.Generator().manual_seed(self.seed)
        observations = torch.as_tensor(scaled_observations(question), dtype=torch.float32)
        network = self._network(observations.shape[1])
        optimiser = torch.optim.AdamW(network.parameters(), lr=self.learning_rate)
        recorded = torch.as_tensor(one_hot(question), dtype=torch.float32)
        target = torch.as_tensor(question.target, dtype=torch.float32)
        step_weights = torch.as_tensor(weights[question.episode_of_step], dtype=torch.float32)
        rows = torch.nonzero(step_weights).squeeze(1)

        def pass_over(goals: FloatArray, epochs: int) -> None:
            wanted = torch.as_tensor(
                (goals - plausible.centre) / plausible.scale, dtype=torch.float32
            )
            for _ in range(epochs):
                shuffled = rows[torch.randperm(len(rows), generator=rng)]
                for batch in torch.split(shuffled, self.batch):
                    found = _sum_of_choices(network, observations[batch], recorded[batch])
                    loss = (step_weights[batch] * (found - wanted[batch]) ** 2).mean()
                    optimiser.zero_grad()
                    loss.backward()  # type: ignore[no-untyped-call]
                    optimiser.step()

        def values(choices: Tensor) -> FloatArray:
            with torch.no_grad():
                found = _sum_of_choices(network, observations, choices).numpy()
            return np.asarray(plausible.centre + plausible.scale * found.astype(np.float64))

        pass_over(question.returns_to_go(), self.first_epochs)
        before = now = values(target)
        for _ in range(self.rounds):
            goals = question.rewards + question.gamma * following(question, plausible.cut(now))
            pass_over(goals, self.epochs_per_round)
            before, now = now, values(target)
        return plausible.of_steps(values(recorded), now, before)

    def _network(self, inputs: int) -> nn.Module:
        import torch
        from torch import nn

        outputs = self.question.target.shape[1]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            return nn.Sequential(
                nn.Linear(inputs, self.width),
                nn.ReLU(),
                nn.Linear(self.width, self.width),
                nn.ReLU(),
                nn.Linear(self.width, outputs),
            )


def _sum_of_choices(network: nn.Module, observations: Tensor, choices: Tensor) -> Tensor:
    """Sum of the outputs, each as often as its choice counts; float32 (steps,)."""
    summed: Tensor = (network(observations) * choices).sum(dim=1)
    return summed
