"""Mechanism 9: interfaces fail their first test, fail in production, and pull one another down."""

from __future__ import annotations

from statistics import fmean

import pytest
from world_helpers import furniture, packages, with_parameters

from golive.sim.implementation.state import PackageKind
from golive.sim.implementation.world import ImplementationWorld

CAD, CNC = 0, 1
DAYS = 2_000


def built(seed: int = 0, errors: float = 1.0, **parameters: float) -> ImplementationWorld:
    """All interfaces built by a specialist at normal pace."""
    world = ImplementationWorld(with_parameters(furniture(), **parameters), seed)
    for package in packages(world, PackageKind.INTERFACE):
        package.errors = errors
        world.mechanisms.interfaces.package_done(package)
    return world


def failing_first_test(**options: float) -> float:
    worlds = [built(seed, **options) for seed in range(80)]
    for world in worlds:
        world.mechanisms.interfaces.test()
    return fmean(item.failing for world in worlds for item in world._state.interfaces)


def test_a_share_fails_the_first_test():
    assert failing_first_test() == pytest.approx(0.35, abs=0.06)
    assert failing_first_test(interface_first_failure=0.5) == pytest.approx(0.5, abs=0.06)


def test_careless_work_fails_more_often():
    assert failing_first_test(errors=2.0) > 1.5 * failing_first_test()


def test_a_failed_test_is_a_critical_defect_whose_fix_mends_the_interface():
    world = next(w for w in map(built, range(20)) if w._state.interfaces[CAD].faulty)
    world.mechanisms.interfaces.test()
    assert world._state.interfaces[CAD].failing
    fix = next(
        p
        for p in packages(world, PackageKind.FIX)
        if world._state.defects[p.subject].interface == CAD
    )
    assert world._state.defects[fix.subject].severity == 2
    world.mechanisms.work.finish(fix)
    assert not world._state.interfaces[CAD].failing
    assert not world._state.interfaces[CAD].tested
    world.mechanisms.interfaces.test()
    assert world._state.interfaces[CAD].tested


def live_failures(*, tested: bool, faulty: bool = False, **parameters: float) -> float:
    """Failures per interface and day in production, each mended overnight."""
    world = built(**parameters)
    failures = 0
    for row in world._state.interfaces:
        row.faulty, row.tested, row.depends_on = faulty, tested, -1
    for day in range(DAYS):
        world._state.day = day
        world.mechanisms.interfaces.live_day()
        for row in world._state.interfaces:
            failures += row.failing
            row.failing = False
    return failures / (DAYS * len(world._state.interfaces))


def test_tested_interfaces_fail_at_the_daily_rate():
    assert live_failures(tested=True) == pytest.approx(0.005, rel=0.3)


def test_untested_interfaces_fail_many_times_as_often():
    assert live_failures(tested=False) == pytest.approx(0.04, rel=0.2)
    assert live_failures(tested=True, faulty=True) == pytest.approx(0.04, rel=0.2)


def cascades(cascade: float) -> float:
    """Share of the CAD interface's failures that take the CNC interface along."""
    world = built(cascade=cascade)
    both = 0
    for day in range(600):
        world._state.day = day
        world.mechanisms.interfaces._fail_live(CAD)
        both += world._state.interfaces[CNC].failing
        for row in world._state.interfaces:
            row.failing = False
    return both / 600


def test_a_failed_interface_takes_down_one_that_depends_on_it():
    assert cascades(0.25) == pytest.approx(0.25, abs=0.05)
    assert cascades(0.35) == pytest.approx(0.35, abs=0.06)


def test_dependence_makes_the_tail_fatter():
    """The same failures come more often together."""

    def days_with_two(chained: bool) -> int:
        world = built(cascade=0.35, interface_live_failure=0.02)
        for row in world._state.interfaces:
            row.tested, row.faulty = True, False
            row.depends_on = row.depends_on if chained else -1
        count = 0
        for day in range(DAYS):
            world._state.day = day
            world.mechanisms.interfaces.live_day()
            count += sum(row.failing for row in world._state.interfaces) > 1
            for row in world._state.interfaces:
                row.failing = False
        return count

    assert days_with_two(chained=True) > days_with_two(chained=False) + 5


def test_an_interface_waits_for_the_one_it_depends_on():
    world = ImplementationWorld(furniture(), 0)
    cad, cnc = (
        next(p for p in packages(world, PackageKind.INTERFACE) if p.subject == number)
        for number in (CAD, CNC)
    )
    assert cnc.id in cad.successors


def test_what_is_unbuilt_or_failing_does_not_work():
    world = built()
    for row in world._state.interfaces:
        row.faulty = False
    assert world.mechanisms.interfaces.failing_share() == 0.0
    world._state.interfaces[CAD].failing = True
    world._state.interfaces[CNC].built = False
    assert world.mechanisms.interfaces.failing_share() == pytest.approx(2 / 5)
