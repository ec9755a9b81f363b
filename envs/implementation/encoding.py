"""Encoding of a briefing as numbers: the raw values of an observation.

A briefing's raw values are gathered into one list in the order of ``features.FEATURES``.
"""

from __future__ import annotations

from functools import lru_cache

from ...core.arithmetic import plain_sum
from ...scenarios.implementation.vocabulary import DisruptionKind, Industry, Severity
from ...sim.implementation.briefing import NEVER, Briefing, SiteStatus, SystemEnvironment
from ...sim.implementation.decision import FOCUS_CHOICES, WORKSTREAMS
from ..encoding import Encoder, FlatObservation
from .features import (
    GROUPS,
    MAY_BE_WRONG,
    MAY_STOP,
    PROJECT_SYSTEMS,
    FurtherFeature,
    further_features,
    groups_with,
)

ENCODER = Encoder(GROUPS)
GROUP_SHAPES = ENCODER.shapes
"""Rows and columns of each group: ``observation[name].reshape(GROUP_SHAPES[name])``."""
GROUP_SLICES = ENCODER.slices
"""Place of each group of the ``Dict`` variant in the flat observation."""


def one_hot_rows(count: int) -> tuple[tuple[float, ...], ...]:
    """Rows of the identity matrix, as tuples of floats."""
    return tuple(tuple(float(i == j) for j in range(count)) for i in range(count))


_FOCUS_ONE_HOT = one_hot_rows(FOCUS_CHOICES)
_SITE_STATUS_ONE_HOT = one_hot_rows(len(SiteStatus))
_INDUSTRY_ONE_HOT = one_hot_rows(len(Industry))
_SEVERITY_LEVEL = {severity: float(level) for level, severity in enumerate(Severity, start=1)}
_DISRUPTIONS = tuple(DisruptionKind)
_MAY_STOP = tuple(WORKSTREAMS.index(workstream) for workstream in MAY_STOP)
_MAY_BE_WRONG = tuple(WORKSTREAMS.index(workstream) for workstream in MAY_BE_WRONG)
_ABSENT_OBJECT = (0.0, 0.0, 0.0, NEVER, 0.0)


def encode_flat(briefing: Briefing) -> FlatObservation:
    """The briefing as a new float32 vector within bounds.

    It has ``OBSERVATION_SIZE`` values, and one for each feature of other packages.
    """
    further = further_features()
    values = raw_values(briefing)
    if not further:
        return ENCODER.encoded(values)
    values += [feature.value(briefing) for _, feature in further]
    return _encoder_with(further).encoded(values)


@lru_cache(maxsize=4)
def _encoder_with(further: tuple[tuple[str, FurtherFeature], ...]) -> Encoder:
    return Encoder(groups_with(further))


def raw_values(briefing: Briefing) -> list[float]:
    """Untransformed values, one per feature of golive's own and in their order."""
    planned_hours = 0.0
    for workstream in briefing.workstreams:
        planned_hours += workstream.planned_hours
    per_hour = 1.0 / max(planned_hours, 1.0)
    values: list[float] = []
    _add_calendar(values, briefing)
    _add_workstreams(values, briefing, per_hour)
    _add_roles(values, briefing)
    _add_quality(values, briefing, per_hour)
    _add_data(values, briefing, per_hour)
    _add_customers_people(values, briefing)
    _add_money_and_systems(values, briefing)
    _add_sites(values, briefing, per_hour)
    _add_management(values, briefing)
    _add_profile(values, briefing)
    return values


def _add_calendar(values: list[float], briefing: Briefing) -> None:
    calendar = briefing.calendar
    day = calendar.day
    planned, target = calendar.planned_go_live_day, calendar.target_go_live_day
    per_planned_day = 1.0 / max(planned, 1)
    in_hypercare = calendar.hypercare_day >= 0
    values += (
        day / max(calendar.last_day, 1),
        day * per_planned_day,
        (target - day) * per_planned_day,
        target - day,
        (target - planned) * per_planned_day,
        calendar.days_per_decision,
        in_hypercare,
        calendar.hypercare_day / max(calendar.hypercare_days, 1) if in_hypercare else 0.0,
        calendar.postponements,
        calendar.postponements_left,
        calendar.days_to_steering,
        calendar.next_window_day - day,
        (calendar.agreed_go_live_day - planned) * per_planned_day,
    )
    values += calendar.planned_focus


def _add_workstreams(values: list[float], briefing: Briefing, per_hour: float) -> None:
    for workstream in briefing.workstreams:
        done, remaining = workstream.done_hours, workstream.remaining_hours
        known = done + remaining
        packages = workstream.packages_total
        values += (
            workstream.planned_hours * per_hour,
            done / known if known > 0.0 else 1.0,
            remaining * per_hour,
            workstream.ready_hours * per_hour,
            workstream.ready_packages,
            workstream.waiting_packages,
            workstream.packages_done / packages if packages > 0 else 1.0,
            workstream.slack_days,
        )
    for index in _MAY_STOP:
        workstream = briefing.workstreams[index]
        values += (workstream.blocked_hours * per_hour, workstream.blocked_packages)
    values += [briefing.workstreams[index].fix_packages for index in _MAY_BE_WRONG]


def _add_roles(values: list[float], briefing: Briefing) -> None:
    calendar = briefing.calendar
    period_hours = calendar.hours_per_day * calendar.days_per_decision
    for role in briefing.roles:
        units = role.units
        per_hour = 1.0 / (units * period_hours) if units > 0.0 else 0.0
        values += (
            units,
            role.newcomers,
            role.useful_hours * per_hour,
            role.rework_hours * per_hour,
            role.waiting_hours * per_hour,
            role.switching_hours * per_hour,
        )
        values += _FOCUS_ONE_HOT[role.focus]
        values += role.skill


