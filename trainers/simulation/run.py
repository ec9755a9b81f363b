"""Running a profile: all its replicas at once, round by round.

A round takes every replica that is the furthest behind on by one decision point, so that all
stand on the same working day. An episode is a function of scenario, seed and policy alone;
therefore the results do not depend on who holds which replica, and what a process held when it
died can be brought back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from ...core.execution import Backend, WorkerLost, default_workers
from ...core.execution.worker import Worker, open_workers
from ...sim.policy import Policy
from ..evaluation.poisoned import PoisonedEpisode
from .host import HostReport, ReplicaHost, own_policy
from .profile import Profile, load_profile
from .replicas import ReplicaPlan, plan_replicas
from .result import MetricsRow, Performance, SimulationResult

MOST_RESTARTS = 3
"""Of a host; when it dies once more, its replicas are given up: one of them must be the cause."""
_SECONDS_PER_HOUR = 3600.0

Progress = Callable[[MetricsRow], None]
"""Called after every round."""


def simulate_profile(
    profile: Profile | str,
    *,
    policy: str | Policy | None = None,
    ray_address: str | None = None,
    progress: Progress | None = None,
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
        hosts = [_Host(worker, plans[n :: len(opened)]) for n, worker in enumerate(opened)]
        return _Run(profile, name, hosts, progress).to_the_end()


class _Run:
    """The driver of a simulation: knows which replicas are where, and holds no world."""

    def __init__(
        self, profile: Profile, policy: str, hosts: Sequence[_Host], progress: Progress | None
    ) -> None:
        self._profile = profile
        self._policy = policy
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
            try:
                report = host.hear(clock)
            except WorkerLost as death:
                report = host.given_up(self._policy, death)
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
    """What the driver knows of a host: its replicas, and its last report."""

    def __init__(self, worker: Worker, plans: Sequence[ReplicaPlan]) -> None:
        self._worker = worker
        self._is_new = True
        self.left = {plan.number: plan for plan in plans}
        self.report = HostReport(due_hours=0.0)
        self.restarts = 0

    def send(self, clock: float) -> None:
        self._worker.send("advance", clock, tuple(self.left) if self._is_new else ())

    def hear(self, clock: float) -> HostReport:
        """The report of a round; when the host dies it is begun anew, and does it again.

        Raises:
            WorkerLost: it died too often.
        """
        is_dead = False
        while True:
            try:
                if is_dead:
                    self._worker.begin()
                    self._worker.receive()
                    self._is_new = True
                    self.send(clock)
                self.report = self._worker.receive()
                break
            except WorkerLost:
                if self.restarts == MOST_RESTARTS:
                    raise
                self.restarts += 1
                is_dead = True
        self._is_new = False
        for number in (*self.report.rows, *self.report.poisoned):
            del self.left[number]
        return self.report

    def given_up(self, policy: str, death: WorkerLost) -> HostReport:
        """The report of a host that is begun no more."""
        error = f"{death}, after {MOST_RESTARTS} restarts, with {len(self.left)} replicas in it"
        poisoned = {
            number: PoisonedEpisode(policy, plan.level_name, plan.seed, error)
            for number, plan in self.left.items()
        }
        self.report, self.left = HostReport(poisoned=poisoned), {}
        return self.report
