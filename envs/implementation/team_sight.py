"""A briefing as one role of the team knows it, and what it has to tell.

The briefing is what rules decide from; what a role sees of it is what ``team.yaml`` says of the
observation (``tests/envs`` hold one against the other). What it does not see is what is usual, or
what others have told it: a claim to be ready stands for the figures behind it.
"""

from __future__ import annotations

from functools import cache

from ...core.arithmetic import exponential, plain_sum, whole_sum
from ...scenarios.implementation.traits import TRAITS
from ...sim.implementation.briefing import (
    CHECKS,
    NEVER,
    Briefing,
    CalendarStatus,
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
    RoleStatus,
    SiteReport,
    SystemStatus,
    TestStatus,
    WorkstreamStatus,
)
from ...sim.implementation.decision import (
    NO_FOCUS,
    READS,
    ROLES,
    WORKSTREAMS,
    Move,
)
from ...sim.implementation.parameters import parameters_with
from ...sim.team import Inbox

_ORCHESTRATOR, _MANAGER, _DATA, _CONFIGURATION, _EXPERT = map(str, ROLES)
_READER = {
    "sponsor_patience": _MANAGER,
    "season": _MANAGER,
    "data_rot": _DATA,
    "workmanship": _CONFIGURATION,
    "change_value": _EXPERT,
    "consensus": _EXPERT,
    "habits": _EXPERT,
    "fragility": _EXPERT,
}
"""Roles that hear of each trait."""
_BUYER = {
    Move.PROFILE_DATA: _DATA,
    Move.REVIEW_WORK: _CONFIGURATION,
    Move.WALK_THROUGH: _EXPERT,
    Move.VISIT_OPERATIONS: _EXPERT,
    Move.SPONSOR_TALK: _MANAGER,
}
_BLOCKED_OF = {
    _DATA: {"data"},
    _CONFIGURATION: {"configuration", "customisation", "integration"},
}
_FIXES_OF = {_DATA: {"data"}, _CONFIGURATION: set(map(str, WORKSTREAMS))}
_USUAL_GATE = 0.95
"""A usual share that a mock load must reach, to those who do not see it."""
_TOLD_AGE_DAYS = 3.0
"""Age that questions have when somebody speaks of them."""
_READY_SHARE = 0.45
"""Share of users trained and able from which on the industry expert calls them ready."""
_OLDEST_LOAD_DAYS = 10
_LOAD_MARGIN = 0.008
"""Share by which a mock load must pass: records change until the cutover."""
_FRUITFUL_DEFECTS = 15
"""A test cycle that found so many will be followed by another fruitful one."""
_QUESTIONS_WORTH_TELLING = 3
_COUNT_SCALE = 4.0
"""Of counts in the observation, ln(1 + x) over it."""
_DAYS_SCALE = 10.0
"""Of days to the target likewise, linear."""


def seen(briefing: Briefing, role: str, inbox: Inbox) -> Briefing:
    """The briefing as a role knows it, by what it sees and has heard."""
    return Briefing(
        calendar=_calendar(briefing, role, inbox),
        workstreams=_workstreams(briefing, role),
        roles=_roles(briefing, role),
        defects=briefing.defects if role == _CONFIGURATION else _defects(inbox),
        tests=briefing.tests if role == _CONFIGURATION else _tests(role, inbox),
        migration=briefing.migration if role == _DATA else _migration(briefing, inbox),
        questions=_questions(briefing, role, inbox),
        key_users=briefing.key_users if role == _EXPERT else _key_users(briefing),
        people=_people(briefing, role, inbox),
        money=briefing.money if role == _MANAGER else MoneyStatus(1.0, *[0.0] * 5),
        systems=(
            briefing.systems
            if role in (_ORCHESTRATOR, _DATA, _CONFIGURATION)
            else tuple(SystemStatus(True, False) for _ in briefing.systems)
        ),
        disruptions=briefing.disruptions if role in (_ORCHESTRATOR, _MANAGER) else (),
        interfaces=briefing.interfaces if role == _CONFIGURATION else _interfaces(briefing),
        sites=tuple(_site(site, role, briefing.calendar) for site in briefing.sites),
        management=_management(briefing.management, role),
        customer=briefing.customer,
        insights=tuple(
            insight if _READER[name] == role else InsightStatus(0.0, 4.0, NEVER, 0)
            for name, insight in zip(TRAITS, briefing.insights, strict=True)
        ),
        further=briefing.further if role == _ORCHESTRATOR else {},
    )


def tells(briefing: Briefing, role: str) -> tuple[str, ...]:
    """Messages that hold now, what matters most first; of the briefing as the role knows it."""
    told = _TELLERS[role](briefing)
    return tuple(name for name, holds in told if holds)


def _calendar(briefing: Briefing, role: str, inbox: Inbox) -> CalendarStatus:
    calendar = briefing.calendar
    if role == _MANAGER:
        return calendar
    target = calendar.planned_go_live_day
    told = inbox.get((_MANAGER, "days_to_target"))
    if told is not None:
        target = calendar.day - told.age_days + round(_DAYS_SCALE * told.value)
    return calendar._replace(
        target_go_live_day=target,
        postponements=0,
        postponements_left=0,
        days_to_steering=0,
        next_window_day=calendar.day,
        agreed_go_live_day=calendar.planned_go_live_day,
    )


