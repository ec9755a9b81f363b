"""Mechanism 4: rush is fast and dirty, care is slow and clean, people tire."""

from __future__ import annotations

from statistics import fmean

import pytest
from world_helpers import (
    conventional,
    decider,
    expert_at,
    furniture,
    order,
    play,
    with_parameters,
)

from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation.decision import Pace
from golive.sim.implementation.state import DefectState
from golive.sim.implementation.world import ImplementationWorld

SEEDS = range(8)


def built(pace: Pace, days: int, scenario=None) -> list[ImplementationWorld]:
    worlds = [ImplementationWorld(scenario or furniture(), seed) for seed in SEEDS]
    for world in worlds:
        play(world, expert_at(pace), days)
    return worlds


def test_rush_gets_more_done_and_care_less():
    done = {pace: fmean(world._state.hours_total for world in built(pace, 10)) for pace in Pace}
    assert done[Pace.RUSH] > 1.03 * done[Pace.NORMAL]
    assert done[Pace.CAREFUL] < 0.95 * done[Pace.NORMAL]


def per_hour(worlds: list[ImplementationWorld]) -> tuple[float, float]:
    """Defects injected, and left in the product, per hundred hours of work."""
    hours = sum(world._state.hours_total for world in worlds) / 100.0
    left = sum(len(world._state.defects) for world in worlds)
    removed = sum(world._state.removed_in_build for world in worlds)
    return (left + removed) / hours, left / hours


def test_rush_injects_more_defects_and_reviews_let_fewer_through():
    by_pace = {pace: per_hour(built(pace, 24)) for pace in Pace}
    assert by_pace[Pace.RUSH][0] > 1.25 * by_pace[Pace.NORMAL][0]
    assert by_pace[Pace.CAREFUL][1] < 0.7 * by_pace[Pace.NORMAL][1]
    assert by_pace[Pace.RUSH][1] > 1.4 * by_pace[Pace.NORMAL][1]


def test_schedule_pressure_raises_errors():
    world = ImplementationWorld(furniture(), 0)
    member, speeds = world._state.members[0], world.mechanisms.work.speeds
    world.advance(order(Workstream.DISCOVERY))
    calm = speeds.error_factor(member)
    world._state.pressure = 1.0
    speeds.start_day()
    assert speeds.error_factor(member) == pytest.approx(1.5 * calm)


def test_pressure_rises_when_the_forecast_is_late():
    working = built(Pace.NORMAL, 20)
    idle = ImplementationWorld(furniture(), 0)
    play(idle, lambda *_: order(Workstream.TRAINING), days=20)
    assert idle._state.pressure == 1.0
    assert fmean(world._state.pressure for world in working) < 0.9


def key_user_hours(world: ImplementationWorld) -> float:
    world.advance(order(None))
    return sum(pool.hours_left for pool in world._state.pools)


def test_key_users_tire_under_rush_and_rest_otherwise():
    rested, rushed = ImplementationWorld(furniture(), 0), ImplementationWorld(furniture(), 0)
    play(rushed, lambda *_: order(Workstream.TRAINING, pace=Pace.RUSH), days=15)
    play(rested, lambda *_: order(Workstream.TRAINING), days=15)
    fresh, tired = key_user_hours(rested), key_user_hours(rushed)
    assert tired < 0.9 * fresh
    play(rushed, lambda *_: order(None), days=45)
    assert key_user_hours(rushed) > 0.98 * fresh


def test_consultants_tire_and_ai_agents_do_not():
    def speed_after_rush(scenario) -> float:
        world = ImplementationWorld(scenario, 0)
        normal = world.mechanisms.work.speeds._base
        play(world, lambda *_: order(Workstream.TRAINING, pace=Pace.RUSH), days=20)
        world.advance(order(None))
        communication = 1.0 - 0.0006 * len(world._state.members) ** 2
        return world.mechanisms.work.speeds._team_speed / (normal * communication)

    assert speed_after_rush(furniture()) == pytest.approx(1.0)
    assert speed_after_rush(conventional()) < 0.75


def test_a_rushed_project_has_more_latent_defects_by_the_planned_date():
    """Under a plan that is followed whatever the tests find; per hour of work done."""

    def latent(policy: str) -> float:
        defects = hours = 0.0
        for seed in range(6):
            world = ImplementationWorld(furniture(), seed)
            play(world, decider(policy, seed), days=30)
            latent = [d for d in world._state.defects if d.state == DefectState.LATENT]
            defects += len(latent)
            hours += world._state.hours_total
        return defects / hours

    assert latent("rush_always") > 2.0 * latent("careful_always")


def test_the_rush_factor_is_its_parameter():
    mild = per_hour(built(Pace.RUSH, 20, with_parameters(furniture(), rush_defects=1.2)))
    wild = per_hour(built(Pace.RUSH, 20, with_parameters(furniture(), rush_defects=2.5)))
    assert wild[0] > 1.6 * mild[0]


def test_latent_defects_are_what_is_injected_and_not_found():
    world = built(Pace.NORMAL, 15)[0]
    latent = [d for d in world._state.defects if d.state == DefectState.LATENT]
    assert len(latent) > 5
