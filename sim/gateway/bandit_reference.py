"""The bandit view, found slowly: one task and one choice at a time, by the world's own mechanisms.

A world whose clock never runs is given a task; its ``Flow`` and ``Work`` deal with it as they would
in an empty company; what they book into the scorecard's totals is the reward. It is what the
arrays of ``bandit`` are compared with, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...scenarios.gateway.scenario import GatewayScenario
from .arrivals import Change
from .company import draw_state
from .laws import whole_ticks
from .parameters import PARAMETERS
from .state import Due, Happening, Totals
from .world import GatewayWorld


@dataclass(frozen=True, slots=True)
class ReferenceResult:
    """Result of a choice; fields as in ``bandit_laws.Results``, and what was known before."""

    task: int
    choice: int
    legal: bool
    confidence: float
    usd_per_hour: float
    attainable_usd: float
    done_by: int
    outcome: int
    reward_usd: float
    work_usd: float
    answer_hours: float
    noticed_hours: float
    stars: float
    rated_hours: float


class _Idle(GatewayWorld):
    """A company in which nothing happens unless it is asked to."""

    def __init__(self, scenario: GatewayScenario, seed: int) -> None:
        self._set_up(scenario, draw_state(scenario, PARAMETERS, seed), seed)
        self._lies_from = min((e.at for e in self._events if e.kind is Change.LIES), default=1e99)

    def results(self) -> Iterator[ReferenceResult]:
        """Every choice of every task, in order."""
        pending = list(self._events)
        for number, coming in enumerate(self._tasks):
            while pending and pending[0].at <= coming.at:
                event = pending.pop(0)
                if event.kind is not Change.LIES:
                    self._change(event)
            agents = len(self._state.agents)
            for choice in (*range(agents), agents):
                yield self._result(number, choice)

    def _result(self, number: int, choice: int) -> ReferenceResult:
        context, state, flow, work = self._context, self._state, self._flow, self._work
        task = flow.task_of(self._tasks[number], number)
        state.now, state.totals, state.raters_lie = task.at, Totals(), False
        requester = state.requesters[task.requester]
        trust, people = requester.trust, len(state.agents)
        confidence = float("nan")
        attainable = flow.attainable(task)
        if choice < people:
            confidence = float(context.confidence(task)[choice])
        legal = choice == people or flow.takes(choice, task)
        state.tasks = {number: task}
        state.inbox.clear()
        state.dues.clear()
        if choice == people:
            price = context.scenario.person_usd_per_hour
            # Of the hours of people's days only those count in which they work.
            work.give_to_people(task)
            (done,) = state.dues.values()
            state.dues.clear()
            state.now = task.at + max(whole_ticks(done.value), whole_ticks(1e-6))
            state.raters_lie = state.now >= self._lies_from
            flow.person_done(done)
            outcome, who = (0 if state.totals.solved else 1), people
        else:
            price = state.agents[choice].usd_per_hour
            outcome, who = self._by_agent(number, choice)
        answered = state.now
        noticed, stars, rated = float("inf"), 0.0, float("inf")
        due = self._noted(Happening.NOTICED)
        if due is not None:
            state.now = due.at
            state.raters_lie = due.at >= self._lies_from
            noticed = due.at - task.at
            flow.noticed(due)
        due = self._noted(Happening.RATED)
        if due is not None:
            stars, rated = due.value, due.at - task.at
        t = state.totals
        cost = t.agents_usd + t.people_usd + t.handling_usd + t.harm_usd + t.breach_usd
        requester.trust = trust
        return ReferenceResult(
            task=number,
            choice=choice,
            legal=legal,
            confidence=confidence,
            usd_per_hour=price,
            attainable_usd=attainable,
            done_by=who,
            outcome=outcome,
            reward_usd=t.solved_usd - cost,
            work_usd=t.agents_usd + t.people_usd,
            answer_hours=answered - task.at,
            noticed_hours=noticed,
            stars=stars,
            rated_hours=rated,
        )

    def _by_agent(self, number: int, choice: int) -> tuple[int, int]:
        """Outcome and who did it; whoever is away works all the same."""
        state, flow = self._state, self._flow
        task = state.tasks[number]
        away = [agent.away for agent in state.agents]
        flow.place(task, choice)
        who = task.agent
        agent = state.agents[who]
        if agent.away:
            agent.away = False
            self._work.start(who)
        for one, was in zip(state.agents, away, strict=True):
            one.away = was
        (done,) = state.dues.values()
        state.dues.clear()
        state.now = done.at
        state.raters_lie = done.at >= self._lies_from
        flow.agent_done(done)
        return int(done.value), who

    def _noted(self, kind: Happening) -> Due | None:
        return next((due for due in self._state.dues.values() if due.kind == kind), None)


def reference_results(scenario: GatewayScenario, seed: int) -> Iterator[ReferenceResult]:
    """Every choice's result for every task, by the world's own mechanisms."""
    return _Idle(scenario, seed).results()
