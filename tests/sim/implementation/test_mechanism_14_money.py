"""Mechanism 14: every component of cost shows, at its own rate, and the budget knows them."""

from __future__ import annotations

import pytest
from world_helpers import (
    NO_STEERING,
    conventional,
    decider,
    furniture,
    order,
    play,
    with_parameters,
)

from golive.core.records import changed
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation.decision import Decision, Move, Pace
from golive.sim.implementation.parameters import parameters_with
from golive.sim.implementation.state import DisruptionState
from golive.sim.implementation.world import ImplementationWorld

P = parameters_with({})
DISCOVERY, DATA = Workstream.DISCOVERY, Workstream.DATA
AGENT_DAY = 8 * 45.0
SYSTEMS_DAY = 150.0


def spent(scenario: ImplementationScenario, *decisions: Decision) -> float:
    world = ImplementationWorld(scenario, 0)
    for decision in decisions:
        world.advance(decision)
    return world.briefing().money.spent_usd


def used_key_user_hours(world: ImplementationWorld) -> float:
    return sum(pool.used_today for pool in world._state.pools)


def test_who_stands_down_is_not_billed_if_an_agent():
    assert spent(furniture(), order()) == pytest.approx(SYSTEMS_DAY)
    one = spent(furniture(), order(None, None, None, None, Workstream.TRAINING))
    assert one == pytest.approx(SYSTEMS_DAY + AGENT_DAY)
    two = spent(furniture(), order(None, None, None, Workstream.TRAINING, None))
    assert two == pytest.approx(SYSTEMS_DAY + 2 * AGENT_DAY)  # two members of that role


def test_consultants_are_billed_whether_they_work_or_not():
    crew = sum(members.units for members in conventional().plan.crew)
    week = 5 * (SYSTEMS_DAY + crew * 8 * 0.5 * 150.0)
    by_the_hour = with_parameters(conventional(), change_order_premium=0.0)
    assert spent(by_the_hour, order()) == pytest.approx(week)
    waiting = spent(by_the_hour, order(Workstream.TRAINING))
    assert waiting == pytest.approx(week)


def test_key_users_cost_their_hours():
    world = ImplementationWorld(furniture(), 0)
    world.advance(order(DISCOVERY))
    hours = used_key_user_hours(world)
    assert hours > 5.0
    crew = len(world._state.members) * AGENT_DAY
    assert world.briefing().money.spent_usd == pytest.approx(SYSTEMS_DAY + crew + 45.0 * hours)


@pytest.mark.parametrize(
    ("name", "rate", "units"),
    [
        ("agent_rate_usd", 90.0, 6 * 8),
        ("key_user_rate_usd", 80.0, None),
        ("environment_day_usd", 500.0, 1),
    ],
)
def test_daily_costs_follow_their_rates(name, rate, units):
    world = ImplementationWorld(furniture(), 0)
    before = getattr(world._context.parameters, name)
    world.advance(order(DISCOVERY))
    units = used_key_user_hours(world) if units is None else units
    dearer = spent(with_parameters(furniture(), **{name: rate}), order(DISCOVERY))
    assert dearer - world.briefing().money.spent_usd == pytest.approx((rate - before) * units)


@pytest.mark.parametrize(
    ("move", "name", "price", "other"),
    [
        (Move.MANUAL_INTERVENTION, "intervention_usd", P.intervention_usd, 20_000.0),
        (Move.STAKEHOLDER_WORKSHOP, "workshop_usd", P.workshop_usd, 8_000.0),
    ],
)
def test_moves_cost_their_price_on_the_day(move, name, price, other):
    dearer = with_parameters(furniture(), **{name: other})
    difference = spent(dearer, order(move=move)) - spent(furniture(), order(move=move))
    assert difference == pytest.approx(price_level() * (other - price))
    assert spent(furniture(), order(move=move)) >= price_level() * price + SYSTEMS_DAY


def price_level() -> float:
    """Price of what is bought for the project, relative to the reference's."""
    budget = ImplementationWorld(furniture(), 0).briefing().money.budget_usd
    return budget / P.price_reference_budget_usd


def test_a_project_of_twice_the_budget_pays_twice_for_what_it_buys():
    rich = changed(furniture(), plan=changed(furniture().plan, budget_usd=400_000.0))
    poor = changed(furniture(), plan=changed(furniture().plan, budget_usd=200_000.0))
    move, none = order(move=Move.MANUAL_INTERVENTION), order()
    extra = [spent(one, move) - spent(one, none) for one in (poor, rich)]
    price = P.intervention_usd * 200_000.0 / P.price_reference_budget_usd
    assert extra[1] - extra[0] == pytest.approx(price)


def test_a_workshop_also_costs_the_hours_of_key_users():
    world = ImplementationWorld(furniture(), 0)
    world.advance(order(move=Move.STAKEHOLDER_WORKSHOP))
    count = sum(pool.count for pool in world._state.pools)
    hours = used_key_user_hours(world)
    assert 0.0 < hours <= P.workshop_key_user_hours * count
    assert world.briefing().money.spent_usd == pytest.approx(
        SYSTEMS_DAY + price_level() * P.workshop_usd + 45.0 * hours
    )


def test_a_new_member_costs_onboarding_and_then_every_day():
    wait = order(None, None, None, None, Workstream.TRAINING)
    more = order(None, None, None, None, Workstream.TRAINING, move=Move.ADD_CAPACITY)
    plain, added = spent(furniture(), wait, wait, wait), spent(furniture(), wait, more, wait)
    assert added - plain == pytest.approx(price_level() * P.capacity_usd + 2 * AGENT_DAY)


