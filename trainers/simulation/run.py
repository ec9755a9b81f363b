"""Running a profile: all its replicas at once, round by round.

A round takes every replica that is the furthest behind on by one decision point, so that all
stand on the same working day. An episode is a function of scenario, seed and policy alone;
therefore the results do not depend on who holds which replica, and what a process held when it
died can be brought back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.arguments import checked
from ...core.execution import Backend, WorkerLost, default_workers
from ...core.execution.worker import Worker, open_workers
from ...core.files import prepare_output_directory, write_bytes_atomically
from ...scenarios.loader import save_yaml
from ...sim.policy import Policy
from ..evaluation.poisoned import PoisonedEpisode, write_poisoned
from ..evaluation.result import ROWS_FILE, parquet_bytes
from .host import HostReport, ReplicaHost, own_policy
from .profile import Profile, ReplicaPlan, load_profile, plan_replicas

if TYPE_CHECKING:
    import polars as pl

MOST_RESTARTS = 3
"""Of a host; when it dies once more, its replicas are given up: one of them must be the cause."""
_SECONDS_PER_HOUR = 3600.0


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
        """Give the state in a few words."""
        parts = [f"{self.running} running", f"{self.finished} finished"]
        parts += [f"{self.poisoned} poisoned"] if self.poisoned else []
        parts += [f"{self.restarts} restarts"] if self.restarts else []
        speed = f"{self.steps_per_second:,.0f} steps/s"
        return ", ".join([*parts, speed, f"{self.resident_mb:,.0f} MB"])


Progress = Callable[[MetricsRow], None] | None
"""Called after every round."""


@dataclass(frozen=True)
class Performance:
    """A simulation's speed and size, whole; what is not explained here is in ``MetricsRow``."""

    wall_seconds: float
    world_steps: int
    steps_per_second: float
    simulated_days: int
    acceleration: float
    """Working time that every replica passed, over wall time."""
    most_running: int
    """Replicas at once."""
    peak_resident_mb: float
    processes: int
    """Those that held replicas at one time."""
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


@checked
def simulate_profile(
    profile: Profile | str,
    *,
    policy: str | Policy | None = None,
    ray_address: str | None = None,
    progress: Progress = None,
) -> SimulationResult:
    """Simulate all replicas of a profile at once.

    Args:
        profile: itself, its name or its file.
        policy: who decides in place of the profile's; every replica has one of its own.
        ray_address: of a Ray cluster to run on, instead of the profile's backend.
        progress: called after every round.

    Returns:
        Results of the replicas that ended, equal to the bit whatever the backend and the number
        of workers; the metrics of the run; and the replicas that failed.

    Raises:
        GoliveError: a profile, scenario or policy that is not valid.
        WorkerLost: a process that holds replicas cannot be begun.
    """
    if isinstance(profile, str):
        profile = load_profile(profile)
    chosen = profile.policy if policy is None else policy
    plans = plan_replicas(profile)
    name = own_policy(chosen, plans[0].scenario.world).name
    backend = profile.backend if ray_address is None else Backend.RAY
    workers = 1 if backend == Backend.SERIAL else profile.workers or default_workers()
    with open_workers(
        lambda _number: ReplicaHost(chosen, name, plans),
        min(workers, len(plans)),
        backend=backend,
        address=ray_address,
    ) as opened:
        shares = [plans[place :: len(opened)] for place in range(len(opened))]
        hosts = [_Host(*both, name) for both in zip(opened, shares, strict=True)]
        return _Run(profile, hosts, progress).to_the_end()


