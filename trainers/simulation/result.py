"""The result of a simulation under a profile, and its performance over time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.files import prepare_output_directory, write_bytes_atomically
from ...scenarios.loader import save_yaml
from ..evaluation.poisoned import PoisonedEpisode, write_poisoned
from ..evaluation.result import ROWS_FILE, parquet_bytes
from .profile import Profile

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class MetricsRow:
    """The state of the simulation after a round, and how fast it went since the row before."""

    wall_seconds: float
    round: int
    clock_hours: float
    """Working hours since kick-off that the replicas have reached together."""
    running: int
    finished: int
    poisoned: int
    world_steps: int
    """Decision points passed, over all replicas, each counted once."""
    steps_per_second: float
    simulated_days: int
    """Working days passed, over all replicas."""
    days_left: int
    """Working days that the running ones may still last."""
    resident_mb: float
    """Of all processes that hold replicas, in 10^6 bytes; pages that they share count in each."""
    restarts: int
    """Hosts that died and were begun anew."""

    def __str__(self) -> str:
        """Gives the state in a few words."""
        parts = [f"{self.running} running", f"{self.finished} finished"]
        parts += [f"{self.poisoned} poisoned"] if self.poisoned else []
        parts += [f"{self.restarts} restarts"] if self.restarts else []
        speed = f"{self.steps_per_second:,.0f} steps/s"
        return ", ".join([*parts, speed, f"{self.resident_mb:,.0f} MB"])


@dataclass(frozen=True)
class Performance:
    """A simulation's speed and size, whole.

    Attributes:
        wall_seconds: from the start of the first replica to the end of the last.
        world_steps: decision points passed, over all replicas.
        steps_per_second: the one by the other.
        simulated_days: working days passed, over all replicas.
        acceleration: working time that every replica passed, over wall time.
        most_running: replicas at once.
        peak_resident_mb: most memory of all processes that held replicas, in 10^6 bytes.
        processes: that held replicas at one time.
        restarts: of processes that died.
    """

    wall_seconds: float
    world_steps: int
    steps_per_second: float
    simulated_days: int
    acceleration: float
    most_running: int
    peak_resident_mb: float
    processes: int
    restarts: int


@dataclass(frozen=True)
class SimulationResult:
    """The result of every replica, and how the simulation performed.

    Attributes:
        profile: what was run.
        results: a row per replica that ended, by number: ``replica``, ``scenario``, ``mix``,
            ``seed``, ``policy``, ``customer``, ``decisions``, ``digest`` and the scorecard.
        metrics: a row per interval, as ``MetricsRow``.
        performance: the same, summed up.
        poisoned: replicas that failed.
    """

    profile: Profile
    results: pl.DataFrame
    metrics: pl.DataFrame
    performance: Performance
    poisoned: tuple[PoisonedEpisode, ...]

    def save(self, directory: Path) -> None:
        """Write results, metrics, profile and what is poisoned, each file whole or not at all.

        Raises:
            GoliveError: it cannot be written to.
        """
        prepare_output_directory(directory)
        write_bytes_atomically(directory / ROWS_FILE, parquet_bytes(self.results))
        write_bytes_atomically(directory / "metrics.parquet", parquet_bytes(self.metrics))
        write_poisoned(directory, self.poisoned)
        save_yaml(self.profile, directory / "profile.yaml")
