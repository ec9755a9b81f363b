"""Running a profile: all its replicas at once, round by round.

A round takes every replica that is the furthest behind on by one decision point, so that all
stand on the same working day. An episode is a function of scenario, seed and policy alone;
therefore the results do not depend on who holds which replica, and what a process held when it
died can be brought back.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

from ...agents.registry import load_policy
from ...core.execution import Backend, WorkerLost, default_workers
from ...core.execution.worker import Worker, open_workers
from ...sim.policy import Policy
from ..evaluation.poisoned import PoisonedEpisode
from .host import HostFactory, HostReport, Value
from .metrics import MetricsRecorder, MetricsRow, Standing
from .profile import Profile, load_profile
from .replicas import ReplicaPlan, ReplicaPlans, plan_replicas
from .result import Performance, SimulationResult, results_frame

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
    replicas = plan_replicas(profile)
    name = load_policy(chosen, replicas.world).name if isinstance(chosen, str) else chosen.name
    workers = default_workers() if profile.workers is None else profile.workers
    backend = profile.backend if ray_address is None else Backend.RAY
    workers = 1 if backend == Backend.SERIAL else min(workers, len(replicas.plans))
    with open_workers(
        HostFactory(chosen, replicas), workers, backend=backend, address=ray_address
    ) as opened:
        run = _Run(profile, name, replicas, opened, progress)
        return run.to_the_end()


class _Run:
    """The driver of a simulation: knows which replicas are where, and holds no world."""

    def __init__(
        self,
        profile: Profile,
        policy: str,
        replicas: ReplicaPlans,
        workers: list[Worker],
        progress: Progress | None,
    ) -> None:
        self._profile = profile
        self._policy = policy
        self._plans = replicas.plans
        self._progress = progress
        self._hosts = [
            _Host(worker, replicas.plans[number :: len(workers)])
            for number, worker in enumerate(workers)
        ]
        self._rows: dict[int, dict[str, Value]] = {}
        self._poisoned: dict[int, PoisonedEpisode] = {}
        self._round = self._steps = self._days = self._peak_bytes = 0
        self._recorder = MetricsRecorder(profile.metrics_seconds)

    def to_the_end(self) -> SimulationResult:
        started = time.monotonic()
        self._all("begin", "begin", 0.0)
        most_running = sum(host.running for host in self._hosts)
        clock = 0.0
        while not self._finished:
            clock = min(host.due_hours for host in self._hosts)
            self._wait_for(clock, started)
            self._all("advance", "resume", clock)
            self._round += 1
            row = self._recorder.note(self._standing(clock), last=self._finished)
            if self._progress is not None:
                self._progress(row)
        return self._result(clock, most_running)

    @property
    def _finished(self) -> bool:
        return all(host.running == 0 for host in self._hosts)

    def _all(self, method: str, after_death: str, clock: float) -> None:
        """Call a method of every host that has replicas left, and take in what comes back.

        Args:
            method: ``begin`` or ``advance``.
            after_death: what a host does in its place when it is begun anew.
            clock: working hours since kick-off.
        """
        busy = [host for host in self._hosts if host.left]
        for host in busy:
            host.send(method, clock)
        for host in busy:
            try:
                report = host.report(after_death, clock)
            except WorkerLost as death:
                self._give_up(host, death)
            else:
                self._take_in(host, report)

    def _take_in(self, host: _Host, report: HostReport) -> None:
        self._rows.update(report.finished)
        self._poisoned.update(report.poisoned)
        self._steps += report.steps
        self._days += report.days
        host.take_in(report)

    def _give_up(self, host: _Host, death: WorkerLost) -> None:
        error = f"{death}, after {MOST_RESTARTS} restarts, with {len(host.left)} replicas in it"
        for number, plan in host.left.items():
            self._poisoned[number] = PoisonedEpisode(
                self._policy, plan.level_name, plan.seed, error
            )
        host.leave()

    def _wait_for(self, clock: float, started: float) -> None:
        if self._profile.acceleration is not None:
            due = started + clock * _SECONDS_PER_HOUR / self._profile.acceleration
            time.sleep(max(0.0, due - time.monotonic()))

    def _standing(self, clock: float) -> Standing:
        resident = sum(host.resident_bytes for host in self._hosts)
        self._peak_bytes = max(self._peak_bytes, resident)
        return Standing(
            round=self._round,
            clock_hours=clock,
            running=sum(host.running for host in self._hosts),
            finished=len(self._rows),
            poisoned=len(self._poisoned),
            world_steps=self._steps,
            simulated_days=self._days,
            days_left=sum(host.days_left for host in self._hosts),
            resident_bytes=resident,
            restarts=sum(host.restarts for host in self._hosts),
        )

    def _result(self, clock: float, most_running: int) -> SimulationResult:
        rows = self._recorder.rows
        wall = rows[-1].wall_seconds if rows else 0.0
        performance = Performance(
            wall_seconds=wall,
            world_steps=self._steps,
            steps_per_second=self._steps / wall if wall else 0.0,
            simulated_days=self._days,
            acceleration=clock * _SECONDS_PER_HOUR / wall if wall else 0.0,
            most_running=most_running,
            peak_resident_mb=self._peak_bytes / 1e6,
            processes=len(self._hosts),
            restarts=sum(host.restarts for host in self._hosts),
        )
        return SimulationResult(
            self._profile,
            results_frame(self._plans, self._policy, self._rows),
            self._recorder.frame(),
            performance,
            tuple(self._poisoned[number] for number in sorted(self._poisoned)),
        )


class _Host:
    """What the driver knows of a host."""

    def __init__(self, worker: Worker, plans: Sequence[ReplicaPlan]) -> None:
        self._worker = worker
        self.left = {plan.number: plan for plan in plans}
        self.restarts = 0
        self.running = len(self.left)
        self.days_left = 0
        self.due_hours = 0.0
        self.resident_bytes = 0

    def send(self, method: str, clock: float) -> None:
        arguments = (clock,) if method == "advance" else (tuple(self.left), clock)
        self._worker.send(method, *arguments)

    def report(self, after_death: str, clock: float) -> HostReport:
        """What a call gives; when the host dies it is begun anew and asked again.

        Raises:
            WorkerLost: it did so too often.
        """
        is_dead = False
        while True:
            try:
                if is_dead:
                    self._worker.begin()
                    self._worker.receive()
                    self.send(after_death, clock)
                report: HostReport = self._worker.receive()
                return report
            except WorkerLost:
                is_dead = True
                if self.restarts == MOST_RESTARTS:
                    raise
                self.restarts += 1

    def take_in(self, report: HostReport) -> None:
        for number in (*dict(report.finished), *dict(report.poisoned)):
            del self.left[number]
        self.running = report.running
        self.days_left = report.days_left
        self.due_hours = report.due_hours
        self.resident_bytes = report.resident_bytes

    def leave(self) -> None:
        self.left = {}
        self.running = self.days_left = self.resident_bytes = 0
        self.due_hours = math.inf
