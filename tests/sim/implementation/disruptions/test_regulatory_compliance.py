"""Regulatory compliance: standards that nobody planned for make validation a gate."""

from __future__ import annotations

import pytest
from edge_case_helpers import of, responses, until_noticed, with_case
from world_helpers import decider, furniture, order, packages, play, with_customer, with_parameters

from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.decision import Decision, Move
from golive.sim.implementation.state import PackageKind, Status
from golive.sim.implementation.validation import VALIDATION_CHECK, Step
from golive.sim.implementation.world import ImplementationWorld

KIND = DisruptionKind.REGULATORY_COMPLIANCE


def validation_hours(world: ImplementationWorld) -> float:
    """Planned hours of validation, re-tests of changes apart."""
    return sum(
        package.planned_hours
        for package in packages(world, PackageKind.VALIDATION)
        if package.order != Step.CHANGE_CONTROL
    )


def test_from_the_notice_on_the_release_is_a_gate_and_its_work_is_there():
    world = ImplementationWorld(with_case(KIND), 0)
    assert not world.briefing().tests.checks_required[VALIDATION_CHECK]
    until_noticed(world)
    tests = world.briefing().tests
    assert tests.checks_required[VALIDATION_CHECK]
    assert not tests.checks_passed[VALIDATION_CHECK]
    assert not world.legal().move[Move.GO_LIVE]
    assert {package.order for package in packages(world, PackageKind.VALIDATION)} >= set(range(5))


def test_it_is_more_work_by_severity():
    hours = []
    for severity in Severity:
        world = ImplementationWorld(with_case(KIND, severity), 4)
        until_noticed(world)
        hours.append(validation_hours(world))
    assert hours == sorted(hours)
    assert hours[-1] > 2.0 * hours[0]


def test_the_standards_can_be_named():
    world = ImplementationWorld(with_case(KIND, names=("FDA", "ISO 13485")), 0)
    until_noticed(world)
    assert of(world).names == ["FDA", "ISO 13485"]
    assert any("FDA" in package.name for package in responses(world))


def test_a_customer_with_standards_gets_further_ones_and_the_same_release():
    scenario = with_customer(furniture(), standards=("ISO 13485",))
    world = ImplementationWorld(with_case(KIND, scenario=scenario), 0)
    before = validation_hours(world)
    until_noticed(world)
    assert validation_hours(world) > before
    checks = [
        package
        for package in packages(world, PackageKind.CHECK)
        if package.subject == VALIDATION_CHECK
    ]
    assert len(checks) == 1
    play(world, decider("expert"))
    assert of(world).recovered


@pytest.mark.parametrize(("seen", "noticed"), [(0.0, False), (1.0, True)])
def test_a_workshop_can_bring_it_to_light(seen, noticed):
    scenario = with_parameters(
        with_case(KIND, day=1),
        regulatory_compliance_seen_in_workshop=seen,
        regulatory_compliance_notice_days=60.0,
    )
    world = ImplementationWorld(scenario, 0)
    play(world, lambda *_: order(), 3)
    world.advance(order(move=Move.STAKEHOLDER_WORKSHOP))
    assert of(world).noticed is noticed


def test_a_finished_solution_design_can_bring_it_to_light():
    scenario = with_parameters(
        with_case(KIND, day=1),
        regulatory_compliance_seen_in_design=1.0,
        regulatory_compliance_seen_in_workshop=0.0,
        regulatory_compliance_notice_days=60.0,
    )
    world = ImplementationWorld(scenario, 0)
    decide = decider("expert")
    until_noticed(world, decide)
    design = [p for p in packages(world, PackageKind.DISCOVERY) if p.order == 2]
    assert all(package.status == Status.DONE for package in design)


def test_a_live_site_is_restricted_and_costs_by_the_day_until_it_is_released():
    scenario = with_parameters(with_case(KIND, day=40), regulatory_compliance_notice_days=1.0)
    world = ImplementationWorld(scenario, 0)
    expert = decider("expert")
    while not world.scorecard().went_live:
        decision = expert(world.briefing(), world.legal())
        move = Move.GO_LIVE if world.legal().move[Move.GO_LIVE] else decision.move
        ready = world.briefing().calendar.day >= 34
        world.advance(Decision(decision.focus, decision.pace, move if ready else decision.move))
    until_noticed(world)
    strain = world._context.strain
    assert strain.live_loss[0] > 0.1
    assert strain.cost_usd > 0.0
    play(world, expert)
    if of(world).recovered:
        assert world._context.strain.live_loss[0] == 0.0
