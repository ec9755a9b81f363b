"""Mechanism 13: a sponsor stops what is forecast to end badly, the sooner the less support."""

from __future__ import annotations

from statistics import fmean

import pytest
from world_helpers import (
    NO_STEERING,
    conventional,
    decider,
    furniture,
    order,
    play,
    played,
    with_customer,
    with_parameters,
)

from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation import draws
from golive.sim.implementation.decision import Move
from golive.sim.implementation.world import ImplementationWorld

STEERINGS = 2_000
PINNED = {
    "cancellation_slope": 0.35,
    "cancellation_tolerance": 0.35,
    "escalation_of_commitment": 0.0,
}


def share_cancelled(
    overrun: float,
    trust: float,
    *,
    by_cost: bool = True,
    new_sponsor: bool = False,
    done: float = 0.0,
    **parameters: float,
) -> float:
    """Share of many steering committees that stop a project of this forecast and support.

    Args:
        overrun: of cost or time, forecast.
        trust: everybody's.
        by_cost: overrun of cost; else of time, with all of the work done.
        new_sponsor: each committee is a sponsor's first.
        done: share of the planned work that is done.
        **parameters: of the world, other than those of ``PINNED``.
    """
    world = ImplementationWorld(with_parameters(furniture(), **{**PINNED, **parameters}), 0)
    state = world._state
    state.hours_total = done * state.baseline_hours
    state.people.trust[:] = [trust] * len(state.people.trust)
    if by_cost:
        state.spent_usd = state.budget_usd * (1.0 + overrun)
    else:
        state.day = round(world.mechanisms.sponsor._planned_day * (1.0 + overrun))
        state.hours_total = state.baseline_hours
        for totals in state.totals:
            totals.remaining = 0.0
    stopped = 0
    for _ in range(STEERINGS):
        state.cancelled = state.finished = False
        state.survival = 1.0
        state.sponsor_is_new = new_sponsor
        world.mechanisms.sponsor._steer()
        stopped += state.cancelled
        chance = 1.0 - state.survival
    assert stopped / STEERINGS == pytest.approx(
        chance, abs=0.04
    )  # what is counted is what is drawn
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
    assert world.mechanisms.people.support() == pytest.approx((2 * 0.9 + 0.3) / 3)


def test_tolerance_and_slope_are_the_parameters():
    assert share_cancelled(0.38, 0.3, cancellation_tolerance=0.4) == 0.0
    assert share_cancelled(0.38, 0.3, cancellation_tolerance=0.05) > 0.05
    harsh = share_cancelled(1.0, 0.3, cancellation_slope=1.0)
    assert harsh > 2.0 * share_cancelled(1.0, 0.3)


def test_a_new_sponsor_takes_any_overrun_for_a_full_one_at_the_first_committee():
    assert share_cancelled(0.3, 0.4) == 0.0
    full = pytest.approx(0.35 * 0.6, abs=0.03)
    assert share_cancelled(0.3, 0.4, new_sponsor=True) == full
    assert share_cancelled(0.05, 0.4, new_sponsor=True) == full
    assert share_cancelled(-0.1, 0.0, new_sponsor=True) == 0.0


def test_a_sponsor_is_new_once():
    world = ImplementationWorld(with_parameters(furniture(), **PINNED), 0)
    state = world._state
    state.sponsor_is_new = True
    state.spent_usd = 1.3 * state.budget_usd
    state.people.trust[:] = [0.0] * len(state.people.trust)
    stops = []
    for _ in range(200):
        state.cancelled = False
        state.survival = 1.0
        world.mechanisms.sponsor._steer()
        stops.append(state.cancelled)
        assert not state.sponsor_is_new
    assert not any(stops[1:])


