"""Mechanism 16: regulated customers validate before they go live, and again what changes."""

from __future__ import annotations

from statistics import fmean

from world_helpers import (
    decider,
    expert_at,
    furniture,
    packages,
    play,
    played,
    with_customer,
    with_parameters,
)

from golive.sim.implementation.decision import Decision, Move, Pace
from golive.sim.implementation.state import Package, PackageKind, Status
from golive.sim.implementation.validation import VALIDATION_CHECK, Step, failing_documents
from golive.sim.implementation.world import ImplementationWorld

VALIDATION = PackageKind.VALIDATION
DEVICES = with_customer(furniture(), standards=("ISO 13485",))
BOTH = with_customer(furniture(), standards=("FDA", "ISO 13485"))


def planned(world: ImplementationWorld) -> float:
    """Planned hours of validation."""
    return sum(package.planned_hours for package in packages(world, VALIDATION))


def step_of(world: ImplementationWorld, step: Step) -> list[Package]:
    """Validation packages of a step."""
    return [package for package in packages(world, VALIDATION) if package.order == step]


def test_without_standards_there_is_nothing_to_validate():
    world = ImplementationWorld(furniture(), 0)
    assert not packages(world, VALIDATION)
    assert not world.briefing().tests.checks_required[VALIDATION_CHECK]


def test_validation_takes_the_published_share_of_the_effort_and_a_second_standard_less():
    """Calibration B: Triangular(4, 12, 25) % where regulated."""
    effort = ImplementationWorld(furniture(), 0)._context.parameters.effort_reference_hours
    shares = []
    for seed in range(40):
        one, two = (
            planned(ImplementationWorld(DEVICES, seed)),
            planned(ImplementationWorld(BOTH, seed)),
        )
        assert one < two < 2.0 * one
        shares.append(one / effort)
    assert 0.04 <= min(shares) < max(shares) <= 0.3
    assert 0.1 < fmean(shares) < 0.18


def test_steps_come_in_the_order_of_the_trade_and_the_release_last():
    world = ImplementationWorld(BOTH, 1)
    decide = decider("expert")
    while not world.finished:
        world.advance(decide(world.briefing(), world.legal()))
        for standard in ("FDA", "ISO 13485"):
            chain = [package for package in packages(world, VALIDATION) if standard in package.name]
            done = [package.status == Status.DONE for package in chain]
            assert done == sorted(done, reverse=True)
    assert world.scorecard().went_live


def test_the_expert_gets_through_and_regulation_costs_time_and_money():
    cheaper, dearer = [], []
    for seed in range(5):
        plain, regulated = played(furniture(), seed), played(BOTH, seed)
        card = regulated.scorecard()
        assert card.went_live
        assert regulated._state.checks_passed[VALIDATION_CHECK]
        cheaper.append(plain.scorecard().cost_usd)
        dearer.append(card.cost_usd)
    assert fmean(dearer) > fmean(cheaper)


def test_nobody_goes_live_before_the_release():
    world = ImplementationWorld(DEVICES, 2)
    expert = decider("expert")
    seen = {True: 0, False: 0}
    while not world.finished and not world.scorecard().went_live:
        tests, legal = world.briefing().tests, world.legal()
        passed = tests.checks_passed[VALIDATION_CHECK]
        seen[passed] += 1
        if not passed:
            assert not legal.move[Move.GO_LIVE]
        decision = expert(world.briefing(), legal)
        world.advance(
            Decision(decision.focus, decision.pace, Move.GO_LIVE if passed else decision.move)
        )
    assert seen[True] and seen[False] > 10


def test_rushed_evidence_fails_the_audit_more_often_than_careful_evidence():
    findings = {}
    for pace in (Pace.CAREFUL, Pace.RUSH):
        found = []
        for seed in range(3):
            world = ImplementationWorld(DEVICES, seed)
            decide = expert_at(pace)
            while not world.finished and not all(
                package.status == Status.DONE for package in step_of(world, Step.REPORT)
            ):
                world.advance(decide(world.briefing(), world.legal()))
            found.append(failing_documents(world._state.packages, world._context.parameters))
        findings[pace] = fmean(found)
    assert 2.0 * findings[Pace.CAREFUL] < findings[Pace.RUSH]


def test_missing_evidence_fails_the_release():
    world = ImplementationWorld(DEVICES, 0)
    assert failing_documents(world._state.packages, world._context.parameters) == 1.0


def released(seed: int, **parameters: float) -> ImplementationWorld:
    """A world on the first morning on which the release is passed."""
    world = ImplementationWorld(with_parameters(DEVICES, **parameters), seed)
    decide = decider("expert")
    while not world._state.checks_passed[VALIDATION_CHECK]:
        world.advance(decide(world.briefing(), world.legal()))
    return world


def test_a_change_after_the_release_suspends_it_until_it_is_re_tested():
    world = released(0, validation_change_most=1.5)
    change = packages(world, PackageKind.BUILD)[0]
    before = sum(package.planned_hours for package in step_of(world, Step.CHANGE_CONTROL))
    world.mechanisms.validation.package_done(change)
    after = step_of(world, Step.CHANGE_CONTROL)
    assert sum(package.planned_hours for package in after) > before
    assert not world._state.checks_passed[VALIDATION_CHECK]
    decide = decider("expert")
    for _ in range(10):
        world.advance(decide(world.briefing(), world.legal()))
        if world._state.checks_passed[VALIDATION_CHECK]:
            break
    assert world._state.checks_passed[VALIDATION_CHECK]


def test_nothing_is_released_while_a_re_test_is_open():
    for seed in range(4):
        world = ImplementationWorld(DEVICES, seed)
        decide = decider("expert")
        while not world.finished:
            world.advance(decide(world.briefing(), world.legal()))
            open_tests = [p for p in step_of(world, Step.CHANGE_CONTROL) if p.status != Status.DONE]
            assert not (open_tests and world._state.checks_passed[VALIDATION_CHECK])


def test_re_tests_are_bounded():
    world = released(1)
    change = packages(world, PackageKind.BUILD)[0]
    for _ in range(200):
        world.mechanisms.validation.package_done(change)
    qualified = sum(package.planned_hours for package in step_of(world, Step.OPERATION))
    re_tests = sum(package.planned_hours for package in step_of(world, Step.CHANGE_CONTROL))
    most = world._context.parameters.validation_change_most
    assert re_tests <= most * qualified + 1e-6


def test_a_snapshot_in_the_middle_has_the_same_future():
    world = ImplementationWorld(BOTH, 3)
    play(world, decider("expert"), 25)
    twin = ImplementationWorld.restore(world.snapshot())
    play(world, decider("expert"))
    play(twin, decider("expert"))
    assert world.digest() == twin.digest()
