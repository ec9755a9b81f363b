"""The counter, hour by hour: customers arrive, wait, are served or give up."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

import simpy
from pydantic import Field

from golive.core.distributions import gamma_table
from golive.core.random_streams import RandomStreams, purpose
from golive.core.records import Integer, Number
from golive.scenarios.scenario import Scenario
from golive.sim.protocol import Snapshot, SnapshotError

VERSION = 1
PACES = ("slow", "normal", "fast")
SPEED = (1.0, 1.5, 2.5)
WAGE = (1.0, 1.6, 3.0)
MOST_ENERGY = 4  # fast hours in a row
_ARRIVAL, _WORK, _RUSH = (purpose(f"queue/{what}") for what in ("arrival", "work", "rush"))


class QueueScenario(Scenario):
    """A counter and its day."""

    world: str = "queue"
    hours: Integer = Field(default=24, ge=1, le=1_000, description="Hours that it is open.")
    customers_per_hour: Number = Field(default=8.0, gt=0.0, description="On an average day.")
    minutes_per_customer: Number = Field(default=9.0, gt=0.0, description="At a slow pace.")
    patience_hours: Number = Field(default=1.0, gt=0.0, description="Then a customer gives up.")


@dataclass(frozen=True)
class Decision:
    """How fast to serve in the next hour."""

    pace: int = 0


@dataclass(frozen=True)
class Briefing:
    """What can be seen: never how busy the day is going to be."""

    hour: int
    hours: int
    waiting: int
    longest_wait_hours: float
    arrived_last_hour: int
    energy: int


@dataclass(frozen=True)
class Legal:
    """A fast hour takes energy."""

    fast: bool

    def replace_illegal(self, decision: Decision) -> tuple[Decision, int]:
        """The decision with what is illegal made neutral, and how much that was."""
        return (Decision(), 1) if decision.pace == 2 and not self.fast else (decision, 0)


@dataclass(frozen=True)
class Scorecard:
    """What came of the day."""

    served: int
    lost: int
    served_share: float
    wages: float
    illegal_decisions: int
    success: bool
    score: float

    def as_dict(self) -> dict[str, float | bool | int]:
        """All fields by name."""
        return asdict(self)


@dataclass
class State:
    """Everything that the future depends on; between two decisions there is nothing else."""

    rush: float  # how busy the day is: nobody is told, the queue shows it
    hour: int = 0
    waiting: list[float] = field(default_factory=list)  # hour of arrival of each
    work_left_hours: float = 0.0  # of the customer at the counter, at a slow pace
    next_customer: int = 0
    next_arrival: float = 0.0
    arrived_last_hour: int = 0
    served: int = 0
    lost: int = 0
    energy: int = MOST_ENERGY
    wages: float = 0.0
    illegal_decisions: int = 0


class QueueWorld:
    """One day at the counter; satisfies ``golive.sim.protocol.World``."""

    hours_per_day = 24.0

    def __init__(self, scenario: QueueScenario, seed: int, state: State | None = None) -> None:
        self.scenario, self.seed = scenario, seed
        self._luck = RandomStreams(seed)
        self._state = state or State(rush=0.6 + 0.9 * self._luck.uniform(_RUSH))
        if state is None:
            self._state.next_arrival = self._gap(0)

    @classmethod
    def restore(
        cls, snapshot: Snapshot, *, record: bool = False, seed: int | None = None
    ) -> QueueWorld:
        """The world of a snapshot; ``seed`` draws its future anew."""
        if (snapshot.world, snapshot.version) != ("queue", VERSION):
            raise SnapshotError(f"expected a snapshot of world 'queue', version {VERSION}")
        scenario = QueueScenario.model_validate(snapshot.payload["scenario"])
        saved = dict(snapshot.payload["state"])
        state = State(**{**saved, "waiting": list(saved["waiting"])})
        return cls(scenario, snapshot.payload["seed"] if seed is None else seed, state)

    subject = property(lambda self: self.scenario.title)
    now = property(lambda self: float(self._state.hour))
    horizon = property(lambda self: float(self.scenario.hours))
    finished = property(lambda self: self._state.hour >= self.scenario.hours)
    illegal_decisions = property(lambda self: self._state.illegal_decisions)

    def briefing(self) -> Briefing:
        """What may be known at this hour."""
        s, hours = self._state, self.scenario.hours
        longest = s.hour - s.waiting[0] if s.waiting else 0.0
        return Briefing(s.hour, hours, len(s.waiting), longest, s.arrived_last_hour, s.energy)

    def legal(self) -> Legal:
        """What may be ordered."""
        return Legal(fast=self._state.energy > 0)

    def advance(self, decision: Decision) -> None:
        """Run for an hour."""
        if self.finished:
            raise RuntimeError("the day is over: make a new world")
        decision, illegal = self.legal().replace_illegal(decision)
        s = self._state
        s.illegal_decisions += illegal
        s.energy += -1 if decision.pace == 2 else int(decision.pace == 0 and s.energy < MOST_ENERGY)
        s.wages += WAGE[decision.pace]
        s.arrived_last_hour = 0
        day = simpy.Environment(initial_time=s.hour)
        day.process(self._arrivals(day))
        day.process(self._server(day, SPEED[decision.pace]))
        day.run(until=s.hour + 1)
        s.hour += 1

    def _arrivals(self, day: simpy.Environment) -> Any:
        s = self._state
        while s.next_arrival < s.hour + 1:
            yield day.timeout(max(0.0, s.next_arrival - day.now))
            s.arrived_last_hour += 1
            s.waiting.append(day.now)
            s.next_customer += 1
            s.next_arrival += self._gap(s.next_customer)

    def _server(self, day: simpy.Environment, speed: float) -> Any:
        s, end, patience = self._state, self._state.hour + 1, self.scenario.patience_hours
        while day.now < end:
            patient = [hour for hour in s.waiting if day.now - hour <= patience]
            s.lost += len(s.waiting) - len(patient)
            s.waiting = patient
            if s.work_left_hours == 0.0 and s.waiting:
                s.waiting.pop(0)
                s.served += 1
                s.work_left_hours = self._work(s.served)
            # With nobody at the counter the server looks up every three minutes.
            hours = min(s.work_left_hours / speed or 0.05, end - day.now)
            yield day.timeout(hours)
            left = s.work_left_hours - hours * speed
            s.work_left_hours = left if left > 1e-9 else 0.0

    def _gap(self, customer: int) -> float:
        draw = self._luck.uniform(_ARRIVAL, customer)
        return gamma_table(1.0).at(draw) / (self.scenario.customers_per_hour * self._state.rush)

    def _work(self, customer: int) -> float:
        draw = self._luck.uniform(_WORK, customer)
        return gamma_table(4.0).at(draw) / 4.0 * self.scenario.minutes_per_customer / 60.0

    def scorecard(self) -> Scorecard:
        """What came of the day so far: three quarters service, a quarter thrift."""
        s = self._state
        share = s.served / max(1, s.served + s.lost)
        thrift = 1.0 - s.wages / (max(WAGE) * max(1, s.hour))
        score = max(0.0, min(1.0, 0.75 * share**2 + 0.25 * thrift))
        return Scorecard(
            s.served, s.lost, share, s.wages, s.illegal_decisions, share >= 0.9, score
        )  # fmt: skip

    def snapshot(self) -> Snapshot:
        """The whole state as plain data."""
        scenario = self.scenario.model_dump(mode="json")
        payload = {"scenario": scenario, "seed": self.seed, "state": asdict(self._state)}
        return Snapshot("queue", VERSION, payload)

    def digest(self) -> str:
        """Hash of the snapshot."""
        return hashlib.blake2b(repr(self.snapshot()).encode(), digest_size=16).hexdigest()
