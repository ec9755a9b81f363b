"""The bandit view as an environment and as arrays."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import golive
from golive.core.errors import GoliveError
from golive.envs.gateway.bandit import GROUPS, bandit_arrays
from golive.envs.gateway.numbers import GatewayNumbers
from golive.scenarios.gateway.agents import MOST_AGENTS
from golive.sim.gateway.bandit import bandit_stream

PERSON = MOST_AGENTS


def environment(**options: Any) -> Any:
    return gymnasium.make("golive/GatewayBandit-v0", scenario="busy-desk", **options).unwrapped


def test_the_environment_passes_gymnasium_s_checker():
    check_env(environment(), skip_render_check=True)


def test_its_rewards_and_rows_are_those_of_the_arrays_and_its_score_their_mean():
    env = environment()
    observation, info = env.reset(options={"episode_seed": 4})
    stream = bandit_stream("busy-desk", 4)
    arrays = bandit_arrays(stream)
    paid, ended, task = [], False, 0
    while not ended:
        rows = observation[-MOST_AGENTS * 13 :].reshape(MOST_AGENTS, 13)
        assert np.array_equal(rows[: stream.choices - 1], arrays.agents[task])
        assert not rows[stream.choices - 1 :].any()
        legal = np.flatnonzero(info["action_mask"])
        action = legal[task % len(legal)]
        observation, reward, ended, _, info = env.step(action)
        column = stream.choices - 1 if action == PERSON else action
        assert reward == arrays.rewards[task, column]
        assert info["regret"] >= 0.0
        paid.append(reward)
        task += 1
    assert task == len(stream)
    assert info["gateway_score"] == pytest.approx(np.mean(paid))
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(PERSON)


def test_what_is_illegal_is_done_by_a_person_and_counted():
    env = environment()
    env.reset(seed=0)
    usual = env.stream.results
    for action in (PERSON + 1, MOST_AGENTS - 1):
        task = env.reset(options={"episode_seed": env.stream.seed})[1]["task"]
        info = env.step(action)[4]
        assert (info["illegal"], info["illegal_decisions"], info["done_by"]) == (True, 1, PERSON)
        assert info["reward_usd"] == usual.reward_usd[task, -1]


@pytest.mark.parametrize("action", [-1, 100, 0.5, [1, 2], "a person"])
def test_an_action_outside_of_the_space_is_refused(action):
    env = environment(render_mode="ansi")
    env.reset(seed=0)
    with pytest.raises(GoliveError, match="action"):
        env.step(action)
    assert env.render().startswith("task 0 of ")


def test_its_rows_are_the_ones_that_the_world_shows_at_its_first_decision():
    world = golive.build_world("busy-desk", 4)
    seen = GatewayNumbers().encode(world.briefing())
    width = len(seen[-MOST_AGENTS * 17 :]) // MOST_AGENTS
    arrays = bandit_arrays(bandit_stream("busy-desk", 4))
    count = arrays.agents.shape[1]
    first = seen[-MOST_AGENTS * width :].reshape(MOST_AGENTS, width)[:count, :13]
    assert np.array_equal(arrays.agents[0], first)
    assert [len(group.columns) for group in GROUPS[:-1]] == [6, 12, 12, 6, 2]
