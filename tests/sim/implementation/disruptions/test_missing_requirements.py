"""Missing requirements: dormant packages that come out late, by what people do."""

from __future__ import annotations

import pytest
from edge_case_helpers import of, responses, until_noticed, with_case
from world_helpers import decider, order, packages, play, with_parameters

from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.decision import Move
from golive.sim.implementation.state import Package, PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

KIND = DisruptionKind.MISSING_REQUIREMENTS
NEVER_TOLD = {"missing_requirements_notice_days": 40.0}


def missing(world: ImplementationWorld) -> list[Package]:
    """Its packages."""
    return [world._state.packages[index] for index in of(world).targets]


def test_what_is_missing_is_in_proportion_to_what_was_written_down():
    efforts = []
    for completeness in (0.9, 0.8, 0.5):
        world = ImplementationWorld(with_case(KIND, amount=completeness), 0)
        built = sum(p.planned_hours for p in packages(world, PackageKind.BUILD))
        hours = sum(p.planned_hours for p in missing(world))
        efforts.append(hours / (built * (1.0 - completeness) / completeness))
        assert all(p.status == Status.DORMANT for p in missing(world))
    assert efforts == pytest.approx([0.75] * 3, rel=0.25)


def test_nothing_is_missing_from_a_complete_list():
    world = ImplementationWorld(with_case(KIND, amount=1.0), 0)
    assert missing(world) == []
    play(world, decider("expert"))
    assert of(world).recovered


def test_it_brings_its_own_out_and_leaves_the_customers_to_the_scope():
    world = ImplementationWorld(with_case(KIND), 0)
    own = {package.id for package in missing(world)}
    others = {
        package.id for package in world.mechanisms.scope._hidden + world.mechanisms.scope._requests
    }
    assert not own & others
    everything = {package.id for package in packages(world, PackageKind.CHANGE)}
    assert own | others == everything


@pytest.mark.parametrize("move", [Move.STAKEHOLDER_WORKSHOP, Move.NONE])
def test_a_workshop_brings_some_out(move):
    found = 0
    for seed in range(6):
        world = ImplementationWorld(with_parameters(with_case(KIND, day=0), **NEVER_TOLD), seed)
        world.advance(order(move=move))
        world.advance(order())
        found += sum(package.status != Status.DORMANT for package in missing(world))
    assert (found > 10) == (move is Move.STAKEHOLDER_WORKSHOP)


def test_before_its_onset_nothing_comes_out():
    world = ImplementationWorld(with_case(KIND, day=20), 0)
    play(world, decider("expert"), 20)
    assert all(package.status == Status.DORMANT for package in missing(world))


def test_the_review_finds_most_and_the_later_the_dearer():
    def after_review(day: int) -> tuple[float, float]:
        world = ImplementationWorld(with_case(KIND, Severity.BRUTAL, day=0), 0)
        planned = {package.id: package.planned_hours for package in missing(world)}
        world._state.hours_total = world._state.baseline_hours * day / 30.0
        play(world, lambda *_: order(), 1)
        world.mechanisms.disruptions.kinds[KIND.value].notice_now(of(world))
        (review,) = responses(world)
        world._day.package_done(review)
        out = [package for package in missing(world) if package.status != Status.DORMANT]
        prices = sum(package.planned_hours for package in out)
        return len(out) / len(planned), prices / sum(planned[package.id] for package in out)

    early, late = after_review(0), after_review(30)
    assert 0.5 < early[0] < 1.0
    assert early[1] == pytest.approx(1.0)
    assert late[1] == pytest.approx(2.0)


def test_users_miss_what_is_not_there():
    world = ImplementationWorld(with_case(KIND, day=0), 0)
    play(world, lambda *_: order(), 1)
    strain = world._context.strain
    assert strain.unmet == pytest.approx(0.35)
    assert strain.user_failing > 0.0
    assert strain.live_loss == [0.0]
    world._state.sites[0].live_day = 1
    world.mechanisms.disruptions.make_strain()
    assert world._context.strain.live_loss[0] > 0.2


def test_it_ends_when_what_came_out_is_built():
    world = ImplementationWorld(with_case(KIND, Severity.MODERATE), 1)
    until_noticed(world)
    assert world.briefing().disruptions[0].response_hours > 0.0
    play(world, decider("expert"))
    assert of(world).recovered
    assert sum(package.status == Status.DONE for package in missing(world)) >= 0.8 * len(
        missing(world)
    )
