"""The estimators by name, and their foundations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from . import importance
from .contributions import Contributions
from .question import Question


class Estimator(StrEnum):
    """Ways to estimate a value."""

    RECORDED = "recorded"
    TRAJECTORY = "trajectory"
    WEIGHTED_TRAJECTORY = "weighted_trajectory"
    PER_DECISION = "per_decision"
    WEIGHTED_PER_DECISION = "weighted_per_decision"
    DIRECT = "direct"
    DIRECT_NETWORK = "direct_network"
    DOUBLY_ROBUST = "doubly_robust"
    WEIGHTED_DOUBLY_ROBUST = "weighted_doubly_robust"


DIRECT_METHODS = (Estimator.DIRECT, Estimator.DIRECT_NETWORK)
DEFAULT_ESTIMATORS = (
    Estimator.RECORDED,
    Estimator.PER_DECISION,
    Estimator.WEIGHTED_PER_DECISION,
    Estimator.DIRECT,
    Estimator.DOUBLY_ROBUST,
    Estimator.WEIGHTED_DOUBLY_ROBUST,
)
MEANING = {
    Estimator.RECORDED: "what was recorded, as if the policy were who decided",
    Estimator.TRAJECTORY: "importance sampling of whole episodes",
    Estimator.WEIGHTED_TRAJECTORY: "the same, self-normalised",
    Estimator.PER_DECISION: "importance sampling per decision",
    Estimator.WEIGHTED_PER_DECISION: "the same, self-normalised",
    Estimator.DIRECT: "fitted Q evaluation, linear",
    Estimator.DIRECT_NETWORK: "fitted Q evaluation, neural network",
    Estimator.DOUBLY_ROBUST: "doubly robust, linear values, cross-fitted",
    Estimator.WEIGHTED_DOUBLY_ROBUST: "the same, self-normalised",
}

WEIGHING: dict[Estimator, Callable[[Question], Contributions]] = {
    Estimator.TRAJECTORY: importance.trajectory,
    Estimator.WEIGHTED_TRAJECTORY: importance.weighted_trajectory,
    Estimator.PER_DECISION: importance.per_decision,
    Estimator.WEIGHTED_PER_DECISION: importance.weighted_per_decision,
}
ROBUST = {
    Estimator.DOUBLY_ROBUST: importance.doubly_robust,
    Estimator.WEIGHTED_DOUBLY_ROBUST: importance.weighted_doubly_robust,
}


@dataclass(frozen=True, slots=True)
class FitSettings:
    """Settings of fits: folds, and how often they are made again for intervals.

    Attributes:
        folds: of cross-fitting.
        refits: of the linear direct method on resampled episodes, for its interval.
        resamples: of the bootstrap of everything else.
    """

    folds: int = 5
    refits: int = 60
    resamples: int = 2_000