def test_commitment_keeps_late_projects_going_and_not_early_ones():
    early = [share_cancelled(1.0, 0.2, escalation_of_commitment=share) for share in (0.0, 0.9)]
    assert early[0] == early[1] > 0.1
    late = [
        share_cancelled(1.0, 0.2, done=1.0, escalation_of_commitment=share)
        for share in (0.0, 0.45, 0.9)
    ]
    assert late[0] == early[0]
    assert late[1] == pytest.approx(0.55 * late[0], abs=0.03)
    assert late[2] == pytest.approx(0.1 * late[0], abs=0.02)
    half = share_cancelled(1.0, 0.2, done=0.5, escalation_of_commitment=0.9)
    assert half == pytest.approx(0.55 * late[0], abs=0.03)
    beyond = share_cancelled(1.0, 0.2, done=1.6, escalation_of_commitment=0.9)
    assert beyond == late[2]


# -- sponsors come and go ------------------------------------------------------------------

MONTH = 21


def leaving(low: float, high: float) -> tuple[int, int]:
    """A seed whose first leave is at a turnover between two values, and the month of it."""
    for seed in range(1_000):
        streams = ImplementationWorld(conventional(), seed)._context.streams
        by_month = [streams.uniform(draws.SPONSOR_LEAVES, month) for month in range(1, 7)]
        if min(by_month) >= low and (early := [u < high for u in by_month[1:4]]).count(True) == 1:
            month = early.index(True) + 2
            if by_month[0] >= high:
                return seed, month
    raise AssertionError("no such seed")


def test_a_sponsor_that_leaves_changes_nothing_before_and_trust_after():
    seed, month = leaving(0.005, 0.03)
    states: dict[float, list] = {}
    for turnover in (0.005, 0.03):
        scenario = with_parameters(
            conventional(), sponsor_turnover=turnover, sponsor_successor_trust=0.5
        )
        world = ImplementationWorld(scenario, seed)
        world._state.next_steering_day = NO_STEERING
        states[turnover] = []
        while world._state.day <= month * MONTH + 5:
            states[turnover].append(world.snapshot().payload["state"])
            world.advance(order(Workstream.DISCOVERY))
    stayed, left = states[0.005], states[0.03]
    change = next(index for index, row in enumerate(left) if row["sponsors"] == 2)
    assert left[change - 1]["day"] <= month * MONTH < left[change]["day"]
    assert left[:change] == stayed[:change]
    assert left[change] != stayed[change]
    assert all(row["sponsors"] == 1 for row in stayed)
    assert left[change]["sponsor_is_new"]
    before, after = (rows[change]["people"] for rows in (stayed, left))
    assert after["trust_start"][0] == pytest.approx(0.5 * before["trust_start"][0])
    assert after["trust"][0] < before["trust"][0] - 0.1


def months(turnover: float, *, live: bool = False) -> int:
    """How many sponsors leave in many months."""
    world = ImplementationWorld(with_parameters(furniture(), sponsor_turnover=turnover), 0)
    state = world._state
    state.next_steering_day = NO_STEERING
    state.hypercare_start = 0 if live else -1
    for day in range(3_000 * MONTH):
        state.day = day
        if live:
            world.mechanisms.sponsor.start_day()
        else:
            world.mechanisms.sponsor._maybe_leave()
    return state.sponsors - 1


def test_sponsors_leave_at_their_monthly_rate_and_none_after_the_go_live():
    assert months(0.03) / 3_000 == pytest.approx(0.03, abs=0.01)
    assert months(0.01) / 3_000 == pytest.approx(0.01, abs=0.006)
    assert months(0.03, live=True) == 0


def test_a_successor_with_less_trust_is_less_support():
    support = {}
    for share in (0.2, 1.0):
        world = ImplementationWorld(furniture(), 0)
        world.mechanisms.people.replace_sponsor(share)
        support[share] = world.mechanisms.people.support()
    same = ImplementationWorld(furniture(), 0).mechanisms.people.support()
    assert support[1.0] == pytest.approx(same)
    assert support[0.2] < same - 0.2


