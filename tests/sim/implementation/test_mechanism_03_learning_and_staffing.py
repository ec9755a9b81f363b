"""Mechanism 3: experience speeds up; members added late cost more than they bring (Brooks)."""

from __future__ import annotations

from statistics import fmean

import pytest
from world_helpers import Decide, conventional, decider, furniture, order, play, with_parameters

from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation.decision import Decision, Move
from golive.sim.implementation.state import Member
from golive.sim.implementation.world import ImplementationWorld


def test_experience_on_a_workstream_raises_the_speed_there_and_nowhere_else():
    world = ImplementationWorld(furniture(), 0)
    before = world.briefing().roles[2].skill
    play(world, lambda *_: order(None, None, Workstream.DATA, None, None), days=6)
    after = world.briefing().roles[2].skill
    assert after[1] > 1.1 * before[1]
    assert after[2:] == before[2:]


def test_doubled_experience_gives_the_eighty_per_cent_curve():
    speeds = ImplementationWorld(furniture(), 0).mechanisms.work.speeds
    for hours in (0.0, 240.0, 720.0):
        doubled = 2.0 * (hours + 240.0) - 240.0
        assert speeds.learning(doubled) / speeds.learning(hours) == pytest.approx(1.25, abs=0.005)


def test_a_steeper_curve_gets_more_done():
    def done(exponent: float) -> float:
        scenario = with_parameters(furniture(), learning_exponent=exponent)
        world = ImplementationWorld(scenario, 1)
        play(world, lambda *_: order(None, None, Workstream.DATA, None, None), days=3)
        return world._state.hours_total

    assert done(0.42) > 1.01 * done(0.15)


def adding(days: tuple[int, ...]) -> Decide:
    """The expert who adds no capacity of its own, but one member from each of these days on.

    On the first morning that needs no other move.
    """
    expert, wanted = decider("expert"), sorted(days)

    def decide(briefing, legal):
        decision = expert(briefing, legal)
        move = Move.NONE if decision.move is Move.ADD_CAPACITY else decision.move
        if move is Move.NONE and wanted and briefing.calendar.day >= wanted[0]:
            del wanted[0]
            move = Move.ADD_CAPACITY
        return Decision(decision.focus, decision.pace, move)

    return decide


def outcome(
    scenario, days: tuple[int, ...], share: float = 1.0, seeds=range(6)
) -> tuple[float, float]:
    """Mean of the effort done by a share of the planned time, and of what was spent by then."""
    worlds = [ImplementationWorld(scenario, seed) for seed in seeds]
    for world in worlds:
        play(world, adding(days), days=int(share * world._context.planned_days))
    done = fmean(world._state.hours_total for world in worlds)
    return done, fmean(world._state.spent_usd for world in worlds)


@pytest.mark.parametrize("world", ["agentic", "conventional"])
def test_members_added_early_get_more_done_by_half_time_and_added_late_only_cost(world):
    scenario, early, late = {
        "agentic": (furniture(), (1, 2, 3), (26, 27, 28)),
        "conventional": (conventional(), (5, 10, 15), (240, 245, 250)),
    }[world]
    plain, plain_cost = outcome(scenario, (), 0.5)
    soon, soon_cost = outcome(scenario, early, 0.5)
    assert soon > 1.01 * plain
    assert soon_cost > 1.02 * plain_cost
    plain, plain_cost = outcome(scenario, ())
    later, later_cost = outcome(scenario, late)
    assert later < 1.01 * plain
    assert later_cost > plain_cost


def test_a_newcomer_is_half_productive_and_takes_an_experts_time_until_assimilated():
    world = ImplementationWorld(conventional(), 0)
    speeds, data = world.mechanisms.work.speeds, 1
    world.advance(order(Workstream.DATA))
    specialist = world._state.members[2]

    def speed(member: Member) -> float:
        return speeds.of_role(member.role, data) * speeds.member_factor[member.id]

    alone = speed(specialist)
    world.advance(order(None, None, Workstream.DATA, None, None, move=Move.ADD_CAPACITY))
    newcomer = world._state.members[-1]
    assert newcomer.role == specialist.role
    assert world.briefing().roles[2].newcomers == 1
    assert world.briefing().roles[2].units == pytest.approx(1.5)
    learned = speeds.skills()[2][data]
    assert speed(newcomer) < 0.6 * alone
    assert speed(specialist) < 0.85 * alone * learned
    while world.briefing().calendar.day < newcomer.assimilated_day:
        world.advance(order(None))
    assert world.briefing().roles[2].newcomers == 0
    assert world.briefing().roles[2].units == 2.0


def test_communication_grows_with_the_square_of_the_crew():
    def speed(loss: float, added: int) -> float:
        world = ImplementationWorld(with_parameters(furniture(), communication_loss=loss), 0)
        world.advance(order(Workstream.DATA))
        for _ in range(added):
            world.advance(order(None, None, Workstream.DATA, None, None, move=Move.ADD_CAPACITY))
        world.advance(order(None))
        assert len(world._state.members) == crew + added
        return world.mechanisms.work.speeds._team_speed

    crew = sum(members.units for members in furniture().plan.crew)
    for added in (0, 3):
        lost = 0.001 * (crew + added) ** 2
        assert speed(0.001, added) / speed(0.0, added) == pytest.approx(1.0 - lost)
