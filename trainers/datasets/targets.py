"""Probabilities of a policy's choices at recorded decision points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...agents.probabilities import ObservationPolicy
from ...agents.registry import load_policy
from ...core.errors import GoliveError
from ...core.execution import Backend
from ...core.worlds import DEFAULT_WORLD
from ...sim.policy import Policy
from .logged import LoggedEpisodes
from .replaying import Player, RecordedTask
from .spreading import Progress, Workers, results_of


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
    watcher = _Watcher(Player(dict(logged.scenarios), target=target))
    results = results_of(watcher, tasks, Workers(workers, backend, ray_address))
    digests = logged.episodes["digest"].to_list()
    probabilities = np.empty(logged.masks.shape, np.float64)
    for done, (index, watched) in enumerate(results, start=1):
        if watched.digest != digests[index]:
            raise GoliveError(
                f"recorded episode ({tasks[index]}): comes out otherwise than it was recorded: "
                "expected the version of golive that recorded it"
            )
        start = starts[index]
        probabilities[start : start + len(watched.probabilities)] = watched.probabilities
        if progress is not None:
            progress(done, len(tasks))
    return probabilities


class _Watched(NamedTuple):
    probabilities: NDArray[np.float64]
    digest: str


class _Watcher:
    """Lets the target watch an episode."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def __call__(self, task: RecordedTask) -> _Watched:
        played = self._player.play(task)
        return _Watched(played.behaviour, played.digest)
