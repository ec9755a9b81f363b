"""The order of a day, and what follows from a finished package.

Order is part of the model: who acts first changes what the others find. Each step below says why
it stands where it does; whoever moves one changes the golden digests.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import simpy

from .context import Context
from .decision import MOVE_COUNT, FurtherMove, Move, Pace, further_rules
from .mechanisms import Mechanisms
from .project_log import log_closed
from .schedule import PlanDays
from .state import Package, PackageKind, Question

_TESTED_KINDS = frozenset(
    {PackageKind.BUILD, PackageKind.CHANGE, PackageKind.INTERFACE, PackageKind.MAP, PackageKind.FIX}
)
"""Packages that a test cycle is about: built since the last one, they are untested."""


class Day:
    """Lives the days of a world.

    Args:
        context: of the world.
        schedule: the plan in working days.

    Attributes:
        mechanisms: all that acts.
    """

    __deletable__ = ("mechanisms",)  # for mypyc

    def __init__(self, context: Context, schedule: PlanDays) -> None:
        self.context = context
        self.state = context.state
        self.mechanisms = m = Mechanisms(
            context,
            schedule,
            on_done=self.package_done,
            on_question=self.package_asks,
            on_live=self.went_live,
        )
        self._follows: dict[int, Callable[[Package], None]] = {
            PackageKind.DISCOVERY: m.scope.discovery_done,
            PackageKind.INTERFACE: m.interfaces.package_done,
            PackageKind.EXTRACT: m.migration.package_done,
            PackageKind.MAP: m.migration.package_done,
            PackageKind.CLEANSE: m.migration.package_done,
            PackageKind.MOCK_LOAD: self.mock_load_done,
            PackageKind.TEST_CYCLE: self.test_cycle_done,
            PackageKind.CHECK: m.acceptance.check_done,
            PackageKind.TRAINING: m.moves.training_done,
            PackageKind.REHEARSAL: m.cutover.package_done,
            PackageKind.CUTOVER: m.cutover.package_done,
            PackageKind.FIX: m.defects.fixed,
            PackageKind.QUICK_WIN: m.quick_wins.package_done,
        }

    def dismantle(self) -> None:
        """Undo what refers to one another in circles: the world is not needed any more.

        It goes at once then. The garbage collector would come for it much later, and looks at all
        that lives each time.
        """
        self.mechanisms.dismantle()
        self._follows.clear()
        del self.mechanisms

    def run(self, move: Move | FurtherMove) -> None:
        """Live a day: the morning with its move, the hours of work, the evening."""
        state, context = self.state, self.context
        start = context.hour = state.day * context.hours_per_day
        end = start + context.hours_per_day
        environment = simpy.Environment(initial_time=start)
        self._morning(environment, end, move)
        if not state.finished:  # the sponsor may have stopped it at breakfast
            self._schedule_answers(environment, end)
            self.mechanisms.disruptions.schedule(environment, end)
            environment.run()
            context.hour = end
            self._evening()
        state.day += 1
        if state.day >= state.last_day:
            state.finished = True
        if state.finished:
            log_closed(context)

    def _morning(
        self, environment: simpy.Environment, end: float, move: Move | FurtherMove
    ) -> None:
        m = self.mechanisms
        # First the hours that there are: a workshop takes from them like any work.
        m.key_users.start_day()
        # A strike is of this morning, so it comes before the disruptions that begin today.
        if m.opponent is not None:
            m.opponent.start_day()
        # They make the day's strain, which the crew's speed and every order below depend on.
        m.disruptions.start_day()
        # A site whose cutover is done opens with the week, before anybody orders anything.
        m.cutover.start_day()
        # The crew comes in, yet nobody is assigned before the clock runs: what the rest of the
        # morning brings up competes for them on equal terms.
        m.work.start_day(environment, end)
        # The move needs the crew (a new member begins, experts help) and today's strain.
        if move is not Move.NONE:
            self._carry_out(move)
        m.defects.start_day()
        m.insight.start_day()
        m.scope.start_day()
        # After the move: what a workshop settled or an escalation hurried is not assumed today.
        m.questions.start_day()
        for mechanism in m.further.values():
            mechanism.start_day()
        # Last, since the steering committee judges by all that the morning has brought to light.
        m.sponsor.start_day()

    def _carry_out(self, move: Move | FurtherMove) -> None:
        """A move has its own effect before others hear of it."""
        m = self.mechanisms
        if isinstance(move, Move):
            m.moves.carry_out(move)
        else:
            self.context.note("move", move.name)
            further_rules()[move - MOVE_COUNT].carry_out(m)
        if move is Move.STAKEHOLDER_WORKSHOP:
            m.disruptions.workshop_held()
        elif move is Move.ESCALATE:
            m.disruptions.escalated()
        for mechanism in m.further.values():
            mechanism.move_made(move)

    def _evening(self) -> None:
        m, state, context = self.mechanisms, self.state, self.context
        paid_hours = m.work.end_day()
        # What was cleansed counts today: for what is mended and for what a live site loses.
        m.migration.cleanse_progress()
        # A disruption that is over weighs no more on the live sites.
        m.disruptions.end_day()
        m.cutover.end_day()
        m.key_users.end_day()
        m.work.speeds.end_day()
        if state.pace == Pace.RUSH:
            m.people.rush_day()
        for mechanism in m.further.values():
            mechanism.end_day()
        # People talk when all that moves their trust has happened; they adopt what works tonight.
        live = [site.live_day >= 0 for site in state.sites]
        m.people.end_day(live, m.cutover.usefulness() if any(live) else [])
        # The bill comes when everything that costs is known.
        m.money.end_day(paid_hours)
        if (state.day + 1) % context.days_per_week == 0:
            m.migration.decay(context.days_per_week)
            if any(live):
                m.migration.surface_live(context.days_per_week)
        # Tomorrow's survey asks the people as the night leaves them.
        m.survey.end_day()

    # -- questions -------------------------------------------------------------------------

    def _schedule_answers(self, environment: simpy.Environment, end: float) -> None:
        """Answers that come during the day let their packages go on at that hour."""
        for question in self.mechanisms.questions.due_within(end):
            environment.process(self._answer(environment, question))

    def _answer(
        self, environment: simpy.Environment, question: Question
    ) -> Generator[simpy.Event, None, None]:
        yield environment.timeout(max(0.0, question.due_hour - environment.now))
        self.context.hour = environment.now
        self.mechanisms.questions.answer(question)

    def package_asks(self, package: Package) -> bool:
        """True if a package that reaches its question stops; an answer may come the same day."""
        questions, work = self.mechanisms.questions, self.mechanisms.work
        if not questions.arises(package):
            return False
        question = self.state.questions[-1]
        if question.due_hour < work.day_end:
            work.environment.process(self._answer(work.environment, question))
        return True

    # -- what follows from finished packages -----------------------------------------------

    def package_done(self, package: Package) -> None:
        """Tell those whom a finished package concerns: its defects first, its audit after it."""
        m = self.mechanisms
        m.defects.package_done(package)
        if package.kind in _TESTED_KINDS:
            self.state.built_since_cycle += package.planned_hours
            m.acceptance.built(package)
        follows = self._follows.get(package.kind)
        if follows is not None:
            follows(package)
        m.validation.package_done(package)
        if self.state.disruptions:
            m.disruptions.package_done(package)
        for mechanism in m.further.values():
            mechanism.package_done(package)

    def went_live(self, site: int) -> None:
        """Tell disruptions and further mechanisms of a site that works in production."""
        self.mechanisms.disruptions.went_live(site)
        for mechanism in self.mechanisms.further.values():
            mechanism.went_live(site)

    def mock_load_done(self, _package: Package) -> None:
        """Measure the data by a mock load before checks and disruptions make use of it."""
        self.mechanisms.migration.mock_load_done()
        self.mechanisms.acceptance.mock_load_done()
        self.mechanisms.disruptions.mock_load_done()

    def test_cycle_done(self, _package: Package) -> None:
        """Let a test cycle find what it finds; then disruptions may show in it."""
        self.mechanisms.acceptance.cycle_done()
        self.mechanisms.disruptions.test_cycle_done()
