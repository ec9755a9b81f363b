"""Cases: a task on the table with what is known, alike in the bandit view and in the world.

Routers that learn are written for cases. ``play`` meets them with a stream of the bandit view,
where a choice's reward is known at once; ``CasePolicy`` with the world, where they hear of it
late, in part and biased, as everybody does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...sim.gateway.bandit import BanditStream
from ...sim.gateway.briefing import Briefing, Report
from ...sim.gateway.company import LABEL, READ
from ...sim.gateway.decision import Decision, LegalDecisions, Way
from ...sim.gateway.state import News
from ...sim.gateway.work import Outcome
from .signs import Known, Signs, Values, signs_from, signs_of, table_of

PERSON = -1
"""The choice of a person, in the place of an agent's slot."""
_STRENGTH = 4.0
_DELIVERED = 0.5  # weight of an answer that nobody has complained about yet
_RETURN_USD = 6.0  # what handling a return costs, as the list of prices says


@dataclass(frozen=True, slots=True)
class Case:
    """A task on the table, and the agents who could do it.

    Attributes:
        number: of the decision.
        text: of the task.
        label: family that the label names.
        read: family that the text speaks of most.
        reading: share of the text that speaks of each family, (families,).
        vague: whether it leaves out details and nobody was asked.
        estimate_hours: a person's hours that it is taken for.
        due_in_hours: until its service level is missed.
        worth_usd: of a right answer at once.
        person_usd: what a person costs for it.
        signs: of each agent.
    """

    number: int
    text: str
    label: int
    read: int
    reading: Values
    vague: bool
    estimate_hours: float
    due_in_hours: float
    worth_usd: float
    person_usd: float
    signs: Signs


@dataclass(frozen=True, slots=True)
class Lesson:
    """Result of a choice, as it is heard.

    Attributes:
        reward: USD over the task's worth.
        success: 1 for an answer that is right or taken for right, else 0.
        pleased: 1 where the requester took what was shown and did not complain, else 0.
        weight: how sure it is, 1 for sure.
    """

    reward: float
    success: float
    pleased: float
    weight: float = 1.0


class CaseRouter(Protocol):
    """Chooses who does a task, and learns from what comes of it."""

    name: str

    def reset(self, seed: int) -> None:
        """Begin at a company that it does not know."""
        ...

    def choose(self, case: Case) -> int:
        """A legal agent's slot, or ``PERSON``."""
        ...

    def learn(self, case: Case, choice: int, lesson: Lesson) -> None:
        """Hear what came of a choice."""
        ...


class StreamCases:
    """Cases of a stream, with records that grow by what is placed.

    Args:
        stream: of the bandit view.
    """

    def __init__(self, stream: BanditStream) -> None:
        self._stream = stream
        self._placed = stream.agents.placed.astype(np.float64)
        self._failed = stream.agents.failed.astype(np.float64)
        self._idle = np.zeros(len(stream.agents.names))

    def share_records(self, other: StreamCases) -> None:
        """Know from now on what another one's records say."""
        self._placed, self._failed = other._placed, other._failed

    def case(self, number: int) -> Case:
        """The case of a task, with the records as they stand."""
        stream, tasks = self._stream, self._stream.tasks
        label, read = int(tasks.label[number]), int(tasks.read[number])
        home, hours = stream.agents.home, float(tasks.estimate_hours[number])
        placed, failed = self._placed, self._failed
        known = Known(
            legal=stream.legal[number, :-1],
            home_label=home[:, label],
            home_read=home[:, read],
            label=(placed[LABEL, :, label], failed[LABEL, :, label]),
            read=(placed[READ, :, read], failed[READ, :, read]),
            whole=(placed[LABEL].sum(axis=1), failed[LABEL].sum(axis=1)),
            confidence=stream.confidence[number],
            usd_per_hour=stream.usd_per_hour[number, :-1],
            pace=stream.agents.pace,
            ahead=self._idle,
        )
        return Case(
            number=number,
            text=tasks.text[number],
            label=label,
            read=read,
            reading=tasks.reading[number],
            vague=bool(tasks.vague[number]),
            estimate_hours=hours,
            due_in_hours=float(tasks.due_in_hours[number]),
            worth_usd=float(tasks.worth_usd[number]),
            person_usd=hours * stream.person_usd_per_hour,
            signs=signs_from(known, hours, _STRENGTH),
        )

    def note(self, number: int, choice: int) -> Lesson:
        """Result of a choice; the records of who did it grow."""
        results, tasks = self._stream.results, self._stream.tasks
        at = (number, choice)
        who, outcome = int(results.done_by[at]), int(results.outcome[at])
        noticed = bool(np.isfinite(results.noticed_hours[at]))
        failed = noticed or outcome in (Outcome.ERROR, Outcome.TIMEOUT)
        if who < self._stream.choices - 1:
            for kept, family in ((LABEL, tasks.label[number]), (READ, tasks.read[number])):
                self._placed[kept, who, family] += 1.0
                self._failed[kept, who, family] += failed
        taken = choice in (who, PERSON)
        return Lesson(
            reward=float(results.reward_usd[at] / tasks.worth_usd[number]),
            success=float(outcome == Outcome.RIGHT),
            pleased=float(taken and not failed),
        )


