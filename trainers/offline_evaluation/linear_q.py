"""Fitted Q evaluation with a value function linear in features: every round is one regression."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .features import AdditiveFeatures, Features, TabularFeatures
from .fitted_q import StepValues, following, plausible_values
from .question import Question

FloatArray = NDArray[np.float64]

_SETTLED = 1e-6
"""Change of a value in a round, over the range of returns, at which no more rounds are made."""
_ROUNDS_PER_DECISION = 2
"""News travels one decision a round; the second half is for what features blur."""


class LinearQ:
    """Ridge regression on features, as many rounds as the longest episode needs to settle."""

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
        self._recorded, self._target = made.of_recorded(), made.of_target()
        self._ridge = ridge
        self._bounds = plausible_values(question)
        self._scale = max((self._bounds[1] - self._bounds[0]) / 3.0, np.finfo(float).tiny)
        self._returns_to_go = question.returns_to_go()
        self._rounds = _ROUNDS_PER_DECISION * question.horizon

    @classmethod
    def tabular(cls, question: Question) -> LinearQ:
        """A value per distinct observation and joint action: exact as data grow, for toys."""
        return cls(question, TabularFeatures, ridge=1e-9)

    def fit(self, weights: FloatArray) -> StepValues:
        """See ``FittedQ.fit``."""
        question = self._question
        weighted = self._recorded * weights[question.episode_of_step][:, None]
        normal = weighted.T @ self._recorded
        normal[np.diag_indices_from(normal)] += self._ridge
        inverse = np.linalg.inv(normal)
        coefficients = inverse @ (weighted.T @ self._returns_to_go)
        values = self._cut(self._target @ coefficients)
        moves = np.zeros(values.size)
        for _ in range(self._rounds):
            paid = question.rewards + question.gamma * following(question, values)
            coefficients = inverse @ (weighted.T @ paid)
            renewed = self._cut(self._target @ coefficients)
            moves, values = (renewed - values) / self._scale, renewed
            if np.abs(moves).max() < _SETTLED:
                break
        beyond = self._target @ coefficients != values
        return StepValues(
            of_recorded=self._cut(self._recorded @ coefficients),
            of_target=values,
            beyond_share=float(beyond.mean()),
            last_change=abs(float(moves[question.logged.starts].mean())),
        )

    def _cut(self, values: FloatArray) -> FloatArray:
        return np.clip(values, *self._bounds)