def _workstreams(briefing: Briefing, role: str) -> tuple[WorkstreamStatus, ...]:
    """The board; questions and fixes only of one's own trade."""
    every = {str(name) for name in WORKSTREAMS}
    blocked = every if role in (_ORCHESTRATOR, _EXPERT) else _BLOCKED_OF.get(role, set())
    fixes = _FIXES_OF.get(role, set())
    rows = []
    for name, status in zip(map(str, WORKSTREAMS), briefing.workstreams, strict=True):
        shown = status
        if name not in blocked:
            shown = shown._replace(blocked_packages=0, blocked_hours=0.0)
        if name not in fixes:
            shown = shown._replace(fix_packages=0)
        rows.append(shown)
    return tuple(rows)


@cache
def _usual_roles() -> tuple[RoleStatus, ...]:
    """The crew as one knows each other: one of each, as fast as its trade."""
    known = parameters_with({})
    return tuple(
        RoleStatus(
            units=1.0,
            newcomers=0,
            useful_hours=0.0,
            rework_hours=0.0,
            waiting_hours=0.0,
            switching_hours=0.0,
            focus=NO_FOCUS,
            skill=tuple(getattr(known, f"skill_{role}_{name}") for name in WORKSTREAMS),
        )
        for role in ROLES
    )


def _roles(briefing: Briefing, role: str) -> tuple[RoleStatus, ...]:
    if role == _ORCHESTRATOR:
        return briefing.roles
    others = zip(ROLES, briefing.roles, _usual_roles(), strict=True)
    return tuple(own if name == role else usual for name, own, usual in others)


def _is_ready(inbox: Inbox, role: str) -> bool:
    """True if the last that was heard of a role is that its part may go live."""
    ready, not_ready = inbox.get((role, "ready")), inbox.get((role, "not_ready"))
    if ready is None:
        return False
    return not_ready is None or ready.age_days < not_ready.age_days


def _defects(inbox: Inbox) -> DefectStatus:
    told = inbox.get((_CONFIGURATION, "open_defects"))
    ready = _is_ready(inbox, _CONFIGURATION)
    critical = 0 if told is None or ready else _count(told.value)
    return DefectStatus((0, 0, critical), critical, 0, 0)


def _count(value: float) -> int:
    return round(exponential(_COUNT_SCALE * value) - 1.0)


def _tests(role: str, inbox: Inbox) -> TestStatus:
    """The manager takes tests for passed when told so, others unless told otherwise."""
    if role == _MANAGER:
        passed = _is_ready(inbox, _CONFIGURATION)
    else:
        passed = (_CONFIGURATION, "not_ready") not in inbox or _is_ready(inbox, _CONFIGURATION)
    told = inbox.get((_CONFIGURATION, "pass_rate"))
    return TestStatus(
        cycles_done=1,
        cycle_pending=False,
        last_cycle_age_days=0,
        last_cycle_pass_rate=1.0 if told is None else told.value,
        last_cycle_defects=0,
        built_hours_since_cycle=0.0,
        checks_required=(True,) * len(CHECKS),
        checks_passed=(passed,) * len(CHECKS),
        built_hours_since_acceptance=0.0,
    )


def _migration(briefing: Briefing, inbox: Inbox) -> MigrationStatus:
    """Data as one thinks of them: there, as good as the customer says, loaded when told so."""
    quality = briefing.customer.stated_data_quality
    usual = DataObjectStatus(True, 0, DataStage.UNTOUCHED, quality, NEVER, 0.0)
    told = inbox.get((_DATA, "data_loaded"))
    success = 0.0 if told is None else told.value
    ready = _is_ready(inbox, _DATA)
    return MigrationStatus(
        objects=(usual,) * len(briefing.migration.objects),
        mock_loads_done=int(ready or told is not None),
        mock_load_pending=False,
        last_mock_load_age_days=inbox[_DATA, "ready"].age_days if ready else NEVER,
        last_mock_load_success=1.0 if ready else min(success, _USUAL_GATE - 0.01),
        gate=_USUAL_GATE,
        reconciliation_gate=_USUAL_GATE,
    )


def _questions(briefing: Briefing, role: str, inbox: Inbox) -> QuestionStatus:
    if role == _EXPERT:
        return briefing.questions
    pending = 0
    told = inbox.get((_EXPERT, "open_questions"))
    if role == _ORCHESTRATOR:  # who sees what they hold up
        pending = whole_sum(status.blocked_packages for status in briefing.workstreams)
    elif told is not None and told.age_days <= _TOLD_AGE_DAYS:
        pending = _count(told.value)
    age = _TOLD_AGE_DAYS if pending else 0.0
    return QuestionStatus(pending, age, age, 0, 0)


def _key_users(briefing: Briefing) -> tuple[KeyUserStatus, ...]:
    return (KeyUserStatus(0.0, 0.0, 0),) * len(briefing.key_users)


