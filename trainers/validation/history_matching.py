"""History matching: which parameters published outcomes rule out, and which remain.

Simulate a design over the plausible ranges; emulate each outcome; rule out where an outcome is
surely outside its band; simulate again among what remains (Craig, Goldstein, Seheult & Smith
1997; Vernon, Goldstein & Bower 2010). What is not ruled out is the answer, not one point of it:
it carries the uncertainty on. One point of it is chosen for use: near the middle of the bands,
and near where one would have started.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .emulators import Emulator
from .targets import Target

FloatArray = NDArray[np.float64]

IMPLAUSIBLE = 3.0
"""Standard deviations from the band at which a point is ruled out (Pukelsheim's rule)."""
DISCREPANCY = 0.1
"""What the model is allowed to be wrong by at one standard deviation, in widths of the band."""
CANDIDATES_LOG2 = 15
"""Candidates are a scrambled Sobol sequence of two to this power."""
FEWEST_LEFT = 200
"""If fewer candidates are left, the least implausible so many count as left."""
PRIOR_WEIGHT = 0.5
"""Of the distance from where one would start, beside the distance from the middle of a band."""


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
    """Candidates and what the emulators say of them.

    Attributes:
        points: those not ruled out, shape (left, parameters), best first.
        implausibility: the greatest over the targets, per point.
        loss: what the choice minimises, per point.
        share_left: of all candidates, before the least implausible were added.
    """

    points: FloatArray
    implausibility: FloatArray
    loss: FloatArray
    share_left: float


def match(
    targets: Sequence[Target],
    emulators: Mapping[str, Emulator],
    start: FloatArray,
    seed: int,
) -> Matched:
    """Rule out candidates.

    Args:
        targets: the fitted ones.
        emulators: by target.
        start: where one would start without any outcome, in the unit cube.
        seed: of the candidates.
    """
    candidates = design(2**CANDIDATES_LOG2, start.size, seed)
    candidates = drawn_towards(candidates, start)
    worst = np.zeros(len(candidates))
    loss = PRIOR_WEIGHT * ((candidates - start) ** 2).sum(axis=1)
    for target in targets:
        mean, deviation = emulators[target.name].predict(candidates)
        width = target.high - target.low
        spread = np.sqrt(deviation**2 + (DISCREPANCY * width) ** 2)
        outside = np.maximum(0.0, np.maximum(target.low - mean, mean - target.high))
        worst = np.maximum(worst, outside / spread)
        loss += band_loss(target, mean) + (deviation / (0.5 * width)) ** 2
    left = np.flatnonzero(worst < IMPLAUSIBLE)
    share = len(left) / len(candidates)
    if len(left) < FEWEST_LEFT:
        left = np.argsort(worst, kind="stable")[:FEWEST_LEFT]
    order = left[np.argsort(loss[left], kind="stable")]
    return Matched(candidates[order], worst[order], loss[order], share)


def band_loss(target: Target, value: FloatArray) -> FloatArray:
    """Squared distance from the middle of a band, in half widths; 1 at its ends."""
    middle, half = 0.5 * (target.low + target.high), 0.5 * (target.high - target.low)
    return np.asarray(((value - middle) / half) ** 2)


def drawn_towards(points: FloatArray, start: FloatArray) -> FloatArray:
    """Half of the points moved half-way to the start: its surroundings are the likeliest."""
    half = len(points) // 2
    drawn = points.copy()
    drawn[:half] = start + 0.5 * (points[:half] - start)
    return drawn


def spread_out(matched: Matched, count: int) -> FloatArray:
    """Some of the points left, far from one another, the best first (greedy maximin)."""
    pool = matched.points[: max(count, min(len(matched.points), 2_000))]
    chosen = [0]
    distance = ((pool - pool[0]) ** 2).sum(axis=1)
    while len(chosen) < min(count, len(pool)):
        farthest = int(np.argmax(distance))
        chosen.append(farthest)
        distance = np.minimum(distance, ((pool - pool[farthest]) ** 2).sum(axis=1))
    return pool[chosen]
