"""Recorded episodes played again: to compare them, or for another policy to watch them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...agents.probabilities import ObservationPolicy
from ...agents.recorded import RecordedActions
from ...agents.registry import load_policy
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution import Backend
from ...core.worlds import DEFAULT_WORLD
from ...sim.policy import Policy
from ...sim.worlds import kind_of
from .logged import LoggedEpisodes, episode_metadata, read_episode
from .metadata import RECORDING, read_metadata, recorded_scenarios
from .places import DatasetPlace, find_dataset
from .playing import PlayedEpisode, play_episode
from .spreading import Progress, results_of

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario


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
        """Text for an error."""
        return f"{self.scenario}, seed {self.seed}"


def _played(
    scenarios: Mapping[str, Scenario],
    reward: Mapping[str, Any] | None,
    target: Policy | None,
    task: RecordedTask,
) -> PlayedEpisode:
    """The episode as it goes now.

    Args:
        scenarios: by name.
        reward: what the rewards are, as plain data; None: they do not matter.
        target: whose probabilities take the place of the behaviour's.
        task: which episode.

    Raises:
        GoliveError: it goes on longer than the recorded one.
    """
    scenario = scenarios[task.scenario]
    kind = kind_of(scenario)
    language = kind.reward_language
    pays = language.reward(language.default if reward is None else reward)
    actions = RecordedActions(kind.language, task.actions, target)
    return play_episode(kind.build(scenario, task.seed), actions, pays)


@dataclass(frozen=True, slots=True)
class ReplayedEpisode:
    """Result of playing an episode again.

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


@checked
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
    tasks = [recorded_task(place, episode, metadata["total_episodes"]) for episode in ids]
    again = partial(_fingerprints, recorded_scenarios(metadata), metadata[RECORDING]["reward"])
    results = results_of(again, tasks, workers, backend, ray_address, progress)
    replayed = {index: _compared(place, ids[index], result) for index, result in results}
    return [replayed[index] for index in range(len(tasks))]


def recorded_task(place: DatasetPlace, episode: int, total: int) -> RecordedTask:
    """The task of playing an episode again.

    Args:
        place: of the dataset.
        episode: its id.
        total: episodes of the dataset.

    Raises:
        GoliveError: there is no such episode, or it is damaged.
    """
    if not 0 <= episode < total:
        raise GoliveError(f"episode: {episode}: expected 0 to {total - 1}")
    row = episode_metadata(place, episode)
    actions = read_episode(place, episode, ("actions",))["actions"]
    return RecordedTask(str(row["scenario"]), int(row["seed"]), actions)


def _fingerprints(
    scenarios: Mapping[str, Scenario], reward: Mapping[str, Any], task: RecordedTask
) -> dict[str, str]:
    """Outcome of an episode that is played again, in few bytes."""
    try:
        played = _played(scenarios, reward, None, task)
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
    recorded = {"digest": row["digest"]}
    columns = read_episode(place, episode, ("observations", "masks", "rewards"))
    recorded |= {name: _fingerprint(values) for name, values in columns.items()}
    different = [name for name, value in recorded.items() if result.get(name) != value]
    found = (result["length"],) if "length" in result else tuple(different)
    return ReplayedEpisode(
        episode, str(row["policy"]), str(row["scenario"]), int(row["seed"]), found
    )


def _fingerprint(values: NDArray[np.generic]) -> str:
    return hashlib.blake2b(np.ascontiguousarray(values).tobytes(), digest_size=16).hexdigest()


@checked
def target_probabilities(
    logged: LoggedEpisodes,
    policy: str | Policy,
    *,
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Probability of each choice under a policy, at every recorded decision point.

    A trained policy, one that is sampled, ``random`` and any of these with noise decide from
    the observation, and nothing is simulated. Any other policy sees the recorded episodes
    again, which are simulated from their seeds and actions for it.

    Args:
        logged: recorded episodes.
        policy: any spec of ``load_policy``, or a policy (picklable unless the backend is serial).
        workers: processes for simulating; None: one for every core.
        backend: where to simulate: serial, process or ray.
        ray_address: of a Ray cluster, for that backend; None: Ray on this machine.
        progress: called with (episodes done, episodes in all) if episodes are simulated.

    Returns:
        float64 (steps, choices), per factor, laid out as ``behaviour``.

    Raises:
        GoliveError: no such policy, or one that looks into the world; or episodes that have to
            be simulated but come out otherwise than they were recorded, or whose scenario is
            not known.
    """
    world = next((scenario.world for scenario in logged.scenarios.values()), DEFAULT_WORLD)
    target = load_policy(policy, world) if isinstance(policy, str) else policy
    if isinstance(target, ObservationPolicy):
        found = target.probabilities(logged.observations, logged.masks)
        if found is not None:
            return found
    starts = logged.starts
    tasks = [
        RecordedTask(row["scenario"], row["seed"], logged.actions[start : start + length])
        for row, start, length in zip(
            logged.episodes.iter_rows(named=True), starts, logged.lengths, strict=True
        )
    ]
    missing = {task.scenario for task in tasks} - set(logged.scenarios)
    if missing:
        raise GoliveError(f"recorded episodes: scenario {min(missing)!r} is not known")
    watch = partial(_watched, dict(logged.scenarios), target)
    digests = logged.episodes["digest"].to_list()
    probabilities = np.empty(logged.masks.shape, np.float64)
    results = results_of(watch, tasks, workers, backend, ray_address, progress)
    for index, (watched, digest) in results:
        if digest != digests[index]:
            raise GoliveError(
                f"recorded episode ({tasks[index]}): comes out otherwise than it was recorded: "
                "expected the version of golive that recorded it"
            )
        probabilities[starts[index] : starts[index] + len(watched)] = watched
    return probabilities


def _watched(
    scenarios: Mapping[str, Scenario], target: Policy, task: RecordedTask
) -> tuple[NDArray[np.float64], str]:
    """The target's probabilities in an episode, and the digest of its end."""
    played = _played(scenarios, None, target, task)
    return played.behaviour, played.digest
