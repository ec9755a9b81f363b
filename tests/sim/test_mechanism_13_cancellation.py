"""Mechanism 13: a sponsor stops what is forecast to end badly, the sooner the less support."""

from __future__ import annotations

from statistics import fmean

import pytest
from world_helpers import (
    conventional,
    decider,
    furniture,
    order,
    play,
    played,
    with_customer,
    with_parameters,
)

from golive.scenarios import Scenario
from golive.scenarios.vocabulary import Workstream
from golive.sim.implementation.decision import Move
from golive.sim.implementation.world import ImplementationWorld

STEERINGS = 2_000


def share_cancelled(
    overrun: float, trust: float, *, by_cost: bool = True, scenario: Scenario | None = None
) -> float:
    """Share of many steering committees that stop a project of this forecast and support."""
    world = ImplementationWorld(scenario or furniture(), 0)
    state = world._state
    state.people.trust[:] = [trust] * len(state.people.trust)
    if by_cost:
        state.spent_usd = state.budget_usd * (1.0 + overrun)
    else:
        state.day = round(world._sponsor._planned_day * (1.0 + overrun))
        state.hours_total = state.baseline_hours
        for totals in state.totals:
            totals.remaining = 0.0
    stopped = 0
    for _ in range(STEERINGS):
        state.cancelled = False
        world._sponsor._steer()
        stopped += state.cancelled
    return stopped / STEERINGS


@pytest.mark.parametrize("by_cost", [True, False], ids=["cost", "schedule"])
def test_cancellation_is_likelier_the_worse_the_forecast(by_cost):
    shares = [share_cancelled(overrun, 0.4, by_cost=by_cost) for overrun in (0.2, 0.6, 0.9, 1.3)]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[1] > 0.03
    assert shares[3] == pytest.approx(0.35 * 0.95 * 0.6, abs=0.03)


def test_and_likelier_the_lower_the_support():
    shares = [share_cancelled(1.0, trust) for trust in (1.0, 0.8, 0.5, 0.2, 0.0)]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(0.35 * 0.65, abs=0.03)


def test_the_sponsors_own_trust_weighs_most():
    world = ImplementationWorld(furniture(), 0)
    trust = world._state.people.trust
    trust[:] = [0.3] * len(trust)
    trust[0] = 0.9
    assert world._people.support() == pytest.approx((2 * 0.9 + 0.3) / 3)


def test_tolerance_and_slope_are_the_parameters():
    patient = with_parameters(furniture(), cancellation_tolerance=0.4)
    strict = with_parameters(furniture(), cancellation_tolerance=0.05)
    assert share_cancelled(0.38, 0.3, scenario=patient) == 0.0
    assert share_cancelled(0.38, 0.3, scenario=strict) > 0.05
    harsh = with_parameters(furniture(), cancellation_slope=1.0)
    assert share_cancelled(1.0, 0.3, scenario=harsh) > 2.0 * share_cancelled(1.0, 0.3)


def test_the_forecast_follows_the_rate_of_work_and_what_is_known_to_remain():
    world, idle = (ImplementationWorld(furniture(), 0) for _ in range(2))
    for one in (world, idle):
        one._state.next_steering_day = 1_000
    play(world, lambda *_: order(Workstream.DISCOVERY), days=10)
    play(idle, lambda *_: order(), days=10)
    assert idle._sponsor.forecast_day() > world._sponsor.forecast_day() + 20
    before = world._sponsor.forecast_day()
    world._state.totals[3].remaining += 500.0
    assert world._sponsor.forecast_day() > before + 3


def test_a_forecast_past_the_date_is_pressure():
    world, idle = (ImplementationWorld(furniture(), 0) for _ in range(2))
    for one in (world, idle):
        one._state.next_steering_day = 1_000
    play(idle, lambda *_: order(), days=12)
    world.advance(order(Workstream.DISCOVERY))
    assert idle._state.pressure == 1.0
    assert world._state.pressure == 0.0


def cancelled(policy: str, trust: float, seeds=range(16)) -> float:
    scenario = with_customer(furniture(), trust=trust)
    return fmean(played(scenario, seed, policy).scorecard().cancelled for seed in seeds)


def test_projects_in_which_nothing_happens_are_stopped_and_well_run_ones_are_not():
    assert cancelled("do_nothing", 0.5) == 1.0
    assert cancelled("expert", 0.5) < 0.1


def test_doubtful_customers_stop_more_projects_than_trusting_ones():
    assert cancelled("random", 0.15) > cancelled("random", 0.95) + 0.1


def test_a_cancelled_project_is_over_and_worth_nothing():
    world = played(furniture(), 0, "do_nothing")
    card = world.scorecard()
    assert card.cancelled
    assert world.finished
    assert not card.went_live
    assert not card.success
    assert card.go_live_score == 0.0
    assert world._state.day < world._state.last_day


def test_the_committee_meets_in_its_cycle_until_the_go_live():
    for scenario, cycle in ((furniture(), 5), (conventional(), 20)):
        patient = with_parameters(scenario, cancellation_slope=0.1)
        world = ImplementationWorld(patient, 0)
        seen = []
        while not world.finished and world.briefing().calendar.day < 3 * cycle:
            seen.append(world.briefing().calendar.days_to_steering)
            world.advance(order(Workstream.DISCOVERY))
        assert seen[0] == cycle
        assert max(seen) <= cycle
        assert min(seen) <= world.scenario.plan.days_per_decision
        assert world._state.steerings in (2, 3)
    live = ImplementationWorld(furniture(), 0)
    live._state.spent_usd = 10.0 * live._state.budget_usd
    live._state.hypercare_start = live._state.sites[0].live_day = 0
    play(live, lambda *_: order(), days=20)
    assert live._state.steerings == 0


def test_postponing_eases_the_pressure_but_not_the_forecast():
    world = ImplementationWorld(furniture(), 0)
    world._state.next_steering_day = 1_000
    play(world, decider("expert"), days=20)
    world._state.totals[3].remaining += 1_500.0
    other = ImplementationWorld.restore(world.snapshot())
    world.advance(order(Workstream.DATA))
    other.advance(order(Workstream.DATA, move=Move.POSTPONE_GO_LIVE))
    assert other._sponsor.forecast_day() == pytest.approx(world._sponsor.forecast_day(), rel=0.02)
    assert 0.0 < world._state.pressure < 1.0
    assert other._state.pressure < world._state.pressure - 0.1
