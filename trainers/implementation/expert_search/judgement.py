"""The judgement of a search's best: anew, on customers that no trial has met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....agents.implementation.expert_rules import RuleSets
from ....agents.implementation.kind import KIND
from ....sim.metrics import Style
from ...evaluation.intervals import (
    DIFFERENCE_BOUNDS,
    SHARE_BOUNDS,
    UNBOUNDED,
    mean_interval,
    paired_difference_interval,
)
from ...evaluation.statistics import DEFAULT_LEVEL, Interval
from .journal import Trial
from .space import values_of


@dataclass(frozen=True, slots=True)
class Finalist:
    """A trial judged anew.

    Attributes:
        changes: values that are not the present ones, by set and name.
        searched_gain: its gain as a trial.
        score: mean over the fresh customers.
        gain: over the present set on the same customers, simultaneous over the finalists.
    """

    changes: dict[str, float]
    searched_gain: float
    score: Interval
    gain: Interval


def best_of(trials: Sequence[Trial], count: int) -> list[Trial]:
    """The trials of the greatest gain, each set of values once."""
    different: list[Trial] = []
    for trial in sorted(trials, key=lambda trial: -trial.gain):
        if trial.values not in [other.values for other in different]:
            different.append(trial)
    return different[:count]


def judged(
    present: RuleSets, trials: Sequence[Trial], scores: NDArray[np.float64]
) -> tuple[Interval, tuple[Finalist, ...]]:
    """The present set's mean score, and the trials as finalists in their order.

    Args:
        present: thresholds that are to be beaten.
        trials: the finalists.
        scores: (1 + trials, scenarios, customers), the present set's first.
    """
    style = KIND.metric(KIND.figures.score).style
    is_share = style in (Style.SHARE, Style.SCORE) and 0.0 <= scores.min() <= scores.max() <= 1.0
    bounds = SHARE_BOUNDS if is_share else UNBOUNDED
    differences = DIFFERENCE_BOUNDS if is_share else UNBOUNDED
    level = 1.0 - (1.0 - DEFAULT_LEVEL) / len(trials)
    before, now = list(scores[0]), values_of(present)
    finalists = [
        Finalist(
            {name: value for name, value in trial.values.items() if value != now[name]},
            trial.gain,
            mean_interval(list(own), bounds=bounds),
            paired_difference_interval(list(own), before, level=level, bounds=differences),
        )
        for trial, own in zip(trials, scores[1:], strict=True)
    ]
    return mean_interval(before, bounds=bounds), tuple(finalists)
