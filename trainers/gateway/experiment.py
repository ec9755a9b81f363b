"""Experiments in the gateway world: two routers share a company's tasks, or each has them all.

As in life, chance decides who routes which task and each is seen under one router only; both share
the agents' queues. In a simulation each router can also be given all tasks with the same luck, so
that every task is compared with itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...agents.gateway.kind import KIND
from ...core.errors import GoliveError
from ...core.random_streams import RandomStreams, purpose
from ...scenarios.gateway.scenario import LONGEST_WEEKS, GatewayScenario
from ...scenarios.gateway.vocabulary import Measure, Unit
from ...scenarios.loader import as_scenario
from ...sim.episodes import run
from ...sim.gateway.briefing import Briefing, Report
from ...sim.gateway.decision import Decision, LegalDecisions
from ...sim.gateway.flow import FIRST_PART, MOST_PARTS
from ...sim.gateway.laws import DAY_HOURS
from ...sim.gateway.ledger import Account
from ...sim.policy import Policy, WorldPolicy
from ...sim.protocol import AnyWorld
from ..evaluation.sequential import (
    SURE_SPLIT,
    Look,
    Verdict,
    assigned_values,
    decided_at,
    looks_at,
    split_probability,
)
from ..evaluation.statistics import FloatArray

MATURE_HOURS = 72.0
"""After which a task's outcome is taken for what it will be; later complaints come too late."""
_ASSIGNED = purpose("gateway/experiment")
PolicyFactory = Callable[[], Policy]


def is_of_b(salt: int, unit: Unit, share: float, task: int, requester: int, day: int) -> bool:
    """True if a hash assigns a task to B; parts go with their whole."""
    if unit is Unit.TASK:
        whole = (task - FIRST_PART) // MOST_PARTS if task >= FIRST_PART else task
        return RandomStreams(salt).uniform(_ASSIGNED, whole) < share
    return RandomStreams(salt).uniform(_ASSIGNED, requester, 1 + day) < share


