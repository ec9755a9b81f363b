"""Mechanism 18: quick wins. Something that works early is worth more than a promise."""

from __future__ import annotations

from statistics import fmean

import pytest
from world_helpers import furniture, order, packages, with_customer, with_parameters

from golive.scenarios.implementation.challenges import QuickWinChallenge
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import Department, Workstream
from golive.sim.implementation.briefing import DEPARTMENTS
from golive.sim.implementation.state import PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

SALES = DEPARTMENTS.index(Department.SALES)


def with_win(trust: float = 0.3, gain: float = 0.15, week: int = 1) -> ImplementationScenario:
    """Furniture with low trust and one quick win for sales."""
    win = QuickWinChallenge(
        name="Order status on one screen",
        week=week,
        effect="quick_win",
        workstream=Workstream.CONFIGURATION,
        department=Department.SALES,
        effort_hours=20.0,
        key_user_hours=4.0,
        trust_gain=gain,
    )
    customer = furniture().customer
    return with_customer(furniture(), trust=trust, challenges=(*customer.challenges, win))


def won(scenario: ImplementationScenario, day: int = 0) -> ImplementationWorld:
    """A world in which the quick win has just been done, on a day."""
    world = ImplementationWorld(scenario, 0)
    world._state.day = day
    (package,) = packages(world, PackageKind.QUICK_WIN)
    world.mechanisms.quick_wins.package_done(package)
    return world


def gain(world: ImplementationWorld, scenario: ImplementationScenario, *, sales: bool) -> float:
    """Mean trust gained by the department, or by everybody else."""
    before = ImplementationWorld(scenario, 0)._state.people
    after = world._state.people
    return fmean(
        now - then
        for now, then, department in zip(after.trust, before.trust, after.department, strict=True)
        if (department == SALES) == sales
    )


def test_a_quick_win_is_work_that_is_ready_at_once():
    world = ImplementationWorld(with_win(), 0)
    (package,) = packages(world, PackageKind.QUICK_WIN)
    assert package.status == Status.READY
    assert package.department == SALES
    assert package.latest_finish_hour <= 40.0
    trust = world.mechanisms.people.mean_trust()
    while package.status != Status.DONE:
        world.advance(order(Workstream.CONFIGURATION))
    assert world.mechanisms.people.mean_trust() > trust + 0.03


def test_the_department_gains_most_and_everybody_something():
    scenario = with_win()
    world = won(scenario)
    near, far = gain(world, scenario, sales=True), gain(world, scenario, sales=False)
    assert near > 2.0 * far > 0.05
    alone = with_parameters(scenario, quick_win_others=0.0)
    assert gain(won(alone), alone, sales=False) == 0.0


def test_resistance_falls_with_it():
    scenario = with_win()
    before = ImplementationWorld(scenario, 0).mechanisms.people.mean_resistance()
    assert won(scenario).mechanisms.people.mean_resistance() < before - 0.02


def test_it_is_worth_more_in_its_week_than_later():
    scenario = with_win(week=2)
    gains = [gain(won(scenario, day), scenario, sales=True) for day in (0, 9, 10, 15)]
    assert gains[0] == gains[1] > gains[2] > gains[3] > 0.0
    assert gains[2] == pytest.approx(0.5 * gains[1], rel=0.02)


def test_it_is_worth_more_the_less_people_trust():
    low, high = with_win(trust=0.25), with_win(trust=0.8)
    assert gain(won(low), low, sales=True) > 2.0 * gain(won(high), high, sales=True)


def test_part_of_the_trust_stays_for_good():
    scenario = with_win()
    left = {}
    for share in (0.0, 1.0):
        kept = with_parameters(scenario, quick_win_lasting=share, trust_recovery=0.03)
        world = won(kept)
        for _ in range(40):
            world.mechanisms.people.end_day([False], [])
        left[share] = gain(world, kept, sales=True)
    assert left[1.0] > left[0.0] + 0.05


def test_people_who_listen_answer_sooner():
    scenario = with_win(trust=0.2, gain=0.4)
    waits = []
    for world in (ImplementationWorld(scenario, 0), won(scenario)):
        package = next(p for p in packages(world, PackageKind.BUILD) if p.department == SALES)
        world.mechanisms.questions._ask(package)
        question = world._state.questions[-1]
        waits.append(question.due_hour - question.asked_hour)
    assert waits[1] < 0.8 * waits[0]
