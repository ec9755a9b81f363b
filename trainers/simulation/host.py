"""A host: a block of replicas that live together and are taken on round by round."""

from __future__ import annotations

import copy
import math
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ...agents.registry import load_policy
from ...scenarios.scenario import Scenario
from ...sim.policy import Policy
from ...sim.replica import Replica
from ...sim.reproduction import last_morning
from ..evaluation.poisoned import PoisonedEpisode
from .profile import ReplicaPlan


@dataclass(slots=True)
class HostReport:
    """The state of a host after a round; without arguments, that of one without replicas.

    Attributes:
        begun: replicas that went into it.
        rows: results of the replicas that ended in it, by number.
        poisoned: replicas that failed in it, by number.
        steps: decision points passed in it.
        days: working days passed in it, over the replicas.
        days_left: working days that those that go on may still last.
        due_hours: working hours since kick-off of the replica that is the furthest behind;
            infinite if none goes on.
        resident_bytes: memory of the process.
    """

    begun: int = 0
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    poisoned: dict[int, PoisonedEpisode] = field(default_factory=dict)
    steps: int = 0
    days: int = 0
    days_left: int = 0
    due_hours: float = math.inf
    resident_bytes: int = 0


class ReplicaHost:
    """Replicas that live in one process.

    Args:
        policy: a name or path, or a policy that every replica gets a copy of.
        label: what rows call it.
        plans: of the whole simulation; a host is told which of them are its own.
    """

    def __init__(self, policy: str | Policy, label: str, plans: Sequence[ReplicaPlan]) -> None:
        self._policy = policy
        self._label = label
        self._plans = plans
        self._running: dict[int, Replica] = {}
        self._report = HostReport()

    def advance(self, clock_hours: float, numbers: Sequence[int]) -> HostReport:
        """Take every replica that is not ahead of the clock on by one decision point.

        Args:
            clock_hours: working hours since kick-off.
            numbers: of the replicas that are left; those that are not here are begun before
                that, and brought to the clock.
        """
        import psutil

        self._report = report = HostReport()
        for number in [number for number in numbers if number not in self._running]:
            with self._reporting(number):
                plan = self._plans[number]
                self._running[number] = new_replica(self._policy, plan.scenario, plan.seed)
                self._running[number].advance_to(clock_hours)
        report.begun = len(self._running)
        for number, replica in list(self._running.items()):
            if replica.hours <= clock_hours:
                with self._reporting(number):
                    self._advance(number, replica)
        report.days_left = sum(replica.days_left for replica in self._running.values())
        report.due_hours = min((r.hours for r in self._running.values()), default=math.inf)
        report.resident_bytes = psutil.Process().memory_info().rss
        return report

    def _advance(self, number: int, replica: Replica) -> None:
        day = replica.day
        replica.advance()
        self._report.steps += 1
        self._report.days += replica.day - day
        if replica.finished:
            plan = self._plans[number]
            self._report.rows[number] = {
                "replica": number,
                "scenario": plan.scenario.name,
                "mix": plan.mix,
                "seed": plan.seed,
                "policy": self._label,
                **replica.row(),
            }
            del self._running[number]

    @contextmanager
    def _reporting(self, number: int) -> Iterator[None]:
        """Takes out a replica that raises an error, and reports it; the others go on."""
        try:
            yield
        except Exception as error:  # whatever a policy or a world may raise
            replica, plan = self._running.pop(number, None), self._plans[number]
            policy = own_policy(self._policy, plan.scenario.world)
            morning = last_morning(policy, plan.scenario, plan.seed)
            self._report.poisoned[number] = PoisonedEpisode(
                policy=self._label,
                scenario=plan.level_name,
                seed=plan.seed,
                error=f"{type(error).__name__}: {error}",
                details="".join(traceback.format_exception(error)),
                decisions=0 if replica is None else replica.decisions,
                snapshot=None if morning is None else morning.snapshot,
            )


def own_policy(policy: str | Policy, world: str) -> Policy:
    """A policy that nobody shares: loaded for a world by name or path, or else a copy.

    Raises:
        GoliveError: no such policy, or not one that can be loaded.
    """
    return load_policy(policy, world) if isinstance(policy, str) else copy.deepcopy(policy)


def new_replica(policy: str | Policy, scenario: Scenario, seed: int) -> Replica:
    """An episode at its beginning, under a policy of its own."""
    return Replica(own_policy(policy, scenario.world), scenario, seed)
