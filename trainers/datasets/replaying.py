"""Recorded episodes played again: whether they come out as they were recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...agents.recorded import RecordedActions
from ...core.errors import GoliveError
from ...core.execution import Backend
from ...envs.implementation.rewards import RewardConfig
from .loading import episode_metadata, read_episode
from .metadata import RECORDING, read_metadata, recorded_scenarios
from .places import DatasetPlace, find_dataset
from .playing import play_episode
from .spreading import Progress, results_of

if TYPE_CHECKING:
    from ...envs.environment import ImplementationEnv
    from ...scenarios.scenario import Scenario
    from ...sim.policy import Policy
    from .playing import PlayedEpisode


@dataclass(frozen=True, slots=True)
class RecordedTask:
    """An episode to play again.

    Attributes:
        scenario: its name.
        seed: of the episode.
        actions: int64 (steps, factors).
    """

    scenario: str
    seed: int
    actions: NDArray[np.int64]

    def __str__(self) -> str:
        """For an error."""
        return f"{self.scenario}, seed {self.seed}"


class Player:
    """Plays recorded episodes again; sent to every worker once, with the scenarios.

    Args:
        scenarios: by name.
        reward: what the rewards are.
        target: whose probabilities take the place of the behaviour's.
    """

    def __init__(
        self,
        scenarios: dict[str, Scenario],
        reward: RewardConfig | str = "score",
        target: Policy | None = None,
    ) -> None:
        self._scenarios = scenarios
        self._reward = reward
        self._target = target

    @cached_property
    def _environment(self) -> ImplementationEnv:
        from ...envs.environment import ImplementationEnv

        return ImplementationEnv(next(iter(self._scenarios.values())), reward=self._reward)

    def play(self, task: RecordedTask) -> PlayedEpisode:
        """The episode as it goes now.

        Raises:
            GoliveError: it goes on longer than the recorded one.
        """
        options = {"scenario": self._scenarios[task.scenario], "episode_seed": task.seed}
        return play_episode(self._environment, RecordedActions(task.actions, self._target), options)


@dataclass(frozen=True, slots=True)
class ReplayedEpisode:
    """What came of playing an episode again.

    Attributes:
        episode: its id.
        policy: who decided.
        scenario: what was played.
        seed: of the episode.
        differences: what is not as it was recorded; empty if all is.
    """

    episode: int
    policy: str
    scenario: str
    seed: int
    differences: tuple[str, ...]


def replay(
    dataset: str | Path,
    *,
    episodes: Sequence[int] | None = None,
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    progress: Progress | None = None,
) -> list[ReplayedEpisode]:
    """Simulate recorded episodes again from their seeds and actions, and compare.

    Compared are the digest of the final state, and every observation, mask and reward bit for
    bit.

    Args:
        dataset: its id, or its folder.
        episodes: ids of those to replay; None: all.
        workers: processes; None: one for every core.
        backend: serial, process or ray.
        ray_address: of a Ray cluster, for that backend; None: Ray on this machine.
        progress: called as episodes finish.

    Returns:
        In the order of the episodes asked for.

    Raises:
        GoliveError: no such dataset or episode, or it is damaged.
    """
    place = find_dataset(dataset)
    metadata = read_metadata(place)
    ids = range(metadata["total_episodes"]) if episodes is None else episodes
    tasks = [_task(place, episode, metadata["total_episodes"]) for episode in ids]
    player = Player(
        recorded_scenarios(metadata), RewardConfig.model_validate(metadata[RECORDING]["reward"])
    )
    replayed: dict[int, ReplayedEpisode] = {}
    results = results_of(
        _Fingerprinter(player),
        tasks,
        workers=workers,
        backend=backend,
        ray_address=ray_address,
    )
    for index, result in results:
        replayed[index] = _compared(place, ids[index], result)
        if progress is not None:
            progress(len(replayed), len(tasks))
    return [replayed[index] for index in range(len(tasks))]


def _task(place: DatasetPlace, episode: int, total: int) -> RecordedTask:
    if not 0 <= episode < total:
        raise GoliveError(f"episode: {episode}: expected 0 to {total - 1}")
    row = episode_metadata(place, episode)
    actions = read_episode(place, episode, ("actions",))["actions"]
    return RecordedTask(str(row["scenario"]), int(row["seed"]), actions)


class _Fingerprinter:
    """Plays an episode again and says what came of it in few bytes."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def __call__(self, task: RecordedTask) -> dict[str, str]:
        try:
            played = self._player.play(task)
        except GoliveError as error:
            return {"length": str(error)}
        if len(played.actions) != len(task.actions):
            return {"length": f"ended after {len(played.actions)} decisions"}
        return {
            "digest": played.digest,
            "observations": _fingerprint(played.observations[:-1]),
            "masks": _fingerprint(played.masks[:-1]),
            "rewards": _fingerprint(played.rewards),
        }


def _compared(place: DatasetPlace, episode: int, result: dict[str, str]) -> ReplayedEpisode:
    row = episode_metadata(place, episode)
    recorded = {"digest": row["digest"]} | {
        name: _fingerprint(values)
        for name, values in read_episode(
            place, episode, ("observations", "masks", "rewards")
        ).items()
    }
    differences = (
        (result["length"],)
        if "length" in result
        else tuple(name for name, value in recorded.items() if result[name] != value)
    )
    return ReplayedEpisode(
        episode, str(row["policy"]), str(row["scenario"]), int(row["seed"]), differences
    )


def _fingerprint(values: NDArray[np.generic]) -> str:
    return hashlib.blake2b(np.ascontiguousarray(values).tobytes(), digest_size=16).hexdigest()
