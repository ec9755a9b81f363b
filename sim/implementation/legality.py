"""Orders that may be given now, known from the briefing alone."""

from __future__ import annotations

from ...scenarios.implementation.traits import TRAITS
from ...scenarios.implementation.vocabulary import (
    AcceptanceCheckKind,
    DisruptionKind,
)
from .briefing import CHECKS, NEVER, Briefing, DataStage, InsightStatus, SiteStatus
from .decision import (
    BUILDING,
    MOVE_COUNT,
    NO_FOCUS,
    PACE_COUNT,
    READS,
    WORKSTREAM_COUNT,
    LegalDecisions,
    Move,
    further_rules,
)

WORKSHOP_PAUSE_DAYS = 5
ESCALATION_PAUSE_DAYS = 3
MOST_TRAINING_WAVES = 6
TRAINING_WAVES_PER_FURTHER_SITE = 2
MOST_CAPACITY_ADDED = 5
REFRESH_DAYS = 3
"""Days from one load or cycle to the next: between them the test system is set up anew."""
LEAST_BUILT = 0.5
"""Share of the known building work without which there is nothing to cut over to."""
MOST_REBASELINES = 2
MOST_READINGS = 3
ROLL_BACK_DAYS = 10
ROLL_BACK_PRODUCTIVITY = 0.75
_SPONSORS_DECIDE = frozenset(
    {DisruptionKind.CONFLICTING_BUSINESS_RULES, DisruptionKind.LEGACY_INCOMPATIBILITY}
)
_VALIDATION = CHECKS.index(AcceptanceCheckKind.VALIDATION)
_ALL_PACES = (True,) * PACE_COUNT
_STAND_DOWN_ONLY = (False,) * WORKSTREAM_COUNT + (True,)


def legal_decisions(briefing: Briefing) -> LegalDecisions:
    """The legal choices of each factor.

    A role may focus on a workstream that has open known work; each move has its condition
    (see the function of its name). Standing down, any pace and no move are always legal.
    """
    open_work = tuple(
        status.packages_total > status.packages_done for status in briefing.workstreams
    )
    focus_row = (*open_work, True)
    focus = tuple(focus_row if role.units > 0.0 else _STAND_DOWN_ONLY for role in briefing.roles)
    return LegalDecisions(focus=focus, pace=_ALL_PACES, move=_moves(briefing, any(open_work)))


def _moves(briefing: Briefing, any_open_work: bool) -> tuple[bool, ...]:
    legal = [False] * MOVE_COUNT
    management = briefing.management
    migration = briefing.migration
    sites = [site for site in briefing.sites if site.present]
    in_cutover = any(site.status == SiteStatus.CUTOVER for site in sites)
    planned_left = any(site.status == SiteStatus.PLANNED for site in sites)
    legal[Move.NONE] = True
    legal[Move.STAKEHOLDER_WORKSHOP] = _rested(management.days_since_workshop, WORKSHOP_PAUSE_DAYS)
    rested = _rested(management.days_since_escalation, ESCALATION_PAUSE_DAYS)
    legal[Move.ESCALATE] = rested and _something_to_decide(briefing)
    waves = MOST_TRAINING_WAVES + TRAINING_WAVES_PER_FURTHER_SITE * (len(sites) - 1)
    pending = management.training_pending > 0
    legal[Move.TRAINING_WAVE] = not pending and management.training_waves < waves
    legal[Move.MOCK_LOAD] = (
        planned_left
        and not migration.mock_load_pending
        and _rested(migration.last_mock_load_age_days, REFRESH_DAYS)
        and any(item.present and item.stage == DataStage.MAPPED for item in migration.objects)
    )
    tests = briefing.tests
    refreshed = _rested(tests.last_cycle_age_days, REFRESH_DAYS)
    legal[Move.TEST_CYCLE] = (
        refreshed
        and not tests.cycle_pending
        and (
            tests.built_hours_since_cycle > 0.0
            or (tests.cycles_done > 0 and planned_left and not tests.accepted)
        )
    )
    legal[Move.CHANGE_FREEZE] = planned_left
    legal[Move.MANUAL_INTERVENTION] = any_open_work
    legal[Move.ADD_CAPACITY] = management.capacity_added < MOST_CAPACITY_ADDED and any(
        role.focus != NO_FOCUS for role in briefing.roles
    )
    legal[Move.POSTPONE_GO_LIVE] = (
        planned_left and not in_cutover and briefing.calendar.postponements_left > 0
    )
    legal[Move.GO_LIVE] = (
        planned_left and not in_cutover and not _forbidden(briefing) and _is_something(briefing)
    )
    legal[Move.REBASELINE] = (
        planned_left and not in_cutover and management.rebaselines < MOST_REBASELINES
    )
    for move, awaited in zip(READS, management.readings_pending, strict=True):
        readings = max(insight.readings for insight in _read_by(move, briefing))
        legal[move] = planned_left and not awaited and readings < MOST_READINGS
    extracted = any(item.stage != DataStage.UNTOUCHED for item in migration.objects)
    legal[Move.PROFILE_DATA] = legal[Move.PROFILE_DATA] and extracted
    built = any(briefing.workstreams[index].packages_done for index in BUILDING)
    legal[Move.REVIEW_WORK] = legal[Move.REVIEW_WORK] and built
    live = [site for site in sites if site.days_live != NEVER]
    if live and not in_cutover:
        latest = max(site.wave for site in live)
        legal[Move.ROLL_BACK] = any(
            site.status == SiteStatus.LIVE
            and site.days_live <= ROLL_BACK_DAYS
            and site.reported_productivity < ROLL_BACK_PRODUCTIVITY
            for site in live
            if site.wave == latest
        )
    return (*legal, *(rule.legal(briefing) for rule in further_rules()))


def _read_by(move: Move, briefing: Briefing) -> list[InsightStatus]:
    """Estimates of the traits that a reading is about."""
    return [briefing.insights[TRAITS.index(name)] for name in READS[move]]


def _something_to_decide(briefing: Briefing) -> bool:
    """Questions are pending, or a disruption is known that a sponsor can do something about."""
    known = any(disruption.kind in _SPONSORS_DECIDE for disruption in briefing.disruptions)
    return known or briefing.questions.pending > 0


def _is_something(briefing: Briefing) -> bool:
    """A system that could be cut over to: half of it built, and its data loaded once on trial.

    Nobody plans a cutover before; and one drawn by chance in the first days would drown all that a
    learner could find out about the weeks after them.
    """
    migration = briefing.migration
    loaded = migration.mock_loads_done > 0 or not any(item.present for item in migration.objects)
    return loaded and built_share(briefing) >= LEAST_BUILT


def built_share(briefing: Briefing) -> float:
    """Share of the known building work that is done, by effort."""
    done = total = 0.0
    for index in BUILDING:
        status = briefing.workstreams[index]
        done += status.done_hours
        total += status.planned_hours
    return done / total if total else 1.0


def _forbidden(briefing: Briefing) -> bool:
    """Regulated work may not go live before its validation is passed."""
    tests = briefing.tests
    return tests.checks_required[_VALIDATION] and not tests.checks_passed[_VALIDATION]


def _rested(days_since: int, pause_days: int) -> bool:
    return days_since == NEVER or days_since >= pause_days
