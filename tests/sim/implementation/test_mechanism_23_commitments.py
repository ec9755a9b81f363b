"""Mechanism 23: windows, acceptance that lapses, new plans, users' hours."""

from __future__ import annotations

import pytest
from world_helpers import (
    NO_STEERING,
    decider,
    furniture,
    order,
    packages,
    play,
    with_parameters,
)

from golive.scenarios.implementation.vocabulary import AcceptanceCheckKind, Workstream
from golive.sim.implementation.briefing import CHECKS, NEVER, SiteStatus
from golive.sim.implementation.decision import Move
from golive.sim.implementation.legality import MOST_REBASELINES
from golive.sim.implementation.network_builder import RETEST_SHARE
from golive.sim.implementation.parameters import parameters_with
from golive.sim.implementation.schedule import PlanDays
from golive.sim.implementation.state import Package, PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

CUTOVER = Workstream.CUTOVER
WEEK = 5
P = parameters_with({})
LAPSES = P.acceptance_lapses


def quiet(scenario=None, seed: int = 0, **parameters: float) -> ImplementationWorld:
    """A world in which no committee meets."""
    world = ImplementationWorld(with_parameters(scenario or furniture(), **parameters), seed)
    world._state.next_steering_day = NO_STEERING
    return world


def done(world: ImplementationWorld, *some: Package) -> None:
    """Packages are done at once."""
    for package in some:
        world.mechanisms.work.set_status(package, Status.READY)
        world.mechanisms.work.finish(package)


# -- windows -------------------------------------------------------------------------------


def began(day: int, *, work_on_it: bool = True, **parameters: float) -> ImplementationWorld:
    """A cutover begun on a day, until production or for four weeks."""
    world = quiet(**parameters)
    play(world, lambda *_: order(), days=day)
    world.mechanisms.cutover.start()
    for _ in range(4 * WEEK):
        if world._state.sites[0].live_day >= 0:
            break
        world.advance(order(CUTOVER if work_on_it else None))
    return world


@pytest.mark.parametrize("day", range(10, 15))
def test_production_starts_with_a_week_whenever_the_cutover_begins(day):
    site = began(day)._state.sites[0]
    assert site.live_day > day
    assert site.live_day % WEEK == 0


