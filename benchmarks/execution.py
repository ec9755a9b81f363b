"""Cost of a backend: the same episodes serially, in processes and on Ray; and how far one
process can feed workers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.command import SEED, JsonOption, ScenarioOption, show, start, write_report
from benchmarks.execution_report import (
    EmulationRow,
    ExecutionReport,
    ExecutionRow,
    emulation_table,
    execution_table,
)
from golive.core.errors import GoliveError
from golive.core.execution import Backend, TaskError, default_workers, map_chunks, map_tasks
from golive.core.execution.ray_session import ray_session
from golive.core.execution.tasks import chunk_seconds
from golive.scenarios.loader import load_scenario
from golive.scenarios.scenario import Scenario
from golive.trainers.evaluation.episode_rows import (
    EpisodePlayer,
    EpisodeTask,
    PackedEpisodes,
    Row,
    pack_episodes,
    unpack_rows,
)
from golive.trainers.evaluation.plan import make_entrants
from golive.trainers.evaluation.poisoned import PoisonedEpisode
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.statistics import Interval
from golive.trainers.regression.speed import middle

Progress = Callable[[int, int], None]
"""Called with (done, in all)."""
Player = Callable[[EpisodeTask], tuple[Row | PoisonedEpisode, float]]
"""Plays an episode and says how long it took."""
_CHUNKS_PER_EMULATED_WORKER = 6
_LONGEST_NAP_SECONDS = 60.0
_ONCE = Interval(1.0, 1.0, 1.0)
"""Serial beside itself."""


def command(
    *,
    scenario: ScenarioOption = "furniture",
    policy: Annotated[str, typer.Option(help="Who decides.")] = "expert",
    episodes: Annotated[int, typer.Option(min=1, help="Episodes per call.")] = 100,
    repetitions: Annotated[int, typer.Option(min=2, help="Calls of every backend.")] = 10,
    workers: Annotated[
        str | None, typer.Option(help="Numbers of workers, such as 1,2,4 (default: every core).")
    ] = None,
    emulate: Annotated[
        str, typer.Option(help="Numbers of workers that only wait, such as 16,64; may be empty.")
    ] = "8,32",
    nodes: Annotated[int, typer.Option(min=1, help="Local Ray nodes of the emulation.")] = 4,
    out: Annotated[Path | None, typer.Option(help="Write the report to this JSON file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Time the same episodes serially, in processes and on Ray; then many emulated workers."""
    chosen = load_scenario(scenario)
    counts, emulated = _numbers("--workers", workers or ""), _numbers("--emulate", emulate)
    with counting_bar("Calls") as progress:
        rows = measure_execution(
            chosen,
            policy,
            first_seed=SEED,
            episodes=episodes,
            repetitions=repetitions,
            workers=counts or None,
            progress=progress,
        )
    report = ExecutionReport(
        chosen.name, policy, episodes, repetitions, default_workers(), tuple(rows), ()
    )
    write_report(report, out)  # what has been measured so far: an emulation can fail
    with counting_bar("Emulations") as progress:
        for done, count in enumerate(emulated):
            progress(done, len(emulated))
            row = emulate_cluster(chosen, policy, seed=SEED, workers=count, nodes=min(nodes, count))
            report = replace(report, emulated=(*report.emulated, row))
            write_report(report, out)
        progress(len(emulated), len(emulated))
    tables = [execution_table(report, report.setting)]
    if report.emulated:
        title = "Workers that only wait: how far one driver goes"
        tables.append(emulation_table(report, title))
    show(report, tables, as_json)


def _numbers(option: str, text: str) -> list[int]:
    """Whole numbers above 0, comma-separated."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise GoliveError(f"{option}: {text!r}: expected whole numbers above 0, comma-separated")
    return [int(part) for part in parts]


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
    """Time the same episodes on every backend, in turns, in one run.

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
    calls: list[list[_Call]] = []
    with ray_session(None, max(counts)):
        for turn in range(repetitions + 1):
            calls.append([])
            for place, way in enumerate(ways):
                calls[-1].append(_call(player, tasks, *way))
                if progress is not None and turn:
                    progress((turn - 1) * len(ways) + place + 1, repetitions * len(ways))
    walls = np.array([[call.seconds for call in turn] for turn in calls])
    busy = np.array([[call.busy_seconds for call in turn] for turn in calls])
    first, walls, busy = walls[0], walls[1:], busy[1:]
    return [
        ExecutionRow(
            str(backend),
            count,
            float(first[place]),
            middle(walls[:, place]),
            middle(walls[:, 0] / walls[:, place]) if place else _ONCE,
            middle(1 - busy[:, place] / (count * walls[:, place])),
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
        call = _call(waiter, tasks, Backend.RAY, workers)
        per_chunk = (time.process_time() - before) / call.chunks
    used = call.busy_seconds / (workers * call.seconds)
    return EmulationRow(workers, nodes, chunk, used, 1000 * per_chunk, int(chunk / per_chunk))


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


@dataclass(frozen=True, slots=True)
class _Call:
    """Times of a call: seconds, seconds of work in all workers, chunks."""

    seconds: float
    busy_seconds: float
    chunks: int


def _call(player: Player, tasks: Sequence[EpisodeTask], backend: Backend, workers: int) -> _Call:
    """Time one call, rows unpacked as an evaluation does."""
    started = time.perf_counter()
    busy, chunks, rows = 0.0, 0, 0
    for _, (packed, seconds) in map_chunks(
        player, tasks, pack=_pack, workers=workers, backend=backend
    ):
        frame = unpack_rows(packed)
        rows += 0 if frame is None else frame.height
        busy += seconds
        chunks += 1
    if rows != len(tasks):
        raise RuntimeError(f"{rows} rows of {len(tasks)} episodes")
    return _Call(time.perf_counter() - started, busy, chunks)


def _pack(episodes: list[tuple[Row | PoisonedEpisode, float]]) -> tuple[PackedEpisodes, float]:
    """A chunk's episodes and the seconds that they took."""
    return pack_episodes([row for row, _ in episodes]), sum(seconds for _, seconds in episodes)


if __name__ == "__main__":
    start("benchmarks.execution")
