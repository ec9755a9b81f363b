"""The performance of a running simulation, over time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of the simulation after a round.

    Attributes:
        round: rounds done.
        clock_hours: working hours since kick-off that the replicas have reached together.
        running: replicas that go on.
        finished: replicas that have ended.
        poisoned: replicas that have failed.
        world_steps: decision points passed, over all replicas, each counted once.
        simulated_days: working days passed, over all replicas.
        days_left: working days that the running ones may still last.
        resident_bytes: memory of all processes that hold replicas.
        restarts: hosts that died and were begun anew.
    """

    round: int
    clock_hours: float
    running: int
    finished: int
    poisoned: int
    world_steps: int
    simulated_days: int
    days_left: int
    resident_bytes: int
    restarts: int


@dataclass(frozen=True, slots=True)
class MetricsRow:
    """One row of the metrics: a standing, when it was, and how fast it went since the last."""

    wall_seconds: float
    round: int
    clock_hours: float
    running: int
    finished: int
    poisoned: int
    world_steps: int
    steps_per_second: float
    """Over the time since the row before."""
    simulated_days: int
    days_left: int
    resident_mb: float
    """Of all processes that hold replicas, in 10^6 bytes; pages that they share count in each."""
    restarts: int


class MetricsRecorder:
    """Keeps a row of metrics every so often.

    Args:
        interval_seconds: between two rows; the first and the last round always have theirs.
        clock: seconds, monotonic.
    """

    def __init__(
        self, interval_seconds: float, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._interval = interval_seconds
        self._clock = clock
        self._started = clock()
        self._last = MetricsRow(0.0, 0, 0.0, 0, 0, 0, 0, 0.0, 0, 0, 0.0, 0)
        self.rows: list[MetricsRow] = []

    def note(self, standing: Standing, *, last: bool = False) -> MetricsRow:
        """The row of a round, kept if it is time for one."""
        wall = self._clock() - self._started
        since = wall - self._last.wall_seconds
        values = asdict(standing)
        row = MetricsRow(
            wall_seconds=wall,
            steps_per_second=(standing.world_steps - self._last.world_steps) / since
            if since > 0.0
            else 0.0,
            resident_mb=values.pop("resident_bytes") / 1e6,
            **values,
        )
        if last or not self.rows or since >= self._interval:
            self.rows.append(row)
            self._last = row
        return row

    def frame(self) -> pl.DataFrame:
        """The rows kept, one column per figure."""
        import polars as pl

        columns = {f.name: [getattr(row, f.name) for row in self.rows] for f in fields(MetricsRow)}
        return pl.DataFrame(columns)
