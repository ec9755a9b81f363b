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

from ...agents.recorded import RecordedActions
from ...agents.registry import load_policy
from ...agents.team import RolePolicy
from ...agents.team_chances import ObservingRole
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution import Backend
from ...core.worlds import DEFAULT_WORLD
from ...sim.policy import Policy
from ...sim.worlds import kind_of
from .logged import LoggedEpisodes, episode_metadata, legal_parts, read_episode
from .metadata import (
    INTERFACE,
    RECORDING,
    read_metadata,
    recorded_scenarios,
    recorded_setting,
)
from .places import DatasetPlace, find_dataset
from .playing import PlayedEpisode, play_episode
from .spreading import Progress, results_of
from .team_playing import (
    RecordedRole,
    RoleEpisode,
    TeamEpisode,
    TeamSetting,
    play_team_episode,
)

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class RecordedTask:
    """An episode to play again.

    Attributes:
        scenario: its name.
        seed: of the episode.
        actions: int64 (steps, factors).
        policy: label of who decided.
    """

    scenario: str
    seed: int
    actions: NDArray[np.int64]
    policy: str = ""

    def __str__(self) -> str:
        """Text for an error."""
        return f"{self.scenario}, seed {self.seed}"


@dataclass(frozen=True, slots=True)
class _Again:
    """An episode that was played again: arrays over its steps, and the digest of its end."""

    columns: Mapping[str, NDArray[Any]]
    digest: str


@dataclass(frozen=True, slots=True)
class _Recording:
    """How recorded episodes are played again.

    Attributes:
        scenarios: by name.
        reward: what the rewards are, as plain data; None: they do not matter.
        setting: what a team played with, if the episodes are those of one of its roles.
        target: whose probabilities take the place of the behaviour's; None: nobody's.
    """

    scenarios: Mapping[str, Scenario]
    reward: Mapping[str, Any] | None
    setting: TeamSetting | None
    target: Any = None

    def play(self, task: RecordedTask) -> _Again:
        """Play an episode again.

        Raises:
            GoliveError: it goes on longer than the recorded one.
        """
        scenario = self.scenarios[task.scenario]
        if self.setting is None:
            episode = _played(scenario, self.reward, self.target, task)
            steps = len(episode.actions)
            masks, digest = episode.masks, episode.digest
            one: PlayedEpisode | RoleEpisode = episode
        else:
            played, sizes = _played_role(scenario, self.reward, self.setting, self.target, task)
            one, digest = played.roles[self.setting.role], played.digest
            steps = len(one.actions)
            masks = legal_parts(one.masks.astype(np.bool_), sizes)
        return _Again(
            {
                "observations": one.observations[:steps],
                "masks": masks[:steps],
                "rewards": one.rewards,
                "behaviour": one.behaviour,
            },
            digest,
        )


def _played_role(
    scenario: Scenario,
    reward: Mapping[str, Any] | None,
    setting: TeamSetting,
    target: RolePolicy | None,
    task: RecordedTask,
) -> tuple[TeamEpisode, tuple[int, ...]]:
    """An episode of a team in which a role does what was recorded, and sizes of its action."""
    environment = setting.environment(scenario, reward)
    players = setting.made(environment.kind, task.policy)
    players[setting.role] = RecordedRole(setting.role, task.actions, target)
    sizes = environment.actions.roles[environment.team.place(setting.role)].sizes
    return play_team_episode(environment, players, task.seed), sizes


def _played(
    scenario: Scenario,
    reward: Mapping[str, Any] | None,
    target: Policy | None,
    task: RecordedTask,
) -> PlayedEpisode:
    """The episode of whole decisions as it goes now."""
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
    sizes = tuple(metadata[INTERFACE]["action_sizes"])
    ids = range(metadata["total_episodes"]) if episodes is None else episodes
    total = metadata["total_episodes"]
    tasks = [recorded_task(place, episode, total, sizes) for episode in ids]
    recording = _Recording(
        recorded_scenarios(metadata), metadata[RECORDING]["reward"], recorded_setting(metadata)
    )
    again = partial(_fingerprints, recording)
    results = results_of(again, tasks, workers, backend, ray_address, progress)
    replayed = {index: _compared(place, ids[index], result, sizes) for index, result in results}
    return [replayed[index] for index in range(len(tasks))]


