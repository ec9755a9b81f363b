from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from golive.core.errors import GoliveError
from golive.scenarios.gateway.agents import MOST_AGENTS
from golive.sim.gateway.decision import Decision, Way
from golive.sim.worlds import build_world, world_kind

KIND = world_kind("gateway")


def test_gymnasium_s_checker_is_content() -> None:
    environment = gymnasium.make("golive.envs:golive/Gateway-v0", scenario="busy-desk")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(environment.unwrapped, skip_render_check=True)


def test_one_space_serves_all_pools_and_slots_without_agents_are_empty() -> None:
    numbers = KIND.language
    for name, seed in (("office", 0), ("busy-desk", 3)):
        world = build_world(name, seed)
        briefing = world.briefing()
        mask = numbers.mask(world.legal())
        count = len(briefing.pool.names)
        rows = numbers.encode(briefing)[-MOST_AGENTS * 17 :].reshape(MOST_AGENTS, 17)
        assert mask.shape == (100,)
        assert not mask[count:MOST_AGENTS].any()
        assert (rows[:count, 0] == 1.0).all()
        assert not rows[count:].any()


def test_a_row_says_what_the_briefing_says() -> None:
    world = build_world("office", 1)
    pool, numbers = world.briefing().pool, KIND.language
    names = [feature.name for group in numbers.groups for feature in group.features()]
    observation = dict(zip(names, numbers.encode(world.briefing()), strict=True))
    assert observation["agent/slot_07/confidence"] == np.float32(pool.confidence[7])
    good = (pool.placed[7] - pool.failed[7] + 1.0) / (pool.placed[7] + 2.0)
    assert observation["agent/slot_07/good"] == np.float32(good)
    assert observation["label/" + list(numbers.groups[2].columns)[world.briefing().task.label].name]


def test_every_decision_has_its_number() -> None:
    numbers = KIND.language
    for choice in range(numbers.choices.count):
        assert numbers.action(numbers.decode([choice])).tolist() == [choice]
    assert numbers.decode([MOST_AGENTS]) == Decision(Way.PERSON)
    with pytest.raises(GoliveError):
        numbers.decode([100])


def test_rewards_pay_answers_spending_and_in_the_end_the_score() -> None:
    environment = gymnasium.make("golive.envs:golive/Gateway-v0", scenario="busy-desk")
    _, info = environment.reset(seed=11)
    total, over = dict.fromkeys(("score", "answers", "spending"), 0.0), False
    while not over:
        legal = np.flatnonzero(info["action_mask"])
        _, _, over, _, info = environment.step(np.array([legal[0]]))
        for name, value in info["reward_terms"].items():
            total[name] += value
    assert total["score"] == pytest.approx(10.0 * info["gateway_score"])
    assert total["answers"] > 0.0 > total["spending"]
