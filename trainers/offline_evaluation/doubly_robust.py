"""Doubly robust estimates: a model of the value, corrected by weighted recorded rewards."""

from __future__ import annotations

import numpy as np

from .contributions import Contributions
from .fitted_q import StepValues
from .importance import column_weights, cumulative_log_weights, discounts, plain_weights
from .question import Question


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
