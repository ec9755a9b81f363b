"""An environment whose step costs as much of a core's time as one wants, and does nothing else."""

from __future__ import annotations

import time
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

OBSERVATION_SIZE, CHOICES = 400, 60
"""Of the order of the implementation environment's, so that messages are as long."""


class CostedEnvironment(gymnasium.Env[NDArray[np.float32], NDArray[np.int64]]):
    """Steps that keep a core busy for a while; an episode never ends.

    Args:
        step_seconds: of a core's time, not of the clock's: two that share a core take twice
            as long.
    """

    def __init__(self, step_seconds: float) -> None:
        self.step_seconds = step_seconds
        self.observation_space = gymnasium.spaces.Box(-1.0, 1.0, (OBSERVATION_SIZE,), np.float32)
        self.action_space = gymnasium.spaces.MultiDiscrete([CHOICES])
        self._observation = np.zeros(OBSERVATION_SIZE, np.float32)
        self._masks = np.ones(CHOICES, np.bool_)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Begin nothing: there is no episode."""
        super().reset(seed=seed)
        return self._observation, {}

    def step(
        self, action: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """Be busy."""
        until = time.thread_time() + self.step_seconds
        while time.thread_time() < until:
            pass
        return self._observation, 0.0, False, False, {"day": 1}

    def action_masks(self) -> NDArray[np.bool_]:
        """Everything is legal."""
        return self._masks