def with_outage(days: int, hours: float, onset_hour: float = 4.0) -> float:
    world = ImplementationWorld(furniture(), 0)
    end = onset_hour + hours
    outage = DisruptionState("environment_outage", "moderate", 0, onset_hour, onset_hour, end)
    world._state.disruptions.append(outage)
    for _ in range(days):
        world.advance(order())
    return world.briefing().money.spent_usd


def test_a_system_that_is_down_costs_by_the_time_it_is_down():
    assert with_outage(1, 4.0) - SYSTEMS_DAY == pytest.approx(1_500.0 * 0.5)
    assert with_outage(1, 12.0) - SYSTEMS_DAY == pytest.approx(1_500.0 * 0.5)
    assert with_outage(3, 12.0) - 3 * SYSTEMS_DAY == pytest.approx(1_500.0 * 1.5)


def test_spending_is_told_by_period_and_in_all():
    world = ImplementationWorld(furniture(), 0)
    total = 0.0
    for decision in (order(DISCOVERY), order(DATA, move=Move.STAKEHOLDER_WORKSHOP), order()):
        world.advance(decision)
        money = world.briefing().money
        total += money.spent_last_period_usd
        assert money.spent_usd == pytest.approx(total)
    assert money.spent_last_period_usd == pytest.approx(SYSTEMS_DAY)


def test_the_budget_is_the_planned_cost_with_its_contingency():
    budget = ImplementationWorld(furniture(), 0)._state.budget_usd
    packages = ImplementationWorld(furniture(), 0)._state.packages
    days = 30 + 20
    planned = days * (6 * AGENT_DAY + SYSTEMS_DAY)
    planned += 45.0 * sum(p.key_user_hours for p in packages if p.in_baseline)
    planned += 45.0 * 2 * P.user_share * 150 * P.training_user_hours  # two training waves
    assert budget == pytest.approx(1.25 * planned, abs=0.01)
    lean = with_parameters(furniture(), contingency=0.1)
    assert ImplementationWorld(lean, 0)._state.budget_usd == pytest.approx(1.1 * planned, abs=0.01)


def test_a_budget_in_the_plan_is_the_budget():
    plan = furniture().plan.model_copy(update={"budget_usd": 123_456.0})
    scenario = furniture().model_copy(update={"plan": plan})
    world = ImplementationWorld(scenario, 0)
    assert world.briefing().money.budget_usd == 123_456.0
    play(world, decider("expert"))
    card = world.scorecard()
    assert card.cost_ratio == pytest.approx(card.cost_usd / 123_456.0)


def test_planned_spending_grows_to_the_budget():
    world, rows = ImplementationWorld(furniture(), 0), []
    decide = decider("expert")
    while not world.finished:
        rows.append(world.briefing().money.planned_to_date_usd)
        world.advance(decide(world.briefing(), world.legal()))
    assert rows == sorted(rows)
    assert rows[0] == 0.0
    assert rows[25] == pytest.approx(0.5 * world._state.budget_usd)


def test_consultants_cost_many_times_what_agents_cost():
    agents = ImplementationWorld(furniture(), 0)._state.budget_usd
    consultants = ImplementationWorld(conventional(), 0)._state.budget_usd
    assert consultants > 5.0 * agents


@pytest.mark.parametrize("factor", [1.0, 1.4])
def test_consultants_bill_the_hours_of_rushed_days(factor):
    scenario = with_parameters(conventional(), overtime_paid=factor, change_order_premium=0.0)
    normal, rushed = spent(scenario, order()), spent(scenario, order(pace=Pace.RUSH))
    assert rushed - 5 * SYSTEMS_DAY == pytest.approx(factor * (normal - 5 * SYSTEMS_DAY))
    assert spent(scenario, order(pace=Pace.CAREFUL)) == normal
    budget = ImplementationWorld(conventional(), 0)._state.budget_usd
    assert ImplementationWorld(scenario, 0)._state.budget_usd == budget  # nobody plans overtime


def test_agents_bill_no_overtime():
    training = Workstream.TRAINING
    assert spent(furniture(), order(training, pace=Pace.RUSH)) == pytest.approx(
        spent(furniture(), order(training))
    )


def change_orders(scenario: ImplementationScenario, premium: float) -> tuple[float, float]:
    """Spent on a quarter of waiting, and the effort of the changes that came up in it."""
    world = ImplementationWorld(with_parameters(scenario, change_order_premium=premium), 0)
    world._state.next_steering_day = NO_STEERING
    play(world, lambda *_: order(), days=60)
    return world.briefing().money.spent_usd, world._state.added_hours


def test_consultants_bill_changes_on_top_of_their_time():
    (without, hours), (plain, same), (dear, _) = (
        change_orders(conventional(), premium) for premium in (0.0, 0.5, 1.5)
    )
    assert hours == same > 10.0
    assert plain - without == pytest.approx(0.5 * 150.0 * hours)
    assert dear - without == pytest.approx(1.5 * 150.0 * hours)


def test_agents_build_changes_for_their_time_alone():
    (without, hours), (dear, _) = (change_orders(furniture(), premium) for premium in (0.0, 1.5))
    assert hours > 10.0
    assert dear == without


def test_a_hidden_requirement_is_a_change_order_when_it_comes_out():
    world = ImplementationWorld(with_parameters(conventional(), change_order_premium=1.0), 0)
    for attempt in range(1, 9):
        world.mechanisms.scope.tested(attempt)
    assert world._state.added_hours > 0.0
    assert world._state.spent_usd == pytest.approx(150.0 * world._state.added_hours)
