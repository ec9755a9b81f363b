"""A sponsor who has lost patience with the vendor, and what a change of vendor takes."""

from __future__ import annotations

import pytest
from world_helpers import conventional, furniture, order, with_parameters

from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.sim.implementation.world import ImplementationWorld

SEEDS = range(40)
ROWS = {"vendor_change": 0.5, "vendor_change_overrun": 0.4, "cancellation_slope": 0.1}


def after_a_committee(
    scenario: ImplementationScenario, seed: int, overrun: float, **parameters: float
) -> ImplementationWorld:
    """A world right after a steering committee that saw an overrun of its money."""
    world = ImplementationWorld(with_parameters(scenario, **{**ROWS, **parameters}), seed)
    world._state.spent_usd = (1.0 + overrun) * world._state.budget_usd
    world.mechanisms.sponsor._steer()
    return world


def test_as_many_sponsors_change_the_vendor_as_the_row_says_and_only_far_beyond_the_plan() -> None:
    def changes(overrun: float) -> int:
        worlds = [after_a_committee(conventional(), seed, overrun) for seed in SEEDS]
        return sum(world._state.vendor_changes for world in worlds)

    assert changes(0.35) == 0
    assert 10 < changes(0.45) < 30


def test_agents_are_not_replaced() -> None:
    worlds = [after_a_committee(furniture(), seed, 2.0) for seed in range(10)]
    assert not any(world._state.vendor_changes for world in worlds)


@pytest.fixture
def changed() -> ImplementationWorld:
    worlds = (after_a_committee(conventional(), seed, 0.5) for seed in SEEDS)
    return next(world for world in worlds if world._state.vendor_changes)


def test_it_costs_money_a_pause_and_experience_and_a_new_plan_is_agreed(
    changed: ImplementationWorld,
) -> None:
    state, p = changed._state, changed._context.parameters
    assert state.spent_usd == pytest.approx((1.5 + p.vendor_change_cost) * state.budget_usd)
    assert not state.cancelled
    assert state.agreed_day >= changed._context.planned_days + p.vendor_change_days
    assert state.agreed_day % changed._context.days_per_week == 0
    assert {member.joined_day for member in state.members} == {int(p.vendor_change_days)}
    assert all(member.assimilated_day > member.joined_day for member in state.members)


def test_nobody_works_or_is_paid_until_the_new_people_come(changed: ImplementationWorld) -> None:
    state = changed._state
    begins, before = state.members[0].joined_day, state.hours_total
    crew = changed.mechanisms.work
    while state.day < begins:
        assert crew.end_day() == 0.0
        changed.advance(order())
    assert state.hours_total == before
    assert crew.end_day() > 0.0


def test_it_happens_once(changed: ImplementationWorld) -> None:
    changed._state.spent_usd *= 3.0
    changed.mechanisms.sponsor._steer()
    assert changed._state.vendor_changes == 1


def test_what_a_stop_cost_stands_on_the_scorecard() -> None:
    rows = {"vendor_change": 0.0, "cancellation_slope": 0.5, "cancellation_conventional": 1.0}
    worlds = (after_a_committee(conventional(), seed, 1.0, **rows) for seed in SEEDS)
    stopped = next(world for world in worlds if world._state.cancelled)
    spent = stopped._state.spent_usd
    if not stopped.finished:
        stopped.advance(order())
    card = stopped.scorecard()
    assert (card.stopped_day, card.cost_at_stop_usd) == (0, spent)
    assert card.cost_usd > spent
