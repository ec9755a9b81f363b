"""A host: a block of replicas that live together and are taken on round by round."""

from __future__ import annotations

import copy
import math
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...agents.registry import load_policy
from ...sim.policy import Policy
from ...sim.replica import Replica
from ...sim.reproduction import last_morning
from ..evaluation.poisoned import PoisonedEpisode
from .replicas import ReplicaPlans

Value = str | float | bool | int
"""A cell of the results."""


@dataclass(frozen=True, slots=True)
class HostReport:
    """The state of a host after a round.

    Attributes:
        finished: replicas that ended in it: number and row of results.
        poisoned: replicas that failed in it: number and what is known.
        running: replicas that go on.
        steps: decision points passed in it.
        days: working days passed in it, over the replicas.
        days_left: working days that those that go on may still last.
        due_hours: working hours since kick-off of the replica that is the furthest behind;
            infinite if none goes on.
        resident_bytes: memory of the process.
        process_id: of the process.
    """

    finished: tuple[tuple[int, dict[str, Value]], ...]
    poisoned: tuple[tuple[int, PoisonedEpisode], ...]
    running: int
    steps: int
    days: int
    days_left: int
    due_hours: float
    resident_bytes: int
    process_id: int


@dataclass(frozen=True)
class HostFactory:
    """Makes hosts; sent to every process once.

    Attributes:
        policy: a name or path, or a policy that every replica gets a copy of.
        replicas: of the whole simulation; a host is told which of them are its own.
    """

    policy: str | Policy
    replicas: ReplicaPlans

    def __call__(self, _number: int) -> ReplicaHost:
        """A host without replicas."""
        return ReplicaHost(self.policy, self.replicas)


@dataclass
class _Round:
    finished: list[tuple[int, dict[str, Value]]] = field(default_factory=list)
    poisoned: list[tuple[int, PoisonedEpisode]] = field(default_factory=list)
    steps: int = 0
    days: int = 0


class ReplicaHost:
    """Replicas that live in one process.

    Args:
        policy: a name or path, or a policy that every replica gets a copy of.
        replicas: of the whole simulation.
    """

    def __init__(self, policy: str | Policy, replicas: ReplicaPlans) -> None:
        self._policy = policy
        self._replicas = replicas
        self._running: dict[int, Replica] = {}

    def begin(self, numbers: Sequence[int], clock_hours: float = 0.0) -> HostReport:
        """Begin replicas, in place of any there are.

        Args:
            numbers: which.
            clock_hours: they are brought to where so many working hours have passed.
        """
        outcome = _Round()
        self._running = {}
        for number in numbers:
            replica: Replica | None = None
            try:
                replica = self._begun(number)
                replica.advance_to(clock_hours)
                self._running[number] = replica
            except Exception as error:  # reported; the others go on
                outcome.poisoned.append(self._poisoned(number, replica, error))
        return self._report(outcome)

    def advance(self, clock_hours: float) -> HostReport:
        """Take every replica that is not ahead of the clock on by one decision point."""
        outcome = _Round()
        for number, replica in list(self._running.items()):
            if replica.hours > clock_hours:
                continue
            try:
                day = replica.day
                replica.advance()
                outcome.steps += 1
                outcome.days += replica.day - day
                if replica.finished:
                    outcome.finished.append((number, replica.row()))
                    del self._running[number]
            except Exception as error:  # reported; the others go on
                outcome.poisoned.append(self._poisoned(number, replica, error))
                del self._running[number]
        return self._report(outcome)

    def resume(self, numbers: Sequence[int], clock_hours: float) -> HostReport:
        """Do a round in place of a host that died in it: bring its replicas back, go on."""
        begun = self.begin(numbers, clock_hours)
        report = self.advance(clock_hours)
        return replace(report, poisoned=begun.poisoned + report.poisoned)

    def _begun(self, number: int) -> Replica:
        plan = self._replicas.plans[number]
        return Replica(self._new_policy(), self._replicas.scenario(plan), plan.seed)

    def _new_policy(self) -> Policy:
        chosen = self._policy
        if not isinstance(chosen, str):
            return copy.deepcopy(chosen)
        return load_policy(chosen, self._replicas.world)

    def _poisoned(
        self, number: int, replica: Replica | None, error: Exception
    ) -> tuple[int, PoisonedEpisode]:
        policy, plan = self._new_policy(), self._replicas.plans[number]
        morning = last_morning(policy, self._replicas.scenario(plan), plan.seed)
        return number, PoisonedEpisode(
            policy=policy.name,
            scenario=plan.level_name,
            seed=plan.seed,
            error=f"{type(error).__name__}: {error}",
            details="".join(traceback.format_exception(error)),
            decisions=0 if replica is None else replica.decisions,
            snapshot=None if morning is None else morning.snapshot,
        )

    def _report(self, outcome: _Round) -> HostReport:
        import psutil

        process = psutil.Process()
        running = self._running.values()
        return HostReport(
            finished=tuple(outcome.finished),
            poisoned=tuple(outcome.poisoned),
            running=len(running),
            steps=outcome.steps,
            days=outcome.days,
            days_left=sum(replica.days_left for replica in running),
            due_hours=min((replica.hours for replica in running), default=math.inf),
            resident_bytes=process.memory_info().rss,
            process_id=process.pid,
        )
