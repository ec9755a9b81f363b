"""Expert iteration: the policy learns from what its decisions' alternatives would have been worth.

The planner of Anthony, Tian and Barber (2017) tries decisions out and the policy imitates it. A
choice among noisy values is a noisy label, though, and rollouts cost more than all else. So the
policy is moved by every gain that was seen, each in one future, over many decision points, which
is what rollout classification policy iteration found to pay (Dimitrakakis and Lagoudakis, 2008);
the gains are paired by common luck, and a divergence from the policy that they are gains over
keeps it where they are true, as in conservative policy iteration (Kakade and Langford, 2002).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from .imitation import descend, set_rate, shuffled_batches

if TYPE_CHECKING:
    from .algorithm import ResumablePPO
    from .branching import Branches
    from .learning import Improvement

_SHUFFLE_KEY = 0xE417
"""Keeps the shuffling's generator apart from others that take the training's seed."""


class Improved(NamedTuple):
    """Figures of an epoch, or means of them.

    Attributes:
        gain: expected at a decision point, of drawing between own and other decisions by how
            probable they are now rather than before; of the score.
        divergence: Kullback-Leibler, nats per decision, from the policy before the round.
    """

    gain: float
    divergence: float


def improve(
    model: ResumablePPO,
    settings: Improvement,
    branches: Branches,
    on_epoch: Callable[[int, Improved], None],
) -> None:
    """Move the actor towards decisions that were worth more, and away from those worth less.

    The loss of a decision point is minus the sum over its branches of
    ``gain / gain_unit x p(other) / (p(other) + p(own))``, which is linear in the gains, so that
    luck averages out, plus the divergence from the policy before. Draws only from a generator of
    its own; needs at least one branch.
    """
    observations = torch.as_tensor(branches.observations)
    masks = torch.as_tensor(branches.masks)
    points = torch.as_tensor(branches.points)
    gains = torch.as_tensor((branches.gains / settings.gain_unit).astype(np.float32))
    factors = torch.as_tensor(branches.factors)
    other = torch.as_tensor(branches.choices)
    own = torch.as_tensor(branches.own)[points, factors]

    def odds(rows: torch.Tensor, logs: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """Probability of the other choice where only it and the own one are left."""
        factor = factors[places]
        return (logs[rows, factor, other[places]] - logs[rows, factor, own[places]]).sigmoid()

    model.policy.set_training_mode(True)
    with torch.no_grad():
        before = _log_probabilities(model, observations, masks)
        odds_before = odds(points, before, torch.arange(len(points)))
    optimiser = torch.optim.Adam(model.policy.parameters(), eps=1e-5)
    seeds = [model.configuration.seed, _SHUFFLE_KEY, model.rollouts_done]
    generator = np.random.default_rng(seeds)
    size = settings.batch_size
    done, batches = 0, settings.epochs * -(-len(observations) // size)
    for epoch in range(settings.epochs):
        figures = []
        for batch in shuffled_batches(len(observations), size, generator):
            set_rate(optimiser, settings.learning_rate.at(done / batches))
            done += 1
            row_of = torch.full((len(observations),), -1)
            row_of[batch] = torch.arange(len(batch))
            places = torch.nonzero(row_of[points] >= 0).flatten()
            logs = _log_probabilities(model, observations[batch], masks[batch])
            now = odds(row_of[points[places]], logs, places)
            was = before[batch]
            divergence = (was.exp() * (was - logs)).sum(dim=(1, 2)).mean()
            loss = settings.kl_coef * divergence - gains[places] @ now / len(batch)
            descend(optimiser, loss, model.max_grad_norm)
            gain = gains[places] @ (now.detach() - odds_before[places]) / len(batch)
            figures.append((gain.item() * settings.gain_unit, divergence.item()))
        on_epoch(epoch + 1, Improved(*np.mean(figures, axis=0).tolist()))


def _log_probabilities(
    model: ResumablePPO, observations: torch.Tensor, masks: torch.Tensor
) -> torch.Tensor:
    """Of each choice: float32 (batch, factors, most choices)."""
    model.policy.get_distribution(observations, action_masks=masks)  # type: ignore[arg-type]
    return model.policy.action_dist.log_probabilities
