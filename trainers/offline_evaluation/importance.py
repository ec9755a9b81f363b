"""Importance sampling: what was recorded, weighed by the other policy's chances to do it.

Doubly robust estimates add a model of the value, which the weighted recorded rewards correct.
"""

from __future__ import annotations

import numpy as np

from .contributions import Contributions
from .fitted_q import StepValues
from .question import FloatArray, Question

_LARGEST_LOG_WEIGHT = 300.0
"""exp(300) can still be squared in float64; a weight like this carries no estimate anyway."""


def log_ratios(question: Question) -> FloatArray:
    """Log of target over behaviour probability of what was decided.

    Returns:
        float64 (steps,); -inf where the target would never have decided so.
    """
    logged = question.logged
    with np.errstate(divide="ignore"):
        return np.asarray(
            np.log(logged.chosen(question.target)) - np.log(logged.chosen(logged.behaviour))
        )


def cumulative_log_weights(question: Question) -> FloatArray:
    """Log of the product of the ratios of an episode's decisions up to each one.

    Returns:
        float64 (episodes, horizon); an episode that is over keeps its last weight, as if it
        went on in a state in which nothing is decided (Thomas and Brunskill 2016).
    """
    return np.cumsum(question.padded(log_ratios(question)), axis=1)


def plain_weights(log_weights: FloatArray) -> FloatArray:
    """The weights themselves, cut where float64 could no longer hold their squares."""
    return np.exp(np.minimum(log_weights, _LARGEST_LOG_WEIGHT))


def column_weights(log_weights: FloatArray) -> FloatArray:
    """Weights of each column up to a common factor that cancels in ratios of sums."""
    largest = log_weights.max(axis=0)
    return np.exp(log_weights - np.where(np.isfinite(largest), largest, 0.0))


def discounts(question: Question) -> FloatArray:
    """float64 (horizon,), gamma to the power of the decisions before."""
    return np.asarray(question.gamma ** np.arange(question.horizon))


def trajectory(question: Question) -> Contributions:
    """Ordinary importance sampling of whole episodes (Precup, Sutton and Singh 2000).

    Unbiased, and of a variance that grows exponentially with the number of decisions.
    """
    weights = plain_weights(cumulative_log_weights(question)[:, -1])
    return Contributions.of_mean(weights * question.returns())


def weighted_trajectory(question: Question) -> Contributions:
    """Self-normalised importance sampling of whole episodes (Precup, Sutton and Singh 2000).

    Consistent, biased towards what was recorded, never outside of it.
    """
    weights = column_weights(cumulative_log_weights(question)[:, -1:])
    return Contributions(weights * question.returns()[:, None], weights)


def per_decision(question: Question) -> Contributions:
    """Per-decision importance sampling (Precup, Sutton and Singh 2000).

    A reward is weighed by the decisions before it only. With a reward at the end alone it is
    ordinary importance sampling.
    """
    weights = plain_weights(cumulative_log_weights(question))
    paid = question.padded(question.rewards) * discounts(question)
    return Contributions.of_mean((weights * paid).sum(axis=1))


def weighted_per_decision(question: Question) -> Contributions:
    """Self-normalised per-decision importance sampling (Precup, Sutton and Singh 2000).

    The form of Thomas (2015), "Safe Reinforcement Learning", section 3.7: weights are
    normalised over all episodes decision by decision, those that are over included.
    """
    weights = column_weights(cumulative_log_weights(question))
    paid = question.padded(question.rewards) * discounts(question)
    return Contributions(weights * paid, weights)


def doubly_robust(question: Question, values: StepValues) -> Contributions:
    """The doubly robust estimate (Jiang and Li 2016).

    Unbiased if the values were fitted to other episodes, whatever they are, given the right
    behaviour probabilities; the better the values, the smaller the variance.

    Args:
        question: what is asked.
        values: for each step, fitted to episodes other than the step's own.
    """
    weights = plain_weights(cumulative_log_weights(question))
    before = np.concatenate([np.ones((question.episodes, 1)), weights[:, :-1]], axis=1)
    surprise = question.padded(question.rewards - values.of_recorded)
    expected = question.padded(values.of_target)
    terms = (weights * surprise + before * expected) * discounts(question)
    return Contributions.of_mean(terms.sum(axis=1))


def weighted_doubly_robust(question: Question, values: StepValues) -> Contributions:
    """The weighted doubly robust estimate (Thomas and Brunskill 2016).

    Weights are normalised over all episodes decision by decision: a little bias for much less
    variance. Where one episode has nearly all the weight it is that episode's estimate.

    Args:
        question: what is asked.
        values: for each step, fitted to episodes other than the step's own.
    """
    logs = cumulative_log_weights(question)
    before = np.concatenate([np.zeros((question.episodes, 1)), logs[:, :-1]], axis=1)
    discount = discounts(question)
    weights, weights_before = column_weights(logs), column_weights(before)
    surprise = question.padded(question.rewards - values.of_recorded) * discount
    expected = question.padded(values.of_target) * discount
    return Contributions(
        np.concatenate([weights * surprise, weights_before * expected], axis=1),
        np.concatenate([weights, weights_before], axis=1),
    )


def switch_doubly_robust(question: Question, values: StepValues) -> Contributions:
    """The doubly robust estimate that goes over to the model where weights are large.

    SWITCH of Wang, Agarwal and Dudik (2017), "Optimal and adaptive off-policy evaluation in
    contextual bandits", with the doubly robust correction where weights are small; from a weight
    above the root of the number of episodes on (Ionides 2008, "Truncated importance sampling") an
    episode is the model's. Of little variance, and biased as the model is where the target rarely
    decides as was recorded.

    Args:
        question: what is asked.
        values: for each step, fitted to episodes other than the step's own.
    """
    weights = plain_weights(cumulative_log_weights(question))
    weights = weights * np.cumprod(weights <= np.sqrt(question.episodes), axis=1)
    before = np.concatenate([np.ones((question.episodes, 1)), weights[:, :-1]], axis=1)
    surprise = question.padded(question.rewards - values.of_recorded)
    expected = question.padded(values.of_target)
    terms = (weights * surprise + before * expected) * discounts(question)
    return Contributions.of_mean(terms.sum(axis=1))
