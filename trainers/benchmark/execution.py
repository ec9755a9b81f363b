"""What a backend costs: the same episodes serially, in processes and on Ray; and how far one
process can feed workers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.execution import Backend, TaskError, default_workers, map_chunks, map_tasks
from ...core.execution.ray_session import ray_session
from ...core.execution.tasks import chunk_seconds
from ..evaluation.episode_rows import (
    EpisodePlayer,
    EpisodeTask,
    PackedEpisodes,
    Row,
    pack_episodes,
    unpack_rows,
)
from ..evaluation.plan import make_entrants
from ..evaluation.poisoned import PoisonedEpisode
from ..evaluation.statistics import (
    FloatArray,
    Interval,
    bootstrap_interval,
    generator,
    interquartile_mean,
)

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

Progress = Callable[[int, int], None]
"""Called with (done, in all)."""
_CHUNKS_PER_EMULATED_WORKER = 6
_LONGEST_NAP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """One backend with so many workers.

    Attributes:
        backend: where the episodes run.
        workers: processes.
        first_call_seconds: of the first call, which starts workers and loads libraries.
        seconds: of a later one.
        speedup: to the serial backend, turn by turn.
        overhead: share of the workers' time in which they did not work on an episode.
    """

    backend: str
    workers: int
    first_call_seconds: float
    seconds: Interval
    speedup: Interval
    overhead: Interval


@dataclass(frozen=True, slots=True)
class EmulationRow:
    """Ray with many workers, of which each only waits as long as its episodes would take.

    Attributes:
        workers: that wait.
        nodes: that they are spread over.
        chunk_seconds: work that a chunk holds.
        efficiency: share of the workers' time that was used.
        driver_milliseconds: of the driving process's time for a chunk, there and back.
        most_workers: that could be fed with such chunks if a driver did nothing else.
    """

    workers: int
    nodes: int
    chunk_seconds: float
    efficiency: float
    driver_milliseconds: float
    most_workers: int


@dataclass(frozen=True, slots=True)
class ExecutionReport:
    """What was measured.

    Attributes:
        scenario: whose episodes.
        policy: that decided.
        episodes: per call.
        repetitions: calls of every backend, in turns.
        cores: that this process may use.
        rows: by backend.
        emulated: by number of workers.
    """

    scenario: str
    policy: str
    episodes: int
    repetitions: int
    cores: int
    rows: tuple[ExecutionRow, ...]
    emulated: tuple[EmulationRow, ...]


@dataclass(frozen=True, slots=True)
class _TimedEpisodes:
    """A chunk's episodes and the seconds that they took."""

    packed: PackedEpisodes
    seconds: float


class _TimedPlayer:
    """Plays episodes and says how long each took."""

    def __init__(self, player: EpisodePlayer) -> None:
        self._player = player

    def __call__(self, task: EpisodeTask) -> tuple[Row | PoisonedEpisode, float]:
        started = time.perf_counter()
        row = self._player(task)
        return row, time.perf_counter() - started


class _Waiter:
    """Waits as long as an episode takes, then gives one that was played before."""

    def __init__(self, row: Row, seconds: float) -> None:
        self._row = row
        self._seconds = seconds

    def __call__(self, task: EpisodeTask) -> tuple[Row | PoisonedEpisode, float]:
        time.sleep(self._seconds)
        return {**self._row, "seed": task.seed}, self._seconds


