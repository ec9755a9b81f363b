"""The implementation world: one ERP implementation at one customer, day by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import simpy

from ...core.random_streams import RandomStreams
from ...scenarios.implementation.challenges import QuickWinChallenge
from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.disruption import Disruption
from ...scenarios.implementation.family import draw_customer
from ...scenarios.implementation.scenario import ImplementationScenario
from ..events import EventRecorder
from ..protocol import Snapshot, SnapshotError
from . import draws
from .acceptance import Acceptance
from .briefing import Briefing
from .context import Context, Tables
from .cutover import Cutover
from .decision import Decision, LegalDecisions, Move, Pace
from .defects import Defects
from .disruptions.disruption import Mechanisms
from .disruptions.register import Disruptions
from .initial_state import initial_context
from .interfaces import Interfaces
from .legality import legal_decisions
from .migration import Migration
from .money import Money
from .moves import Moves
from .opponent import Opponent
from .parameters import parameters_with
from .people import People
from .plain import digest_of, state_from_plain, to_plain
from .project_log import log_closed, log_kick_off, log_survey
from .questions import Questions
from .reporting import Reporting
from .schedule import PlanDays
from .scope import Scope
from .scorecard import Scorecard
from .scoring import Scoring
from .sites import Sites
from .sponsor import Sponsor
from .state import STATE_VERSION, OpponentState, Package, PackageKind, Question, Survey
from .validation import Validation
from .work import Work

if TYPE_CHECKING:
    import polars

WORLD_NAME = "implementation"
_SURVEYED_READINESS = 3
"""Place of readiness in a survey."""


class ImplementationWorld:
    """One episode: kick-off, go-live, hypercare.

    Args:
        scenario: what is simulated.
        seed: of the episode; it decides customer, efforts, defects, outages whatever is decided.
        customer: instead of the one that the seed draws from the scenario's family.
        record: keep events, work sessions and briefings (slower).

    Raises:
        GoliveError: a parameter that does not exist or lies outside its range.
    """

    def __init__(
        self,
        scenario: ImplementationScenario,
        seed: int,
        *,
        customer: Customer | None = None,
        record: bool = False,
    ) -> None:
        if customer is None:
            customer = draw_customer(scenario, seed)
        parameters = parameters_with(scenario.parameters)
        schedule = PlanDays.of(scenario.plan, customer)
        recorder = EventRecorder(enabled=record)
        context = initial_context(scenario, customer, parameters, seed, schedule, recorder)
        self._set_up(context, schedule)
        for row in scenario.disruptions:
            self._disruptions.add(row)
        log_kick_off(context)
        self._survey(0)
        self._reporting.mark_period()
        self._note_briefing()

    def _set_up(self, context: Context, schedule: PlanDays) -> None:
        """Build the mechanisms around a state."""
        self._context = context
        self._schedule = schedule
        self._state = context.state
        self.history: list[Briefing] = []
        self._known: Briefing | None = None
        self._legal: LegalDecisions | None = None
        self._work = Work(context, self._package_done, self._package_asks)
        self._people = People(context)
        self._defects = Defects(context, self._work)
        self._sites = Sites(context, schedule, self._work)
        self._questions = Questions(context, self._work, self._defects, self._people, self._sites)
        self._money = Money(context)
        self._scope = Scope(context, self._work, self._people, self._money)
        self._migration = Migration(context, self._work)
        self._interfaces = Interfaces(context, self._defects)
        self._acceptance = Acceptance(
            context,
            self._work,
            self._defects,
            self._interfaces,
            self._migration,
            self._people,
            self._scope,
            self._sites,
        )
        self._cutover = Cutover(
            context,
            schedule,
            self._work,
            self._defects,
            self._interfaces,
            self._migration,
            self._people,
            self._acceptance,
            self._sites,
            self._site_went_live,
        )
        self._sponsor = Sponsor(context, self._defects, self._people)
        self._validation = Validation(context, self._work)
        self._moves = Moves(
            context,
            self._work,
            self._questions,
            self._people,
            self._cutover,
            self._money,
            self._sites,
        )
        self._disruptions = Disruptions(
            Mechanisms(
                context,
                self._work,
                self._people,
                self._defects,
                self._questions,
                self._scope,
                self._migration,
                self._interfaces,
                self._acceptance,
                self._money,
            )
        )
        self._opponent = (
            None if context.scenario.opponent is None else Opponent(context, self._disruptions)
        )
        self._reporting = Reporting(
            context,
            schedule,
            self._work,
            self._defects,
            self._migration,
            self._acceptance,
            self._sites,
        )
        self._scoring = Scoring(
            context,
            self._defects,
            self._migration,
            self._people,
            self._acceptance,
            self._cutover,
            self._scope,
        )
        self._handlers: dict[int, Callable[[Package], None]] = {
            PackageKind.DISCOVERY: self._scope.discovery_done,
            PackageKind.INTERFACE: self._interfaces.package_done,
            PackageKind.EXTRACT: self._migration.package_done,
            PackageKind.MAP: self._migration.package_done,
            PackageKind.CLEANSE: self._migration.package_done,
            PackageKind.MOCK_LOAD: self._mock_load_done,
            PackageKind.TEST_CYCLE: self._test_cycle_done,
            PackageKind.CHECK: self._acceptance.check_done,
            PackageKind.TRAINING: self._moves.training_done,
            PackageKind.REHEARSAL: self._cutover.package_done,
            PackageKind.CUTOVER: self._cutover.package_done,
            PackageKind.FIX: self._defects.fixed,
            PackageKind.QUICK_WIN: self._quick_win_done,
        }

    # -- the protocol ----------------------------------------------------------------------

    @property
    def scenario(self) -> ImplementationScenario:
        """What is simulated."""
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
        """Whether hypercare is over, time has run out or the sponsor has stopped the project."""
        return self._state.finished

    @property
    def illegal_decisions(self) -> int:
        """Illegal parts of decisions so far."""
        return self._state.illegal_decisions

    def briefing(self) -> Briefing:
        """What may be known at this decision point."""
        if self._known is None:
            self._known = self._reporting.briefing()
        return self._known

    def legal(self) -> LegalDecisions:
        """What may be ordered at this decision point."""
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
        self._reporting.mark_period()
        for number in range(self._context.plan.days_per_decision):
            self._run_day(decision.move if number == 0 else Move.NONE)
            if state.finished:
                break
        self._known = self._legal = None
        self._note_briefing()

    def disrupt(self, row: Disruption) -> bool:
        """Something goes wrong from now on, or on the row's day; the briefing shows it later.

        Args:
            row: as a scenario holds it.

        Returns:
            Whether it happens (its probability is drawn).

        Raises:
            RuntimeError: the episode is over.
        """
        if self._state.finished:
            raise RuntimeError("the episode is over: make a new world")
        return self._disruptions.add(row) is not None

    @property
    def opponent(self) -> OpponentState | None:
        """What the opponent has done so far, for whoever judges; None: there is none."""
        return self._state.opponent

    def scorecard(self) -> Scorecard:
        """What has happened so far."""
        return self._scoring.scorecard()

    def snapshot(self) -> Snapshot:
        """The whole world at this decision point, as plain data."""
        return Snapshot(WORLD_NAME, STATE_VERSION, self._payload())

    def digest(self) -> str:
        """Hash of the state and of what it depends on; equal digests have equal futures."""
        return digest_of(self._payload())

    def _payload(self) -> Mapping[str, Any]:
        state = to_plain(self._state)
        if self._opponent is None:
            del state["opponent"]  # a world without one is what it was before there were any
        return {
            "scenario": self._context.scenario.model_dump(mode="json"),
            "customer": self._context.customer.model_dump(mode="json"),
            "seed": self.seed,
            "state": state,
            "period_hours": self._reporting.period_hours(),
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
        if snapshot.world != WORLD_NAME:
            raise SnapshotError(f"world: {snapshot.world!r}: expected {WORLD_NAME!r}")
        if snapshot.version != STATE_VERSION:
            raise SnapshotError(
                f"version: {snapshot.version!r}: this golive restores version {STATE_VERSION} only"
            )
        try:
            return cls._restored(snapshot.payload, record, seed)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SnapshotError(f"payload: damaged or not a snapshot ({reason})") from error

    @classmethod
    def _restored(
        cls, payload: Mapping[str, Any], record: bool, seed: int | None
    ) -> ImplementationWorld:
        scenario = ImplementationScenario.model_validate(payload["scenario"])
        customer = Customer.model_validate(payload["customer"])
        parameters = parameters_with(scenario.parameters)
        state = state_from_plain(payload["state"])
        context = Context(
            scenario=scenario,
            customer=customer,
            plan=scenario.plan,
            parameters=parameters,
            tables=Tables.of(parameters),
            streams=RandomStreams(payload["seed"] if seed is None else seed),
            state=state,
            events=EventRecorder(enabled=record),
        )
        context.hour = state.day * context.hours_per_day
        world = cls.__new__(cls)
        world._set_up(context, PlanDays.of(scenario.plan, customer))
        world._disruptions.make_strain()
        world._work.speeds.start_day()
        world._reporting.set_period_hours(payload["period_hours"])
        world._note_briefing()
        world.briefing()  # a state that no briefing can be made of is damaged
        return world

    # -- what was recorded -----------------------------------------------------------------

    def events(self) -> polars.DataFrame:
        """What happened (empty unless recording); see ``EventRecorder.events_frame``."""
        return self._context.events.events_frame()

    def gantt(self) -> polars.DataFrame:
        """Who worked on what (empty unless recording); see ``EventRecorder.gantt_frame``."""
        return self._context.events.gantt_frame()

    def _note_briefing(self) -> None:
        if self._context.events.enabled:
            self.history.append(self.briefing())

    # -- a day -----------------------------------------------------------------------------

    def _run_day(self, move: Move) -> None:
        state, context = self._state, self._context
        start = state.day * context.hours_per_day
        end = start + context.hours_per_day
        environment = simpy.Environment(initial_time=start)
        context.hour = start
        self._open_pools()
        if self._opponent is not None:
            self._opponent.start_day()
        self._disruptions.start_day()
        self._work.start_day(environment, end)
        self._moves.carry_out(move)
        if move is Move.STAKEHOLDER_WORKSHOP:
            self._disruptions.workshop_held()
        elif move is Move.ESCALATE:
            self._disruptions.escalated()
        if self._defects.any_site_live():
            self._defects.start_day()
        self._scope.start_day()
        self._questions.start_day()
        self._sponsor.start_day()
        if not state.finished:
            self._schedule_answers(environment, end)
            self._disruptions.schedule(environment, end)
            environment.run()
            self._close_day(end)
        state.day += 1
        if state.day >= state.last_day:
            state.finished = True
        if state.finished:
            log_closed(context)

    def _open_pools(self) -> None:
        loss = self._context.parameters.fatigue_speed_loss
        for pool in self._state.pools:
            tired = loss * self._people.key_user_fatigue(pool.site, pool.department)
            pool.hours_left = pool.hours_per_day * (1.0 - tired)
            pool.used_today = 0.0

    def _schedule_answers(self, environment: simpy.Environment, end: float) -> None:
        """Answers that come during the day let their packages go on at that hour."""
        for question in self._questions.due_within(end):
            environment.process(self._answer(environment, question))

    def _answer(self, environment: simpy.Environment, question: Question) -> Any:
        yield environment.timeout(max(0.0, question.due_hour - environment.now))
        self._context.hour = environment.now
        self._questions.answer(question)

    def _close_day(self, end: float) -> None:
        state, p = self._state, self._context.parameters
        self._context.hour = end
        paid_hours = self._work.end_day()
        self._migration.cleanse_progress()
        self._disruptions.end_day()
        self._cutover.end_day()
        self._close_pools()
        if state.pace == Pace.RUSH:
            self._people.rush_day(p.fatigue_per_rush_day)
            state.crew_fatigue = min(1.0, state.crew_fatigue + p.fatigue_per_rush_day)
        else:
            state.crew_fatigue = max(0.0, state.crew_fatigue - 0.5 * p.fatigue_per_rush_day)
        live = [site.live_day >= 0 for site in state.sites]
        self._people.end_day(live, self._cutover.usefulness() if any(live) else [])
        self._money.end_day(paid_hours)
        if (state.day + 1) % self._context.days_per_week == 0:
            self._migration.decay(self._context.days_per_week)
            if any(live):
                self._migration.surface_live(self._context.days_per_week)
        tomorrow = state.day + 1
        if tomorrow - state.survey.day >= p.survey_days:
            self._survey(tomorrow)

    def _close_pools(self) -> None:
        p = self._context.parameters
        for pool in self._state.pools:
            today = min(1.0, pool.used_today / pool.hours_per_day)
            pool.load += p.load_smoothing * (today - pool.load)
            if pool.load > p.overload_load:
                self._people.overload(pool.site, pool.department, p.overload_resistance)

    def _survey(self, day: int) -> None:
        """A pulse survey, in on the morning of a day: what people say, with sampling error."""
        state, people = self._state, self._people
        values = (
            people.mean_trust(),
            people.support(),
            people.mean_resistance(),
            people.readiness(),
            people.adoption(),
        )
        error = self._context.parameters.survey_error
        seen = []
        for number, value in enumerate(values):
            draw = self._context.streams.uniform(draws.SURVEY, number, day)
            noisy = value + error * self._context.tables.normal.at(draw)
            seen.append(max(0.0, min(1.0, noisy)))
        by_site = [seen[_SURVEYED_READINESS]]
        if len(state.sites) > 1:
            by_site = []
            for site in range(len(state.sites)):
                draw = self._context.streams.uniform(draws.SURVEY, len(values) + site, day)
                noisy = people.readiness(site) + error * self._context.tables.normal.at(draw)
                by_site.append(max(0.0, min(1.0, noisy)))
        trust, support, resistance, readiness, adoption = seen
        state.survey = Survey(day, trust, support, resistance, readiness, adoption, by_site)
        log_survey(self._context)

    def _site_went_live(self, site: int) -> None:
        self._disruptions.went_live(site)

    # -- what follows from finished packages -----------------------------------------------

    def _package_done(self, package: Package) -> None:
        self._defects.package_done(package)
        if package.kind in _TESTED_KINDS:
            self._state.built_since_cycle += package.planned_hours
        handler = self._handlers.get(package.kind)
        if handler is not None:
            handler(package)
        self._validation.package_done(package)
        if self._state.disruptions:
            self._disruptions.package_done(package)

    def _package_asks(self, package: Package) -> bool:
        if not self._questions.arises(package):
            return False
        question = self._state.questions[-1]
        if question.due_hour < self._work.day_end:
            self._work.environment.process(self._answer(self._work.environment, question))
        return True

    def _quick_win_done(self, package: Package) -> None:
        """It wins trust, the more the sooner it comes."""
        challenge = self._context.customer.challenges[package.subject]
        if isinstance(challenge, QuickWinChallenge):
            week = self._state.day // self._context.days_per_week + 1
            late = self._context.parameters.quick_win_late ** max(0, week - challenge.week)
            self._people.quick_win(package.department, challenge.trust_gain * late)

    def _mock_load_done(self, _package: Package) -> None:
        self._migration.mock_load_done()
        self._acceptance.mock_load_done()
        self._disruptions.mock_load_done()

    def _test_cycle_done(self, _package: Package) -> None:
        self._acceptance.cycle_done()
        self._disruptions.test_cycle_done()


_TESTED_KINDS = frozenset(
    {
        int(PackageKind.BUILD),
        int(PackageKind.CHANGE),
        int(PackageKind.INTERFACE),
        int(PackageKind.MAP),
        int(PackageKind.FIX),
    }
)
