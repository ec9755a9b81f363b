"""The gateway world: a company's weeks, task by task."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from ...core.arguments import of_type, seed_of
from ...core.random_streams import RandomStreams, purpose
from ...scenarios.gateway.scenario import GatewayScenario
from ...scenarios.loader import as_scenario
from ..agenda import Agenda, Due
from ..protocol import Snapshot, SnapshotError
from .arrivals import Change, ComingEvent, changed_horizon, draw_events, draw_tasks
from .briefing import Briefing, legal_decisions
from .company import draw_state
from .context import Context
from .decision import Decision, LegalDecisions, Way
from .flow import Flow
from .laws import DAY_HOURS, WEEK_HOURS
from .ledger import Ledger
from .parameters import PARAMETERS
from .reporting import briefing_of
from .requesters import Requesters
from .scorecard import Scorecard, scorecard_of
from .state import NOBODY, STATE_VERSION, Happening, State, digest_of, from_plain, to_plain
from .work import Work

WORLD_NAME = "gateway"
WRAP_UP_HOURS = 120.0
"""After the last week, for what is still open; what is open then counts as unanswered."""
EVENING_HOUR = 18.0
_ANNOUNCED = 0.3
"""Share of new versions that are announced: an estimate, providers are silent about most."""
_TOLD = purpose("gateway/announced")


class GatewayWorld:
    """One episode: some weeks of tasks, and a few days to end what is open.

    Args:
        scenario: what is simulated, or its name or the path of its file.
        seed: of the episode; it decides the company, its agents, tasks and luck.
        record: keep a ledger of tasks and evenings.

    Raises:
        GoliveError: no such scenario, or a wrong seed.
    """

    hours_per_day = DAY_HOURS

    def __init__(
        self,
        scenario: GatewayScenario | str | os.PathLike[str],
        seed: int,
        *,
        record: bool = False,
    ) -> None:
        scenario = of_type(
            "scenario", as_scenario(scenario), GatewayScenario, f"one of world {WORLD_NAME!r}"
        )
        seed_of("seed", seed, 64)
        self._set_up(scenario, draw_state(scenario, PARAMETERS, seed), seed, record)
        self._begin()

    def _set_up(
        self, scenario: GatewayScenario, state: State, seed: int, record: bool = False
    ) -> None:
        """Build the mechanisms around a state."""
        self._context = Context(
            *(scenario, PARAMETERS, state, RandomStreams(seed)), Ledger(state) if record else None
        )
        self._state = state
        self._tasks = draw_tasks(scenario, PARAMETERS, state, seed)
        self._events = draw_events(scenario, PARAMETERS, state, seed)
        self._agenda = Agenda(state, self._happen)
        self._requesters = Requesters(self._context)
        self._work = Work(self._context, self._agenda)
        self._flow = Flow(self._context, self._agenda, self._work, self._requesters)
        self._known: Briefing | None = None
        self._legal: LegalDecisions | None = None

    def _begin(self) -> None:
        self._agenda.note(self.horizon, Happening.END, NOBODY)
        self._agenda.note(EVENING_HOUR, Happening.EVENING, NOBODY)
        self._next_arrival()
        self._next_change()
        self._run()

    # -- the protocol ----------------------------------------------------------------------

    @property
    def scenario(self) -> GatewayScenario:
        """The scenario that is simulated."""
        return self._context.scenario

    @property
    def seed(self) -> int:
        """The episode's seed."""
        return self._context.streams.seed

    @property
    def subject(self) -> str:
        """The episode's company in a few words."""
        return f"{len(self._state.agents)} agents of {self.scenario.title}"

    @property
    def now(self) -> float:
        """Hours since the first Monday's midnight."""
        return self._state.now

    @property
    def horizon(self) -> float:
        """Hours after which the episode is over at the latest."""
        return self.scenario.weeks * WEEK_HOURS + WRAP_UP_HOURS

    @property
    def finished(self) -> bool:
        """True when the weeks are over, or nothing is open and nothing comes any more."""
        return self._state.finished

    @property
    def illegal_decisions(self) -> int:
        """Illegal decisions so far."""
        return self._state.totals.illegal

    @property
    def context(self) -> Context:
        """Everything, latent truth included, for oracles and judges; policies have briefings."""
        return self._context

    @property
    def ledger(self) -> Ledger | None:
        """Bookings by task and evening; None unless the episode is recorded."""
        return self._context.ledger

    def briefing(self) -> Briefing:
        """All that may be known at this decision point."""
        if self._known is None:
            self._known = briefing_of(self._context)
        return self._known

    def legal(self) -> LegalDecisions:
        """The decisions that are legal at this decision point."""
        if self._legal is None:
            self._legal = legal_decisions(self.briefing())
        return self._legal

    def advance(self, decision: Decision) -> None:
        """Do what is decided and run to the next task that waits; illegal is: a person takes it.

        Raises:
            RuntimeError: the episode is over.
        """
        state = self._state
        if state.finished:
            raise RuntimeError("the episode is over: make a new world")
        decision, illegal = self.legal().replace_illegal(decision)
        self._known = self._legal = None
        state.totals.illegal += illegal
        state.totals.decisions += 1
        state.news.clear()
        _, _, number = state.inbox.pop(0)
        task = state.tasks[number]
        match decision.way:
            case Way.AGENT:
                self._flow.place(task, decision.agent)
            case Way.PERSON:
                self._work.give_to_people(task)
            case Way.ASK:
                self._flow.ask(task)
            case Way.SPLIT:
                self._flow.split(task)
            case Way.WAIT:
                self._flow.put_off(task)
        self._run()

    def scorecard(self) -> Scorecard:
        """The result so far."""
        return scorecard_of(self._state)

    def snapshot(self) -> Snapshot:
        """The whole world at this decision point, as plain data."""
        return Snapshot(WORLD_NAME, STATE_VERSION, self._payload())

    def digest(self) -> str:
        """Hash of the state and of what it depends on; equal digests have equal futures."""
        return digest_of(self._payload())

    def _payload(self) -> Mapping[str, Any]:
        scenario = self._context.scenario.model_dump(mode="json")
        return {"scenario": scenario, "seed": self.seed, "state": to_plain(self._state)}

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as a snapshot; SimPy's events cannot be pickled."""
        return type(self).restore, (self.snapshot(),)

    @classmethod
    def restore(
        cls, snapshot: Snapshot, *, record: bool = False, seed: int | None = None
    ) -> GatewayWorld:
        """The world of a snapshot; its future is that of the world that made it.

        Args:
            snapshot: of a gateway world.
            record: keep a ledger of tasks and evenings, from here on.
            seed: draws the future anew from here, what has happened and what the company is like
                staying as it is. Several routers on the same seed meet the same one.

        Raises:
            SnapshotError: it is another world's, another version's, or damaged.
        """
        if not isinstance(snapshot, Snapshot) or snapshot.world != WORLD_NAME:
            raise SnapshotError(f"snapshot: expected one of world {WORLD_NAME!r}")
        if snapshot.version != STATE_VERSION:
            raise SnapshotError(
                f"version: {snapshot.version!r}: this golive restores version {STATE_VERSION} only"
            )
        try:
            scenario = GatewayScenario.model_validate(snapshot.payload["scenario"])
            state = from_plain(snapshot.payload["state"])
            world = cls.__new__(cls)
            if seed is None or seed == snapshot.payload["seed"]:
                world._set_up(scenario, state, snapshot.payload["seed"], record)
            else:
                world._set_up(scenario, _without_streams(state), seed, record)
                world._rejoin_streams()
            world.briefing()  # a state that no briefing can be made of is damaged
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SnapshotError(f"payload: damaged or not a snapshot ({reason})") from error
        return world

    # -- what happens ----------------------------------------------------------------------

    def _run(self) -> None:
        """Let time pass until a task waits for a decision or the episode is over."""
        state, agenda = self._state, self._agenda
        while not state.inbox and not state.finished:
            agenda.step()
            if not state.tasks and state.next_arrival >= len(self._tasks):
                kinds = (due.kind for due in state.dues.values())
                state.finished = Happening.ARRIVAL not in kinds  # the last one may be on its way

    def _happen(self, due: Due) -> None:
        state = self._state
        if state.finished:
            return
        match due.kind:
            case Happening.AGENT_DONE:
                self._flow.agent_done(due)
            case Happening.ARRIVAL:
                self._flow.arrive(self._tasks[state.next_arrival - 1])
                self._next_arrival()
            case Happening.PERSON_DONE:
                self._flow.person_done(due)
            case Happening.ANSWERED:
                self._flow.answered(due)
            case Happening.OFFERED_AGAIN:
                self._flow.to_inbox(state.tasks[due.whom])
            case Happening.NOTICED:
                self._flow.noticed(due)
            case Happening.RATED:
                self._flow.rated(due)
            case Happening.CHANGE:
                self._change(self._events[state.next_event - 1])
                self._next_change()
            case Happening.REMINDER:
                self._flow.reminder(due)
            case Happening.EVENING:
                self._requesters.evening()
                if self.ledger is not None:
                    self.ledger.close_day(state)
                self._agenda.note(state.now + DAY_HOURS, Happening.EVENING, NOBODY)
            case _:
                state.finished = True
                state.inbox.clear()

    def _next_arrival(self) -> None:
        state = self._state
        if state.next_arrival < len(self._tasks):
            at = self._tasks[state.next_arrival].at
            state.next_arrival += 1
            self._agenda.note(at, Happening.ARRIVAL, NOBODY)

    def _next_change(self) -> None:
        state = self._state
        if state.next_event < len(self._events):
            at = self._events[state.next_event].at
            state.next_event += 1
            self._agenda.note(at, Happening.CHANGE, NOBODY)

    def _rejoin_streams(self) -> None:
        """Go on in the streams of another seed, at the first that comes after now."""
        state = self._state
        state.next_arrival = bisect_right([task.at for task in self._tasks], state.now)
        state.next_event = bisect_right([event.at for event in self._events], state.now)
        self._next_arrival()
        self._next_change()

    def _change(self, event: ComingEvent) -> None:
        """Something that nobody decides on befalls an agent, or the raters."""
        state = self._state
        if event.kind is Change.LIES:
            state.raters_lie = True
            return
        agent = state.agents[event.agent]
        match event.kind:
            case Change.AWAY:
                agent.away = True
                for task in self._work.empty(event.agent):
                    self._flow.come_back(task, event.agent)
            case Change.BACK:
                agent.away = False
                self._work.start(event.agent)
            case Change.PRICED:
                agent.usd_per_hour *= event.size
            case _:
                self._bring_version(event)

    def _bring_version(self, event: ComingEvent) -> None:
        context, agent = self._context, self._state.agents[event.agent]
        agent.horizon = changed_horizon(agent.horizon, event, context.parameters, context.streams)
        context.note_skills()
        if event.is_version and context.chance(_TOLD, _ANNOUNCED, event.number):
            agent.version += 1
            agent.last_change = self._state.now


def _without_streams(state: State) -> State:
    """The state without what a stream has announced: another stream comes in its place."""
    gone = (Happening.ARRIVAL, Happening.CHANGE)
    state.dues = {order: due for order, due in state.dues.items() if due.kind not in gone}
    return state