def _people(briefing: Briefing, role: str, inbox: Inbox) -> PeopleStatus:
    people = briefing.people
    if role == _EXPERT:
        return people
    told = inbox.get((_EXPERT, "users_trained"))
    readiness = 1.0 if _is_ready(inbox, _EXPERT) else 0.0 if told is None else told.value
    survey_seen = role == _MANAGER
    return PeopleStatus(
        trust=0.5,
        sponsor_support=people.sponsor_support if survey_seen else 0.5,
        resistance=0.0,
        readiness=readiness,
        adoption=0.0,
        survey_age_days=people.survey_age_days if survey_seen else 0,
        standard_error=people.standard_error,
    )


def _interfaces(briefing: Briefing) -> InterfaceStatus:
    total = briefing.customer.integrations
    return InterfaceStatus(total, total, total, 0)


def _site(site: SiteReport, role: str, calendar: CalendarStatus) -> SiteReport:
    """All know the waves, where a site stands, and what is done of what it needs."""
    if role == _MANAGER or not site.present:
        return site
    return site._replace(
        target_go_live_day=calendar.planned_go_live_day,
        days_live=NEVER,
        reported_productivity=1.0,
        rolled_back=0,
        readiness=site.readiness if role == _EXPERT else 0.0,
    )


_MANAGED = {
    _ORCHESTRATOR: {"capacity_added", "interventions", "illegal_decisions"},
    _MANAGER: {
        "escalations",
        "days_since_escalation",
        "rebaselines",
        "changes_requested",
        "changes_rejected",
        "readings_bought",
    },
    _DATA: set[str](),
    _CONFIGURATION: {"change_freeze", "changes_requested", "changes_rejected"},
    _EXPERT: {"workshops", "days_since_workshop", "training_waves", "training_pending"},
}
_UNMANAGED = ManagementStatus(
    change_freeze=False,
    workshops=0,
    escalations=0,
    training_waves=0,
    training_pending=0,
    interventions=0,
    capacity_added=0,
    changes_requested=0,
    changes_rejected=0,
    days_since_workshop=NEVER,
    days_since_escalation=NEVER,
    illegal_decisions=0,
    readings_bought=0,
    readings_pending=(False,) * len(READS),
    rebaselines=0,
)


def _management(management: ManagementStatus, role: str) -> ManagementStatus:
    awaited = tuple(
        pending and _BUYER[move] == role
        for move, pending in zip(READS, management.readings_pending, strict=True)
    )
    own = {name: getattr(management, name) for name in _MANAGED[role]}
    return _UNMANAGED._replace(readings_pending=awaited, **own)


Told = tuple[tuple[str, bool], ...]


def _orchestrator_tells(briefing: Briefing) -> Told:
    ready = whole_sum(status.ready_packages for status in briefing.workstreams)
    return (("crew_waits", ready < plain_sum(role.units for role in briefing.roles)),)


def _manager_tells(briefing: Briefing) -> Told:
    calendar, money = briefing.calendar, briefing.money
    over = money.spent_usd - money.planned_to_date_usd
    return (
        ("days_to_target", calendar.target_go_live_day != calendar.planned_go_live_day),
        ("overspend", over > 0.1 * money.budget_usd),
    )


def _data_tells(briefing: Briefing) -> Told:
    migration = briefing.migration
    goal = max(migration.gate, migration.reconciliation_gate + _LOAD_MARGIN)
    fresh = 0 <= migration.last_mock_load_age_days <= _OLDEST_LOAD_DAYS
    ready = fresh and migration.last_mock_load_success >= goal
    loaded = 0 <= migration.last_mock_load_age_days <= 1
    return (("ready", ready), ("not_ready", not ready), ("data_loaded", loaded and not ready))


def _configuration_tells(briefing: Briefing) -> Told:
    critical = briefing.defects.open_by_severity[2]
    mended = critical == 0 and briefing.interfaces.failing == 0
    fruitful = briefing.tests.last_cycle_defects >= _FRUITFUL_DEFECTS
    ready = briefing.tests.accepted and mended and not fruitful
    tested = 0 <= briefing.tests.last_cycle_age_days <= 1
    return (
        ("ready", ready),
        ("not_ready", not ready),
        ("open_defects", critical > 0),
        ("pass_rate", tested),
    )


def _expert_tells(briefing: Briefing) -> Told:
    questions, readiness = briefing.questions, briefing.people.readiness
    waiting = questions.pending >= _QUESTIONS_WORTH_TELLING
    ready = readiness >= _READY_SHARE
    return (
        ("ready", ready),
        ("not_ready", not ready),
        ("open_questions", waiting and questions.oldest_age_days >= _TOLD_AGE_DAYS),
        ("users_trained", briefing.management.training_waves > 0),
    )


_TELLERS = {
    _ORCHESTRATOR: _orchestrator_tells,
    _MANAGER: _manager_tells,
    _DATA: _data_tells,
    _CONFIGURATION: _configuration_tells,
    _EXPERT: _expert_tells,
}
