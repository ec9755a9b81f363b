"""Features of a decision and of the other policy's chances for it, for linear value functions."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .question import Question

FloatArray = NDArray[np.float64]


class Features(Protocol):
    """Features of (observation, action) whose mean over a policy's actions is known exactly."""

    def of_recorded(self) -> FloatArray:
        """float64 (steps, features), of what was decided."""
        ...

    def of_target(self) -> FloatArray:
        """float64 (steps, features), mean over what the target would have decided."""
        ...


class AdditiveFeatures:
    """The observation, and for each factor which choice was made; no choice interacts.

    A value linear in these is a sum of one value per factor (Tang et al. 2022, "Leveraging
    Factored Action Spaces for Efficient Offline Reinforcement Learning in Healthcare"), so its
    mean over the millions of joint actions is exact: each choice counts with its probability.
    """

    def __init__(self, question: Question) -> None:
        observations = question.logged.observations.astype(np.float64)
        spread = observations.std(axis=0)
        scaled = (observations - observations.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
        self._common = np.concatenate([np.ones((len(scaled), 1)), scaled], axis=1)
        self._target = question.target
        self._recorded = one_hot(question)

    def of_recorded(self) -> FloatArray:
        """float64 (steps, 1 + observation size + choices)."""
        return np.concatenate([self._common, self._recorded], axis=1)

    def of_target(self) -> FloatArray:
        """float64 (steps, 1 + observation size + choices)."""
        return np.concatenate([self._common, self._target], axis=1)


def one_hot(question: Question) -> FloatArray:
    """float64 (steps, choices), 1 where a choice was made, laid out as the masks."""
    table = np.zeros(question.target.shape)
    np.put_along_axis(table, question.logged.actions + question.logged.offsets, 1.0, axis=1)
    return table
