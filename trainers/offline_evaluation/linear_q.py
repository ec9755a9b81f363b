"""Fitted Q evaluation with a value function linear in features: every round is one regression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .fitted_q import Plausible, StepValues, one_hot, scaled_observations
from .question import FloatArray, Question

_SETTLED = 1e-6
"""Change of coefficients in a round, over the range of returns, at which no more are made."""
_ROUNDS_PER_DECISION = 2
"""News travels one decision a round; the second half is for what features blur."""
_MOST_KEPT_NUMBERS = 60_000_000
"""480 MB of float64."""
_MOST_PRODUCTS = 600
"""Of observations with choices, if the whole observation is multiplied."""
_FEWER_PRODUCTS = 120
_MOST_DIRECTIONS = 100
_PENALTY_PER_FEATURE = 5.0
"""These three as benchmarks.ope found them best on two of its five datasets: twice as many
products, fewer directions and four times the penalty were worse."""
_PENALTY_PASSES = 3
_LARGEST_LEVERAGE = 0.9
"""Of a step on its own value; a step that alone knows a choice would else count without end."""


Features = Callable[[Question], tuple[FloatArray, FloatArray]]
"""Gives float64 (steps, features) twice: of what was decided, and the mean over what the target
would have decided, which must be exact."""


def interacting_features(question: Question) -> tuple[FloatArray, FloatArray]:
    """The observation, for each factor which choice was made, and products of the two.

    The value of a choice so depends on the state; a value linear in these is a sum of one value
    per factor (Tang et al. 2022, "Leveraging Factored Action Spaces for Efficient Offline
    Reinforcement Learning in Healthcare"), so its mean over the millions of joint actions is
    exact: each choice counts with its probability. Where the whole observation would give too
    many features, its first principal components stand for it.
    """
    scaled = scaled_observations(question)
    choices = question.target.shape[1]
    whole = np.count_nonzero(scaled.any(axis=0)) * choices <= _MOST_PRODUCTS
    most = (_MOST_PRODUCTS if whole else _FEWER_PRODUCTS) // choices
    directions = principal_components(scaled, max(1, most))
    large = directions if whole else principal_components(scaled, _MOST_DIRECTIONS)
    common = np.concatenate([np.ones((len(scaled), 1)), large], axis=1)

    def of_choices(chances: FloatArray) -> FloatArray:
        return np.concatenate([common, chances, products(chances, directions)], axis=1)

    return of_choices(one_hot(question)), of_choices(question.target)


def principal_components(scaled: FloatArray, most: int) -> FloatArray:
    """Keep what varies of observations: all of it if that is little, else components of variance 1.

    Args:
        scaled: float64 (steps, observation size), of mean 0.
        most: directions.

    Returns:
        float64 (steps, at most ``most``).
    """
    varying = scaled[:, scaled.any(axis=0)]
    if varying.shape[1] <= most:
        return varying
    variances, vectors = np.linalg.eigh(varying.T @ varying / len(varying))
    told_apart = variances[-most:] > np.finfo(float).eps * variances[-1] * len(variances)
    largest = np.flatnonzero(told_apart) + len(variances) - most
    return np.asarray(varying @ (vectors[:, largest] / np.sqrt(variances[largest])))


def products(left: FloatArray, right: FloatArray) -> FloatArray:
    """Every column of the one times every column of the other; (steps, columns of both)."""
    return (left[:, :, None] * right[:, None, :]).reshape(len(left), -1)


@dataclass(frozen=True)
class _Solution:
    """Coefficients and what they came from.

    Attributes:
        coefficients: float64 (features,), after the last round.
        before: the same one round earlier.
        inverse: float64 (features, features), turns sums of ``x * goal`` into coefficients.
        passed_on: float64 (features, features), turns one round's coefficients into the next's
            without what is paid.
        rounds: made.
    """

    coefficients: FloatArray
    before: FloatArray
    inverse: FloatArray
    passed_on: FloatArray
    rounds: int


class LinearQ:
    """Ridge regression on features, as many rounds as the longest episode needs to settle.

    A round turns coefficients into coefficients, and steps need not be looked at for it: with
    recorded features X, target features of the next step Z and weights W it solves
    ``(X'WX + ridge) next = X'Wr + gamma X'WZ last``. Both matrices are sums over episodes, which
    are kept if they fit into memory, since resamples of episodes then are weighted sums of them.

    The penalty is iterated (what one pass leaves is fitted again, thrice in all; Engl, Hanke
    and Neubauer 1996, "Regularization of Inverse Problems", section 5.1): a value that m steps
    know is shrunk by ``(ridge / (m + ridge))**3`` and so hardly biased, one that none knows
    stays 0.
    """

    def __init__(
        self,
        question: Question,
        features: Features = interacting_features,
        ridge: float | None = None,
    ) -> None:
        """Lay out the features once; ``fit`` is then cheap.

        Args:
            question: what is asked.
            features: what values are linear in.
            ridge: penalty on the squared coefficients, in steps (a step weighs 1); None: 5 times
                the features per episode, since a score is paid once an episode.
        """
        self.question = question
        recorded, target = features(question)
        told_apart = (recorded != 0.0).any(axis=0) | (target != 0.0).any(axis=0)
        self.recorded = np.ascontiguousarray(recorded[:, told_apart])
        self._target = np.ascontiguousarray(target[:, told_apart])
        self._next = np.zeros_like(self._target)
        self._next[:-1] = self._target[1:]
        self._next[question.last_steps] = 0.0
        usual = _PENALTY_PER_FEATURE * self.recorded.shape[1] / question.episodes
        self._ridge = usual if ridge is None else ridge
        self.plausible = Plausible(question)
        self._returns_to_go = question.returns_to_go()
        self._rounds = _ROUNDS_PER_DECISION * question.horizon
        self._sums = self._sums_by_episode()

    def fit(self, weights: FloatArray) -> StepValues:
        """See ``FittedQ.fit``."""
        found = self._solved(weights)
        return self.plausible.of_steps(
            self._values(self.recorded, found.coefficients),
            self._values(self._target, found.coefficients),
            self._values(self._target, found.before),
        )

    def influences(self) -> FloatArray:
        """float64 (episodes,), moves of the mean first value by each episode (linearised).

        An episode moves it by its own first decision and by the surprises at its steps, which
        move the coefficients. A surprise is what it would be if the step had not been fitted to
        (MacKinnon and White 1985, HC3): fits of few steps are then not taken for sure.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            fitted = self._whole.inverse
            first = self._target[self.question.logged.starts]
            reach, passed = first.mean(axis=0), first.mean(axis=0)
            for _ in range(self._whole.rounds):
                passed = self._whole.passed_on.T @ passed
                reach = reach + passed
            leverage = ((self.recorded @ fitted) * self.recorded).sum(axis=1)
            surprises = self.residuals / (1.0 - np.minimum(leverage, _LARGEST_LEVERAGE))
            moves = self.recorded @ (fitted @ reach) * surprises
            by_episode = np.add.reduceat(moves, self.question.logged.starts)
            own = self.plausible.cut(self._values(first, self._whole.coefficients))
            found = own - own.mean() + self.question.episodes * by_episode
        return self._bounded(found)

    def _bounded(self, influences: FloatArray) -> FloatArray:
        """Influences that say no more than that the mean value is among the plausible ones.

        Where a fit runs away they grow without end, and the values are cut: the standard error of
        a mean of such values is at most half of the range.
        """
        episodes = self.question.episodes
        most = 1.5 * self.plausible.scale
        finite = np.clip(np.nan_to_num(influences), -most * episodes, most * episodes)
        error = float(np.sqrt((finite**2).sum())) / episodes
        return np.asarray(finite * min(1.0, most / max(error, np.finfo(float).tiny)))

    @cached_property
    def residuals(self) -> FloatArray:
        """float64 (steps,), reward and value of the next step beyond the value of the step."""
        found = self._whole.coefficients
        with np.errstate(over="ignore", invalid="ignore"):
            onward = self.question.gamma * (self._next @ found)
            return np.asarray(self.question.rewards + onward - self.recorded @ found)

    def explained_by(self, columns: FloatArray) -> FloatArray:
        """Coefficients of the features that move with sums over steps of ``column * residual``.

        Args:
            columns: float64 (steps, columns).

        Returns:
            float64 (columns, features): subtracting that many features from the columns, the
            sums no longer depend on the fitted coefficients (to first order).
        """
        slopes = columns.T @ (self.recorded - self.question.gamma * self._next)
        return np.asarray(slopes @ self._response)

    @cached_property
    def _response(self) -> FloatArray:
        """float64 (features, features), turns sums of ``x * residual`` into coefficients."""
        unit = np.eye(len(self._whole.passed_on))
        return np.asarray(np.linalg.pinv(unit - self._whole.passed_on) @ self._whole.inverse)

    @cached_property
    def _whole(self) -> _Solution:
        """Of every episode once."""
        return self._solved(np.ones(self.question.episodes))

    def _solved(self, weights: FloatArray) -> _Solution:
        question = self.question
        normal, onward = self._weighted_sums(weights)
        inverse = self._penalised_inverse(normal)
        step_weights = weights[question.episode_of_step]
        paid = inverse @ (self.recorded.T @ (step_weights * question.rewards))
        passed_on = question.gamma * (inverse @ onward)
        first = inverse @ (self.recorded.T @ (step_weights * self._returns_to_go))
        last, coefficients, rounds = first, first, 0
        with np.errstate(over="ignore", invalid="ignore"):  # what runs away is cut below
            while rounds < self._rounds:
                last, coefficients = coefficients, paid + passed_on @ coefficients
                rounds += 1
                if np.abs(coefficients - last).max() < _SETTLED * self.plausible.scale:
                    break
        return _Solution(coefficients, last, inverse, passed_on, rounds)

    def _penalised_inverse(self, normal: FloatArray) -> FloatArray:
        once: FloatArray = np.linalg.inv(normal + self._ridge * np.eye(len(normal)))
        inverse = once
        for _ in range(_PENALTY_PASSES - 1):
            inverse = once + self._ridge * (once @ inverse)
        return inverse

    def _sums_by_episode(self) -> tuple[FloatArray, FloatArray] | None:
        """float64 (episodes, features, features) twice; None if they would not fit."""
        size = self.recorded.shape[1]
        if 2 * self.question.episodes * size**2 > _MOST_KEPT_NUMBERS:
            return None
        starts = self.question.logged.starts
        pieces = [np.split(part, starts[1:]) for part in (self.recorded, self._next)]
        normal = np.stack([own.T @ own for own in pieces[0]])
        onward = np.stack([own.T @ after for own, after in zip(*pieces, strict=True)])
        return normal, onward

    def _weighted_sums(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        if self._sums is not None:
            normal, onward = (np.tensordot(weights, part, axes=1) for part in self._sums)
            return normal, onward
        weighted = self.recorded * weights[self.question.episode_of_step][:, None]
        return weighted.T @ self.recorded, weighted.T @ self._next

    @staticmethod
    def _values(features: FloatArray, coefficients: FloatArray) -> FloatArray:
        """Values of steps; of coefficients that ran away, what is too large for any bound."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.nan_to_num(features @ coefficients, nan=np.inf, posinf=np.inf)
