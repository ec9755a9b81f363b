"""Masked categorical distributions over all action factors at once.

sb3-contrib keeps one distribution object per factor and validates each; with seven small
factors that costs three times what the network does. Here the factors are rows of one
padded tensor. Probabilities, log-probabilities and entropies are those of sb3-contrib's
``MaskableMultiCategoricalDistribution`` (a test compares them).
"""

from __future__ import annotations

from typing import Self

import numpy as np
import torch
from gymnasium import spaces
from sb3_contrib.common.maskable.distributions import MaskableMultiCategoricalDistribution
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy
from stable_baselines3.common.type_aliases import Schedule

_ILLEGAL = -1e8
"""Logit of an illegal choice (sb3-contrib's value)."""
_PADDING = -2e8
"""Logit of a choice that a factor does not have: below every illegal one."""


class BatchedMaskableMultiCategorical(MaskableMultiCategoricalDistribution):
    """All factors of a MultiDiscrete action as one (batch, factors, most choices) tensor."""

    def __init__(self, action_dims: list[int]) -> None:
        super().__init__([int(size) for size in action_dims])
        self._total = sum(self.action_dims)
        self._shape = (len(self.action_dims), max(self.action_dims))
        columns = np.full(self._shape, self._total)
        start = 0
        for factor, size in enumerate(self.action_dims):
            columns[factor, :size] = np.arange(start, start + size)
            start += size
        self._columns = torch.as_tensor(columns.ravel())
        self._logits = torch.empty(0)
        self._log_probabilities = torch.empty(0)

    def proba_distribution(self, action_logits: torch.Tensor) -> Self:
        """Take logits of shape (batch, sum of choices), nothing masked yet."""
        self._logits = action_logits.view(-1, self._total)
        self._normalise(self._logits)
        return self

    def apply_masking(self, masks: torch.Tensor | np.ndarray | None) -> None:
        """Make choices whose mask (batch, sum of choices) is false impossible."""
        if masks is None:
            self._normalise(self._logits)
            return
        legal = torch.as_tensor(masks).view(-1, self._total).bool()
        self._normalise(self._logits.masked_fill(~legal, _ILLEGAL))

    def _normalise(self, logits: torch.Tensor) -> None:
        padded = torch.nn.functional.pad(logits, (0, 1), value=_PADDING)
        rows = padded.index_select(1, self._columns).view(-1, *self._shape)
        self._log_probabilities = torch.log_softmax(rows, dim=-1)

    @property
    def log_probabilities(self) -> torch.Tensor:
        """Log-probability of each choice: shape (batch, factors, most choices)."""
        return self._log_probabilities

    def log_prob(self, actions: torch.Tensor) -> torch.Tensor:
        """Log-probability of actions (batch, factors): shape (batch,)."""
        chosen = actions.view(-1, self._shape[0], 1).long()
        return self._log_probabilities.gather(-1, chosen).squeeze(-1).sum(dim=1)

    def entropy(self) -> torch.Tensor:
        """Entropy in nats, summed over factors: shape (batch,)."""
        return self.factor_entropies().sum(dim=1)

    def factor_entropies(self) -> torch.Tensor:
        """Entropy in nats per factor: shape (batch, factors)."""
        return -(self._log_probabilities.exp() * self._log_probabilities).sum(dim=-1)

    def sample(self) -> torch.Tensor:
        """Actions drawn by the Gumbel-max trick: shape (batch, factors)."""
        noise = torch.empty_like(self._log_probabilities).exponential_().log_()
        return (self._log_probabilities - noise).argmax(dim=-1)

    def mode(self) -> torch.Tensor:
        """Most probable actions, the first of equals: shape (batch, factors)."""
        return self._log_probabilities.argmax(dim=-1)


class BatchedMaskablePolicy(MaskableActorCriticPolicy):
    """sb3-contrib's actor-critic with the batched distribution."""

    action_dist: BatchedMaskableMultiCategorical

    def _build(self, lr_schedule: Schedule) -> None:
        assert isinstance(self.action_space, spaces.MultiDiscrete)
        self.action_dist = BatchedMaskableMultiCategorical(self.action_space.nvec.tolist())
        super()._build(lr_schedule)
