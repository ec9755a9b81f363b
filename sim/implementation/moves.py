"""The management moves: what each of them sets going."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ...core.distributions import lognormal_table
from ...scenarios.implementation.vocabulary import Department, Role, Workstream
from . import draws
from .briefing import SystemEnvironment
from .context import Context
from .cutover import Cutover
from .decision import NO_FOCUS, READS, ROLES, WORKSTREAMS, Move
from .effort import EffortModel, effort_sigma
from .insight import Insight
from .money import Money
from .people import People, PersonKind
from .questions import Questions
from .sites import Sites
from .sponsor import Sponsor
from .state import Member, Package, PackageKind, Status
from .work import Work

_ORDERED_KEY = 1 << 20
"""Draws of what moves bring up lie beyond those of the plan's packages: a move ordered one day
later has the same effort, and shifts no other package's."""
_SITE_STEP = 100
"""Training waves that a site has draws for."""
_EXPERTS_HELP_WITH = frozenset(
    {
        PackageKind.FIX,
        PackageKind.BUILD,
        PackageKind.CHANGE,
        PackageKind.INTERFACE,
        PackageKind.CHALLENGE,
        PackageKind.MAP,
        PackageKind.EXTRACT,
        PackageKind.RESPONSE,
        PackageKind.QUICK_WIN,
        PackageKind.LOCALISATION,
        PackageKind.IMPORTED,
    }
)


