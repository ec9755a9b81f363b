"""Rollouts: futures of one state, and what decisions are worth in them."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest

from golive.agents.implementation.candidates import candidate_decisions, describe, describe_change
from golive.agents.implementation.expert import Expert
from golive.agents.implementation.probes import RandomPolicy
from golive.agents.planner import Planner
from golive.core.random_streams import purpose
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.decision import Move
from golive.sim.implementation.people import CustomerPeople
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.rollouts import TRUE_FUTURE, future_seeds, rollout_value, values
from golive.sim.worlds import world_kind

SEED = 7


def world_on(day, seed=SEED):
    world, expert = ImplementationWorld(load_scenario("furniture"), seed), Expert()
    for _ in range(day):
        world.advance(expert.decide(world.briefing(), world.legal()))
    return world


def to_the_end(world, policy):
    while not world.finished:
        world.advance(policy.decide(world.briefing(), world.legal()))
    return world


@pytest.fixture(scope="module")
def morning():
    """A world in the middle of its implementation, with its snapshot and the expert's decision."""
    world = world_on(20)
    decision = Expert().decide(world.briefing(), world.legal())
    return world, world.snapshot(), decision


def test_the_true_future_of_a_snapshot_is_that_of_its_world(morning):
    _, snapshot, decision = morning
    end = to_the_end(world_on(20), Expert())
    restored = to_the_end(ImplementationWorld.restore(snapshot), Expert())
    assert restored.digest() == end.digest()
    value = rollout_value(snapshot, decision, Expert(), TRUE_FUTURE)
    assert value == end.scorecard().go_live_score


def test_another_seed_is_another_future_and_the_same_one_twice(morning):
    _, snapshot, decision = morning
    seeds = future_seeds(SEED, purpose("tests/futures"), 20, 4)
    once, twice = (values(snapshot, [decision], Expert(), seeds) for _ in range(2))
    assert once.shape == (1, 4)
    assert np.array_equal(once, twice)
    assert len(set(once[0])) > 1
    assert rollout_value(snapshot, decision, Expert(), TRUE_FUTURE) not in once


def test_a_rollout_changes_neither_world_nor_snapshot(morning):
    world, snapshot, decision = morning
    before = world.digest()
    rollout_value(snapshot, decision, Expert(), 3)
    assert world.digest() == before
    assert ImplementationWorld.restore(snapshot).digest() == before


def test_worlds_that_were_rolled_out_leave_the_memory(morning):
    _, snapshot, decision = morning
    counts = []
    for _ in range(2):
        values(snapshot, [decision], Expert(), range(3))
        gc.collect()
        counts.append(sum(type(thing) is CustomerPeople for thing in gc.get_objects()))
    assert counts[1] <= counts[0]


def test_the_same_decision_differs_by_nothing_on_common_futures(morning):
    _, snapshot, decision = morning
    twin = replace(decision)
    matrix = values(snapshot, [decision, twin], RandomPolicy(), [1, 2, 3])
    assert np.array_equal(matrix[0], matrix[1])


def test_a_policy_that_draws_lots_draws_the_futures_lots(morning):
    _, snapshot, decision = morning
    used = RandomPolicy()
    used.reset(99)
    fresh = RandomPolicy()
    assert rollout_value(snapshot, decision, used, 5) == rollout_value(snapshot, decision, fresh, 5)


def test_common_futures_make_the_difference_of_two_decisions_less_noisy():
    world = world_on(6)
    own = Expert().decide(world.briefing(), world.legal())
    other = candidate_decisions(world.briefing(), world.legal(), own)[3]
    matrix = values(world.snapshot(), [own, other], Expert(), range(16))
    common = np.var(matrix[0] - matrix[1])
    assert 0.0 < common < np.var(matrix[0]) + np.var(matrix[1])


def test_future_seeds_begin_alike_and_belong_to_purpose_day_and_episode():
    one, other = purpose("tests/one"), purpose("tests/other")
    seeds = future_seeds(3, one, 5, 8)
    assert future_seeds(3, one, 5, 4) == seeds[:4]
    assert len(set(seeds)) == 8
    for different in (
        future_seeds(3, other, 5, 8),
        future_seeds(3, one, 6, 8),
        future_seeds(4, one, 5, 8),
    ):
        assert not set(different) & set(seeds)


def test_a_policy_that_looks_into_the_world_cannot_be_rolled_out(morning):
    _, snapshot, decision = morning
    with pytest.raises(ValueError, match="decides from briefings alone"):
        rollout_value(snapshot, decision, Planner(world_kind("implementation"), 4), 1)


@pytest.mark.parametrize("day", [0, 10, 20, 35])
def test_candidates_are_legal_different_and_begin_with_the_own_decision(day):
    world = world_on(day)
    briefing, legal = world.briefing(), world.legal()
    own = Expert().decide(briefing, legal)
    candidates = candidate_decisions(briefing, legal, own)
    assert candidates[0] == own
    assert len(set(candidates)) == len(candidates)
    assert candidates == candidate_decisions(briefing, legal, own)
    for candidate in candidates:
        assert legal.replace_illegal(candidate) == (candidate, 0)
    for candidate in candidates[1:]:
        changed = sum(a != b for a, b in zip(candidate.focus, own.focus, strict=True))
        changed += (candidate.pace is not own.pace) + (candidate.move is not own.move)
        assert changed == 1
        assert describe_change(candidate, own) in describe(candidate)
    moves = {candidate.move for candidate in candidates}
    assert moves == {move for move in Move if legal.move[move]}


def test_a_small_number_of_candidates_has_some_of_each_kind(morning):
    world, _, own = morning
    assert candidate_decisions(world.briefing(), world.legal(), own, 1) == [own]
    few = candidate_decisions(world.briefing(), world.legal(), own, 5)
    assert len(few) == 5
    assert sum(candidate.move is not own.move for candidate in few) == 2
    assert sum(candidate.pace is not own.pace for candidate in few) == 1
    assert sum(candidate.focus != own.focus for candidate in few) == 1


def test_an_illegal_own_decision_is_made_legal(morning):
    world, _, own = morning
    briefing, legal = world.briefing(), world.legal()
    illegal = replace(own, move=next(move for move in Move if not legal.move[move]))
    assert candidate_decisions(briefing, legal, illegal)[0] == replace(own, move=Move.NONE)
