"""Everything that acts in one world, made in the order in which one needs another."""

from __future__ import annotations

from collections.abc import Callable

from ...scenarios.implementation.extensions import MECHANISMS
from .acceptance import Acceptance
from .context import Context
from .cutover import Cutover
from .defects import Defects
from .disruptions.register import Disruptions
from .further import Mechanism
from .insight import Insight
from .interfaces import Interfaces
from .key_users import KeyUsers
from .migration import Migration
from .money import Money
from .moves import Moves
from .opponent import Opponent
from .people import People
from .pulse_survey import PulseSurvey
from .questions import Questions
from .quick_wins import QuickWins
from .reporting import Reporting
from .schedule import PlanDays
from .scope import Scope
from .scoring import Scoring
from .sites import Sites
from .sponsor import Sponsor
from .state import Package
from .validation import Validation
from .value import BusinessCase
from .work import Work


class Mechanisms:
    """The mechanisms of a world.

    Disruptions, opponents and mechanisms of other packages may ask and use all of them.

    Args:
        context: of the world.
        schedule: the plan in working days.
        on_done: called when a package is done.
        on_question: called when a package reaches its question; returns whether it stops.
        on_live: called when a site has gone live.
    """

    __deletable__ = ("disruptions", "opponent")  # for mypyc

    def __init__(
        self,
        context: Context,
        schedule: PlanDays,
        *,
        on_done: Callable[[Package], None],
        on_question: Callable[[Package], bool],
        on_live: Callable[[int], None],
    ) -> None:
        self.context = context
        self.work = Work(context, on_done, on_question)
        self.people = People(context)
        self.case = BusinessCase(context, schedule)
        self.key_users = KeyUsers(context, self.people)
        self.survey = PulseSurvey(context, self.people)
        self.quick_wins = QuickWins(context, self.people)
        self.money = Money(context)
        self.defects = Defects(context, self.work)
        self.interfaces = Interfaces(context, self.defects)
        self.migration = Migration(context, self.work)
        self.validation = Validation(context, self.work)
        self.sponsor = Sponsor(context, self.defects, self.people)
        self.sites = Sites(context, schedule, self.work)
        self.questions = Questions(
            context, work=self.work, defects=self.defects, people=self.people, sites=self.sites
        )
        self.scope = Scope(context, work=self.work, people=self.people, money=self.money)
        self.acceptance = Acceptance(
            context=context,
            work=self.work,
            defects=self.defects,
            interfaces=self.interfaces,
            migration=self.migration,
            people=self.people,
            scope=self.scope,
            sites=self.sites,
        )
        self.cutover = Cutover(
            context=context,
            schedule=schedule,
            work=self.work,
            defects=self.defects,
            interfaces=self.interfaces,
            migration=self.migration,
            people=self.people,
            acceptance=self.acceptance,
            sites=self.sites,
            case=self.case,
            on_live=on_live,
        )
        self.insight = Insight(context, self.money, self.migration, self.defects)
        self.moves = Moves(
            context=context,
            work=self.work,
            questions=self.questions,
            people=self.people,
            cutover=self.cutover,
            money=self.money,
            sites=self.sites,
            insight=self.insight,
            sponsor=self.sponsor,
        )
        self.further: dict[str, Mechanism] = {
            name: MECHANISMS[name](self, context.state.further.setdefault(name, {}))
            for name in context.scenario.mechanisms
        }
        self.disruptions = Disruptions(self)
        self.opponent = None if context.scenario.opponent is None else Opponent(self)
        self.reporting = Reporting(
            context=context,
            schedule=schedule,
            work=self.work,
            defects=self.defects,
            migration=self.migration,
            sites=self.sites,
            insight=self.insight,
            case=self.case,
            further=self.further,
        )
        self.scoring = Scoring(
            context=context,
            defects=self.defects,
            migration=self.migration,
            people=self.people,
            acceptance=self.acceptance,
            cutover=self.cutover,
            scope=self.scope,
            case=self.case,
        )

    def dismantle(self) -> None:
        """Undo what refers to one another in circles; see ``Day.dismantle``."""
        self.work.environment.__dict__.clear()
        self.people.model.__dict__.clear()
        self.moves.actions.clear()
        self.further.clear()
        del self.disruptions, self.opponent