def signs_of_stream(stream: BanditStream) -> Signs:
    """Signs of all tasks, (tasks, agents) each, with records as at the beginning."""
    tasks, agents = stream.tasks, stream.agents
    shape, (placed, failed) = stream.confidence.shape, (agents.placed, agents.failed)

    def record(kept: int, family: NDArray[np.int64]) -> tuple[Values, Values]:
        return placed[kept][:, family].T.astype(float), failed[kept][:, family].T.astype(float)

    def whole(record: NDArray[np.int64]) -> Values:
        return np.broadcast_to(record[LABEL].sum(axis=1).astype(np.float64), shape)

    known = Known(
        legal=stream.legal[:, :-1],
        home_label=agents.home[:, tasks.label].T,
        home_read=agents.home[:, tasks.read].T,
        label=record(LABEL, tasks.label),
        read=record(READ, tasks.read),
        whole=(whole(placed), whole(failed)),
        confidence=stream.confidence,
        usd_per_hour=stream.usd_per_hour[:, :-1],
        pace=np.broadcast_to(agents.pace, shape),
        ahead=np.zeros(shape),
    )
    return signs_from(known, tasks.estimate_hours[:, None], _STRENGTH)


@dataclass(frozen=True, eq=False)
class Played:
    """A router's choices on a stream.

    Attributes:
        choices: int64 (tasks,), columns of the stream.
        others: int64 (tasks,), what it would have chosen in other words; empty if none were given.
        seconds: of choosing and learning, per task.
    """

    choices: NDArray[np.int64]
    others: NDArray[np.int64]
    seconds: float


def play(router: CaseRouter, stream: BanditStream, reworded: BanditStream | None = None) -> Played:
    """Let a router choose for every task of a stream, and learn from each reward at once.

    Args:
        router: who chooses; it is reset with the stream's luck.
        stream: the tasks.
        reworded: the same stream in other words; what it would choose there is not learned from.
    """
    cases, router_seconds = StreamCases(stream), 0.0
    others = None if reworded is None else StreamCases(reworded)
    router.reset(stream.luck)
    chosen = np.empty(len(stream), dtype=np.int64)
    elsewhere = np.empty(0 if reworded is None else len(stream), dtype=np.int64)
    person = stream.choices - 1
    for number in range(len(stream)):
        case = cases.case(number)
        if others is not None:
            others.share_records(cases)
            elsewhere[number] = router.choose(others.case(number)) % (person + 1)
        begun = time.perf_counter()
        choice = router.choose(case)
        spent = time.perf_counter() - begun
        lesson = cases.note(number, choice)
        begun = time.perf_counter()
        router.learn(case, choice, lesson)
        router_seconds += spent + time.perf_counter() - begun
        chosen[number] = choice % (person + 1)
    return Played(chosen, elsewhere, router_seconds / len(stream))


class CasePolicy:
    """A router of cases as a policy of the world: it places, and asks, splits and waits never.

    Args:
        name: of the policy.
        make: makes the router.
    """

    def __init__(self, name: str, make: Callable[[], CaseRouter]) -> None:
        self.name = name
        self._router = make()
        self._open: dict[tuple[int, int], Case] = {}

    def reset(self, seed: int) -> None:
        """Begin at a company that it does not know."""
        self._router.reset(seed)
        self._open = {}

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The router's choice."""
        for report in briefing.news:
            self._hear(report)
        task, _ = table_of(briefing)
        case = Case(
            number=briefing.decision,
            text=task.text,
            label=task.label,
            read=task.read,
            reading=np.array(task.reading),
            vague=task.vague and not task.asked,
            estimate_hours=task.estimate_hours,
            due_in_hours=task.due_in_hours,
            worth_usd=task.worth_usd,
            person_usd=task.estimate_hours * briefing.person_usd_per_hour,
            signs=signs_of(briefing, legal, _STRENGTH),
        )
        choice = self._router.choose(case)
        if choice == PERSON:
            return Decision()
        self._open[task.id, choice] = case
        return Decision(Way.AGENT, choice)

    def _hear(self, report: Report) -> None:
        """Learn from news of a placement; overridden ones are not its own."""
        placement = (report.task, report.agent)
        placed = self._open.get(placement)
        if placed is None:
            return
        fee = float(placed.signs.fee_usd[report.agent])
        match report.what:
            case News.DELIVERED:
                lesson = Lesson((placed.worth_usd - fee) / placed.worth_usd, 1.0, 1.0, _DELIVERED)
            case News.RETURNED:
                lesson = Lesson(-(0.5 * fee + _RETURN_USD) / placed.worth_usd, 0.0, 0.0)
            case News.WRONG:  # what was taken for right weighs against it
                lost = fee + _RETURN_USD + report.value
                lesson = Lesson(-lost / placed.worth_usd, 0.0, 0.0, 1.0 + _DELIVERED)
            case _:
                return
        self._router.learn(placed, report.agent, lesson)
        if report.what != News.DELIVERED:
            del self._open[placement]