class Arms:
    """A router that lets a hash decide which of two routers places a task.

    Each hears all news, as if it had asked for them; what it does with them is its own affair.

    Args:
        a: the router that is in use.
        b: the one that is tried.
        unit: what is assigned.
        share: of B.
        salt: of the hash.
    """

    name = "experiment"

    def __init__(self, a: Policy, b: Policy, unit: Unit, share: float, salt: int) -> None:
        self._arms = (a, b)
        self._unit, self._share, self._salt = unit, share, salt
        self._unheard: tuple[list[Report], list[Report]] = ([], [])

    def reset(self, seed: int) -> None:
        """Reset both."""
        for arm, unheard in zip(self._arms, self._unheard, strict=True):
            arm.reset(seed)
            unheard.clear()

    def attach(self, world: AnyWorld) -> None:
        """Show the world to those who ask for it."""
        for arm in self._arms:
            if isinstance(arm, WorldPolicy):
                arm.attach(world)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """Decision of the router to whom the task is assigned."""
        for unheard in self._unheard:
            unheard.extend(briefing.news)
        task, requester = briefing.task, briefing.requester
        assert task is not None and requester is not None
        day = int((briefing.now - task.age_hours) // DAY_HOURS)
        of_b = is_of_b(self._salt, self._unit, self._share, task.id, requester.number, day)
        unheard = self._unheard[of_b]
        told = replace(briefing, news=tuple(unheard))
        unheard.clear()
        decision: Decision = self._arms[of_b].decide(told, legal)
        return decision


@dataclass(frozen=True, slots=True)
class Trial:
    """Terms of an experiment.

    Attributes:
        scenario: whose company it is.
        a: name of the router in use.
        b: of the one that is tried.
        seed: of the company and its tasks.
        unit: what is assigned.
        measure: what outcomes are counted in.
        share: of B.
        salt: of the hash.
        level: that the intervals of all looks hold with together.
    """

    scenario: GatewayScenario
    a: str
    b: str
    seed: int = 0
    unit: Unit = Unit.TASK
    measure: Measure = Measure.NET
    share: float = 0.5
    salt: int = 0
    level: float = 0.95

    def __post_init__(self) -> None:
        if not 0.05 <= self.share <= 0.95:
            raise GoliveError(f"share: {self.share:g}: expected 0.05 to 0.95")
        if not 0.5 < self.level < 1.0:
            raise GoliveError(f"level: {self.level:g}: expected more than 0.5 and less than 1")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Outcomes of the tasks of an episode, in the order in which they are known.

    Attributes:
        values: shares of their worth, float64 (tasks,).
        requesters: who sent them, int64 (tasks,).
        days: of their arrival, int64 (tasks,).
        tasks: their numbers, int64 (tasks,).
        known_days: day on whose evening each is known, int64 (tasks,).
    """

    values: FloatArray
    requesters: Any
    days: Any
    tasks: Any
    known_days: Any


@dataclass(frozen=True, slots=True)
class Side:
    """One way of comparing the two.

    Attributes:
        looks: one each evening, of what is known by then; intervals of B minus A per task.
        decided_day: day of the look that decides, at which it could be stopped; None without one.
        verdict: of that look; undecided without one.
    """

    looks: tuple[Look, ...]
    decided_day: int | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ExperimentResult:
    """An experiment's result.

    Attributes:
        a: name of the router in use.
        b: of the one that is tried.
        tasks_a: that A routed.
        tasks_b: that B routed.
        split: probability of such a split if all went as planned.
        split_holds: whether it is not below ``SURE_SPLIT``.
        unpaired: each task under one router, as in life.
        paired: each task under both, with the same luck; None unless asked for.
    """

    a: str
    b: str
    tasks_a: int
    tasks_b: int
    split: float
    split_holds: bool
    unpaired: Side
    paired: Side | None


def scenario_of(scenario: object, weeks: int | None) -> GatewayScenario:
    """The scenario of an experiment, with as many weeks as are asked for.

    Raises:
        GoliveError: it is another world's, or so many weeks it cannot have.
    """
    found = as_scenario(scenario)
    if not isinstance(found, GatewayScenario):
        raise GoliveError(f"scenario: {found.name!r}: expected one of world {KIND.name!r}")
    if weeks is None:
        return found
    if not 1 <= weeks <= LONGEST_WEEKS:
        raise GoliveError(f"weeks: {weeks}: expected 1 to {LONGEST_WEEKS}")
    return found.model_copy(update={"weeks": weeks})


def outcomes_of(
    scenario: GatewayScenario, policy: Policy, seed: int, measure: Measure, luck: int | None = None
) -> Outcomes:
    """Outcomes of all tasks of an episode, in the order of their arrival.

    Args:
        scenario: whose company it is.
        policy: who routes.
        seed: of the company.
        measure: what outcomes are counted in.
        luck: seed of what comes; None: the company's own.
    """
    world: Any = run(KIND, policy, scenario, seed, record=True, luck=luck).world
    accounts: list[Account] = sorted(world.ledger.accounts.values(), key=lambda a: (a.at, a.task))
    found = []
    for account in accounts:
        until = account.at + MATURE_HOURS
        usd = account.net_usd(until) if measure is Measure.NET else account.known_usd(until)
        found.append(min(1.0, max(-1.0, usd / account.worth_usd)))
    at = np.array([account.at for account in accounts])
    return Outcomes(
        values=np.array(found),
        requesters=np.array([account.requester for account in accounts]),
        days=(at // DAY_HOURS).astype(np.int64),
        tasks=np.array([account.task for account in accounts]),
        known_days=((at + MATURE_HOURS) // DAY_HOURS).astype(np.int64),
    )


def assigned(trial: Trial, outcomes: Outcomes) -> FloatArray:
    """1 for each task that the hash assigns to B, else 0."""
    rows = zip(outcomes.tasks, outcomes.requesters, outcomes.days, strict=True)
    return np.array(
        [
            float(is_of_b(trial.salt, trial.unit, trial.share, int(task), int(who), int(day)))
            for task, who, day in rows
        ]
    )


def unpaired_side(trial: Trial, outcomes: Outcomes, is_b: FloatArray) -> Side:
    """Compare tasks under A with other tasks under B."""
    values, known, arms, sizes = outcomes.values, outcomes.known_days, is_b, None
    if trial.unit is Unit.REQUESTER_DAY:
        key = outcomes.days * (1 + outcomes.requesters.max()) + outcomes.requesters
        _, first, place = np.unique(key, return_index=True, return_inverse=True)
        usual = np.concatenate([[0.0], np.cumsum(values)[:-1]])
        usual /= np.maximum(1.0, np.arange(len(values)))
        sizes = np.bincount(place).astype(np.float64)
        # What a usual task is worth is taken off each, so that large units are no noise.
        centred = np.bincount(place, values - usual)
        weighed = _weighed(np.asarray(centred, np.float64), arms[first], trial.share)
        return _side(trial, weighed, known[first], sizes)
    return _side(trial, assigned_values(values, arms, trial.share), known, sizes)


def _weighed(centred: FloatArray, is_b: FloatArray, share: float) -> FloatArray:
    found: FloatArray = (is_b / share - (1.0 - is_b) / (1.0 - share)) * centred
    return found


def paired_side(trial: Trial, a: Outcomes, b: Outcomes) -> Side:
    """Compare every task under A with itself under B: the same tasks with the same luck.

    Raises:
        GoliveError: they are not the same tasks.
    """
    if not np.array_equal(a.tasks, b.tasks):
        raise GoliveError("outcomes: expected those of the same tasks")
    return _side(trial, b.values - a.values, a.known_days, None, by_day=True)


def _side(
    trial: Trial, values: FloatArray, known: Any, sizes: FloatArray | None, *, by_day: bool = False
) -> Side:
    order = np.argsort(known, kind="stable")
    values, known = values[order], known[order]
    days = range(int(known[-1]) + 1)
    ends = [int(np.searchsorted(known, day, side="right")) for day in days]
    blocks = known if by_day else None
    looks = looks_at(values, ends, level=trial.level, blocks=blocks)
    if sizes is not None:  # from units to tasks
        tasks = np.cumsum(sizes[order])
        looks = [_per_task(look, tasks) for look in looks]
    place = decided_at(looks)
    verdict = Verdict.UNDECIDED if place is None else looks[place].verdict
    return Side(tuple(looks), place, verdict)


def _per_task(look: Look, tasks: FloatArray) -> Look:
    if look.interval is None:
        return look
    by, i = look.units / float(tasks[look.units - 1]), look.interval
    return replace(
        look, interval=replace(i, estimate=i.estimate * by, low=i.low * by, high=i.high * by)
    )


def run_experiment(
    trial: Trial, a: PolicyFactory, b: PolicyFactory, *, paired: bool = True
) -> ExperimentResult:
    """Try a router beside another one in a company.

    Args:
        trial: what is tried.
        a: makes the router in use.
        b: makes the one that is tried.
        paired: also give each all tasks with the same luck, which takes three episodes.
    """
    arms = Arms(a(), b(), trial.unit, trial.share, trial.salt)
    lived = outcomes_of(trial.scenario, arms, trial.seed, trial.measure)
    is_b = assigned(trial, lived)
    split = split_of(trial, lived, is_b)
    both = None
    if paired:
        alone = [outcomes_of(trial.scenario, made(), trial.seed, trial.measure) for made in (a, b)]
        both = paired_side(trial, *alone)
    return ExperimentResult(
        a=trial.a,
        b=trial.b,
        tasks_a=int(len(is_b) - is_b.sum()),
        tasks_b=int(is_b.sum()),
        split=split,
        split_holds=split >= SURE_SPLIT,
        unpaired=unpaired_side(trial, lived, is_b),
        paired=both,
    )


def split_of(trial: Trial, outcomes: Outcomes, is_b: FloatArray) -> float:
    """Probability of the split of the units, if all went as planned."""
    units: Sequence[float] = is_b.tolist()
    if trial.unit is Unit.REQUESTER_DAY:
        key = outcomes.days * (1 + outcomes.requesters.max()) + outcomes.requesters
        units = is_b[np.unique(key, return_index=True)[1]].tolist()
    return split_probability(round(sum(units)), len(units), trial.share)
