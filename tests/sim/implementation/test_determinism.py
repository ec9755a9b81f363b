"""The seed decides what the world holds; the policy decides only what becomes of it."""

from __future__ import annotations

import pytest
from world_helpers import decider, furniture, load_scenario, play, played, two_sites

from golive.scenarios.implementation.disruption import Disruption
from golive.sim.implementation.state import PackageKind
from golive.sim.implementation.world import ImplementationWorld

SEEDS = (0, 1, 7)
POLICIES = ("expert", "plan_follower", "random", "rush_always", "critical_path", "do_nothing")


@pytest.mark.parametrize("policy", ["expert", "random", "plan_follower"])
@pytest.mark.parametrize("scenario", ["furniture", "furniture-conventional"])
def test_two_worlds_side_by_side_go_through_the_same_digests(policy, scenario):
    definition = load_scenario(scenario)
    one, two = ImplementationWorld(definition, 5), ImplementationWorld(definition, 5)
    other = ImplementationWorld(definition, 6)
    first, second, third = decider(policy, 5), decider(policy, 5), decider(policy, 6)
    while not one.finished:
        assert one.digest() == two.digest()
        assert one.briefing() == two.briefing()
        assert one.legal() == two.legal()
        one.advance(first(one.briefing(), one.legal()))
        if not other.finished:
            other.advance(third(other.briefing(), other.legal()))
        two.advance(second(two.briefing(), two.legal()))
    assert two.finished
    assert one.digest() == two.digest()
    assert one.scorecard() == two.scorecard()
    assert one.digest() != other.digest()


def test_recording_changes_nothing():
    definition = load_scenario("furniture")
    assert played(definition, 4).digest() == played(definition, 4, record=True).digest()


@pytest.fixture(scope="module", params=SEEDS)
def fates(request) -> list[ImplementationWorld]:
    """One seed under six policies."""
    return [played(load_scenario("furniture"), request.param, policy) for policy in POLICIES]


def test_every_policy_meets_the_same_customer(fates):
    assert len({world.customer.model_dump_json() for world in fates}) == 1


def test_every_policy_meets_the_same_true_efforts():
    """What a policy has not begun by day 6 still has the effort of the first morning."""
    moved = {PackageKind.CLEANSE, PackageKind.CHANGE, PackageKind.CUTOVER}
    for policy in POLICIES:
        world = ImplementationWorld(load_scenario("furniture"), 1)
        fresh = ImplementationWorld(load_scenario("furniture"), 1)._state.packages
        play(world, decider(policy, 1), days=6)
        pairs = [
            (before, after)
            for before, after in zip(fresh, world._state.packages, strict=False)
            if after.done_hours == 0.0 and after.kind not in moved
        ]
        assert len(pairs) > 20
        for before, after in pairs:
            assert before.name == after.name
            assert before.remaining_hours == after.remaining_hours


def test_every_policy_meets_the_same_outages_and_change_requests(fates):
    def drawn(world: ImplementationWorld):
        state = world._state
        outages = [
            (o.kind, o.severity, o.place, o.onset_hour, o.notice_hour, o.recovery_hour)
            for o in state.disruptions
        ]
        requests = [
            (package.name, package.department)
            for package in state.packages
            if package.name.startswith("change request")
        ]
        return outages, list(state.creep_days), requests

    assert all(drawn(world) == drawn(fates[0]) for world in fates)


def test_every_policy_meets_the_same_potential_defects(fates):
    """A defect that two policies meet is of the same component, severity and effort in both.

    What a flaw brings down costs a share of the component, and a change costs more the later it is.
    """
    known: dict[int, tuple[int, int, float]] = {}
    met_again = 0
    for world in fates:
        p = world._context.parameters
        for defect in world._state.defects:
            component = world._state.packages[defect.package]
            again = p.collapse_effort * component.planned_hours / p.fix_factor_sit
            effort = 0.0 if defect.effort_hours == again else defect.effort_hours
            what = (component.id, defect.severity, effort)
            met_again += defect.key in known
            assert known.setdefault(defect.key, what) == what
    assert met_again > 12


def test_the_policy_does_change_what_happens(fates):
    assert len({world.digest() for world in fates}) == len(POLICIES)


def test_seeds_differ_in_customer_effort_and_requests():
    worlds = [ImplementationWorld(load_scenario("furniture"), seed) for seed in range(20)]
    assert len({world.customer.model_dump_json() for world in worlds}) == 20
    assert len({world._state.packages[0].remaining_hours for world in worlds}) == 20
    assert len({tuple(world._state.creep_days) for world in worlds}) == 20


def test_a_fixed_customer_keeps_the_seeds_own_luck():
    scenario = furniture()
    one, other = ImplementationWorld(scenario, 1), ImplementationWorld(scenario, 2)
    assert one.customer == other.customer == scenario.customer
    assert one.digest() != other.digest()


def test_zero_is_a_seed():
    zero = ImplementationWorld(load_scenario("furniture"), 0)
    assert zero.seed == 0
    assert zero.digest() == ImplementationWorld(load_scenario("furniture"), 0).digest()
    assert zero.digest() != ImplementationWorld(load_scenario("furniture"), 1).digest()


def test_one_mechanism_more_leaves_the_draws_of_the_others_alone():
    calm = furniture()
    row = Disruption(kind="environment_outage", severity="brutal", probability=1.0)
    stormy = calm.model_copy(update={"disruptions": (row,)})
    before, after = ImplementationWorld(calm, 9)._state, ImplementationWorld(stormy, 9)._state
    assert before.packages == after.packages
    assert before.creep_days == after.creep_days
    assert len(after.disruptions) == 1


def test_two_site_worlds_are_deterministic_too():
    scenario = two_sites(furniture())
    assert played(scenario, 2).digest() == played(scenario, 2).digest()
