"""History matching: which parameters published outcomes rule out, and which remain.

Simulate a design over the plausible ranges; emulate each outcome; rule out where an outcome is
surely outside its band; simulate again among what remains (Craig, Goldstein, Seheult & Smith
1997; Vernon, Goldstein & Bower 2010). What is not ruled out is the answer, not one point of it:
it carries the uncertainty on. One point of it is chosen for use: near the middle of the bands,
and near where one would have started.

An emulator says what the survey would answer at parameters that nobody has simulated: for each
target a straight-line regression takes the trend and a Gaussian process what is left of
it (scikit-learn). Both know how noisy every simulated answer is, since each is the share of a few
customers.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...evaluation.statistics import FloatArray
from .targets import Target

IMPLAUSIBLE = 3.0
"""Standard deviations from the band at which a point is ruled out (Pukelsheim's rule)."""
DISCREPANCY = 0.1
"""Error that the model is allowed at one standard deviation, in widths of the band."""
CANDIDATES = 4_096
"""Of the first look: a scrambled Sobol sequence, half of it drawn towards the start."""
ZOOMS = (0.25, 0.18, 0.12, 0.08, 0.05, 0.03)
"""Steps of the looks that follow, around the best so far: in twenty dimensions what is left is
far too small to be met by a sequence that fills the cube."""
ELITE = 256
CHAINS, CHAIN_STEPS, CHAIN_STEP = 512, 80, 0.08
"""Random walks that spread evenly over what is left, each from a point of it."""
RELAXATION = 0.5
"""Points implausible by so much more than the least count as left, if nothing else is."""
PRIOR_WEIGHT = 1.0
"""Of the distance from where one would start, beside the distance from the middle of a band."""
_RIDGE = 1.0
_LENGTH_BOUNDS = (0.3, 20.0)
_AMPLITUDE_BOUNDS = (1e-4, 4.0)
_RESTARTS = 1


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of simulations to one target: those that were yes, and all, per point."""

    yes: FloatArray
    asked: FloatArray


class Emulator:
    """The share that answers yes to one target, over the unit cube of the calibrated parameters.

    It learns empirical logits, on which a share near 0 or 1 is no ceiling and whose noise is known.
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
            kernel, alpha=noise / self._scale**2, n_restarts_optimizer=_RESTARTS, random_state=seed
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
    """The answers of simulated points, 0 or 1 of each project, by target."""
    return {
        target.name: Answers(
            np.array([sum(point[target.name]) for point in simulated]),
            np.array([float(len(point[target.name])) for point in simulated]),
        )
        for target in targets
    }


def design(points: int, dimensions: int, seed: int) -> FloatArray:
    """Points that fill the unit cube evenly: a scrambled Sobol sequence.

    Returns:
        Shape (points, dimensions), each in [0, 1].
    """
    from scipy.stats import qmc  # type: ignore[import-untyped]

    sampler = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    power = int(np.ceil(np.log2(max(points, 2))))
    return np.asarray(sampler.random_base2(power)[:points], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Matched:
    """The points that the emulators do not rule out.

    Attributes:
        points: spread evenly over it, shape (points, parameters).
        best: those with the least loss among those that may be chosen, the best first.
        least_implausibility: of any point; beyond ``IMPLAUSIBLE`` all was ruled out.
        share_left: of the cube, by the first look.
    """

    points: FloatArray
    best: FloatArray
    least_implausibility: float
    share_left: float


def match(
    targets: Sequence[Target],
    emulators: Mapping[str, Emulator],
    start: FloatArray,
    seed: int,
    free: NDArray[np.bool_] | None = None,
) -> Matched:
    """Find what is not ruled out: a look at the whole cube, closer looks, random walks.

    Args:
        targets: with their bands.
        emulators: of each target.
        start: where one would start without any outcome, in the unit cube.
        seed: of the looks and walks.
        free: which parameters may be chosen; the others stay at the start. None: all.
    """
    look = _Look(targets, emulators, start)
    rng = np.random.default_rng(seed)
    cube = design(CANDIDATES, start.size, seed)
    whole, _ = look.at(cube)
    share = float((whole < IMPLAUSIBLE).mean())
    points, worst, loss = _closer(look, drawn_towards(cube, start), rng, np.ones(start.size, bool))
    least = float(worst.min())
    limit = max(IMPLAUSIBLE, least + RELAXATION)
    left = points[worst < limit]
    walks = _walks(look, left[rng.integers(len(left), size=CHAINS)], limit, rng)
    if free is not None and not free.all():
        points, worst, loss = _closer(look, np.where(free, cube, start), rng, free)
    return Matched(walks, points[_best(worst, loss)[:ELITE]], least, share)


def _closer(
    look: _Look, points: FloatArray, rng: np.random.Generator, free: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Closer looks around the best so far: all points, their implausibility and loss."""
    worst, loss = look.at(points)
    for step in ZOOMS:
        elite = points[_best(worst, loss)[:ELITE]]
        near = elite[rng.integers(len(elite), size=CANDIDATES)]
        near = _reflected(near + free * rng.normal(0.0, step, near.shape))
        more = look.at(near)
        points = np.vstack([points, near])
        worst, loss = np.append(worst, more[0]), np.append(loss, more[1])
    return points, worst, loss


@dataclass(frozen=True, slots=True)
class _Look:
    targets: Sequence[Target]
    emulators: Mapping[str, Emulator]
    start: FloatArray

    def at(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Greatest implausibility over the targets, and loss, of each point."""
        worst = np.zeros(len(points))
        loss = PRIOR_WEIGHT * ((points - self.start) ** 2).sum(axis=1)
        for target in self.targets:
            mean, deviation = self.emulators[target.name].predict(points)
            width = target.high - target.low
            spread = np.sqrt(deviation**2 + (DISCREPANCY * width) ** 2)
            outside = np.maximum(0.0, np.maximum(target.low - mean, mean - target.high))
            worst = np.maximum(worst, outside / spread)
            loss += band_loss(target, mean, deviation)
        return worst, loss


def _best(worst: FloatArray, loss: FloatArray) -> NDArray[np.int64]:
    """Points in order: those not ruled out by their loss, then the others."""
    return np.asarray(np.argsort(loss + 10.0 * np.maximum(0.0, worst - IMPLAUSIBLE), kind="stable"))


def _reflected(points: FloatArray) -> FloatArray:
    """Points that left the cube, folded back into it."""
    folded = np.abs(points) % 2.0
    return np.where(folded > 1.0, 2.0 - folded, folded)


def _walks(look: _Look, points: FloatArray, limit: float, rng: np.random.Generator) -> FloatArray:
    """Metropolis walks with an even target over what is left."""
    for _ in range(CHAIN_STEPS):
        proposed = _reflected(points + rng.normal(0.0, CHAIN_STEP, points.shape))
        worst, _ = look.at(proposed)
        points = np.where((worst < limit)[:, None], proposed, points)
    return points


def band_loss(target: Target, value: FloatArray, deviation: FloatArray) -> FloatArray:
    """Squared distance from the middle of a band, in half widths; 1 at its ends.

    A value whose deviation is large, so that it is not known well, counts less.
    """
    middle, half = 0.5 * (target.low + target.high), 0.5 * (target.high - target.low)
    return np.asarray((value - middle) ** 2 / (half**2 + deviation**2))


def drawn_towards(
    points: FloatArray, start: FloatArray, free: NDArray[np.bool_] | None = None
) -> FloatArray:
    """Half of the points moved half-way to the start: its surroundings are the likeliest.

    What may not be chosen (``free``) is moved all the way.
    """
    half = len(points) // 2
    drawn = points.copy()
    movable = np.ones(start.size) if free is None else free.astype(np.float64)
    drawn[:half] = start + 0.5 * movable * (points[:half] - start)
    return drawn


def spread_out(matched: Matched, count: int) -> FloatArray:
    """Points not ruled out, far from one another, beginning with the best (greedy maximin)."""
    pool = np.vstack([matched.best[:1], matched.points])
    chosen = [0]
    distance = ((pool - pool[0]) ** 2).sum(axis=1)
    while len(chosen) < min(count, len(pool)):
        farthest = int(np.argmax(distance))
        chosen.append(farthest)
        distance = np.minimum(distance, ((pool - pool[farthest]) ** 2).sum(axis=1))
    return pool[chosen]


def with_the_best(matched: Matched, count: int) -> FloatArray:
    """Points of the next wave: half of them far from one another, half among the best."""
    apart = spread_out(matched, count - count // 2)
    step = max(1, len(matched.best) // max(1, count // 2))
    return np.vstack([apart, matched.best[::step][: count - len(apart)]])
