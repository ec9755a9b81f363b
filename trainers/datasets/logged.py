"""Recorded episodes in memory: what learning and judging without simulation works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

    from ...scenarios.scenario import Scenario


@dataclass(frozen=True)
class LoggedEpisodes:
    """Whole episodes, one after the other; each ends because it terminated.

    Attributes:
        observations: float32 (steps, observation size), before each decision.
        actions: int64 (steps, factors), what was decided.
        masks: bool (steps, choices), what was legal; the factors' choices side by side.
        behaviour: float64 (steps, choices), probability of each choice under the policy that
            decided, factor by factor; factors are drawn independently of one another.
        rewards: float64 (steps,), not scaled.
        lengths: int64 (episodes,), steps per episode.
        action_sizes: choices per factor.
        episodes: a row per episode: ``scenario``, ``seed``, ``policy`` (who decided), ``digest``
            (of the final state) and every field of the scorecard.
        scenarios: what was played, by the names in ``episodes``; empty if it is not known.
    """

    observations: NDArray[np.float32]
    actions: NDArray[np.int64]
    masks: NDArray[np.bool_]
    behaviour: NDArray[np.float64]
    rewards: NDArray[np.float64]
    lengths: NDArray[np.int64]
    action_sizes: tuple[int, ...]
    episodes: pl.DataFrame
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)

    @property
    def starts(self) -> NDArray[np.int64]:
        """int64 (episodes,), index of each episode's first step."""
        return np.concatenate([[0], np.cumsum(self.lengths)[:-1]]).astype(np.int64)

    def of_episodes(self, numbers: NDArray[np.int64]) -> LoggedEpisodes:
        """Only some episodes, in the order asked for.

        Args:
            numbers: int64 (kept,), which.
        """
        starts = self.starts
        pieces = [np.arange(starts[e], starts[e] + self.lengths[e]) for e in numbers]
        steps = np.concatenate([np.empty(0, np.int64), *pieces])
        return replace(
            self,
            observations=self.observations[steps],
            actions=self.actions[steps],
            masks=self.masks[steps],
            behaviour=self.behaviour[steps],
            rewards=self.rewards[steps],
            lengths=self.lengths[numbers],
            episodes=self.episodes[numbers],
        )

    def chosen(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability of the recorded action at each step.

        Args:
            probabilities: float64 (steps, choices), per factor, as ``behaviour``.

        Returns:
            float64 (steps,): the product over the factors.
        """
        offsets = np.concatenate([[0], np.cumsum(self.action_sizes)[:-1]])
        per_factor = np.take_along_axis(probabilities, self.actions + offsets, axis=1)
        return per_factor.prod(axis=1)  # type: ignore[no-any-return]