def test_the_briefing_tells_the_next_window():
    world = quiet()
    for day in range(12):
        assert world.briefing().calendar.next_window_day == (day // WEEK + 1) * WEEK
        world.advance(order())
    schedule = PlanDays.of(world.scenario.plan, world.customer)
    assert [day for day in range(15) if schedule.is_window(day)] == [0, 5, 10]


def test_a_cutover_that_is_done_waits_for_the_window_and_costs_nothing_by_waiting():
    world = quiet()
    play(world, lambda *_: order(), days=11)
    world.mechanisms.cutover.start()
    done(world, *packages(world, PackageKind.CUTOVER))
    assert world._state.sites[0].cut_over
    for _ in range(11, 15):
        world.advance(order())
        assert world.briefing().sites[0].status is SiteStatus.CUTOVER
    world.advance(order())
    assert world._state.sites[0].live_day == 15
    assert world._state.sites[0].missed_windows == 0


def test_a_missed_window_stops_the_business_for_a_day_and_costs_trust():
    """Nobody works on the cutover of four weeks: the windows pass one by one."""
    free, dear = (began(12, work_on_it=False, downtime_day_usd=value) for value in (0.0, 0.004))
    missed = free._state.sites[0].missed_windows
    assert missed == 4
    lost = dear._state.spent_usd - free._state.spent_usd
    assert lost == pytest.approx(0.004 * free.customer.revenue_usd * missed)
    patient = began(12, work_on_it=False, cutover_overrun_trust=0.0)
    assert patient.mechanisms.people.mean_trust() > free.mechanisms.people.mean_trust()


def test_the_day_on_which_a_cutover_begins_is_no_missed_window():
    world = quiet()
    play(world, lambda *_: order(), days=10)
    world.mechanisms.cutover.start()
    world.advance(order())
    assert world._state.sites[0].missed_windows == 0


# -- acceptance ----------------------------------------------------------------------------

SYSTEM_CHECKS = [
    index for index, kind in enumerate(CHECKS) if kind is not AcceptanceCheckKind.RECONCILIATION
]


def accepted() -> ImplementationWorld:
    """A world in which all checks have been passed."""
    world = quiet()
    for check in packages(world, PackageKind.CHECK):
        check.status, check.attempts = int(Status.DONE), 1
        check.held = False
        check.open_predecessors = 0
        check.key_user_hours = 0.0
        world._state.checks_passed[check.subject] = True
    return world


def built_after(world: ImplementationWorld, share: float, kind: PackageKind) -> None:
    """A share of the baseline is built after acceptance."""
    package = Package(
        name="late", kind=int(kind), workstream=2, site=0, department=0,
        planned_hours=share * world._state.baseline_hours, remaining_hours=0.0,
    )  # fmt: skip
    world.mechanisms.acceptance.built(package)


def test_acceptance_lapses_with_what_is_built_after_it():
    world = accepted()
    built_after(world, 0.75 * LAPSES, PackageKind.CHANGE)
    assert all(world._state.checks_passed[index] for index in SYSTEM_CHECKS if required(index))
    told = world.mechanisms.reporting.briefing().tests
    hours = 0.75 * LAPSES * world._state.baseline_hours
    assert told.built_hours_since_acceptance == pytest.approx(hours)
    built_after(world, 0.5 * LAPSES, PackageKind.CHANGE)
    assert not any(world._state.checks_passed[index] for index in SYSTEM_CHECKS)
    reconciliation = CHECKS.index(AcceptanceCheckKind.RECONCILIATION)
    assert world._state.checks_passed[reconciliation]  # data are not what was built
    assert world._state.acceptance_lapses == 1
    assert not world.mechanisms.acceptance.all_passed()


def required(index: int) -> bool:
    return bool(accepted()._state.checks_required[index])


def test_fixes_are_retested_one_by_one_and_make_nothing_lapse():
    world = accepted()
    built_after(world, 0.5, PackageKind.FIX)
    assert world._state.acceptance_lapses == 0
    assert world.mechanisms.acceptance.all_passed()


def test_what_has_lapsed_is_tested_again_in_part_with_key_users_after_a_new_cycle():
    world = accepted()
    checks = [p for p in packages(world, PackageKind.CHECK) if p.subject in SYSTEM_CHECKS]
    hours = {check.id: check.planned_hours for check in checks}
    built_after(world, 1.1 * LAPSES, PackageKind.BUILD)
    for check in checks:
        assert check.status == Status.WAITING
        assert check.remaining_hours == pytest.approx(RETEST_SHARE * hours[check.id])
        assert check.key_user_hours == check.retest_key_user_hours > 0.0
    world.mechanisms.acceptance.cycle_done()
    assert all(check.status == Status.READY for check in checks)


def test_a_check_not_passed_costs_the_same_again_each_time():
    world = accepted()
    check = next(p for p in packages(world, PackageKind.CHECK) if p.subject in SYSTEM_CHECKS)
    first, again = check.planned_hours, []
    for attempt in (1, 2, 3):
        check.attempts = attempt
        before = check.planned_hours
        check.status = int(Status.DONE)
        check.open_predecessors = 0
        world.mechanisms.acceptance._retest(check)
        again.append(check.planned_hours - before)
    assert again == pytest.approx([RETEST_SHARE * first] * 3)


# -- a new plan ----------------------------------------------------------------------------


def late_world() -> ImplementationWorld:
    """A project three weeks in, whose forecast is past its date."""
    world = quiet()
    play(world, decider("expert"), days=15)
    world._state.totals[3].remaining += 4_000.0
    assert world.mechanisms.sponsor.forecast_day() > 30 + WEEK
    return world


def test_a_new_plan_moves_the_dates_and_the_sponsors_yardstick():
    world = late_world()
    budget, spent = world._state.budget_usd, world._state.spent_usd
    forecast = world.mechanisms.sponsor.forecast_day()
    world.mechanisms.moves.carry_out(Move.REBASELINE)
    state = world._state
    agreed = state.agreed_day
    assert (agreed - 30) % WEEK == 0
    assert forecast <= agreed < forecast + WEEK
    assert [site.target_day for site in state.sites] == [agreed]
    assert [site.planned_day for site in state.sites] == [30]  # the plan that lateness is told by
    assert state.agreed_usd == pytest.approx(budget * agreed / 30)
    assert state.spent_usd - spent == pytest.approx(P.rebaseline_cost * budget)
    assert state.budget_usd == budget
    told = world.mechanisms.reporting.briefing()
    assert told.calendar.agreed_go_live_day == told.calendar.target_go_live_day == agreed
    assert told.management.rebaselines == 1


def test_it_keeps_a_sponsor_from_stopping_what_is_late_by_the_old_one():
    survival = {}
    for rebaseline in (False, True):
        world = late_world()
        if rebaseline:
            world.mechanisms.moves.carry_out(Move.REBASELINE)
        for _ in range(5):
            world.mechanisms.sponsor._steer()
        survival[rebaseline] = world._state.survival
    assert survival[True] == 1.0
    assert survival[False] < 1.0


def test_it_costs_trust_and_does_not_change_the_score_s_clock():
    plain, anew = late_world(), late_world()
    anew.mechanisms.moves.carry_out(Move.REBASELINE)
    assert anew.mechanisms.people.support() < plain.mechanisms.people.support()
    assert anew.mechanisms.case.planned_usd == plain.mechanisms.case.planned_usd
    assert anew.scorecard().days_late == plain.scorecard().days_late


def test_there_are_few_new_plans_and_none_in_a_cutover():
    world = quiet()
    for _ in range(MOST_REBASELINES):
        assert world.legal().move[Move.REBASELINE]
        world.advance(order(move=Move.REBASELINE))
    assert not world.legal().move[Move.REBASELINE]
    other = quiet()
    other.mechanisms.cutover.start()
    other.advance(order())
    assert other.briefing().sites[0].status is SiteStatus.CUTOVER
    assert not other.legal().move[Move.REBASELINE]
    assert other.briefing().sites[0].days_live == NEVER


# -- training ------------------------------------------------------------------------------


def test_a_training_wave_takes_the_hours_of_its_users():
    world, idle = quiet(), quiet()
    world.advance(order(move=Move.TRAINING_WAVE))
    idle.advance(order())
    users = P.user_share * world.customer.employees
    cost = world._state.spent_usd - idle._state.spent_usd
    assert cost == pytest.approx(users * P.training_user_hours * P.key_user_rate_usd)
    none = quiet(training_user_hours=1.0)
    none.advance(order(move=Move.TRAINING_WAVE))
    assert world._state.spent_usd - none._state.spent_usd == pytest.approx(
        users * (P.training_user_hours - 1.0) * P.key_user_rate_usd
    )
