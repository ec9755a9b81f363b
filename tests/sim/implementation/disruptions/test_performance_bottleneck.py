"""Performance bottleneck: what moves volume is slow, until rounds of tuning have mended it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from edge_case_helpers import of, responses, until_noticed, with_case
from world_helpers import decider, furniture, packages, play, with_parameters

from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.state import PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

KIND = DisruptionKind.PERFORMANCE_BOTTLENECK


def begun(
    severity: Severity = Severity.CRITICAL, seed: int = 0, **fields: float
) -> ImplementationWorld:
    """A world some days after its onset."""
    scenario = with_case(KIND, severity, day=1, **fields)
    world = ImplementationWorld(scenario, seed)
    play(world, decider("do_nothing"), 3)
    return world


def test_it_strains_what_moves_volume_by_severity():
    strains = [begun(severity)._context.strain for severity in Severity]
    for name in ("load_hours", "peak_load_failing", "interface_failure"):
        values = [getattr(strain, name) for strain in strains]
        assert values == sorted(values)
        assert len(set(values)) == len(values)
    losses = [strain.live_loss[0] for strain in strains]
    assert losses == sorted(losses)
    assert losses[-1] > 4.0 * losses[0] > 0.0


def test_the_amount_is_the_volume_over_sizing():
    assert (
        begun(amount=7.0)._context.strain.load_hours < begun(amount=9.0)._context.strain.load_hours
    )
    assert begun(amount=1.0)._context.strain.load_hours == 1.0


def test_mock_loads_take_longer():
    def hours(scenario) -> float:
        world = ImplementationWorld(scenario, 0)
        play(world, decider("expert"), 20)
        return packages(world, PackageKind.MOCK_LOAD)[0].planned_hours

    assert hours(with_case(KIND)) > 1.5 * hours(furniture())


@pytest.mark.parametrize(("seen", "noticed"), [(0.0, False), (1.0, True)])
def test_a_mock_load_of_realistic_volume_brings_it_to_light(seen, noticed):
    scenario = with_parameters(
        with_case(KIND),
        performance_bottleneck_seen_in_load=seen,
        performance_bottleneck_seen_in_test=0.0,
        performance_bottleneck_notice_days=60.0,
    )
    world = ImplementationWorld(scenario, 0)
    decide = decider("expert")
    while world._state.mock_loads_done == 0:
        world.advance(decide(world.briefing(), world.legal()))
    assert of(world).noticed is noticed


def test_production_brings_it_to_light_at_the_latest():
    scenario = with_parameters(
        with_case(KIND, Severity.MILD),
        performance_bottleneck_seen_in_load=0.0,
        performance_bottleneck_seen_in_test=0.0,
        performance_bottleneck_notice_days=60.0,
    )
    for seed in range(3):
        world = ImplementationWorld(scenario, seed)
        play(world, decider("expert"))
        assert world.scorecard().went_live
        assert of(world).noticed


def test_each_step_takes_its_share_and_the_next_waits_for_the_measurement():
    world = ImplementationWorld(with_case(KIND), 1)
    decide = decider("expert")
    until_noticed(world)
    left, counts = [of(world).left], []
    while not of(world).recovered and not world.finished:
        world.advance(decide(world.briefing(), world.legal()))
        open_steps = [package for package in responses(world) if package.status != Status.DONE]
        counts.append(len(open_steps))
        if of(world).left < left[-1]:
            left.append(of(world).left)
    assert max(counts) == 1
    assert 0 in counts
    assert left[0] == 10.0
    assert len(left) > 5
    assert left[-1] <= world._context.parameters.performance_bottleneck_enough
    gains = [(a - 1.0) / (b - 1.0) for a, b in pairwise(left)]
    assert gains == sorted(gains, reverse=True)


def test_to_find_it_late_is_dearer():
    first = {}
    for day in (1, 30):
        world = ImplementationWorld(with_case(KIND, day=day), 3)
        until_noticed(world)
        first[day] = responses(world)[0].planned_hours
    assert first[30] > 1.2 * first[1]
