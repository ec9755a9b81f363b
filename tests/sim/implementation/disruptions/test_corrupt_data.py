"""Corrupt data: masked errors, shown by profiles and mock loads, mended by data recovery."""

from __future__ import annotations

import pytest
from edge_case_helpers import of, responses, until_noticed, with_case
from world_helpers import decider, furniture, order, packages, play, with_parameters

from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity, Workstream
from golive.sim.implementation.state import PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

KIND = DisruptionKind.CORRUPT_DATA
CASE = "corrupt_data"


def begun(severity: Severity = Severity.CRITICAL, **fields: object) -> ImplementationWorld:
    """The evening after an onset on the second day; nobody works."""
    world = ImplementationWorld(with_case(KIND, severity, day=1, **fields), 0)
    play(world, lambda *_: order(), 2)
    return world


def test_the_records_go_wrong_masked_and_in_proportion():
    plain = ImplementationWorld(furniture(), 0)
    play(plain, lambda *_: order(), 2)
    scenario = with_parameters(with_case(KIND, day=1, amount=0.3), corrupt_data_spread=0.0)
    world = ImplementationWorld(scenario, 0)
    play(world, lambda *_: order(), 2)
    for before, after in zip(plain._state.objects, world._state.objects, strict=True):
        assert after.visible == before.visible
        assert after.measured_quality == before.measured_quality
    good, bad = (
        plain.mechanisms.migration.overall_quality(),
        world.mechanisms.migration.overall_quality(),
    )
    assert bad == pytest.approx(0.7 * good, rel=0.01)


def test_the_worse_the_more_records():
    injured = [of(begun(severity)).injured for severity in Severity]
    assert injured == sorted(injured)
    assert injured[3] > 5.0 * injured[0]


def test_the_cause_works_on_until_data_recovery_has_found_it():
    world = begun()
    first = of(world).injured
    play(world, lambda *_: order(), 6)
    assert of(world).injured > 1.1 * first
    until_noticed(world)
    for package in responses(world):
        world.mechanisms.work.contribute(package, 1_000.0)
    assert all(package.status == Status.DONE for package in responses(world))
    stopped = of(world).injured
    play(world, decider("expert"), world.briefing().calendar.day + 3)
    assert of(world).injured == stopped


def test_an_extraction_profile_brings_it_to_light():
    quiet = with_parameters(with_case(KIND, day=1), corrupt_data_notice_days=40.0)
    world = ImplementationWorld(quiet, 0)
    play(world, lambda *_: order(), 2)
    play(world, lambda *_: order(Workstream.DATA), 4)
    done = [p for p in packages(world, PackageKind.EXTRACT) if p.status == Status.DONE]
    assert done
    assert of(world).noticed


def test_recovery_is_for_each_owner_and_halves_what_is_left_of_its_data():
    world = begun(Severity.BRUTAL)
    world.mechanisms.disruptions.kinds[CASE].notice_now(of(world))
    names = {package.name for package in responses(world)}
    owners = {"production", "sales", "purchasing", "warehouse", "finance"}
    assert names == {f"data recovery {owner}" for owner in owners}
    warehouse = next(p for p in responses(world) if p.name.endswith("warehouse"))
    state = of(world)
    at = 4 * state.targets.index(5)
    before = state.values[at] + state.values[at + 1]
    left, quality = state.left, world.mechanisms.migration.true_quality(world._state.objects[5])
    world._day.package_done(warehouse)
    assert state.values[at] + state.values[at + 1] == pytest.approx(0.5 * before)
    assert state.left == pytest.approx(left - 0.5 * before)
    assert world.mechanisms.migration.true_quality(world._state.objects[5]) > quality


def test_what_is_left_never_exceeds_the_errors_there_are():
    world, decide = (
        ImplementationWorld(with_case(KIND, Severity.BRUTAL, day=8), 2),
        decider("expert"),
    )
    while not of(world).recovered:
        world.advance(decide(world.briefing(), world.legal()))
        state = of(world)
        for number, index in enumerate(state.targets):
            item, at = world._state.objects[index], 4 * number
            assert 0.0 <= state.values[at] <= sum(item.hidden) + 1e-6
            assert 0.0 <= state.values[at + 1] <= sum(item.visible) + 1e-6
        assert state.left <= state.injured + 1e-6


def test_mock_loads_and_test_cycles_take_longer():
    assert begun()._context.strain.load_hours > begun(Severity.MILD)._context.strain.load_hours > 1