def measure_execution(
    scenario: Scenario,
    policy: str,
    *,
    first_seed: int,
    episodes: int = 100,
    repetitions: int = 10,
    workers: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> list[ExecutionRow]:
    """The same episodes on every backend, in turns, in one run.

    Args:
        scenario: what is simulated.
        policy: who decides, by name.
        first_seed: of the episodes of a call.
        episodes: per call.
        repetitions: calls of every backend.
        workers: numbers of workers to try; None: one for every core.
        progress: called as calls end.

    Raises:
        TaskError: an episode failed.
    """
    player = _TimedPlayer(EpisodePlayer(make_entrants([policy]), [scenario]))
    tasks = [EpisodeTask(0, 0, first_seed + index) for index in range(episodes)]
    counts = list(workers or (default_workers(),))
    ways = [(Backend.SERIAL, 1)]
    ways += [(backend, count) for backend in (Backend.PROCESS, Backend.RAY) for count in counts]
    walls = np.zeros((len(ways), repetitions))
    busy = np.zeros((len(ways), repetitions))
    first: list[float] = []
    with ray_session(None, max(counts)):
        for backend, count in ways:
            first.append(_call(player, tasks, backend, count)[0])
        for turn in range(repetitions):
            for place, (backend, count) in enumerate(ways):
                walls[place, turn], busy[place, turn] = _call(player, tasks, backend, count)
                if progress is not None:
                    progress(turn * len(ways) + place + 1, repetitions * len(ways))
    return [
        ExecutionRow(
            str(backend),
            count,
            first[place],
            _interval(walls[place], f"{backend} {count} seconds"),
            _interval(walls[0] / walls[place], f"{backend} {count} speedup"),
            _interval(1 - busy[place] / (count * walls[place]), f"{backend} {count} overhead"),
        )
        for place, (backend, count) in enumerate(ways)
    ]


def emulate_cluster(
    scenario: Scenario, policy: str, *, seed: int, workers: int, nodes: int = 1
) -> EmulationRow:
    """Feed many Ray workers that only wait, so that the driver is what is measured.

    Args:
        scenario: whose episode's length and row are taken.
        policy: who decides in it.
        seed: of that episode.
        workers: that wait; each is a process, which takes memory but no time.
        nodes: local Ray nodes that they are spread over.

    Raises:
        TaskError: a worker could not be had.
    """
    player = _TimedPlayer(EpisodePlayer(make_entrants([policy]), [scenario]))
    player(EpisodeTask(0, 0, seed))
    row, seconds = player(EpisodeTask(0, 0, seed))
    assert not isinstance(row, PoisonedEpisode)
    waiter = _Waiter(row, seconds)
    chunk = chunk_seconds(workers)
    count = int(_CHUNKS_PER_EMULATED_WORKER * workers * chunk / seconds)
    with _cluster(workers, nodes) as address, ray_session(address):
        _wait_for_workers(workers)
        before = time.process_time()
        tasks = [EpisodeTask(0, 0, index) for index in range(count)]
        wall, busy, chunks = _timed(waiter, tasks, Backend.RAY, workers)
        driver = time.process_time() - before
    per_chunk = driver / chunks
    return EmulationRow(
        workers, nodes, chunk, busy / (workers * wall), 1000 * per_chunk, int(chunk / per_chunk)
    )


def _wait_for_workers(workers: int) -> None:
    """Keep Ray busy until so many processes have loaded what they need."""
    seconds = 1.0
    seen: set[int] = set()
    while len(seen) < workers:
        nap = _Nap(seconds)
        seen |= set(map_tasks(nap, range(2 * workers), workers=workers, backend=Backend.RAY))
        seconds *= 2.0
        if seconds > _LONGEST_NAP_SECONDS:
            raise TaskError(f"{len(seen)} of {workers} workers have started")


class _Nap:
    """Keeps a worker from taking another's task, and says which process it is."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __call__(self, _task: int) -> int:
        import polars  # noqa: F401 - takes a while, and belongs to a worker's start

        time.sleep(self._seconds)
        return os.getpid()


@contextmanager
def _cluster(workers: int, nodes: int) -> Iterator[str]:
    """Local Ray nodes with so many cores between them, whatever this machine has."""
    from ray.cluster_utils import Cluster

    cluster: Any = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    try:
        for node in range(nodes):
            cluster.add_node(num_cpus=len(range(node, workers, nodes)))
        cluster.wait_for_nodes()
        yield str(cluster.address)
    finally:
        cluster.shutdown()


def _call(
    function: Callable[[EpisodeTask], tuple[Row | PoisonedEpisode, float]],
    tasks: Sequence[EpisodeTask],
    backend: Backend,
    workers: int,
) -> tuple[float, float]:
    """(wall seconds, seconds of work) of one call."""
    wall, busy, _ = _timed(function, tasks, backend, workers)
    return wall, busy


def _timed(
    function: Callable[[EpisodeTask], tuple[Row | PoisonedEpisode, float]],
    tasks: Sequence[EpisodeTask],
    backend: Backend,
    workers: int,
) -> tuple[float, float, int]:
    """(wall seconds, seconds of work, chunks) of one call, rows unpacked as an evaluation does."""
    started = time.perf_counter()
    busy, chunks, rows = 0.0, 0, 0
    for _, part in map_chunks(function, tasks, pack=_pack, workers=workers, backend=backend):
        frame = unpack_rows(part.packed)
        rows += 0 if frame is None else frame.height
        busy += part.seconds
        chunks += 1
    if rows != len(tasks):
        raise RuntimeError(f"{rows} rows of {len(tasks)} episodes")
    return time.perf_counter() - started, busy, chunks


def _pack(episodes: list[tuple[Row | PoisonedEpisode, float]]) -> _TimedEpisodes:
    return _TimedEpisodes(
        pack_episodes([row for row, _ in episodes]), sum(seconds for _, seconds in episodes)
    )


def _interval(samples: FloatArray, purpose: str) -> Interval:
    return bootstrap_interval([samples], interquartile_mean, generator(0, "execution", purpose))