@dataclass(kw_only=True, eq=False, repr=False)
class Moves:
    """Carries out the one management move of a decision."""

    context: Context
    work: Work
    questions: Questions
    people: People
    cutover: Cutover
    money: Money
    sites: Sites
    insight: Insight
    sponsor: Sponsor

    def __post_init__(self) -> None:
        self.state = self.context.state
        effort = EffortModel.of(self.context.customer, self.context.parameters).total_hours
        self._size = effort / self.context.parameters.effort_reference_hours
        p = self.context.parameters
        self._spread_testing = lognormal_table(effort_sigma(Workstream.TESTING, p))
        self.actions: dict[Move, Callable[[], None]] = {
            Move.STAKEHOLDER_WORKSHOP: self._workshop,
            Move.ESCALATE: self._escalate,
            Move.TRAINING_WAVE: self._training_wave,
            Move.MOCK_LOAD: self._mock_load,
            Move.TEST_CYCLE: self._test_cycle,
            Move.CHANGE_FREEZE: self._change_freeze,
            Move.MANUAL_INTERVENTION: self._intervene,
            Move.ADD_CAPACITY: self._add_capacity,
            Move.POSTPONE_GO_LIVE: self._postpone,
            Move.GO_LIVE: self.cutover.start,
            Move.ROLL_BACK: self.cutover.roll_back,
            Move.REBASELINE: self._rebaseline,
            **{move: partial(self.insight.order, move) for move in READS},
        }

    def carry_out(self, move: Move) -> None:
        """Carry out a legal move of golive's own at the start of the day."""
        self.context.note("move", move.name.lower())
        self.actions[move]()

    def _workshop(self) -> None:
        state, p = self.state, self.context.parameters
        days = state.day - state.workshop_day
        recent = state.workshop_day >= 0 and days < p.days_per_month
        state.workshops += 1
        state.workshop_day = state.day
        self.money.spend(p.workshop_usd * self.money.price_level())
        for pool in state.pools:
            taken = min(pool.hours_left, p.workshop_key_user_hours * pool.count)
            pool.hours_left -= taken
            pool.used_today += taken
        strength = p.trust_workshop * (p.trust_workshop_again if recent else 1.0)
        self.people.workshop(strength * self.context.effects.workshop)
        self.questions.settle_in_workshop()

    def _escalate(self) -> None:
        state = self.state
        state.escalations += 1
        state.escalation_day = state.day
        trust = self.context.parameters.trust_escalation * self.context.effects.escalation_trust
        self.people.shift_trust(trust, (PersonKind.HEAD,))
        self.questions.escalate()

    def _ordered(
        self,
        name: str,
        kind: PackageKind,
        workstream: Workstream,
        hours: float,
        number: int,
        *,
        site: int = 0,
        key_user_hours: float = 0.0,
        on_test: bool = False,
    ) -> Package:
        """A package that a move brings up; its effort is drawn by kind and ordinal number."""
        whom = _ORDERED_KEY + kind * 1_000 + number
        draw = self.context.streams.uniform(draws.PACKAGE_EFFORT, whom)
        spread = self._spread_testing.at(draw) * self.state.project_factor
        package = Package(
            name=name,
            kind=int(kind),
            workstream=WORKSTREAMS.index(workstream),
            site=site,
            department=self.context.department_index(Department.PRODUCTION),
            planned_hours=hours,
            remaining_hours=hours * spread,
            key_user_hours=key_user_hours,
            latest_finish_hour=self.context.hour,
            environment=int(SystemEnvironment.TEST) if on_test else -1,
            exclusive=on_test,
            in_baseline=False,
        )
        self.work.append(package)
        return package

    def _training_wave(self) -> None:
        state, p = self.state, self.context.parameters
        state.training_waves += 1
        least_able = min(range(len(state.sites)), key=self.people.readiness)
        for site in self.sites.next_planned() or (least_able,):
            state.training_pending += 1
            users = self.context.customer.sites[site].employees * p.user_share
            self.money.spend(users * p.training_user_hours * p.key_user_rate_usd)
            self._ordered(
                f"training wave {state.training_waves}",
                PackageKind.TRAINING,
                Workstream.TRAINING,
                users * p.training_hours_per_user,
                state.training_waves + _SITE_STEP * site,
                site=site,
            )

    def training_done(self, package: Package) -> None:
        """End a training wave: it helps as far as material exists and the process is built."""
        p = self.context.parameters
        self.state.training_pending -= 1
        scope = self.sites.scope_of(package.site)
        material = self.work.done_share(PackageKind.TRAINING_MATERIAL, sites=scope)
        built = self.work.done_share(PackageKind.BUILD, sites=scope)
        gain = p.training_gain
        gain *= p.training_without_material + (1.0 - p.training_without_material) * material
        gain *= 1.0 - p.training_unbuilt_penalty * (1.0 - built)
        gain *= 1.0 - p.untranslated_training * (1.0 - self.sites.translated(package.site))
        self.people.train(package.site, gain * self.context.strain.training_gain[package.site])

    def _mock_load(self) -> None:
        state, p = self.state, self.context.parameters
        number = state.mock_loads_done + 1
        package = self._ordered(
            f"mock load {number}",
            PackageKind.MOCK_LOAD,
            Workstream.DATA,
            p.mock_load_hours * self._size * self.context.strain.load_hours,
            number,
            on_test=True,
        )
        state.mock_load_package = package.id

    def _test_cycle(self) -> None:
        state, p = self.state, self.context.parameters
        number = state.cycles_done + 1
        package = self._ordered(
            f"test cycle {number}",
            PackageKind.TEST_CYCLE,
            Workstream.TESTING,
            p.test_cycle_hours * self._size * self.context.strain.load_hours,
            number,
            key_user_hours=p.test_cycle_key_user_hours,
            on_test=True,
        )
        state.cycle_package = package.id

    def _change_freeze(self) -> None:
        self.state.change_freeze = not self.state.change_freeze

    def _intervene(self) -> None:
        state, p = self.state, self.context.parameters
        state.interventions += 1
        self.money.spend(p.intervention_usd * self.money.price_level())
        self.questions.settle_most_pressing(int(p.intervention_questions))
        hours = p.intervention_hours
        for _, _, index, _ in self.work.ready.copy():
            package = state.packages[index]
            place = package.environment
            up = place < 0 or state.environment_up[place]
            if package.kind in _EXPERTS_HELP_WITH and package.status == Status.READY and up:
                hours -= self.work.contribute(package, hours)
                if hours <= 0.0:
                    return

    def _add_capacity(self) -> None:
        """A new member for the role with most known work per member in front of it."""
        state, p = self.state, self.context.parameters
        days = (
            p.assimilation_days_agentic
            if self.context.agentic
            else p.assimilation_days_conventional
        )
        member = Member(len(state.members), self._busiest_role(), state.day, state.day + int(days))
        state.capacity_added += 1
        state.members.append(member)
        self.money.spend(p.capacity_usd * self.money.price_level())
        self.work.member_joins(member)

    def _busiest_role(self) -> int:
        state = self.state
        members = [0] * len(ROLES)
        for member in state.members:
            members[member.role] += 1
        on_workstream = [0] * (len(WORKSTREAMS) + 1)
        for role, focus in enumerate(state.focus):
            on_workstream[focus] += members[role]
        best, most = ROLES.index(Role.PROJECT_MANAGER), -1.0
        for role, focus in enumerate(state.focus):
            if focus != NO_FOCUS and members[role]:
                load = state.totals[focus].remaining / on_workstream[focus]
                if load > most:
                    best, most = role, load
        return best

    def _postpone(self) -> None:
        state = self.state
        state.postponements += 1
        week = self.context.days_per_week
        for site in state.sites:
            if site.live_day < 0:
                site.target_day += week
        p = self.context.parameters
        weight = self.context.by_delivery(1.0, p.conventional_date_weight)
        self.people.shift_trust(weight * p.trust_postponement)

    def _rebaseline(self) -> None:
        """Agree a new date and budget with the sponsor, by the forecast."""
        state, p, week = self.state, self.context.parameters, self.context.days_per_week
        target = max(site.target_day for site in state.sites)
        late = max(0.0, self.sponsor.forecast_day() - target)
        weeks = max(1, -int(-late // week))
        state.rebaselines += 1
        self.sponsor.agree_anew(target + weeks * week)
        self.money.spend(p.rebaseline_cost * state.budget_usd)
        self.people.shift_trust(p.rebaseline_trust, (PersonKind.SPONSOR,))
        self.context.note("rebaselined", "project", weeks=weeks, day=state.agreed_day)
