"""Support of a question by the recorded data, in figures and in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .fitted_q import StepValues
from .importance import column_weights, cumulative_log_weights, log_ratios
from .question import FloatArray, Question

LARGEST_MASS_OUTSIDE = 0.01
"""Share of the target's decisions that the recorded policy could not have taken."""
SMALLEST_EFFECTIVE_EPISODES = 30.0
"""Below, a mean of episodes is not said to be normal, whatever their number."""
LARGEST_WEIGHT_SHARE = 0.1
SMALLEST_EFFECTIVE_STEPS_SHARE = 0.1
"""Below, a regression stands on a tenth of the steps or less wherever the target decides."""
LARGEST_BEYOND_SHARE = 0.05
LARGEST_LAST_CHANGE = 0.01


@dataclass(frozen=True)
class Support:
    """The share of the data that speaks of the target.

    Attributes:
        mass_outside_share: mean probability, over recorded decisions, of deciding what the
            recorded policy gave no chance.
        effective_episodes: Kish's effective sample size of whole episodes' weights.
        effective_steps_share: the same of single decisions' weights, over all steps.
        largest_weight_share: of the heaviest episode in the sum of all weights.
    """

    mass_outside_share: float
    effective_episodes: float
    effective_steps_share: float
    largest_weight_share: float

    def against_weights(self) -> tuple[str, ...]:
        """Reasons not to trust estimates that weigh whole episodes; empty if there are none."""
        reasons = list(self._outside())
        if self.effective_episodes < SMALLEST_EFFECTIVE_EPISODES:
            reasons.append(
                f"the weights leave {self.effective_episodes:.1f} effective episodes, "
                f"fewer than {SMALLEST_EFFECTIVE_EPISODES:.0f}"
            )
        if self.largest_weight_share > LARGEST_WEIGHT_SHARE:
            reasons.append(f"one episode has {self.largest_weight_share:.0%} of the weight")
        return tuple(reasons)

    def against_regression(self) -> tuple[str, ...]:
        """Reasons not to trust estimates by regression on single steps; empty likewise."""
        reasons = list(self._outside())
        if self.effective_steps_share < SMALLEST_EFFECTIVE_STEPS_SHARE:
            reasons.append(
                f"the recorded decisions are worth {self.effective_steps_share:.1%} of as many "
                f"of the target's, less than {SMALLEST_EFFECTIVE_STEPS_SHARE:.0%}"
            )
        return tuple(reasons)

    def _outside(self) -> tuple[str, ...]:
        if self.mass_outside_share <= LARGEST_MASS_OUTSIDE:
            return ()
        return (
            f"{self.mass_outside_share:.1%} of what the policy would decide was never possible "
            "in the recording",
        )


def support_of(question: Question) -> Support:
    """Measure the support (effective sample size: Kish 1965, "Survey Sampling")."""
    weights = column_weights(cumulative_log_weights(question)[:, -1:])[:, 0]
    steps = column_weights(log_ratios(question)[:, None])[:, 0]
    total = float(weights.sum())
    return Support(
        mass_outside_share=_mass_outside(question),
        effective_episodes=_effective(weights),
        effective_steps_share=_effective(steps) / steps.size,
        largest_weight_share=float(weights.max()) / total if total > 0.0 else 1.0,
    )


def against_fit(values: StepValues) -> tuple[str, ...]:
    """Reasons not to trust a fitted value function; empty if there are none."""
    reasons = []
    if values.beyond_share > LARGEST_BEYOND_SHARE:
        reasons.append(f"{values.beyond_share:.0%} of the fitted values left what is plausible")
    if values.last_change > LARGEST_LAST_CHANGE:
        reasons.append(
            f"the fitted value still moved by {values.last_change:.1%} of the returns' range in "
            "the last round"
        )
    return tuple(reasons)


def _mass_outside(question: Question) -> float:
    """Mean of 1 - prod over factors of the target's mass on what could have been decided."""
    edges = question.logged.offsets
    possible = np.where(question.logged.behaviour > 0.0, question.target, 0.0)
    inside = np.add.reduceat(possible, edges, axis=1).prod(axis=1)
    return float(np.maximum(0.0, 1.0 - inside).mean())


def _effective(weights: FloatArray) -> float:
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0.0 else 0.0
