"""Judge a policy on recorded episodes, by several estimators at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np

from ...core.arguments import checked
from ..evaluation.intervals import widest
from ..evaluation.statistics import Interval
from . import importance
from .contributions import Contributions, cautious_interval, counts_of_resamples, refitted_interval
from .fitted_q import FittedQMethod, StepValues, cross_fitted, direct
from .linear_q import LinearQ
from .model_check import ModelCheck, check_model
from .network_q import NetworkQ
from .question import Question
from .support import Support, against_fit, support_of


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
    SWITCH = "switch"


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
    Estimator.SWITCH: "doubly robust, and the model alone where weights are large",
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
    Estimator.SWITCH: importance.switch_doubly_robust,
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


@dataclass(frozen=True)
class Estimate:
    """One estimator's answer.

    Attributes:
        estimator: which.
        value: the estimate, with its interval.
        against: why the data cannot carry it, in words; empty if they can.
        note: what the interval does not hold; may be empty.
    """

    estimator: Estimator
    value: Interval
    against: tuple[str, ...] = ()
    note: str = ""

    @property
    def supported(self) -> bool:
        """True if the data can carry this estimate."""
        return not self.against


@dataclass(frozen=True)
class OfflineEvaluation:
    """Answers of recorded episodes about a policy.

    Attributes:
        metric: what an episode is worth.
        gamma: discount per decision.
        episodes: how many were recorded.
        steps: decisions in them.
        support: how much of them speaks of the policy.
        estimates: one per estimator.
        model: what the linear values miss; None if no estimator stands on them alone.
    """

    metric: str
    gamma: float
    episodes: int
    steps: int
    support: Support
    estimates: tuple[Estimate, ...]
    model: ModelCheck | None = None

    @property
    def supported(self) -> bool:
        """True if the data can carry the question by at least one estimator."""
        return any(estimate.supported for estimate in self.estimates)

    def estimate(self, estimator: Estimator | str) -> Estimate:
        """The answer of one estimator."""
        return next(one for one in self.estimates if one.estimator == estimator)

    def as_dict(self) -> dict[str, Any]:
        """The estimates as JSON can hold them."""
        return {
            "metric": self.metric,
            "gamma": self.gamma,
            "episodes": self.episodes,
            "steps": self.steps,
            "supported": self.supported,
            "support": asdict(self.support),
            "model": self.model.as_dict() if self.model else None,
            "estimates": [
                {**asdict(one), "estimator": str(one.estimator), "supported": one.supported}
                for one in self.estimates
            ],
        }


@checked
def evaluate_offline(
    question: Question,
    *,
    estimators: Sequence[Estimator] = DEFAULT_ESTIMATORS,
    settings: FitSettings | None = None,
    linear: Callable[[Question], LinearQ] = LinearQ,
    network: FittedQMethod = NetworkQ,
) -> OfflineEvaluation:
    """Estimate what a policy is worth from what others did.

    Args:
        question: recorded episodes, the policy's chances in them, the metric.
        estimators: by which.
        settings: folds, refits and resamples.
        linear: values for the direct and the doubly robust method.
        network: values for the direct method with a network.
    """
    judge = _Judge(question, settings or FitSettings(), linear, network)
    return OfflineEvaluation(
        metric=question.metric,
        gamma=question.gamma,
        episodes=question.episodes,
        steps=int(question.rewards.size),
        support=judge.support,
        estimates=tuple(judge.estimate(estimator) for estimator in estimators),
        model=judge.model if Estimator.DIRECT in estimators else None,
    )


@dataclass(frozen=True)
class _Judge:
    """Shares what several estimators need."""

    question: Question
    settings: FitSettings
    make_linear: Callable[[Question], LinearQ]
    make_network: FittedQMethod

    @cached_property
    def support(self) -> Support:
        return support_of(self.question)

    @cached_property
    def _linear(self) -> LinearQ:
        return self.make_linear(self.question)

    @cached_property
    def model(self) -> ModelCheck:
        return check_model(self._linear)

    @cached_property
    def _cross_fitted(self) -> StepValues:
        return cross_fitted(self.question, self._linear, self.settings.folds)

    def estimate(self, estimator: Estimator) -> Estimate:
        question = self.question
        if estimator is Estimator.RECORDED:
            recorded = Contributions.of_mean(question.returns())
            return Estimate(estimator, self._interval(recorded, estimator), self._of_others())
        if estimator in DIRECT_METHODS:
            return self._direct(estimator)
        against = self.support.against_weights()
        if estimator in ROBUST:
            found = ROBUST[estimator](question, self._cross_fitted)
            against = (*against, *against_fit(self._cross_fitted))
        else:
            found = WEIGHING[estimator](question)
        return Estimate(estimator, self._interval(found, estimator), against)

    def _of_others(self) -> tuple[str, ...]:
        gap = float(np.abs(self.question.target - self.question.logged.behaviour).max())
        return () if gap < 1e-9 else ("it speaks of who was recorded, not of the policy",)

    def _direct(self, estimator: Estimator) -> Estimate:
        is_linear = estimator is Estimator.DIRECT
        fitted = self._linear if is_linear else self.make_network(self.question)
        values = fitted.fit(np.ones(self.question.episodes))
        found = direct(self.question, values)
        against = (*self.support.against_regression(), *against_fit(values))
        if is_linear:
            against = (*against, *self.model.against())
            interval = widest(self._refitted_interval(found), self._interval(found, estimator))
            return Estimate(estimator, interval, against)
        note = "the interval holds the choice of episodes, not the doubt about the network"
        return Estimate(estimator, self._interval(found, estimator), against, note)

    def _interval(self, found: Contributions, purpose: str) -> Interval:
        strata = self.question.strata()
        counts = counts_of_resamples(strata, purpose, self.settings.resamples)
        drawn = found.estimates(counts)
        return cautious_interval(found.estimate(), drawn, found.influences(), strata)

    def _refitted_interval(self, found: Contributions) -> Interval:
        """Bootstrap with a fit to every resample (Hao et al. 2021, bootstrapping FQE)."""
        strata = self.question.strata()
        counts = counts_of_resamples(strata, Estimator.DIRECT, self.settings.refits)
        drawn = [
            direct(self.question, self._linear.fit(weights)).estimates(weights[None, :])[0]
            for weights in counts
        ]
        influences = self._linear.influences()
        return refitted_interval(found.estimate(), np.array(drawn), influences, strata)
