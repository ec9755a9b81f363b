"""Figures of the episodes that training plays: means over the last ones that ended."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.callbacks import BaseCallback

from .rewards import ScaledRewards

WINDOW_EPISODES = 100


class EpisodeFigures(BaseCallback):
    """Watches rollouts and keeps the figures of the last hundred episodes.

    Of an environment's infos it reads ``reward_terms`` (name to value, each step) and, at
    an episode's end, the score, ``is_success`` and ``illegal_decisions``.
    """

    def __init__(self, environments: ScaledRewards, score: str) -> None:
        super().__init__()
        self._of_the_end = (score, "is_success", "illegal_decisions")
        self._environments = environments
        self._returns: NDArray[np.float64] = np.zeros(environments.num_envs)
        self._lengths: NDArray[np.int64] = np.zeros(environments.num_envs, np.int64)
        self._terms: list[dict[str, float]] = [{} for _ in range(environments.num_envs)]
        self._window: deque[dict[str, float]] = deque(maxlen=WINDOW_EPISODES)
        self.episodes = 0
        """Episodes that ended since the training began."""

    def _on_step(self) -> bool:
        self._returns += self._environments.raw_rewards
        self._lengths += 1
        infos = self.locals["infos"]
        for sums, info in zip(self._terms, infos, strict=True):
            for name, value in info.get("reward_terms", {}).items():
                sums[name] = sums.get(name, 0.0) + value
        for index in np.flatnonzero(self.locals["dones"]):
            self._end_episode(int(index), infos[index])
        return True

    def _end_episode(self, index: int, info: Mapping[str, Any]) -> None:
        figures = {f"terms/{name}": value for name, value in self._terms[index].items()}
        figures["episode/return"] = float(self._returns[index])
        figures["episode/length"] = float(self._lengths[index])
        for name in self._of_the_end:
            if name in info:
                figures[f"episode/{name}"] = float(info[name])
        self._window.append(figures)
        self.episodes += 1
        self._returns[index], self._lengths[index], self._terms[index] = 0.0, 0, {}

    def means(self) -> dict[str, float]:
        """Each figure's mean over the window."""
        names = sorted({name for figures in self._window for name in figures})
        return {
            name: float(np.mean([f[name] for f in self._window if name in f])) for name in names
        }

    def state(self) -> dict[str, Any]:
        """The figures' state, as a JSON value."""
        return {
            "returns": self._returns.tolist(),
            "lengths": self._lengths.tolist(),
            "terms": [dict(terms) for terms in self._terms],
            "window": list(self._window),
            "episodes": self.episodes,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a state."""
        self._returns = np.asarray(state["returns"], np.float64)
        self._lengths = np.asarray(state["lengths"], np.int64)
        self._terms = [dict(terms) for terms in state["terms"]]
        self._window = deque(state["window"], maxlen=WINDOW_EPISODES)
        self.episodes = int(state["episodes"])
