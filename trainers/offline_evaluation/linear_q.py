"""Fitted Q evaluation with a value function linear in features: every round is one regression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from .fitted_q import StepValues, plausible_values
from .question import FloatArray, Question

_SETTLED = 1e-6
"""Change of coefficients in a round, over the range of returns, at which no more are made."""
_ROUNDS_PER_DECISION = 2
"""News travels one decision a round; the second half is for what features blur."""
_MOST_KEPT_NUMBERS = 60_000_000
"""480 MB of float64."""


class Features(Protocol):
    """Features of (observation, action) whose mean over a policy's actions is known exactly."""

    def of_recorded(self) -> FloatArray:
        """float64 (steps, features), of what was decided."""
        ...

    def of_target(self) -> FloatArray:
        """float64 (steps, features), mean over what the target would have decided."""
        ...


class AdditiveFeatures:
    """The observation, and for each factor which choice was made; no choice interacts.

    A value linear in these is a sum of one value per factor (Tang et al. 2022, "Leveraging
    Factored Action Spaces for Efficient Offline Reinforcement Learning in Healthcare"), so its
    mean over the millions of joint actions is exact: each choice counts with its probability.
    """

    def __init__(self, question: Question) -> None:
        observations = question.logged.observations.astype(np.float64)
        spread = observations.std(axis=0)
        scaled = (observations - observations.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
        self._common = np.concatenate([np.ones((len(scaled), 1)), scaled], axis=1)
        self._target = question.target
        self._recorded = one_hot(question)

    def of_recorded(self) -> FloatArray:
        """float64 (steps, 1 + observation size + choices)."""
        return np.concatenate([self._common, self._recorded], axis=1)

    def of_target(self) -> FloatArray:
        """float64 (steps, 1 + observation size + choices)."""
        return np.concatenate([self._common, self._target], axis=1)


def one_hot(question: Question) -> FloatArray:
    """float64 (steps, choices), 1 where a choice was made, laid out as the masks."""
    table = np.zeros(question.target.shape)
    np.put_along_axis(table, question.logged.actions + question.logged.offsets, 1.0, axis=1)
    return table


class LinearQ:
    """Ridge regression on features, as many rounds as the longest episode needs to settle.

    A round turns coefficients into coefficients, and steps need not be looked at for it: with
    recorded features X, target features of the next step Z and weights W it solves
    ``(X'WX + ridge) next = X'Wr + gamma X'WZ last``. Both matrices are sums over episodes, which
    are kept if they fit into memory, since resamples of episodes then are weighted sums of them.
    """

    def __init__(
        self,
        question: Question,
        features: Callable[[Question], Features] = AdditiveFeatures,
        ridge: float = 1.0,
    ) -> None:
        """Lay out the features once; ``fit`` is then cheap.

        Args:
            question: what is asked.
            features: what values are linear in.
            ridge: penalty on the squared coefficients, in steps (a step weighs 1).
        """
        self._question = question
        made = features(question)
        recorded, target = made.of_recorded(), made.of_target()
        told_apart = (recorded != 0.0).any(axis=0) | (target != 0.0).any(axis=0)
        self._recorded = np.ascontiguousarray(recorded[:, told_apart])
        self._target = np.ascontiguousarray(target[:, told_apart])
        self._next = np.zeros_like(self._target)
        self._next[:-1] = self._target[1:]
        self._next[question.last_steps] = 0.0
        self._ridge = ridge
        self._bounds = plausible_values(question)
        self._scale = max((self._bounds[1] - self._bounds[0]) / 3.0, np.finfo(float).tiny)
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
                if np.abs(coefficients - last).max() < _SETTLED * self._scale:
                    break
        values, before = self._values(self._target, coefficients), self._values(self._target, last)
        of_target = self._cut(values)
        moves = (of_target - self._cut(before))[question.logged.starts] / self._scale
        return StepValues(
            of_recorded=self._cut(self._values(self._recorded, coefficients)),
            of_target=of_target,
            beyond_share=float((of_target != values).mean()),
            last_change=abs(float(moves.mean())),
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

    def _cut(self, values: FloatArray) -> FloatArray:
        return np.clip(values, *self._bounds)
