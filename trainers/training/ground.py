"""Results of a place to train in: demonstrations, validations, what rollouts say of levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Demonstrations:
    """Episodes of a demonstrator, one after the other.

    Attributes:
        observations: float32 (steps, observation size).
        actions: int64 (steps, factors).
        masks: bool (steps, sum of choices).
        rewards: float64 (steps,), not scaled.
        lengths: int64 (episodes,), steps per episode.
        scores: float64 (episodes,), by what policies are judged by.
    """

    observations: NDArray[np.float32]
    actions: NDArray[np.int64]
    masks: NDArray[np.bool_]
    rewards: NDArray[np.float64]
    lengths: NDArray[np.int64]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Validation:
    """Results of a policy on the validation seeds.

    Attributes:
        scores: float64 (episodes,), by what policies are judged by, in the order of the seeds.
        success: share of successful episodes.
        illegal: mean illegal decisions per episode.
    """

    scores: NDArray[np.float64]
    success: float
    illegal: float

    @property
    def score(self) -> float:
        """Mean score."""
        return float(self.scores.mean())


@dataclass(frozen=True, slots=True)
class LevelReport:
    """Findings of a rollout about the levels that were played in it.

    Attributes:
        keep: bool (steps, environments), the samples to learn from; None: all.
        figures: for the learning curve, by name.
    """

    keep: NDArray[np.bool_] | None
    figures: dict[str, float]
