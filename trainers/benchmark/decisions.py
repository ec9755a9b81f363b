"""Whether decisions matter: the best of many static policies, chosen in hindsight, against one
that adapts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...sim.implementation.metrics import SCORE
from ..evaluation.result import EvaluationResult
from ..evaluation.statistics import Interval
from ..evaluation.summary import compare


@dataclass(frozen=True, slots=True)
class DecisionsReport:
    """How an adapting policy stands against static ones on common seeds.

    Attributes:
        adapting: label.
        static_count: static policies tried.
        best_static: the one with the best mean score on these very seeds, which flatters it.
        adapting_score: mean.
        best_static_score: mean.
        difference: adapting minus best static, paired, mean with its interval.
        episodes: pairs.
    """

    adapting: str
    static_count: int
    best_static: str
    adapting_score: float
    best_static_score: float
    difference: Interval
    episodes: int

    @property
    def decisions_matter(self) -> bool:
        """Whether the interval of the difference lies above zero."""
        return self.difference.above(0.0)


def judge_decisions(
    result: EvaluationResult, adapting: str, static: Sequence[str]
) -> DecisionsReport:
    """Compare a policy with the hindsight-best of the static ones of an evaluation."""
    means = {name: _mean_score(result, name) for name in static}
    best = max(means, key=means.__getitem__)
    comparison = compare(result, adapting, best)
    if comparison.difference is None:
        raise ValueError(f"{adapting} and {best} have no common episode")
    return DecisionsReport(
        adapting=adapting,
        static_count=len(static),
        best_static=best,
        adapting_score=_mean_score(result, adapting),
        best_static_score=means[best],
        difference=comparison.difference,
        episodes=comparison.pairs,
    )


def _mean_score(result: EvaluationResult, policy: str) -> float:
    return float(np.concatenate(result.scores(policy, SCORE)).mean())