class _Run:
    """The driver of a simulation: knows which replicas are where, and holds no world."""

    def __init__(self, profile: Profile, hosts: Sequence[_Host], progress: Progress) -> None:
        self._profile = profile
        self._hosts = hosts
        self._progress = progress
        self._rows: dict[int, dict[str, Any]] = {}
        self._poisoned: dict[int, PoisonedEpisode] = {}
        self._metrics: list[MetricsRow] = []
        self._round = self._steps = self._days = self._most_running = 0
        self._peak_mb = 0.0
        self._started = time.perf_counter()

    def to_the_end(self) -> SimulationResult:
        while any(host.left for host in self._hosts):
            clock = min(host.report.due_hours for host in self._hosts)
            if self._profile.acceleration is not None:
                due = self._started + clock * _SECONDS_PER_HOUR / self._profile.acceleration
                time.sleep(max(0.0, due - time.perf_counter()))
            self._do_round(clock)
            row = self._note(clock)
            if self._progress is not None:
                self._progress(row)
        return self._result()

    def _do_round(self, clock: float) -> None:
        """Advance every host that has replicas left, and take in what comes back."""
        busy = [host for host in self._hosts if host.left]
        for host in busy:
            host.send(clock)
        for host in busy:
            report = host.hear(clock)
            self._rows |= report.rows
            self._poisoned |= report.poisoned
            self._steps += report.steps
            self._days += report.days
        self._round += 1
        self._most_running = max(self._most_running, sum(host.report.begun for host in busy))

    def _note(self, clock: float) -> MetricsRow:
        """The row of a round, kept if it is time for one; the first and the last always are."""
        last = self._metrics[-1] if self._metrics else None
        wall = time.perf_counter() - self._started
        since = wall - (last.wall_seconds if last else 0.0)
        steps = self._steps - (last.world_steps if last else 0)
        row = MetricsRow(
            wall_seconds=wall,
            round=self._round,
            clock_hours=clock,
            running=sum(len(host.left) for host in self._hosts),
            finished=len(self._rows),
            poisoned=len(self._poisoned),
            world_steps=self._steps,
            steps_per_second=steps / since if since > 0.0 else 0.0,
            simulated_days=self._days,
            days_left=sum(host.report.days_left for host in self._hosts),
            resident_mb=sum(host.report.resident_bytes for host in self._hosts) / 1e6,
            restarts=sum(host.restarts for host in self._hosts),
        )
        if last is None or row.running == 0 or since >= self._profile.metrics_seconds:
            self._metrics.append(row)
        self._peak_mb = max(self._peak_mb, row.resident_mb)
        return row

    def _result(self) -> SimulationResult:
        import polars as pl

        last = self._metrics[-1]
        performance = Performance(
            wall_seconds=last.wall_seconds,
            world_steps=last.world_steps,
            steps_per_second=last.world_steps / last.wall_seconds,
            simulated_days=last.simulated_days,
            acceleration=last.clock_hours * _SECONDS_PER_HOUR / last.wall_seconds,
            most_running=self._most_running,
            peak_resident_mb=self._peak_mb,
            processes=len(self._hosts),
            restarts=last.restarts,
        )
        rows = [self._rows[number] for number in sorted(self._rows)]
        return SimulationResult(
            self._profile,
            pl.DataFrame(rows, infer_schema_length=None),
            pl.DataFrame([asdict(row) for row in self._metrics], infer_schema_length=None),
            performance,
            tuple(self._poisoned[number] for number in sorted(self._poisoned)),
        )


class _Host:
    """A host as the driver knows it: its replicas, and its last report."""

    def __init__(self, worker: Worker, plans: Sequence[ReplicaPlan], policy: str) -> None:
        self._worker = worker
        self._policy = policy
        self.left = {plan.number: plan for plan in plans}
        self.report = HostReport(due_hours=0.0)
        self.restarts = 0

    def send(self, clock: float) -> None:
        self._worker.send("advance", clock, tuple(self.left))

    def hear(self, clock: float) -> HostReport:
        """The report of a round; when the host dies it is begun anew, and does it again."""
        report: HostReport | None = None
        while report is None:  # the first answer of one that was begun anew
            try:
                report = self._worker.receive()
            except WorkerLost as death:
                if self.restarts == MOST_RESTARTS:
                    report = self._given_up(death)
                    break
                self.restarts += 1
                self._worker.begin()
                self.send(clock)
        self.report = report
        for number in (*report.rows, *report.poisoned):
            del self.left[number]
        return report

    def _given_up(self, death: WorkerLost) -> HostReport:
        error = f"{death}, after {MOST_RESTARTS} restarts, with {len(self.left)} replicas in it"
        poisoned = {
            number: PoisonedEpisode(self._policy, plan.level_name, plan.seed, error)
            for number, plan in self.left.items()
        }
        return HostReport(poisoned=poisoned)
