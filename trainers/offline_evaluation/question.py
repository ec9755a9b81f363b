"""Questions to recorded episodes: what another policy would have been worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.arguments import checked
from ...core.errors import GoliveError
from ..datasets import LoggedEpisodes

FloatArray = NDArray[np.float64]

LOGGED_REWARDS = "rewards"
"""The metric that means: the sum of the recorded rewards."""
_SUM_TOLERANCE = 1e-6
_NUMBERS = ("Float", "Int", "UInt", "Boolean")
"""So the kinds of columns that can be a metric begin."""


@dataclass(frozen=True)
class Question:
    """Recorded episodes, the policy in question, and what an episode is worth.

    The value of a policy is the mean over episodes of ``sum_t gamma^t reward_t``.

    Attributes:
        logged: what was recorded.
        target: float64 (steps, choices), the policy's chances at the recorded decisions.
        rewards: float64 (steps,), what each step pays towards the value.
        gamma: discount per decision.
        metric: name of what is paid.
    """

    logged: LoggedEpisodes
    target: FloatArray
    rewards: FloatArray
    gamma: float
    metric: str

    @property
    def episodes(self) -> int:
        """Number of episodes."""
        return int(self.logged.lengths.size)

    @property
    def horizon(self) -> int:
        """Decisions of the longest episode."""
        return int(self.logged.lengths.max())

    @property
    def episode_of_step(self) -> NDArray[np.int64]:
        """int64 (steps,), index of the episode that a step belongs to."""
        return np.repeat(np.arange(self.episodes), self.logged.lengths)

    @property
    def time_of_step(self) -> NDArray[np.int64]:
        """int64 (steps,), decisions before it in its episode."""
        steps = np.arange(self.rewards.size)
        return steps - np.repeat(self.logged.starts, self.logged.lengths)

    @property
    def last_steps(self) -> NDArray[np.int64]:
        """int64 (episodes,), index of each episode's last step."""
        return self.logged.starts + self.logged.lengths - 1

    def padded(self, values: FloatArray) -> FloatArray:
        """Values of steps as (episodes, horizon), 0 after an episode's end."""
        table = np.zeros((self.episodes, self.horizon))
        table[self.episode_of_step, self.time_of_step] = values
        return table

    def returns_to_go(self) -> FloatArray:
        """float64 (steps,), discounted to the step itself, under who decided."""
        table = self.padded(self.rewards)
        for time in range(self.horizon - 2, -1, -1):
            table[:, time] += self.gamma * table[:, time + 1]
        return np.asarray(table[self.episode_of_step, self.time_of_step])

    def returns(self) -> FloatArray:
        """float64 (episodes,), what each recorded episode was worth."""
        return np.asarray(self.returns_to_go()[self.logged.starts])

    def strata(self) -> list[NDArray[np.int64]]:
        """Indices of the episodes of each scenario."""
        names = self.logged.episodes["scenario"].to_numpy()
        return [np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist())]


@checked
def ask(
    logged: LoggedEpisodes, target: FloatArray, *, metric: str | None = None, gamma: float = 1.0
) -> Question:
    """Check that the parts fit together, and put the question.

    Args:
        logged: recorded episodes.
        target: float64 (steps, choices), chances of the policy in question, factor by factor.
        metric: a numeric column of ``logged.episodes``, paid at an episode's end; or
            ``rewards`` for the recorded rewards as they are; None: what policies are judged by.
        gamma: discount per decision, above 0 and at most 1.

    Raises:
        GoliveError: shapes that do not fit, chances that are none, an unknown metric, or an
            action that was recorded and said to be impossible.
    """
    steps, choices = logged.masks.shape
    if logged.lengths.size == 0:
        raise GoliveError("dataset: no episodes: expected at least one")
    if not 0.0 < gamma <= 1.0:
        raise GoliveError(f"gamma: {gamma}: expected above 0 and at most 1")
    if target.shape != (steps, choices):
        raise GoliveError(
            f"target: chances of shape {target.shape}: expected {(steps, choices)}, "
            "a row for every recorded decision"
        )
    _check_chances(logged, target)
    if (logged.chosen(logged.behaviour) <= 0.0).any():
        raise GoliveError(
            "dataset: an action was recorded to which its policy gave no chance: "
            "expected behaviour probabilities above 0 for what was decided"
        )
    name = metric or logged.score or LOGGED_REWARDS
    return Question(logged, target, _rewards(logged, name), gamma, name)


def _check_chances(logged: LoggedEpisodes, target: FloatArray) -> None:
    sums = np.add.reduceat(target, logged.offsets, axis=1)
    if not np.isfinite(target).all() or (target < 0.0).any():
        raise GoliveError("target: chances: expected numbers from 0 to 1")
    if np.abs(sums - 1.0).max() > _SUM_TOLERANCE:
        raise GoliveError("target: chances: expected a sum of 1 over each factor's choices")
    if (target[~logged.masks] > 0.0).any():
        raise GoliveError("target: a chance for a choice that was not legal: expected 0")


def _rewards(logged: LoggedEpisodes, metric: str) -> FloatArray:
    if metric == LOGGED_REWARDS:
        return logged.rewards
    schema = logged.episodes.drop("seed", strict=False).schema
    columns = [name for name, kind in schema.items() if str(kind).startswith(_NUMBERS)]
    if metric not in columns:
        known = ", ".join([LOGGED_REWARDS, *columns])
        raise GoliveError(f"metric: {metric!r}: expected one of {known}")
    paid = logged.episodes[metric].cast(float).to_numpy()
    if not np.isfinite(paid).all():
        raise GoliveError(f"metric: {metric!r}: not known for every episode: expected numbers")
    rewards = np.zeros(logged.rewards.size)
    rewards[logged.starts + logged.lengths - 1] = paid
    return rewards