def test_the_forecast_follows_the_rate_of_work_and_what_is_known_to_remain():
    world, idle = (ImplementationWorld(furniture(), 0) for _ in range(2))
    for one in (world, idle):
        one._state.next_steering_day = 1_000
    play(world, lambda *_: order(Workstream.DISCOVERY), days=10)
    play(idle, lambda *_: order(), days=10)
    assert idle.mechanisms.sponsor.forecast_day() > world.mechanisms.sponsor.forecast_day() + 20
    before = world.mechanisms.sponsor.forecast_day()
    world._state.totals[3].remaining += 500.0
    assert world.mechanisms.sponsor.forecast_day() > before + 3


def test_a_forecast_past_the_date_is_pressure():
    world, idle = (ImplementationWorld(furniture(), 0) for _ in range(2))
    for one in (world, idle):
        one._state.next_steering_day = 1_000
    play(idle, lambda *_: order(), days=12)
    world.advance(order(Workstream.DISCOVERY))
    assert idle._state.pressure == 1.0
    assert world._state.pressure == 0.0


def cancelled(policy: str, trust: float, seeds=range(8)) -> float:
    """Chance of having been stopped, mean."""
    scenario = with_customer(furniture(), trust=trust)
    return fmean(1.0 - played(scenario, seed, policy).scorecard().survival for seed in seeds)


def test_projects_in_which_nothing_happens_are_stopped_and_well_run_ones_are_not():
    assert cancelled("do_nothing", 0.5) > 0.8
    assert cancelled("expert", 0.5) < 0.1


def test_doubtful_customers_stop_more_projects_than_trusting_ones():
    assert cancelled("random", 0.15) > cancelled("random", 0.95) + 0.05


def overrun_world() -> ImplementationWorld:
    """A world whose next committee has reason enough to stop it."""
    world = ImplementationWorld(with_parameters(furniture(), cancellation_slope=1.0), 0)
    world._state.spent_usd = 2.0 * world._state.budget_usd
    return world


def test_a_drawn_stop_is_a_line_on_the_scorecard_and_the_world_goes_on():
    """What would have come without it is played on: the score weighs both."""
    world = overrun_world()
    day = world._state.next_steering_day
    while not world.scorecard().cancelled:
        assert world._state.stopped_day == -1
        world.advance(order())
    assert world._state.stopped_day >= day
    assert not world.finished
    assert 0.02 < world.scorecard().survival < 1.0
    assert not world.scorecard().success


def test_survival_falls_with_each_committee_and_the_money_is_sunk():
    world = overrun_world()
    state, rows = world._state, [(1.0, 0.0)]
    for _ in range(3):
        spent = state.spent_usd
        world.mechanisms.sponsor._steer()
        (before, sunk), after = rows[-1], (state.survival, state.sunk_usd)
        assert after[0] < before
        assert after[1] == pytest.approx(sunk + (before - after[0]) * spent)
        rows.append(after)


def test_a_project_that_hardly_any_sponsor_would_still_pay_for_is_over():
    world = overrun_world()
    world._state.people.trust[:] = [0.0] * len(world._state.people.trust)
    play(world, lambda *_: order())
    assert world.finished
    assert world._state.survival < 0.02
    assert world._state.day < world._state.last_day
    assert world.scorecard().cancelled
    assert world.scorecard().go_live_score == 0.0


def test_a_project_in_which_nothing_happens_is_worth_nothing():
    card = played(furniture(), 0, "do_nothing").scorecard()
    assert not card.went_live
    assert card.survival < 0.3
    assert card.go_live_score == 0.0


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
    assert other.mechanisms.sponsor.forecast_day() == pytest.approx(
        world.mechanisms.sponsor.forecast_day(), rel=0.02
    )
    assert 0.0 < world._state.pressure < 1.0
    assert other._state.pressure < world._state.pressure - 0.1
