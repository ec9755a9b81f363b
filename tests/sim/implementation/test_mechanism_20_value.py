"""Mechanism 20: what a project is worth to the customer, in money and with its risk."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import pytest
from world_helpers import decider, furniture, order, play, played, with_customer, with_parameters

from golive.core.compiled import is_compiled
from golive.scenarios.implementation.traits import Traits
from golive.sim.implementation.decision import Move
from golive.sim.implementation.parameters import parameters_with
from golive.sim.implementation.scorecard import Scorecard
from golive.sim.implementation.value import BusinessCase, Value
from golive.sim.implementation.world import ImplementationWorld

P = parameters_with({})
POLICIES = ("expert", "random", "do_nothing")


@cache
def card(policy: str, seed: int = 0) -> Scorecard:
    return played(furniture(), seed, policy).scorecard()


def case(**traits: float) -> BusinessCase:
    """The business case of a customer at kick-off."""
    scenario = with_customer(furniture(), traits=Traits(**traits))
    return ImplementationWorld(scenario, 0).mechanisms.case


def value(business: BusinessCase, **changed: float) -> Value:
    """The value of a go-live as planned, apart from what is changed."""
    planned = business.context.planned_days
    facts = {"live": True, "use": 1.0, "loss": 0.0, "accepted": True, "end_day": planned}
    return business.value(**{**facts, **changed})


# -- the parts -----------------------------------------------------------------------------


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_parts_add_up_and_costs_are_negative(policy, seed):
    one = card(policy, seed)
    parts = (one.benefits_usd, one.programme_usd, one.dip_usd, one.delay_usd, one.penalties_usd)
    assert one.value_usd == pytest.approx(sum(parts))
    assert one.benefits_usd >= 0.0
    assert max(parts[1:]) <= 0.0
    assert one.programme_usd == pytest.approx(-one.cost_usd)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_score_lies_within_its_bounds_and_is_the_expected_value_over_the_case(policy):
    one = card(policy)
    assert 0.0 <= one.go_live_score <= 1.0
    share = one.expected_value_usd / (one.business_case_usd * P.benefit_ceiling)
    assert one.go_live_score == pytest.approx(max(0.0, min(1.0, share)))


def test_the_plan_promises_two_years_of_full_use_at_budget():
    business = case()
    budget = business.context.state.budget_usd
    assert business.planned_usd == pytest.approx(
        (P.benefit_per_budget * P.benefit_years - 1.0) * budget
    )
    business.context.state.spent_usd = budget
    as_planned = value(business)
    assert as_planned.total == pytest.approx(business.planned_usd)
    assert business.score(business.expected_usd(as_planned)) == pytest.approx(
        1.0 / P.benefit_ceiling
    )


def test_the_score_is_bounded_above_and_below():
    business = case()
    assert business.score(100.0 * business.planned_usd) == 1.0
    assert business.score(-business.planned_usd) == 0.0


def test_who_is_not_live_has_costs_and_no_benefits():
    business = case()
    business.context.state.spent_usd = 1_000.0
    assert value(business, live=False).benefits == 0.0
    assert value(business, live=False, accepted=False).penalties == 0.0
    assert value(business, live=False).total == pytest.approx(-1_000.0)


# -- time ----------------------------------------------------------------------------------


def test_a_later_go_live_is_worth_less_each_day():
    business = case()
    planned = business.context.planned_days
    totals = [value(business, end_day=planned + late).total for late in (-5, 0, 1, 5, 20, 60)]
    assert totals == sorted(totals, reverse=True)
    assert len(set(totals)) == len(totals)


def test_lateness_costs_beside_the_benefits_of_its_days_and_ever_less():
    business = case()
    planned = business.context.planned_days
    delays = [-value(business, end_day=planned + 10 * weeks).delay for weeks in range(5)]
    steps = [after - before for before, after in pairwise(delays)]
    assert delays[0] == 0.0
    assert steps == sorted(steps, reverse=True)
    day = business.benefit_day_usd
    assert steps[0] == pytest.approx(10 * P.late_day_benefits * day, rel=0.15)
    most = value(business, end_day=planned + 100_000).delay
    assert -most == pytest.approx(P.late_most_benefits * day)


def test_a_season_to_come_makes_lateness_dear():
    planned = case().context.planned_days
    plain, season, over = (
        -value(case(season=trait), end_day=planned + 5).delay for trait in (0.0, 0.9, -0.9)
    )
    assert season > 2.0 * plain
    assert over == pytest.approx(plain)


def test_a_season_that_is_on_makes_lost_days_dear_until_it_is_over():
    business, plain = case(season=-0.8), case()
    planned = business.context.planned_days
    for day, factor in ((planned, 1.0 + P.trait_season_dip * 0.8), (2 * planned, 1.0)):
        for one in (business, plain):
            one.context.state.day = day
        assert business.season_factor() == pytest.approx(factor * plain.season_factor())


def test_lost_days_are_dearer_while_finance_closes_the_month():
    business = case()
    factors = []
    for day in range(20):
        business.context.state.day = day
        factors.append(business.season_factor())
    assert factors == [1.0] * 15 + [P.closing_price] * 5


# -- what is lost --------------------------------------------------------------------------


def test_lost_days_what_is_left_of_the_dip_and_a_start_without_acceptance_cost():
    business = case()
    day, planned = business.benefit_day_usd, business.planned_usd
    assert value(business).dip == value(business).penalties == 0.0
    assert -value(business, accepted=False).penalties == pytest.approx(P.holdback * planned)
    most = P.lost_most_benefits

    def price(lost: float) -> float:
        return day * most * (1.0 - math.exp(-P.lost_day_benefits * lost / most))

    assert -value(business, loss=0.1).dip == pytest.approx(price(P.lost_tail_days * 0.1))
    business.context.state.lost_days = 3.0
    assert -value(business).dip == pytest.approx(price(3.0))
    business.context.state.lost_days = 1_000.0
    assert -value(business).dip == pytest.approx(day * most)
    business.context.state.sites[0].roll_backs = 1
    assert -value(business).penalties == pytest.approx(day * P.roll_back_benefits)


def test_a_date_broken_without_a_word_costs_more_than_one_put_off_in_time():
    def price(**counts: int) -> float:
        business = case()
        for name, count in counts.items():
            setattr(business.context.state, name, count)
        return -value(business).penalties

    day = case().benefit_day_usd
    assert price() == 0.0
    assert price(postponements=1) == pytest.approx(day * P.postponement_benefits)
    assert price(broken_dates=2) == pytest.approx(2.0 * day * P.broken_date_benefits)
    assert price(broken_dates=1) > price(postponements=1)


def test_each_week_past_an_announced_date_is_a_broken_one_until_it_is_put_off():
    world = ImplementationWorld(furniture(), 0)
    world._state.next_steering_day = 1_000
    planned = world._context.planned_days
    play(world, lambda *_: order(), days=planned + 5)
    assert world._state.broken_dates == 0
    play(world, lambda *_: order(), days=planned + 11)
    assert world._state.broken_dates == 2
    other = ImplementationWorld(furniture(), 0)
    other._state.next_steering_day = 1_000
    play(other, lambda *_: order(), days=planned)
    for _ in range(2):
        other.advance(order(move=Move.POSTPONE_GO_LIVE))
    play(other, lambda *_: order(), days=planned + 11)
    assert other._state.broken_dates == 0


def test_benefits_follow_use():
    business = case()
    full, half = value(business).benefits, value(business, use=0.5).benefits
    assert half == pytest.approx(0.5 * full)
    assert value(business, use=0.0).benefits == 0.0


@pytest.mark.skipif(is_compiled(), reason="replaces a method of a world")
def test_built_changes_add_what_they_are_worth_to_the_customer():
    def use(change_value: float, built: float) -> float:
        scenario = with_customer(furniture(), traits=Traits(change_value=change_value))
        scoring = ImplementationWorld(scenario, 0).mechanisms.scoring
        scoring.scope.changes_built = lambda: built  # type: ignore[method-assign]
        scoring.cutover.coverage = lambda: 1.0  # type: ignore[method-assign]
        return scoring._benefits(True, 1.0, 1.0, 0.0)

    assert use(0.9, 1.0) > use(0.9, 0.5) > use(0.9, 0.0)
    assert use(-0.9, 1.0) < use(-0.9, 0.0)


# -- risk ----------------------------------------------------------------------------------


def test_survival_weighs_the_value_and_what_was_spent_by_a_stop_is_sunk():
    business = case()
    state, worth = business.context.state, value(business)
    assert business.expected_usd(worth) == pytest.approx(worth.total)
    state.survival, state.sunk_usd = 0.7, 12_345.0
    assert business.expected_usd(worth) == pytest.approx(0.7 * worth.total - 12_345.0)


def test_a_drawn_stop_changes_nothing_in_the_score():
    """The same project twice, once with the stop drawn."""
    scenario = with_parameters(furniture(), cancellation_slope=0.5, cancellation_tolerance=0.05)
    world = ImplementationWorld(scenario, 0)
    world._state.next_steering_day = 10
    play(world, lambda *_: order(), days=10)
    twin = ImplementationWorld.restore(world.snapshot())
    world._state.cancelled, world._state.stopped_day = True, 10
    for one in (world, twin):
        play(one, decider("expert"))
    stopped, other = world.scorecard(), twin.scorecard()
    assert stopped.cancelled
    assert stopped.survival == other.survival < 1.0
    assert stopped.value_usd == other.value_usd
    assert stopped.expected_value_usd == other.expected_value_usd
    assert stopped.go_live_score == other.go_live_score
    assert stopped.expected_value_usd < stopped.value_usd
    assert not stopped.success
