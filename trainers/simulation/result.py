"""The result of a simulation under a profile."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.files import prepare_output_directory, write_bytes_atomically
from ...scenarios.loader import save_yaml
from ..evaluation.poisoned import PoisonedEpisode, write_poisoned
from .host import Value
from .profile import Profile
from .replicas import ReplicaPlan

if TYPE_CHECKING:
    import polars as pl

RESULTS_FILE = "results.parquet"
METRICS_FILE = "metrics.parquet"
PROFILE_FILE = "profile.yaml"


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
        for name, frame in ((RESULTS_FILE, self.results), (METRICS_FILE, self.metrics)):
            buffer = io.BytesIO()
            frame.write_parquet(buffer)
            write_bytes_atomically(directory / name, buffer.getvalue())
        write_poisoned(directory, self.poisoned)
        save_yaml(self.profile, directory / PROFILE_FILE)


def results_frame(
    plans: Sequence[ReplicaPlan], policy: str, rows: dict[int, dict[str, Value]]
) -> pl.DataFrame:
    """The results of the replicas that ended, in the order of their numbers.

    Args:
        plans: of all replicas.
        policy: who decided.
        rows: by replica, as ``Replica.row`` gives them.
    """
    import polars as pl

    ordered = [
        {
            "replica": plan.number,
            "scenario": plan.scenario,
            "mix": plan.mix,
            "seed": plan.seed,
            "policy": policy,
            **rows[plan.number],
        }
        for plan in plans
        if plan.number in rows
    ]
    return pl.DataFrame(ordered, infer_schema_length=None)
