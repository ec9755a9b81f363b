"""Fitted Q evaluation: the value of a policy by regression on recorded steps.

``Q(s, a) = E[r + gamma E_{a' ~ target} Q(s', a')]`` is solved by fitting Q to the right-hand
side under the previous Q, again and again (Ernst, Geurts and Wehenkel 2005; for evaluation Le,
Voloshin and Yue 2019). Episodes terminate, so nothing follows the last step and a discount of 1
will do. The first Q is fitted to the recorded returns, which is the answer if the target
decides as was recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .contributions import Contributions
from .question import FloatArray, Question

FOLDS = 5


@dataclass(frozen=True)
class StepValues:
    """A fitted value function at the recorded steps.

    Attributes:
        of_recorded: float64 (steps,), value of what was decided and the target from then on.
        of_target: float64 (steps,), value of the target from the step on.
        beyond_share: share of values outside the plausible ones, and cut to them.
        last_change: move of the mean value of first decisions in the last round, over the
            range of recorded returns.
    """

    of_recorded: FloatArray
    of_target: FloatArray
    beyond_share: float
    last_change: float


class FittedQ(Protocol):
    """Fits value functions for one question, each to a weighting of its episodes."""

    def fit(self, weights: FloatArray) -> StepValues:
        """Fit to episodes as often as they weigh; values of all steps.

        Args:
            weights: float64 (episodes,), 0 leaves an episode out.
        """
        ...


FittedQMethod = Callable[[Question], FittedQ]


class Plausible:
    """Bounds of a fitted value: the recorded returns' range and its width again on each side.

    A better policy than the recorded ones may earn what was never recorded; a fit that diverges
    (off-policy, with function approximation) must not run away.
    """

    def __init__(self, question: Question) -> None:
        self._first_steps = question.logged.starts
        seen = question.returns_to_go()
        low, high = float(seen.min()), float(seen.max())
        self._low, self._high = low - (high - low), high + (high - low)
        self.centre = (self._low + self._high) / 2.0
        self.scale = max((self._high - self._low) / 3.0, float(np.finfo(float).tiny))
        """The returns' range; above 0."""

    def cut(self, values: FloatArray) -> FloatArray:
        """The values within the bounds."""
        return np.clip(values, self._low, self._high)

    def of_steps(self, recorded: FloatArray, target: FloatArray, before: FloatArray) -> StepValues:
        """Cut what was fitted.

        Args:
            recorded: float64 (steps,), values of what was decided.
            target: float64 (steps,), values of the target.
            before: the same one round earlier.
        """
        cut = self.cut(target)
        moves = (cut - self.cut(before))[self._first_steps] / self.scale
        beyond = float((cut != target).mean())
        return StepValues(self.cut(recorded), cut, beyond, abs(float(moves.mean())))


def scaled_observations(question: Question) -> FloatArray:
    """float64 (steps, observation size), of mean 0 and deviation 1 unless they never vary."""
    observations = question.logged.observations.astype(np.float64)
    spread = observations.std(axis=0)
    return np.asarray((observations - observations.mean(axis=0)) / np.where(spread > 0, spread, 1))


def one_hot(question: Question) -> FloatArray:
    """float64 (steps, choices), 1 where a choice was made, laid out as the masks."""
    table = np.zeros(question.target.shape)
    np.put_along_axis(table, question.logged.actions + question.logged.offsets, 1.0, axis=1)
    return table


def following(question: Question, values: FloatArray) -> FloatArray:
    """Values of the next step of the same episode; 0 after the last.

    Args:
        question: whose steps.
        values: float64 (steps,).

    Returns:
        float64 (steps,).
    """
    shifted = np.append(values[1:], 0.0)
    shifted[question.last_steps] = 0.0
    return shifted


def direct(question: Question, values: StepValues) -> Contributions:
    """The direct method: the fitted value of the target at the episodes' first decisions."""
    return Contributions.of_mean(values.of_target[question.logged.starts])


def cross_fitted(question: Question, fitted: FittedQ, folds: int = FOLDS) -> StepValues:
    """Values at each step that were fitted to the other folds' episodes only.

    What was fitted to an episode knows its luck; the doubly robust correction needs values
    that do not (Chernozhukov et al. 2018, "Double/debiased machine learning").

    Args:
        question: what is asked.
        fitted: makes the value functions.
        folds: parts of the episodes, at most as many as there are episodes.
    """
    fold_of_episode = np.arange(question.episodes) % min(folds, question.episodes)
    fold_of_step = fold_of_episode[question.episode_of_step]
    recorded, target = np.zeros(question.rewards.size), np.zeros(question.rewards.size)
    beyond, change = [], []
    for fold in range(int(fold_of_episode.max()) + 1):
        values = fitted.fit((fold_of_episode != fold).astype(np.float64))
        here = fold_of_step == fold
        recorded[here], target[here] = values.of_recorded[here], values.of_target[here]
        beyond.append(values.beyond_share)
        change.append(values.last_change)
    return StepValues(recorded, target, float(np.mean(beyond)), max(change))
