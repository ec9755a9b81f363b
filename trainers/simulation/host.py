"""A host: a block of replicas that live together and are taken on round by round."""

from __future__ import annotations

import copy
import math
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ...agents.policy import Policy
from ...agents.registry import load_policy
from ...agents.replica import Replica
from .replicas import ReplicaPlan, ReplicaPlans

if TYPE_CHECKING:
    from ...sim.protocol import Snapshot

Value = str | float | bool | int
"""A cell of the results."""


@dataclass(frozen=True, slots=True)
class Poisoned:
    """A replica that cannot go on.

    Attributes:
        plan: which.
        policy: who decided.
        decision: number of the decision at which it failed, from 0; None if that is not known.
        error: type and text of the error.
        details: its traceback.
        snapshot: its world before that decision; None if it could not be brought back there.
    """

    plan: ReplicaPlan
    policy: str
    decision: int | None
    error: str
    details: str = ""
    snapshot: Snapshot | None = None


@dataclass(frozen=True, slots=True)
class HostReport:
    """How a host stands after a round.

    Attributes:
        finished: replicas that ended in it: number and row of results.
        poisoned: replicas that failed in it.
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
    poisoned: tuple[Poisoned, ...]
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
    poisoned: list[Poisoned] = field(default_factory=list)
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
        chosen = self._policy
        policy = load_policy(chosen) if isinstance(chosen, str) else copy.deepcopy(chosen)
        return Replica(policy, self._replicas.scenario(plan), plan.seed)

    def _poisoned(self, number: int, replica: Replica | None, error: Exception) -> Poisoned:
        decision = 0 if replica is None else replica.decisions
        return Poisoned(
            plan=self._replicas.plans[number],
            policy=self._policy if isinstance(self._policy, str) else self._policy.name,
            decision=decision,
            error=f"{type(error).__name__}: {error}",
            details="".join(traceback.format_exception(error)),
            snapshot=None if replica is None else self._snapshot_at(number, decision),
        )

    def _snapshot_at(self, number: int, decision: int) -> Snapshot | None:
        """The world before a decision, from a fresh replica: the failed one may be half way."""
        try:
            replica = self._begun(number)
            while replica.decisions < decision:
                replica.advance()
            return replica.snapshot()
        except Exception:  # it does not even get there again: then there is none to keep
            return None

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
