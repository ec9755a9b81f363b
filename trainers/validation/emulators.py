"""Emulators: what the survey would answer at parameters that nobody has simulated.

For each target a straight-line regression takes the trend and a Gaussian process what is left of
it (scikit-learn). Both know how noisy every simulated answer is, since each is the mean of few
customers.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .targets import Target

FloatArray = NDArray[np.float64]

LEAST_ANSWERS = 1
"""A mean of fewer is not learned from; the noise of few is known to be large."""
_RIDGE = 1.0
_LENGTH_BOUNDS = (0.3, 20.0)
_AMPLITUDE_BOUNDS = (1e-4, 4.0)
_RESTARTS = 1


@dataclass(frozen=True, slots=True)
class Answers:
    """What simulations at several points answered to one target.

    Attributes:
        means: per point; NaN where nobody answered.
        variances: of these means, by the spread of the answers behind them.
        counts: answers per point.
    """

    means: FloatArray
    variances: FloatArray
    counts: FloatArray


class Emulator:
    """Answers to one target over the unit cube of the calibrated parameters.

    Args:
        points: simulated points, shape (points, parameters), each in [0, 1].
        answers: what they answered.
        seed: of the restarts of the optimiser.
    """

    def __init__(self, points: FloatArray, answers: Answers, seed: int) -> None:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel
        from sklearn.linear_model import Ridge

        known = answers.counts >= LEAST_ANSWERS
        x, y, noise = points[known], answers.means[known], answers.variances[known]
        self._scale = float(max(y.std(), 1e-6))
        self._trend: Any = Ridge(alpha=_RIDGE).fit(x, y, sample_weight=1.0 / noise * noise.mean())
        residual = (y - self._trend.predict(x)) / self._scale
        kernel = ConstantKernel(0.3, _AMPLITUDE_BOUNDS) * RBF(
            np.ones(points.shape[1]), _LENGTH_BOUNDS
        )
        self._process: Any = GaussianProcessRegressor(
            kernel,
            alpha=noise / self._scale**2,
            n_restarts_optimizer=_RESTARTS,
            random_state=seed,
        )
        with warnings.catch_warnings():
            # A length at its bound belongs to a parameter that the outcome does not depend on.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._process.fit(x, residual)

    def predict(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Expected answers and their standard deviations, arrays of shape (points,)."""
        means, deviations = self._process.predict(points, return_std=True)
        return (
            self._trend.predict(points) + self._scale * means,
            np.asarray(self._scale * deviations),
        )


def collect(
    targets: Sequence[Target], simulated: Sequence[dict[str, list[float]]]
) -> dict[str, Answers]:
    """The answers of simulated points, by target.

    Args:
        targets: what was asked.
        simulated: per point the values that its projects answered, by target.
    """
    return {
        target.name: _summary([point[target.name] for point in simulated]) for target in targets
    }


def _summary(values: Sequence[Sequence[float]]) -> Answers:
    """Means; the variance of a mean is pooled over the points, since a point has few answers."""
    counts = np.array([len(row) for row in values], dtype=np.float64)
    means = np.array([np.mean(row) if row else np.nan for row in values])
    everything = np.concatenate([np.asarray(row, dtype=np.float64) for row in values if row])
    within = [np.var(row) * len(row) for row in values if len(row) > 1]
    freedom = sum(len(row) - 1 for row in values if len(row) > 1)
    pooled = sum(within) / freedom if freedom else float(np.var(everything))
    return Answers(means, max(pooled, 1e-6) / np.maximum(counts, 1.0), counts)
