"""Orders that may be given now, known from the briefing alone."""

from __future__ import annotations

from ...scenarios.implementation.traits import TRAITS
from ...scenarios.implementation.vocabulary import (
    AcceptanceCheckKind,
    DisruptionKind,
)
from .briefing import CHECKS, NEVER, Briefing, DataStage, SiteReport, SiteStatus
from .decision import (
    BUILDING,
    NO_FOCUS,
    PACE_COUNT,
    READS,
    WORKSTREAM_COUNT,
    LegalDecisions,
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
_PLANNED, _CUTOVER = int(SiteStatus.PLANNED), int(SiteStatus.CUTOVER)
_UNTOUCHED, _MAPPED = int(DataStage.UNTOUCHED), int(DataStage.MAPPED)
_READ_BY = tuple(tuple(TRAITS.index(name) for name in names) for names in READS.values())
"""Per reading (in the order of their moves) the numbers of the traits that it is about."""
_VALIDATION = CHECKS.index(AcceptanceCheckKind.VALIDATION)
_ALL_PACES = (True,) * PACE_COUNT
_STAND_DOWN_ONLY = (False,) * WORKSTREAM_COUNT + (True,)


def legal_decisions(briefing: Briefing) -> LegalDecisions:
    """The legal choices of each factor.

    A role may focus on a workstream that has open known work; each move has its condition
    (see the function of its name). Standing down, any pace and no move are always legal.
    """
    open_work = [s.packages_total > s.packages_done for s in briefing.workstreams]
    focus_row = (*open_work, True)
    focus = tuple([focus_row if role.units > 0.0 else _STAND_DOWN_ONLY for role in briefing.roles])
    return LegalDecisions(focus=focus, pace=_ALL_PACES, move=_moves(briefing, any(open_work)))


def _moves(briefing: Briefing, any_open_work: bool) -> tuple[bool, ...]:
    management, migration, tests = briefing.management, briefing.migration, briefing.tests
    sites = [site for site in briefing.sites if site.present]
    in_cutover = planned_left = False
    for site in sites:
        in_cutover = in_cutover or site.status == _CUTOVER
        planned_left = planned_left or site.status == _PLANNED
    may_move = planned_left and not in_cutover
    rested = _rested(management.days_since_escalation, ESCALATION_PAUSE_DAYS)
    waves = MOST_TRAINING_WAVES + TRAINING_WAVES_PER_FURTHER_SITE * (len(sites) - 1)
    mapped = extracted = False
    for item in migration.objects:
        mapped = mapped or (item.present and item.stage == _MAPPED)
        extracted = extracted or item.stage != _UNTOUCHED
    readings = [
        planned_left
        and not awaited
        and max([briefing.insights[number].readings for number in traits]) < MOST_READINGS
        for traits, awaited in zip(_READ_BY, management.readings_pending, strict=True)
    ]
    profile, review, *further_readings = readings
    return (  # in the order of ``Move``
        True,
        # stakeholder workshop, escalate, training wave
        _rested(management.days_since_workshop, WORKSHOP_PAUSE_DAYS),
        rested and _something_to_decide(briefing),
        management.training_pending <= 0 and management.training_waves < waves,
        # mock load
        planned_left
        and not migration.mock_load_pending
        and _rested(migration.last_mock_load_age_days, REFRESH_DAYS)
        and mapped,
        # test cycle
        _rested(tests.last_cycle_age_days, REFRESH_DAYS)
        and not tests.cycle_pending
        and (
            tests.built_hours_since_cycle > 0.0
            or (tests.cycles_done > 0 and planned_left and not tests.accepted)
        ),
        # change freeze, manual intervention, add capacity
        planned_left,
        any_open_work,
        management.capacity_added < MOST_CAPACITY_ADDED
        and any(role.focus != NO_FOCUS for role in briefing.roles),
        # postpone, go live, roll back, rebaseline
        may_move and briefing.calendar.postponements_left > 0,
        may_move and not _forbidden(briefing) and _is_something(briefing),
        not in_cutover and _may_roll_back(sites),
        may_move and management.rebaselines < MOST_REBASELINES,
        # readings, then other packages' moves
        profile and extracted,
        review and any(briefing.workstreams[index].packages_done for index in BUILDING),
        *further_readings,
        *[rule.legal(briefing) for rule in further_rules()],
    )


def _may_roll_back(sites: list[SiteReport]) -> bool:
    """True if a site of the wave that went live last is new in production and does not run."""
    live = [site for site in sites if site.days_live != NEVER]
    if not live:
        return False
    latest = max([site.wave for site in live])
    return any(
        site.status == SiteStatus.LIVE
        and site.days_live <= ROLL_BACK_DAYS
        and site.reported_productivity < ROLL_BACK_PRODUCTIVITY
        for site in live
        if site.wave == latest
    )


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
