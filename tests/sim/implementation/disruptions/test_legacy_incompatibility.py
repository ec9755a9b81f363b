"""Incompatible legacy systems: data and interfaces do not hold until each has an adapter."""

from __future__ import annotations

from itertools import pairwise

import pytest
from edge_case_helpers import of, responses, until_noticed, with_case
from world_helpers import decider, furniture, order, packages, play, with_parameters

from golive.scenarios.implementation.vocabulary import (
    DataObjectKind,
    DisruptionKind,
    Severity,
    Workstream,
)
from golive.sim.implementation.briefing import DATA_OBJECTS, DataStage
from golive.sim.implementation.decision import Move
from golive.sim.implementation.state import PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

KIND = DisruptionKind.LEGACY_INCOMPATIBILITY
COSTS = DATA_OBJECTS.index(DataObjectKind.COSTS)
BOMS = DATA_OBJECTS.index(DataObjectKind.BOMS)
QUICKBOOKS = "Opening balances from QuickBooks"


def noticed(*names: str, day: int = 12, seed: int = 0) -> ImplementationWorld:
    """A world in which all data are mapped, on the morning after it is noticed."""
    world = ImplementationWorld(with_case(KIND, Severity.BRUTAL, day=day, names=names), seed)
    play(world, decider("expert"), day)
    for package in packages(world, PackageKind.MAP):
        world.mechanisms.migration.package_done(package)
        if package.status != Status.DONE:  # the crew may be at some of them still
            world.mechanisms.work.set_status(package, Status.DONE)
            package.done_hours, package.remaining_hours = package.planned_hours, 0.0
    world.advance(order())
    world.mechanisms.disruptions.kinds[KIND.value].notice_now(of(world))
    return world


def test_a_worse_one_concerns_more_systems_and_those_of_a_milder_one():
    names = [of(ImplementationWorld(with_case(KIND, severity), 0)).names for severity in Severity]
    assert [len(row) for row in names] == [1, 2, 3, 5]
    for milder, worse in pairwise(names):
        assert worse[: len(milder)] == milder


def test_where_the_customer_has_too_few_unlisted_ones_turn_up():
    world = ImplementationWorld(with_case(KIND, amount=7.0), 0)
    listed = {system.name for system in furniture().customer.legacy_systems}
    assert len(of(world).names) == 7
    assert len(set(of(world).names) - listed) == 2


def test_data_that_live_there_fall_back_and_others_do_not():
    world = noticed("quickbooks")
    stages = [item.stage for item in world._state.objects]
    assert stages[COSTS] == DataStage.EXTRACTED
    assert stages[BOMS] == DataStage.MAPPED


def test_an_adapter_waits_for_an_answer_then_is_built_and_data_are_mapped_again():
    world = noticed("QuickBooks")
    (adapter,) = responses(world)
    assert adapter.status == Status.WAITING
    decide = decider("expert")
    while adapter.status != Status.DONE:
        assert world._state.objects[COSTS].stage <= DataStage.EXTRACTED
        world.advance(decide(world.briefing(), world.legal()))
    again = {package.name for package in responses(world)[1:]}
    assert again == {"map costs again", "map customers again", "map vendors again"}
    while not of(world).recovered:
        world.advance(decide(world.briefing(), world.legal()))
    assert world._state.objects[COSTS].stage == DataStage.MAPPED


def test_an_escalation_makes_them_answer_sooner():
    world = noticed("QuickBooks")
    hour = of(world).values[0]
    world._state.escalation_day = -1
    world._known = world._legal = None
    assert world.legal().move[Move.ESCALATE]
    now = world.briefing().calendar.day * 8.0
    world.advance(order(move=Move.ESCALATE))
    assert of(world).values[0] == pytest.approx(now + 0.35 * (hour - now))


def test_the_older_and_less_documented_the_dearer():
    world = noticed("Excel workbooks", "Web shop", "Oracle")
    excel, shop, oracle = (package.planned_hours for package in responses(world))
    assert oracle > excel > shop


def test_its_interfaces_fail_whatever_is_fixed_until_the_adapter_stands():
    world = noticed("QuickBooks")
    names = [interface.name for interface in world.customer.interfaces]
    interface = world._state.interfaces[names.index(QUICKBOOKS)]
    interface.built = True
    for _ in range(2):
        interface.failing = False
        world.advance(order(Workstream.TRAINING))
        assert interface.failing
    adapter = responses(world)[0]
    while adapter.status != Status.DONE:
        world.advance(order(Workstream.INTEGRATION))
    assert not interface.failing


@pytest.mark.parametrize("onset", [1, 11])
def test_an_extract_or_a_mock_load_brings_it_to_light(onset):
    quiet = {"legacy_incompatibility_notice_days": 40.0}
    scenario = with_parameters(with_case(KIND, Severity.BRUTAL, day=onset), **quiet)
    world = ImplementationWorld(scenario, 0, record=True)
    until_noticed(world)
    extracted = [p for p in packages(world, PackageKind.EXTRACT) if p.status == Status.DONE]
    assert extracted or world.briefing().migration.mock_loads_done
    assert of(world).notice_hour / 8.0 - onset < 8.0


def test_a_mock_load_of_such_data_does_not_count():
    world = ImplementationWorld(with_case(KIND, Severity.BRUTAL, day=12), 0)
    play(world, decider("expert"), 13)
    world._state.last_mock_load_success = 1.0
    for item in world._state.objects:
        item.stage = int(DataStage.MAPPED)
    world.mechanisms.disruptions.mock_load_done()
    assert of(world).noticed
    assert world._state.last_mock_load_success < 0.5
