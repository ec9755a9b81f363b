"""Moves and features of other packages are further choices and columns, and leave no trace."""

from __future__ import annotations

import numpy as np
import pytest

from golive.agents.registry import load_policy
from golive.core.errors import GoliveError
from golive.envs.environment import WorldEnv
from golive.envs.implementation.features import FURTHER_FEATURES, OBSERVATION_SIZE, FurtherFeature
from golive.sim.implementation.decision import MOVE_COUNT, MOVES, MoveRule
from golive.sim.worlds import build_world, world_kind

NUMBERS = world_kind("implementation").language
WEEK = FurtherFeature(lambda briefing: briefing.calendar.day // 5, "week of the project", 0, 2, 10)


@pytest.fixture
def feature():
    FURTHER_FEATURES.register("week", WEEK)
    yield
    FURTHER_FEATURES.unregister("week")
    assert sum(group.size for group in NUMBERS.groups) == OBSERVATION_SIZE


@pytest.fixture
def move():
    MOVES.register("party", MoveRule(lambda briefing: True, lambda m: m.money.spend(7.0)))
    yield
    MOVES.unregister("party")
    assert NUMBERS.choices.sizes[-1] == MOVE_COUNT


def test_a_feature_is_a_column_of_the_last_group(feature):
    environment = WorldEnv("furniture")
    observation, _ = environment.reset(seed=0)
    assert observation.shape == (OBSERVATION_SIZE + 1,)
    assert NUMBERS.groups[-1].name == "further"
    assert [one.name for one in NUMBERS.groups[-1].features()] == ["further/week"]
    for _ in range(7):
        observation, *_ = environment.step(np.array([8, 8, 8, 8, 8, 1, 0]))
    assert observation[-1] == pytest.approx(0.1)
    assert environment.observation_space.contains(observation)


def test_a_move_is_the_last_choice(move):
    environment = WorldEnv("furniture")
    environment.reset(seed=0)
    assert environment.action_space.nvec[-1] == MOVE_COUNT + 1
    assert environment.action_masks()[-1]
    assert NUMBERS.choices.names[-1] == "move/party"
    action = np.array([8, 8, 8, 8, 8, 1, MOVE_COUNT])
    decision = NUMBERS.decode(action)
    assert decision.move.name == "party"
    assert (NUMBERS.action(decision) == action).all()
    environment.step(action)


def test_a_random_policy_finds_it(move):
    policy, world = load_policy("random"), build_world("furniture", 0)
    briefing, legal = world.briefing(), world.legal()
    moves = set()
    for seed in range(100):
        policy.reset(seed)
        moves.add(policy.decide(briefing, legal).move.name)
    assert "party" in moves


def test_without_it_the_choice_is_none(move):
    MOVES.unregister("party")
    with pytest.raises(GoliveError, match=f"move: {MOVE_COUNT}"):
        NUMBERS.decode(np.array([8, 8, 8, 8, 8, 1, MOVE_COUNT]))


def test_in_a_team_both_are_the_first_role_s(move, feature):
    pytest.importorskip("pettingzoo", reason="needs golive[team]")
    from golive.envs.team import TeamEnv

    environment = TeamEnv("furniture")
    environment.reset(seed=0)
    first = environment.actions.roles[0]
    assert sum(name.endswith("move=party") for name in first.names) > 0
    assert not any("party" in name for role in environment.actions.roles[1:] for name in role.names)
    names = [one.name for one in environment.state_features]
    sees = [names.index("further/week") in seen for seen in environment.sight]
    assert sees == [True, False, False, False, False]
    legal, allowed = environment.world_env.legal(), environment.team.allowed
    assert [allowed(legal, role).move[-1] for role in environment.team.names] == sees
    party = next(n for n, name in enumerate(first.names) if name.endswith("move=party"))
    passing = {role.name: role.neutral for role in environment.actions.roles}
    _, _, _, _, informations = environment.step({**passing, first.name: party})
    assert informations[first.name]["carried"] == 1
