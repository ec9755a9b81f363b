"""A test of fitted values: would a richer class of value functions explain what they leave?

If values are linear in the features, what happens at a step differs from what the values said
by nothing but chance: such surprises go with no other function of the step, nor of the past
(a conditional moment test, Newey 1985). Many functions are tried, and the largest studentised
sum is held against what random signs of whole episodes make of it (the multiplier bootstrap of
Chernozhukov, Chetverikov and Kato 2013, which many more functions than episodes do not upset).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np

from ..evaluation.statistics import generator
from .fitted_q import one_hot, scaled_observations
from .linear_q import LinearQ, principal_components, products
from .question import FloatArray, Question

LARGEST_P_VALUE = 0.05
"""At or below, the values are said to miss something, as is one sound model in twenty."""
_DRAWS = 1_999
_DIRECTIONS = 4
_MOST_COLUMNS = 2_000
"""Functions of what two factors chose; with few choices they may depend on the observation."""
_CUTS = (0.25, 0.5, 0.75)
_LEAST_OWN_SHARE = 1e-6
"""Of a function's sum of squares; with less of its own it is among the features already."""


@dataclass(frozen=True)
class ModelCheck:
    """Findings about what linear values miss.

    Attributes:
        p_values: by what is looked for, each already multiplied by how many are looked for.
    """

    p_values: dict[str, float]

    @property
    def p_value(self) -> float:
        """The smallest of all."""
        return min(self.p_values.values())

    @property
    def holds(self) -> bool:
        """False if the data speak against the model; True may mean that they are too few."""
        return self.p_value > LARGEST_P_VALUE

    def as_dict(self) -> dict[str, Any]:
        """The findings as JSON can hold them."""
        return {"holds": self.holds, "p_value": self.p_value, "p_values": dict(self.p_values)}

    def against(self) -> tuple[str, ...]:
        """Reasons not to trust the values; empty if there are none."""
        return tuple(
            f"the model of values does not hold: it misses {what} (p = {p_value:.2g})"
            for what, p_value in self.p_values.items()
            if p_value <= LARGEST_P_VALUE
        )


def check_model(fitted: LinearQ) -> ModelCheck:
    """Look for what linear values miss: choices together, bends, and the past.

    Args:
        fitted: the values, which are fitted to every episode.
    """
    question = fitted.question
    looked_for = {
        "what choices do together": _choices_together(question),
        "values that are not linear in the observation": _bends(question),
        "what happened before the observation": _past(question),
    }
    found = {
        what: _p_value([_sums(fitted, columns) for columns in blocks])
        for what, blocks in looked_for.items()
    }
    return ModelCheck({what: min(1.0, len(found) * value) for what, value in found.items()})


def _choices_together(question: Question) -> Iterator[FloatArray]:
    """Which choices two factors made, along directions of the observation."""
    sizes = question.logged.action_sizes
    pairs = sum(left * right for left, right in combinations(sizes, 2))
    most = _MOST_COLUMNS // max(pairs, 1)
    states = np.ones((len(question.rewards), 1))
    if most > 1:
        directions = principal_components(scaled_observations(question), most - 1)
        states = np.concatenate([states, directions], axis=1)
    factors = np.split(one_hot(question), question.logged.offsets[1:], axis=1)
    for left, right in combinations(factors, 2):
        yield products(products(left, right), states)


def _bends(question: Question) -> Iterator[FloatArray]:
    """Products of two directions of the observation and steps along one, by choice."""
    directions = principal_components(scaled_observations(question), _DIRECTIONS)
    choices = np.concatenate([np.ones((len(directions), 1)), one_hot(question)], axis=1)
    for left, right in combinations_with_replacement(directions.T, 2):
        yield choices * (left * right)[:, None]
    for one in directions.T:
        for cut in np.quantile(one, _CUTS):
            yield choices * (one > cut)[:, None]


def _past(question: Question) -> Iterator[FloatArray]:
    """The decision before, what it was decided on, what it paid; how many there were."""
    directions = principal_components(scaled_observations(question), _DIRECTIONS)
    own = np.concatenate([one_hot(question), directions, question.rewards[:, None]], axis=1)
    before = np.zeros_like(own)
    before[1:] = own[:-1]
    before[question.logged.starts] = 0.0
    time = question.time_of_step.astype(np.float64)[:, None]
    yield np.concatenate([before, time, time**2, time == 0.0], axis=1)


def _sums(fitted: LinearQ, columns: FloatArray) -> FloatArray:
    """Sums of column times residual by episode, clear of the fit; (episodes, columns)."""
    shares = fitted.explained_by(columns)
    own = columns - fitted.recorded @ shares.T
    kept = (own**2).sum(axis=0) > _LEAST_OWN_SHARE * (columns**2).sum(axis=0)
    moments = own[:, kept] * fitted.residuals[:, None]
    return np.asarray(np.add.reduceat(moments, fitted.question.logged.starts, axis=0))


def _p_value(blocks: list[FloatArray]) -> float:
    """Chance of so large a studentised sum; 1 where there is nothing to look at."""
    if not blocks:
        return 1.0
    sums = np.concatenate(blocks, axis=1)
    spread = np.sqrt((sums**2).sum(axis=0))
    told = np.isfinite(spread) & (spread > 0.0)
    if not told.any():
        return 1.0
    units = sums[:, told] / spread[told]
    signs = generator(0, "model check").choice([-1.0, 1.0], size=(_DRAWS, len(units)))
    largest = np.abs(signs @ units).max(axis=1)
    seen = float(np.abs(units.sum(axis=0)).max())
    return float((1 + (largest >= seen - 1e-12).sum()) / (_DRAWS + 1))
