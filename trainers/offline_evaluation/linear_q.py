"""Fitted Q evaluation with a value function linear in features: every round is one regression."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .fitted_q import Plausible, StepValues, one_hot, scaled_observations
from .question import FloatArray, Question

_SETTLED = 1e-6
"""Change of coefficients in a round, over the range of returns, at which no more are made."""
_ROUNDS_PER_DECISION = 2
"""News travels one decision a round; the second half is for what features blur."""
_MOST_KEPT_NUMBERS = 60_000_000
"""480 MB of float64."""


Features = Callable[[Question], tuple[FloatArray, FloatArray]]
"""Gives float64 (steps, features) twice: of what was decided, and the mean over what the target
would have decided, which must be exact."""


def additive_features(question: Question) -> tuple[FloatArray, FloatArray]:
    """The observation, and for each factor which choice was made; no choice interacts.

    A value linear in these is a sum of one value per factor (Tang et al. 2022, "Leveraging
    Factored Action Spaces for Efficient Offline Reinforcement Learning in Healthcare"), so its
    mean over the millions of joint actions is exact: each choice counts with its probability.
    """
    scaled = scaled_observations(question)
    common = np.concatenate([np.ones((len(scaled), 1)), scaled], axis=1)
    return (
        np.concatenate([common, one_hot(question)], axis=1),
        np.concatenate([common, question.target], axis=1),
    )


class LinearQ:
    """Ridge regression on features, as many rounds as the longest episode needs to settle.

    A round turns coefficients into coefficients, and steps need not be looked at for it: with
    recorded features X, target features of the next step Z and weights W it solves
    ``(X'WX + ridge) next = X'Wr + gamma X'WZ last``. Both matrices are sums over episodes, which
    are kept if they fit into memory, since resamples of episodes then are weighted sums of them.
    """

    def __init__(
        self, question: Question, features: Features = additive_features, ridge: float = 1.0
    ) -> None:
        """Lay out the features once; ``fit`` is then cheap.

        Args:
            question: what is asked.
            features: what values are linear in.
            ridge: penalty on the squared coefficients, in steps (a step weighs 1).
        """
        self._question = question
        recorded, target = features(question)
        told_apart = (recorded != 0.0).any(axis=0) | (target != 0.0).any(axis=0)
        self._recorded = np.ascontiguousarray(recorded[:, told_apart])
        self._target = np.ascontiguousarray(target[:, told_apart])
        self._next = np.zeros_like(self._target)
        self._next[:-1] = self._target[1:]
        self._next[question.last_steps] = 0.0
        self._ridge = ridge
        self._plausible = Plausible(question)
        self._returns_to_go = question.returns_to_go()
        self._rounds = _ROUNDS_PER_DECISION * question.horizon
        self._sums = self._sums_by_episode()

    def fit(self, weights: FloatArray) -> StepValues:
        """See ``FittedQ.fit``."""
        question = self._question
        normal, onward = self._weighted_sums(weights)
        normal = normal + self._ridge * np.eye(len(normal))
        factor = np.linalg.inv(normal)
        step_weights = weights[question.episode_of_step]
        paid = factor @ (self._recorded.T @ (step_weights * question.rewards))
        passed_on = question.gamma * (factor @ onward)
        first = factor @ (self._recorded.T @ (step_weights * self._returns_to_go))
        last, coefficients = first, first
        with np.errstate(over="ignore", invalid="ignore"):  # what runs away is cut below
            for _ in range(self._rounds):
                last, coefficients = coefficients, paid + passed_on @ coefficients
                if np.abs(coefficients - last).max() < _SETTLED * self._plausible.scale:
                    break
        return self._plausible.of_steps(
            self._values(self._recorded, coefficients),
            self._values(self._target, coefficients),
            self._values(self._target, last),
        )

    def _sums_by_episode(self) -> tuple[FloatArray, FloatArray] | None:
        """float64 (episodes, features, features) twice; None if they would not fit."""
        size = self._recorded.shape[1]
        if 2 * self._question.episodes * size**2 > _MOST_KEPT_NUMBERS:
            return None
        starts = self._question.logged.starts
        pieces = [np.split(part, starts[1:]) for part in (self._recorded, self._next)]
        normal = np.stack([own.T @ own for own in pieces[0]])
        onward = np.stack([own.T @ after for own, after in zip(*pieces, strict=True)])
        return normal, onward

    def _weighted_sums(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        if self._sums is not None:
            normal, onward = (np.tensordot(weights, part, axes=1) for part in self._sums)
            return normal, onward
        weighted = self._recorded * weights[self._question.episode_of_step][:, None]
        return weighted.T @ self._recorded, weighted.T @ self._next

    @staticmethod
    def _values(features: FloatArray, coefficients: FloatArray) -> FloatArray:
        """Values of steps; of coefficients that ran away, what is too large for any bound."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.nan_to_num(features @ coefficients, nan=np.inf, posinf=np.inf)
