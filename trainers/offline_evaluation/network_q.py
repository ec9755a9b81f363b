"""Fitted Q evaluation with a small neural network that has an output for every choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .fitted_q import StepValues, following, plausible_values
from .linear_q import one_hot
from .question import FloatArray, Question

if TYPE_CHECKING:
    from torch import Tensor, nn


class NetworkQ:
    """An MLP of the observation; a value is the sum of the outputs of the choices made.

    Actions interact with the observation and not with one another (Tang et al. 2022), so that
    the mean over the target's actions is exact. After the fit to the recorded returns, each
    round fits the same network a little further to targets made by the network before it.
    """

    def __init__(
        self,
        question: Question,
        *,
        width: int = 64,
        first_epochs: int = 20,
        rounds: int = 60,
        epochs_per_round: int = 1,
        batch: int = 512,
        learning_rate: float = 1e-3,
        seed: int = 0,
    ) -> None:
        """Set up; nothing is fitted yet.

        Args:
            question: what is asked.
            width: units of each of the two hidden layers.
            first_epochs: passes over the data when fitting the recorded returns.
            rounds: of fitted Q evaluation.
            epochs_per_round: passes over the data in each.
            batch: steps per gradient step.
            learning_rate: of AdamW.
            seed: of the initial weights and of the order of the data.
        """
        self._question = question
        self._width = width
        self._first_epochs = first_epochs
        self._rounds = rounds
        self._epochs = epochs_per_round
        self._batch = batch
        self._learning_rate = learning_rate
        self._seed = seed
        observations = question.logged.observations.astype(np.float64)
        spread = observations.std(axis=0)
        self._scaled = (observations - observations.mean(axis=0)) / np.where(spread > 0, spread, 1)
        self._bounds = plausible_values(question)
        self._centre = sum(self._bounds) / 2.0
        self._scale = max((self._bounds[1] - self._bounds[0]) / 3.0, np.finfo(float).tiny)

    def fit(self, weights: FloatArray) -> StepValues:
        """See ``FittedQ.fit``."""
        import torch

        question = self._question
        rng = torch.Generator().manual_seed(self._seed)
        network = self._network()
        optimiser = torch.optim.AdamW(network.parameters(), lr=self._learning_rate)
        observations = torch.as_tensor(self._scaled, dtype=torch.float32)
        recorded = torch.as_tensor(one_hot(question), dtype=torch.float32)
        target = torch.as_tensor(question.target, dtype=torch.float32)
        step_weights = torch.as_tensor(weights[question.episode_of_step], dtype=torch.float32)
        rows = torch.nonzero(step_weights).squeeze(1)

        def pass_over(goals: FloatArray, epochs: int) -> None:
            wanted = torch.as_tensor((goals - self._centre) / self._scale, dtype=torch.float32)
            for _ in range(epochs):
                shuffled = rows[torch.randperm(len(rows), generator=rng)]
                for batch in torch.split(shuffled, self._batch):
                    found = _sum_of_choices(network, observations[batch], recorded[batch])
                    loss = (step_weights[batch] * (found - wanted[batch]) ** 2).mean()
                    optimiser.zero_grad()
                    loss.backward()  # type: ignore[no-untyped-call]
                    optimiser.step()

        def values(choices: Tensor) -> FloatArray:
            with torch.no_grad():
                found = _sum_of_choices(network, observations, choices).numpy()
            return np.asarray(self._centre + self._scale * found.astype(np.float64))

        pass_over(question.returns_to_go(), self._first_epochs)
        now, change = np.clip(values(target), *self._bounds), 0.0
        for _ in range(self._rounds):
            pass_over(question.rewards + question.gamma * following(question, now), self._epochs)
            renewed = np.clip(values(target), *self._bounds)
            change = abs(float((renewed - now)[question.logged.starts].mean())) / self._scale
            now = renewed
        beyond = float((values(target) != now).mean())
        return StepValues(np.clip(values(recorded), *self._bounds), now, beyond, change)

    def _network(self) -> nn.Module:
        import torch
        from torch import nn

        inputs, outputs = self._scaled.shape[1], self._question.target.shape[1]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._seed)
            return nn.Sequential(
                nn.Linear(inputs, self._width),
                nn.ReLU(),
                nn.Linear(self._width, self._width),
                nn.ReLU(),
                nn.Linear(self._width, outputs),
            )


def _sum_of_choices(network: nn.Module, observations: Tensor, choices: Tensor) -> Tensor:
    """Sum of the outputs, each as often as its choice counts; float32 (steps,)."""
    summed: Tensor = (network(observations) * choices).sum(dim=1)
    return summed
