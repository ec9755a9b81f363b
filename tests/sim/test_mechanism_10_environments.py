"""Mechanism 10: the test system is taken exclusively; an outage stops it, and is noticed late."""

from __future__ import annotations

import pytest
from golive.sim.implementation.state import PackageKind
from golive.sim.implementation.world import ImplementationWorld
from world_helpers import decider, furniture, load_scenario, packages, play

MOST_ATTEMPTS = 12
"""An acceptance check that is run more often within a project is not a check but a loop."""


@pytest.mark.parametrize("seed", [100_000, 100_002, 100_019, 100_036, 100_056])
def test_a_check_that_fails_does_not_keep_the_test_system_from_mock_loads_and_cycles(seed):
    """Once a starvation: reconciliation failed, was reopened at once, held the test system."""
    world = ImplementationWorld(load_scenario("furniture"), seed)
    play(world, decider("expert"))
    assert max(package.attempts for package in packages(world, PackageKind.CHECK)) <= MOST_ATTEMPTS


def test_an_ordered_mock_load_or_cycle_gets_the_test_system_within_days():
    """Whoever orders one, keeps the crew on it and has no outage, gets it done."""
    for seed in range(12):
        world = ImplementationWorld(furniture(), seed)
        decide = decider("expert")
        pending_days = 0
        while not world.finished and world.briefing().calendar.hypercare_day < 0:
            world.advance(decide(world.briefing(), world.legal()))
            known = world.briefing()
            pending = known.tests.cycle_pending or known.migration.mock_load_pending
            pending_days = pending_days + 1 if pending else 0
            assert pending_days < 15, seed