def _add_quality(values: list[float], briefing: Briefing, per_hour: float) -> None:
    defects, tests = briefing.defects, briefing.tests
    found = defects.found
    values += defects.open_by_severity
    values += (
        found,
        defects.fixed / found if found else 1.0,
        defects.open_tickets,
        tests.cycles_done,
        tests.cycle_pending,
        tests.last_cycle_age_days,
        tests.last_cycle_pass_rate,
        tests.last_cycle_defects,
        tests.built_hours_since_cycle * per_hour,
    )
    checks = zip(tests.checks_required, tests.checks_passed, strict=True)
    values += [passed or not required for required, passed in checks]
    values.append(tests.built_hours_since_acceptance * per_hour)


def _add_data(values: list[float], briefing: Briefing, per_hour: float) -> None:
    migration = briefing.migration
    for data in migration.objects:
        if not data.present:
            values += _ABSENT_OBJECT
            continue
        values += (
            data.records,
            data.stage,
            data.measured_quality,
            data.measurement_age_days,
            data.cleansing_hours * per_hour,
        )
    loaded = migration.mock_loads_done > 0
    values += (
        migration.mock_loads_done,
        migration.mock_load_pending,
        migration.last_mock_load_age_days,
        migration.last_mock_load_success,
        migration.last_mock_load_success - migration.gate if loaded else -1.0,
    )


def _add_customers_people(values: list[float], briefing: Briefing) -> None:
    questions, people = briefing.questions, briefing.people
    values += (
        questions.pending,
        questions.oldest_age_days,
        questions.mean_age_days,
        questions.answered,
        questions.assumptions,
    )
    for department in briefing.key_users:
        values += (department.hours_per_day, department.load, department.pending_questions)
    values += (
        people.trust,
        people.sponsor_support,
        people.resistance,
        people.readiness,
        people.adoption,
        people.survey_age_days,
    )


def _add_money_and_systems(values: list[float], briefing: Briefing) -> None:
    money, interfaces = briefing.money, briefing.interfaces
    per_dollar = 1.0 / max(money.budget_usd, 1.0)
    left = money.budget_usd - money.spent_usd
    planned_days = briefing.calendar.planned_go_live_day
    values += (
        money.spent_usd * per_dollar,
        money.planned_to_date_usd * per_dollar,
        money.spent_last_period_usd * per_dollar,
        (money.spent_usd - money.planned_to_date_usd) * per_dollar,
        # Over the whole budget both prices would be the same for all: a reading is dear when little
        # is left, and a day matters most in a short project.
        money.reading_usd / max(left, money.reading_usd, 1.0),
        money.benefit_day_usd * planned_days * per_dollar,
    )
    values += [briefing.systems[system].up for system in PROJECT_SYSTEMS]
    values.append(briefing.systems[SystemEnvironment.TEST].busy)
    _add_disruptions(values, briefing)
    total = interfaces.total
    if total:
        values += (
            total,
            interfaces.built / total,
            interfaces.tested / total,
            interfaces.failing / total,
        )
    else:
        values += (0.0, 1.0, 1.0, 0.0)


def _add_disruptions(values: list[float], briefing: Briefing) -> None:
    disruptions = briefing.disruptions
    if not disruptions:
        values += (0.0,) * (3 + len(_DISRUPTIONS))
        return
    first_day = min(disruption.day_noticed for disruption in disruptions)
    worst: dict[str, float] = dict.fromkeys(_DISRUPTIONS, 0.0)
    for disruption in disruptions:
        level = _SEVERITY_LEVEL[disruption.severity]
        if disruption.kind in worst:  # another package's kind has no column of its own
            worst[disruption.kind] = max(worst[disruption.kind], level)
    hours = plain_sum(disruption.response_hours for disruption in disruptions)
    values += (len(disruptions), briefing.calendar.day - first_day, hours)
    values += worst.values()


def _add_sites(values: list[float], briefing: Briefing, per_hour: float) -> None:
    day = briefing.calendar.day
    for site in briefing.sites:
        if not site.present:
            values += _ABSENT_SITE
            continue
        planned = site.status <= SiteStatus.CUTOVER
        values += _SITE_STATUS_ONE_HOT[site.status]
        values += (
            site.target_go_live_day - day if planned else 0.0,
            0.0 if site.days_live == NEVER else site.days_live,
            site.reported_productivity,
            site.rolled_back,
            site.readiness,
            site.scope_done,
            site.own_hours * per_hour,
        )
    for site in briefing.sites[1:]:
        values += (site.wave, site.time_zone_hours)


_ABSENT_SITE = (0.0,) * GROUP_SHAPES["sites"][1]


def _add_management(values: list[float], briefing: Briefing) -> None:
    management = briefing.management
    requested = management.changes_requested
    values += (
        management.change_freeze,
        management.workshops,
        management.escalations,
        management.training_waves,
        management.training_pending,
        management.interventions,
        management.capacity_added,
        requested,
        management.changes_rejected / requested if requested else 0.0,
        management.days_since_workshop,
        management.days_since_escalation,
        management.illegal_decisions,
        management.readings_bought,
    )
    values += (*management.readings_pending, management.rebaselines)
    for insight in briefing.insights:
        values += insight


def _add_profile(values: list[float], briefing: Briefing) -> None:
    customer = briefing.customer
    values += _INDUSTRY_ONE_HOT[customer.industry]
    values += (
        customer.agentic,
        customer.employees,
        customer.sites,
        customer.complexity,
        customer.stated_data_quality,
        customer.integrations,
        customer.custom_requirements,
        customer.previous_failed_projects,
    )
    values += (customer.standards, customer.languages, customer.countries, customer.currencies)
