"""Emulators: what the survey would answer at parameters that nobody has simulated.

For each target a straight-line regression takes the trend and a Gaussian process what is left of
it (scikit-learn). Both know how noisy every simulated answer is, since each is the share of a few
customers.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...evaluation.statistics import FloatArray

if TYPE_CHECKING:
    from .targets import Target


_RIDGE = 1.0
_LENGTH_BOUNDS = (0.3, 20.0)
_AMPLITUDE_BOUNDS = (1e-4, 4.0)
_RESTARTS = 1


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of simulations at several points to one target, a yes or no per project.

    Attributes:
        yes: answers that were yes, per point.
        asked: answers, per point.
    """

    yes: FloatArray
    asked: FloatArray


class Emulator:
    """The share that answers yes to one target, over the unit cube of the calibrated parameters.

    It learns empirical logits, on which a share near 0 or 1 is no ceiling and whose noise is known.

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

        known = answers.asked > 0.0
        yes, no = answers.yes[known] + 0.5, (answers.asked - answers.yes)[known] + 0.5
        x, y, noise = points[known], np.log(yes / no), 1.0 / yes + 1.0 / no
        self._scale = float(max(y.std(), 1e-6))
        self._trend: Any = Ridge(alpha=_RIDGE).fit(x, y, sample_weight=noise.mean() / noise)
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
        """Expected shares and their standard deviations, arrays of shape (points,)."""
        means, deviations = self._process.predict(points, return_std=True)
        share = 1.0 / (1.0 + np.exp(-(self._trend.predict(points) + self._scale * means)))
        return share, np.asarray(share * (1.0 - share) * self._scale * deviations)


def collect(
    targets: Sequence[Target], simulated: Sequence[dict[str, list[float]]]
) -> dict[str, Answers]:
    """The answers of simulated points, by target.

    Args:
        targets: what was asked; each is answered by 0 or 1.
        simulated: per point the values that its projects answered, by target.
    """
    return {
        target.name: Answers(
            np.array([sum(point[target.name]) for point in simulated]),
            np.array([float(len(point[target.name])) for point in simulated]),
        )
        for target in targets
    }
