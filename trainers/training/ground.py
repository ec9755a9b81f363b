"""The place a training takes place in; the trainer knows no more than this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...agents.policy_file import InterfaceRecord, PolicyFile

if TYPE_CHECKING:
    from stable_baselines3.common.vec_env import VecEnv

    from .algorithm import ChosenRolloutBuffer
    from .callbacks import Change


@dataclass(frozen=True, slots=True)
class Demonstrations:
    """Episodes of a demonstrator, one after the other.

    Attributes:
        observations: float32 (steps, observation size).
        actions: int64 (steps, factors).
        masks: bool (steps, sum of choices).
        rewards: float64 (steps,), not scaled.
        lengths: int64 (episodes,), steps per episode.
        scores: float64 (episodes,), by what policies are judged by.
    """

    observations: NDArray[np.float32]
    actions: NDArray[np.int64]
    masks: NDArray[np.bool_]
    rewards: NDArray[np.float64]
    lengths: NDArray[np.int64]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Validation:
    """Results of a policy on the validation seeds.

    Attributes:
        scores: float64 (episodes,), by what policies are judged by, in the order of the seeds.
        success: share of successful episodes.
        illegal: mean illegal decisions per episode.
    """

    scores: NDArray[np.float64]
    success: float
    illegal: float

    @property
    def score(self) -> float:
        """Mean score."""
        return float(self.scores.mean())


@dataclass(frozen=True, slots=True)
class LevelReport:
    """Findings of a rollout about the levels that were played in it.

    Attributes:
        keep: bool (steps, environments), the samples to learn from; None: all.
        figures: for the learning curve, by name.
    """

    keep: NDArray[np.bool_] | None
    figures: dict[str, float]


class TrainingGround(Protocol):
    """A place to train in.

    Attributes:
        interface: what policies trained here see and order.
        action_names: what the action's factors are called.
        score: what an episode's infos call what policies are judged by.
    """

    interface: InterfaceRecord
    action_names: tuple[str, ...]
    score: str

    def environments(self) -> VecEnv:
        """The vectorised training environments, seeded and not yet reset.

        They report rewards, action masks (``env_method("action_masks")``) and episode
        figures (``EpisodeFigures`` says which infos), and their states can be taken and
        put back (``states_of``, ``put_states``).
        """
        ...

    def states_of(self, environments: VecEnv) -> Any:
        """The environments' whole state as a JSON value."""
        ...

    def put_states(self, environments: VecEnv, states: Any) -> None:
        """Put the environments into a state."""
        ...

    def judge_levels(
        self, environments: VecEnv, rollout: ChosenRolloutBuffer
    ) -> LevelReport | None:
        """Hear how a rollout went, before it is learned from; None: levels are not chosen."""
        ...

    def change(self, environments: VecEnv, change: Change) -> None:
        """Change the episodes that begin from now on.

        Raises:
            GoliveError: they cannot be changed, or not so.
        """
        ...

    def validate(self, policy: PolicyFile) -> Validation:
        """Judge a policy on the evaluation's seeds."""
        ...

    def demonstrate(self, on_episode: Callable[[int], None]) -> Demonstrations:
        """Play the warm start's demonstrations; ``on_episode`` hears how many are done."""
        ...
