"""The implementation world: one ERP implementation at one customer, day by day."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import NoneType
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ...core.arguments import of_type, seed_of
from ...core.random_streams import RandomStreams
from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.disruption import Disruption
from ...scenarios.implementation.family import draw_customer
from ...scenarios.implementation.scenario import ImplementationScenario
from ...scenarios.loader import as_scenario
from ..events import EventRecorder
from ..protocol import Snapshot, SnapshotError
from .briefing import Briefing
from .context import Context
from .day import Day
from .decision import Decision, LegalDecisions, Move
from .initial_state import initial_context
from .legality import legal_decisions
from .parameters import parameters_with
from .plain import digest_of, state_from_plain, to_plain
from .project_log import log_kick_off
from .schedule import PlanDays
from .scorecard import Scorecard
from .state import STATE_VERSION, OpponentState

if TYPE_CHECKING:
    import polars

WORLD_NAME = "implementation"


class ImplementationWorld:
    """One episode: kick-off, go-live, hypercare.

    Args:
        scenario: what is simulated, or its name or the path of its file.
        seed: of the episode; it decides customer, efforts, defects, outages whatever is decided.
        customer: instead of the one that the seed draws from the scenario's family.
        record: keep events, work sessions and briefings (slower).

    Raises:
        GoliveError: no such scenario, a wrong seed or customer, or a parameter that does not
            exist or lies outside its range.
    """

    def __init__(
        self,
        scenario: ImplementationScenario | str | os.PathLike[str],
        seed: int,
        *,
        customer: Customer | None = None,
        record: bool = False,
    ) -> None:
        scenario = of_type(
            "scenario",
            as_scenario(scenario),
            ImplementationScenario,
            f"one of world {WORLD_NAME!r}",
        )
        seed_of("seed", seed, 64)
        of_type("customer", customer, (Customer, NoneType), "a Customer or None")
        if customer is None:
            customer = draw_customer(scenario, seed)
        parameters = parameters_with(scenario.parameters)
        schedule = PlanDays.of(scenario.plan, customer)
        recorder = EventRecorder(enabled=record)
        context = initial_context(scenario, customer, parameters, seed, schedule, recorder)
        self._set_up(context, schedule)
        for row in scenario.disruptions:
            self.mechanisms.disruptions.add(row)
        log_kick_off(context)
        for mechanism in self.mechanisms.further.values():
            mechanism.kick_off()
        self.mechanisms.survey.take(0)
        self.mechanisms.reporting.mark_period()
        self._note_briefing()

    def _set_up(self, context: Context, schedule: PlanDays) -> None:
        """Build the mechanisms around a state."""
        self._context = context
        self._state = context.state
        self._day = Day(context, schedule)
        self.mechanisms = self._day.mechanisms
        self.history: list[Briefing] = []
        self._known: Briefing | None = None
        self._legal: LegalDecisions | None = None

    def __del__(self) -> None:
        """Let go of everything at once; nothing of it refers to the world itself."""
        day = getattr(self, "_day", None)
        if day is not None:
            day.dismantle()

    # -- the protocol ----------------------------------------------------------------------

    @property
    def scenario(self) -> ImplementationScenario:
        """The scenario that is simulated."""
        return self._context.scenario

    @property
    def customer(self) -> Customer:
        """The episode's customer."""
        return self._context.customer

    @property
    def seed(self) -> int:
        """The episode's seed."""
        return self._context.streams.seed

    @property
    def subject(self) -> str:
        """Name of the customer."""
        return self._context.customer.name

    @property
    def hours_per_day(self) -> float:
        """Working hours a day."""
        return self._context.hours_per_day

    @property
    def now(self) -> float:
        """Working hours since kick-off."""
        return self._state.day * self._context.hours_per_day

    @property
    def horizon(self) -> float:
        """Working hours after which the episode is over at the latest, as far as is known."""
        return self._state.last_day * self._context.hours_per_day

    @property
    def finished(self) -> bool:
        """True when hypercare is over, time has run out or the sponsor has stopped the project."""
        return self._state.finished

    @property
    def illegal_decisions(self) -> int:
        """Illegal parts of decisions so far."""
        return self._state.illegal_decisions

    def briefing(self) -> Briefing:
        """Everything that may be known at this decision point."""
        if self._known is None:
            self._known = self.mechanisms.reporting.briefing()
        return self._known

    def legal(self) -> LegalDecisions:
        """The decisions that are legal at this decision point."""
        if self._legal is None:
            self._legal = legal_decisions(self.briefing())
        return self._legal

    def advance(self, decision: Decision) -> None:
        """Run to the next decision point; illegal parts are made neutral and counted.

        Raises:
            RuntimeError: the episode is over.
        """
        if self._state.finished:
            raise RuntimeError("the episode is over: make a new world")
        decision, illegal = self.legal().replace_illegal(decision)
        state = self._state
        state.illegal_decisions += illegal
        state.focus = list(decision.focus)
        state.pace = int(decision.pace)
        state.spent_last_period_usd = 0.0
        self.mechanisms.reporting.mark_period()
        for number in range(self._context.plan.days_per_decision):
            self._day.run(decision.move if number == 0 else Move.NONE)
            if state.finished:
                break
        self._known = self._legal = None
        self._note_briefing()

    def disrupt(self, row: Disruption) -> bool:
        """Let something go wrong from now on, or on the row's day; the briefing shows it later.

        Args:
            row: as a scenario holds it.

        Returns:
            Whether it happens (its probability is drawn).

        Raises:
            RuntimeError: the episode is over.
        """
        if self._state.finished:
            raise RuntimeError("the episode is over: make a new world")
        return self.mechanisms.disruptions.add(row) is not None

    @property
    def opponent(self) -> OpponentState | None:
        """The opponent's deeds so far, for whoever judges; None: there is none."""
        return self._state.opponent

    def scorecard(self) -> Scorecard:
        """The scorecard of what has happened so far."""
        return self.mechanisms.scoring.scorecard()

    def snapshot(self) -> Snapshot:
        """The whole world at this decision point, as plain data."""
        return Snapshot(WORLD_NAME, STATE_VERSION, self._payload())

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as a snapshot, with what was recorded; SimPy's processes cannot be pickled."""
        return type(self)._unpickled, (self.snapshot(), self._context.events, self.history)

    @classmethod
    def _unpickled(
        cls, snapshot: Snapshot, recorder: EventRecorder, history: list[Briefing]
    ) -> ImplementationWorld:
        world = cls._of_snapshot(snapshot, recorder, None)
        world.history = history
        return world

    def digest(self) -> str:
        """Hash of the state and of what it depends on; equal digests have equal futures."""
        return digest_of(self._payload())

    def _payload(self) -> Mapping[str, Any]:
        state = to_plain(self._state)
        if self.mechanisms.opponent is None:
            del state["opponent"]  # a world without one is what it was before there were any
        if not self._state.further:
            del state["further"]  # likewise
        return {
            "scenario": self._context.scenario.model_dump(mode="json"),
            "customer": self._context.customer.model_dump(mode="json"),
            "seed": self.seed,
            "state": state,
            "period_hours": self.mechanisms.reporting.period_hours(),
        }

    @classmethod
    def restore(
        cls, snapshot: Snapshot, *, record: bool = False, seed: int | None = None
    ) -> ImplementationWorld:
        """The world of a snapshot; its future is that of the world that made it.

        Args:
            snapshot: of an implementation world.
            record: keep events, work sessions and briefings (slower).
            seed: draws the future anew from here, what has happened staying as it is: another
                of the futures that this state can have. Several policies on the same seed meet
                the same one.

        Raises:
            SnapshotError: it is another world's, another version's, or damaged.
        """
        world = cls._of_snapshot(snapshot, EventRecorder(enabled=record), seed)
        world._note_briefing()
        return world

    @classmethod
    def _of_snapshot(
        cls, snapshot: Snapshot, recorder: EventRecorder, seed: int | None
    ) -> ImplementationWorld:
        if not isinstance(snapshot, Snapshot):
            raise SnapshotError(f"snapshot: {snapshot!r}: expected a Snapshot")
        if not isinstance(snapshot.world, str) or snapshot.world != WORLD_NAME:
            raise SnapshotError(f"world: {snapshot.world!r}: expected {WORLD_NAME!r}")
        if not isinstance(snapshot.version, int) or snapshot.version != STATE_VERSION:
            raise SnapshotError(
                f"version: {snapshot.version!r}: this golive restores version {STATE_VERSION} only"
            )
        try:
            return cls._restored(snapshot.payload, recorder, seed)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            if isinstance(error, ValidationError):
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"])
                reason = f"{error.title}: {place}: {first['msg']}"
            raise SnapshotError(f"payload: damaged or not a snapshot ({reason})") from error

    @classmethod
    def _restored(
        cls, payload: Mapping[str, Any], recorder: EventRecorder, seed: int | None
    ) -> ImplementationWorld:
        scenario = ImplementationScenario.model_validate(payload["scenario"])
        customer = Customer.model_validate(payload["customer"])
        parameters = parameters_with(scenario.parameters)
        state = state_from_plain(payload["state"])
        streams = RandomStreams(payload["seed"] if seed is None else seed)
        context = Context(scenario, customer, parameters, streams, state, recorder)
        context.hour = state.day * context.hours_per_day
        world = cls.__new__(cls)
        world._set_up(context, PlanDays.of(scenario.plan, customer))
        world.mechanisms.disruptions.make_strain()
        world.mechanisms.work.speeds.start_day()
        world.mechanisms.reporting.set_period_hours(payload["period_hours"])
        world.briefing()  # a state that no briefing can be made of is damaged
        return world

    # -- what was recorded -----------------------------------------------------------------

    def events(self) -> polars.DataFrame:
        """Events so far (empty unless recording); see ``EventRecorder.events_frame``."""
        return self._context.events.events_frame()

    def gantt(self) -> polars.DataFrame:
        """Work sessions so far (empty unless recording); see ``EventRecorder.gantt_frame``."""
        return self._context.events.gantt_frame()

    def _note_briefing(self) -> None:
        if self._context.events.enabled:
            self.history.append(self.briefing())
