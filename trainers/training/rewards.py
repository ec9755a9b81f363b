"""Rewards divided by the running standard deviation of the discounted return."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.running_mean_std import RunningMeanStd
from stable_baselines3.common.vec_env import VecEnv, VecEnvWrapper
from stable_baselines3.common.vec_env.base_vec_env import VecEnvObs, VecEnvStepReturn

from .learning import RewardScaling

_SMALLEST_VARIANCE = 1e-8


class ScaledRewards(VecEnvWrapper):
    """Scale rewards as Stable-Baselines3's ``VecNormalize`` does, with a state that is plain.

    Attributes:
        raw_rewards: float64 (environments,), the last step's rewards as they came.
    """

    def __init__(self, environments: VecEnv, scaling: RewardScaling, gamma: float) -> None:
        super().__init__(environments)
        self.raw_rewards: NDArray[np.float64] = np.zeros(environments.num_envs)
        self._scaling = scaling
        self._gamma = gamma
        self._moments = RunningMeanStd(shape=())
        self._returns = np.zeros(environments.num_envs)

    def reset(self) -> VecEnvObs:
        """Reset every environment; what is known of returns stays known."""
        self._returns = np.zeros(self.num_envs)
        return self.venv.reset()

    def step_wait(self) -> VecEnvStepReturn:
        """One step with scaled rewards."""
        observations, rewards, dones, infos = self.venv.step_wait()
        self.raw_rewards = np.asarray(rewards, np.float64).copy()
        self._returns = self._returns * self._gamma + self.raw_rewards
        self._moments.update(self._returns)
        scaled = self.scale(self.raw_rewards).astype(np.float32)
        self._returns[dones] = 0.0
        return observations, scaled, dones, infos

    def scale(self, rewards: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rewards as the learner is given them by what is known now."""
        if not self._scaling.enabled:
            return rewards
        deviation = np.sqrt(self._moments.var + _SMALLEST_VARIANCE)
        return np.clip(rewards / deviation, -self._scaling.clip, self._scaling.clip)

    def learn_from(self, episodes: list[NDArray[np.float64]]) -> None:
        """Take the rewards of whole episodes into the running moments."""
        for rewards in episodes:
            running, returns = 0.0, np.empty_like(rewards)
            for step, reward in enumerate(rewards):
                running = running * self._gamma + reward
                returns[step] = running
            self._moments.update(returns)

    def state(self) -> dict[str, Any]:
        """The scaling's state, as a JSON value."""
        return {
            "mean": float(self._moments.mean),
            "variance": float(self._moments.var),
            "count": float(self._moments.count),
            "returns": self._returns.tolist(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self._moments.mean = np.asarray(state["mean"], np.float64)
        self._moments.var = np.asarray(state["variance"], np.float64)
        self._moments.count = float(state["count"])
        self._returns = np.asarray(state["returns"], np.float64)
