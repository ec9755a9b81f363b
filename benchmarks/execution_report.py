"""Costs of backends, as a report and its tables."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.command import span
from golive.core.tables import Table, figures
from golive.trainers.evaluation.statistics import Interval


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
    """Measured times and ratios.

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

    @property
    def setting(self) -> str:
        """One line on what was played, how often and where."""
        return (
            f"{self.episodes} episodes of {self.scenario} by {self.policy} per call, "
            f"{self.repetitions} calls of each backend in turns, {self.cores} cores"
        )


def execution_table(report: ExecutionReport, title: str) -> Table:
    """Backends side by side."""
    return Table(
        title,
        figures("backend", "workers", "first call, s", "call, s", "times serial", "overhead"),
        [
            (
                row.backend,
                row.workers,
                f"{row.first_call_seconds:.2f}",
                span(row.seconds, ".2f"),
                span(row.speedup, ".2f"),
                span(row.overhead, ".1%"),
            )
            for row in report.rows
        ],
    )


def emulation_table(report: ExecutionReport, title: str) -> Table:
    """One driver and many workers that only wait."""
    timed = ("chunk, s", "used", "driver per chunk, ms", "workers it could feed")
    return Table(
        title,
        figures("workers", "nodes", *timed),
        [
            (
                row.workers,
                row.nodes,
                f"{row.chunk_seconds:.2f}",
                f"{100 * row.efficiency:.1f} %",
                f"{row.driver_milliseconds:.2f}",
                f"{row.most_workers:,}",
            )
            for row in report.emulated
        ],
    )