def recorded_task(
    place: DatasetPlace, episode: int, total: int, sizes: Sequence[int] = ()
) -> RecordedTask:
    """The task of playing an episode again.

    Args:
        place: of the dataset.
        episode: its id.
        total: episodes of the dataset.
        sizes: choices per factor, of a dataset that may be of a team's role.

    Raises:
        GoliveError: there is no such episode, or it is damaged.
    """
    if not 0 <= episode < total:
        raise GoliveError(f"episode: {episode}: expected 0 to {total - 1}")
    row = episode_metadata(place, episode)
    actions = read_episode(place, episode, ("actions",), sizes=sizes)["actions"]
    return RecordedTask(str(row["scenario"]), int(row["seed"]), actions, str(row["policy"]))


def _fingerprints(recording: _Recording, task: RecordedTask) -> dict[str, str]:
    """Outcome of an episode that is played again, in few bytes."""
    try:
        played = recording.play(task)
    except GoliveError as error:
        return {"length": str(error)}
    columns = dict(played.columns)
    steps = len(columns.pop("behaviour"))
    if steps != len(task.actions):
        return {"length": f"ended after {steps} decisions"}
    told = {name: _fingerprint(values) for name, values in columns.items()}
    return {"digest": played.digest, **told}


def _compared(
    place: DatasetPlace, episode: int, result: dict[str, str], sizes: Sequence[int]
) -> ReplayedEpisode:
    row = episode_metadata(place, episode)
    recorded = {"digest": row["digest"]}
    columns = read_episode(place, episode, ("observations", "masks", "rewards"), sizes=sizes)
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
    policy: str | Policy | RolePolicy,
    *,
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Probability of each choice under a policy, at every recorded decision point.

    A trained policy, one that is sampled, ``random`` and any of these with noise decide from
    the observation, and nothing is simulated. Any other policy sees the recorded episodes
    again, which are simulated from their seeds and actions for it. Of a team's role the policy is
    one that plays it (``partner``), and the others are who played beside it.

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
    target: Any = policy
    if isinstance(policy, str):
        target = load_policy(policy, world) if logged.setting is None else None
    if logged.setting is not None:
        target = _role_player(logged, logged.setting, policy)
    if isinstance(target, ObservingRole):
        found = target.probabilities(logged.observations, logged.masks)
        if found is not None:
            return found
    starts = logged.starts
    tasks = [
        RecordedTask(
            row["scenario"], row["seed"], logged.actions[start : start + length], row["policy"]
        )
        for row, start, length in zip(
            logged.episodes.iter_rows(named=True), starts, logged.lengths, strict=True
        )
    ]
    missing = {task.scenario for task in tasks} - set(logged.scenarios)
    if missing:
        raise GoliveError(f"recorded episodes: scenario {min(missing)!r} is not known")
    recording = _Recording(dict(logged.scenarios), None, logged.setting, target)
    watch = partial(_watched, recording)
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


def _role_player(
    logged: LoggedEpisodes, setting: TeamSetting, policy: str | Policy | RolePolicy
) -> RolePolicy:
    """Who plays a role in question; it has met the environment.

    Raises:
        GoliveError: no such player, or one of another role.
    """
    from ...agents.partners import partner

    first = next(iter(logged.scenarios.values()), None)
    if first is None:
        raise GoliveError("recorded episodes: their scenario is not known")
    environment = setting.environment(first)
    player: Any = policy
    if isinstance(policy, str):
        player = partner(environment.kind, setting.role, policy)
    if getattr(player, "role", None) != setting.role:
        raise GoliveError(f"policy: {player.name}: expected one that plays {setting.role}")
    if getattr(player, "draws_lots", False):
        raise GoliveError(
            f"policy: {player.name}: draws lots and does not tell its chances: "
            "expected one that draws none, or noisy:PLAYER:EPSILON"
        )
    player.reset(environment, 0)
    made: RolePolicy = player
    return made


def _watched(recording: _Recording, task: RecordedTask) -> tuple[NDArray[np.float64], str]:
    """The target's probabilities in an episode, and the digest of its end."""
    played = recording.play(task)
    return played.columns["behaviour"], played.digest
