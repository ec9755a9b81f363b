"""Makes the briefing: what a programme manager may know this morning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...core.arithmetic import plain_sum, whole_sum
from ...scenarios.implementation.challenges import RequirementChallenge
from ...scenarios.implementation.vocabulary import DisruptionKind, Industry, Severity
from .briefing import (
    DEPARTMENTS,
    NEVER,
    SITE_SLOTS,
    Briefing,
    CalendarStatus,
    CustomerProfile,
    DataObjectStatus,
    DataStage,
    DefectStatus,
    InsightStatus,
    InterfaceStatus,
    KeyUserStatus,
    ManagementStatus,
    MigrationStatus,
    MoneyStatus,
    PeopleStatus,
    QuestionStatus,
    ReportedDisruption,
    RoleStatus,
    SiteReport,
    SiteStatus,
    SystemStatus,
    TestStatus,
    WorkstreamStatus,
)
from .context import Context
from .decision import READS, ROLE_COUNT, WORKSTREAM_COUNT
from .defects import Defects
from .further import Mechanism
from .insight import Insight
from .migration import Migration
from .schedule import PlanDays
from .sites import Sites
from .state import DataObjectState, DisruptionState, Package, PoolState, Status
from .value import BusinessCase
from .work import Work

_NO_SITE = SiteReport(False, SiteStatus.PLANNED, NEVER, NEVER, 1.0, 0, 0, 0.0, 0.0, 0.0, 0.0)
_STATUSES = tuple(SiteStatus)
_STAGES = tuple(DataStage)
_KINDS = {kind.value: kind for kind in DisruptionKind}
"""Golive's own kinds are reported as enumerations, other packages' by their names."""
_PLAIN_HOURS_SLACK = 1e-9


@dataclass(kw_only=True, eq=False, repr=False)
class Reporting:
    """Builds one briefing per decision point, constant parts once."""

    context: Context
    schedule: PlanDays
    work: Work
    defects: Defects
    migration: Migration
    sites: Sites
    insight: Insight
    case: BusinessCase
    further: Mapping[str, Mechanism]

    def __post_init__(self) -> None:
        self.state = self.context.state
        self._waves = [self.schedule.wave_of(index) for index in range(len(self.state.sites))]
        customer = self.context.customer
        self._profile = CustomerProfile(
            industry=list(Industry).index(customer.industry),
            agentic=self.context.agentic,
            employees=customer.employees,
            sites=len(customer.sites),
            complexity=customer.complexity,
            stated_data_quality=customer.data_quality,
            integrations=customer.integrations,
            custom_requirements=len(self.context.customer.requirements)
            + whole_sum(isinstance(item, RequirementChallenge) for item in customer.challenges)
            - whole_sum(not item.known for item in customer.requirements),
            previous_failed_projects=customer.previous_failed_projects,
            departments=tuple(name in customer.departments for name in DEPARTMENTS),
            standards=len(customer.standards),
            languages=len({site.language for site in customer.sites}),
            countries=len({site.country for site in customer.sites}),
            currencies=len({site.currency for site in customer.sites}),
        )
        self._last_hours = self._hours_by_role()
        self._pools_of: list[list[PoolState]] = [[] for _ in DEPARTMENTS]
        for pool in self.state.pools:
            self._pools_of[pool.department].append(pool)

    def mark_period(self) -> None:
        """Mark that from here on the work since the last decision counts."""
        self._last_hours = self._hours_by_role()

    def period_hours(self) -> list[list[float]]:
        """The marks, for a snapshot."""
        return [list(row) for row in self._last_hours]

    def set_period_hours(self, marks: list[list[float]]) -> None:
        """Take the marks of a snapshot."""
        self._last_hours = [list(row) for row in marks]

    def briefing(self) -> Briefing:
        """The briefing of this moment."""
        return Briefing(
            calendar=self._calendar(),
            workstreams=self._workstreams(),
            roles=self._roles(),
            defects=self._defects(),
            tests=self._tests(),
            migration=self._migration(),
            questions=self._questions(),
            key_users=self._key_users(),
            people=self._people(),
            money=self._money(),
            systems=self._systems(),
            disruptions=self._disruptions(),
            interfaces=self._interfaces(),
            sites=self._sites(),
            management=self._management(),
            customer=self._profile,
            insights=self._insights(),
            further=self._further(),
        )

    def _further(self) -> Mapping[str, float]:
        """Figures that further mechanisms tell, as ``mechanism.name``."""
        return {
            f"{name}.{key}": value
            for name, mechanism in self.further.items()
            for key, value in mechanism.report().items()
        }

    def _calendar(self) -> CalendarStatus:
        state, plan = self.state, self.context.plan
        day = state.day
        return CalendarStatus(
            day=day,
            planned_go_live_day=self.schedule.planned_go_live_day,
            target_go_live_day=self.defects.target_day(),
            last_day=state.last_day,
            hours_per_day=plan.hours_per_day,
            days_per_decision=plan.days_per_decision,
            hypercare_day=NEVER if state.hypercare_start < 0 else day - state.hypercare_start,
            hypercare_days=self.schedule.hypercare_days,
            planned_focus=self.schedule.focus_on(day, plan.days_per_week),
            postponements=state.postponements,
            postponements_left=plan.max_postponements - state.postponements,
            days_to_steering=max(0, state.next_steering_day - day),
            next_window_day=self.schedule.next_window(day),
            agreed_go_live_day=self.schedule.planned_go_live_day
            if state.agreed_day < 0
            else state.agreed_day,
        )

    def _workstreams(self) -> tuple[WorkstreamStatus, ...]:
        slack = self._slack_days()
        rows = []
        for index, totals in enumerate(self.state.totals):
            rows.append(
                WorkstreamStatus(  # by position: this is made eight times a day
                    totals.planned,
                    totals.done,
                    _clean(totals.remaining),
                    totals.ready,
                    _clean(totals.ready_hours),
                    totals.waiting,
                    totals.blocked,
                    _clean(totals.blocked_hours),
                    totals.packages_done,
                    totals.packages,
                    totals.fixes,
                    slack[index],
                )
            )
        return tuple(rows)

    def _slack_days(self) -> list[float]:
        """Days that each workstream's ready work can still wait without moving the target."""
        state = self.state
        hours = self.context.hours_per_day
        target = float(self.defects.target_day())
        waiting = [site for site in state.sites if site.live_day < 0] or state.sites
        shift = waiting[0].target_day - waiting[0].planned_day
        slack = [target - state.day] * WORKSTREAM_COUNT
        for _, latest_finish, _, workstream in self.work.ready:
            days = latest_finish / hours + shift - state.day
            if days < slack[workstream] and latest_finish > 0.0:
                slack[workstream] = days
        return slack

    def _hours_by_role(self) -> list[list[float]]:
        """Per role the hours so far: useful, rework, waiting, switching."""
        rows = [[0.0, 0.0, 0.0, 0.0] for _ in range(ROLE_COUNT)]
        for member in self.state.members:
            row = rows[member.role]
            row[0] += member.useful_hours
            row[1] += member.rework_hours
            row[2] += member.waiting_hours
            row[3] += member.switching_hours
        return rows

    def _roles(self) -> tuple[RoleStatus, ...]:
        speeds = self.work.speeds
        now = self._hours_by_role()
        skills = speeds.skills()
        units, newcomers = speeds.units()
        rows = []
        for role, last in enumerate(self._last_hours):
            useful, rework, waiting, switching = now[role]
            rows.append(
                RoleStatus(
                    units[role],
                    newcomers[role],
                    useful - last[0],
                    rework - last[1],
                    waiting - last[2],
                    switching - last[3],
                    self.state.focus[role],
                    skills[role],
                )
            )
        return tuple(rows)

    def _defects(self) -> DefectStatus:
        state = self.state
        minor, major, critical = state.open_by_severity
        return DefectStatus(
            open_by_severity=(minor, major, critical),
            found=state.defects_found,
            fixed=state.defects_fixed,
            open_tickets=state.open_tickets,
        )

    def _tests(self) -> TestStatus:
        state = self.state
        return TestStatus(
            cycles_done=state.cycles_done,
            cycle_pending=state.cycle_package >= 0,
            last_cycle_age_days=_age(state.day, state.last_cycle_day),
            last_cycle_pass_rate=state.last_cycle_pass_rate,
            last_cycle_defects=state.last_cycle_defects,
            built_hours_since_cycle=state.built_since_cycle,
            checks_required=tuple(state.checks_required),
            checks_passed=tuple(state.checks_passed),
            built_hours_since_acceptance=state.built_since_acceptance,
        )

    def _migration(self) -> MigrationStatus:
        state = self.state
        return MigrationStatus(
            objects=tuple([self._object(item) for item in state.objects]),
            mock_loads_done=state.mock_loads_done,
            mock_load_pending=state.mock_load_package >= 0,
            last_mock_load_age_days=_age(state.day, state.last_mock_load_day),
            last_mock_load_success=state.last_mock_load_success,
            gate=self.context.plan.data_gate,
            reconciliation_gate=self.context.plan.reconciliation_gate,
        )

    def _object(self, item: DataObjectState) -> DataObjectStatus:
        hours = 0.0
        if item.cleanse_package >= 0:
            package: Package = self.state.packages[item.cleanse_package]
            hours = package.planned_hours - package.done_hours
        return DataObjectStatus(
            item.present,
            int(item.records),
            _STAGES[item.stage],
            item.measured_quality,
            _age(self.state.day, item.measured_day),
            hours,
        )

    def _questions(self) -> QuestionStatus:
        state = self.state
        now, hours = state.day * self.context.hours_per_day, self.context.hours_per_day
        ages = [(now - question.asked_hour) / hours for question in state.questions]
        return QuestionStatus(
            pending=len(ages),
            oldest_age_days=max(ages) if ages else 0.0,
            mean_age_days=plain_sum(ages) / len(ages) if ages else 0.0,
            answered=state.questions_answered,
            assumptions=state.assumptions,
        )

    def _key_users(self) -> tuple[KeyUserStatus, ...]:
        pending = [0] * len(DEPARTMENTS)
        for question in self.state.questions:
            pending[question.department] += 1
        rows = []
        for index, pools in enumerate(self._pools_of):
            count = len(pools)
            hours = load = 0.0
            for pool in pools:
                hours += pool.hours_per_day
                load += pool.load
            rows.append(KeyUserStatus(hours, load / count if count else 0.0, pending[index]))
        return tuple(rows)

    def _people(self) -> PeopleStatus:
        survey = self.state.survey
        return PeopleStatus(
            trust=survey.trust,
            sponsor_support=survey.support,
            resistance=survey.resistance,
            readiness=survey.readiness,
            adoption=survey.adoption,
            survey_age_days=self.state.day - survey.day,
            standard_error=self.context.parameters.survey_error,
        )

    def _money(self) -> MoneyStatus:
        state = self.state
        days = self.schedule.planned_go_live_day + self.schedule.hypercare_days
        return MoneyStatus(
            budget_usd=state.budget_usd,
            spent_usd=state.spent_usd,
            spent_last_period_usd=state.spent_last_period_usd,
            planned_to_date_usd=state.budget_usd * min(1.0, state.day / days),
            reading_usd=self.insight.price_usd(),
            benefit_day_usd=self.case.benefit_day_usd,
        )

    def _systems(self) -> tuple[SystemStatus, ...]:
        """Systems as reported: an outage that nobody noticed does not show."""
        up = [True, True, True]
        for disruption in self.state.disruptions:
            if disruption.noticed and not disruption.recovered:
                for place in disruption.holds:
                    up[place] = False
        busy = self.state.environment_busy
        return tuple([SystemStatus(up[index], busy[index] >= 0) for index in range(3)])

    def _disruptions(self) -> tuple[ReportedDisruption, ...]:
        hours = self.context.hours_per_day
        return tuple(
            [
                ReportedDisruption(
                    _KINDS.get(disruption.kind, disruption.kind),
                    Severity(disruption.severity),
                    int(disruption.notice_hour / hours),
                    self._response_hours(disruption),
                )
                for disruption in self.state.disruptions
                if disruption.noticed and not disruption.recovered
            ]
        )

    def _response_hours(self, disruption: DisruptionState) -> float:
        """Estimated effort left of the packages that mend a disruption."""
        packages = [self.state.packages[index] for index in disruption.responses]
        return plain_sum(
            [p.planned_hours - p.done_hours for p in packages if p.status != Status.DONE]
        )

    def _interfaces(self) -> InterfaceStatus:
        built = tested = failing = 0
        for item in self.state.interfaces:
            built += item.built
            tested += item.tested
            failing += item.failing
        return InterfaceStatus(len(self.state.interfaces), built, tested, failing)

    def _sites(self) -> tuple[SiteReport, ...]:
        day = self.state.day
        readiness, offsets = self.state.survey.readiness_by_site, self.sites.offsets
        rows = [
            SiteReport(
                True,
                _STATUSES[site.status],
                site.target_day,
                _age(day, site.live_day),
                1.0 - site.loss,
                site.roll_backs,
                self._waves[index],
                readiness[index],
                self.sites.coverage(index),
                _clean(self.sites.own_hours(index)),
                offsets[index],
            )
            for index, site in enumerate(self.state.sites)
        ]
        return (*rows, *([_NO_SITE] * (SITE_SLOTS - len(rows))))

    def _insights(self) -> tuple[InsightStatus, ...]:
        rows = []
        for number, reading in enumerate(self.state.readings):
            value, error = self.insight.estimate(number)
            age = self.state.day - reading.day
            rows.append(InsightStatus(value, error, age, reading.bought))
        return tuple(rows)

    def _management(self) -> ManagementStatus:
        state = self.state
        awaited = {order[0] for order in state.ordered_readings}
        return ManagementStatus(
            change_freeze=state.change_freeze,
            workshops=state.workshops,
            escalations=state.escalations,
            training_waves=state.training_waves,
            training_pending=state.training_pending,
            interventions=state.interventions,
            capacity_added=state.capacity_added,
            changes_requested=state.changes_requested,
            changes_rejected=state.changes_rejected,
            days_since_workshop=_age(state.day, state.workshop_day),
            days_since_escalation=_age(state.day, state.escalation_day),
            illegal_decisions=state.illegal_decisions,
            readings_bought=state.readings_bought,
            readings_pending=tuple([move in awaited for move in READS]),
            rebaselines=state.rebaselines,
        )


def _age(day: int, since: int) -> int:
    return NEVER if since < 0 else day - since


def _clean(hours: float) -> float:
    """A running sum without the dust of its rounding errors."""
    return hours if hours > _PLAIN_HOURS_SLACK else 0.0
