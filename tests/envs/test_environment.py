from __future__ import annotations

import copy
import inspect
import json
import pickle
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env, data_equivalence
from stable_baselines3.common.env_checker import check_env as check_env_for_sb3

from golive.core.errors import GoliveError
from golive.envs.environment import WorldEnv
from golive.envs.implementation.actions import ACTION_SIZES, decode_action
from golive.envs.implementation.encoding import encode_flat
from golive.envs.information import information_keys
from golive.scenarios.loader import load_scenario, load_suite
from golive.scenarios.suite import Split
from golive.sim.implementation.decision import MOVE_COUNT, Move
from golive.sim.worlds import world_kind

CHOICES = 5 * 9 + 3 + MOVE_COUNT
ENVIRONMENT_ID = "golive.envs:golive/Implementation-v1"
MOVE = len(ACTION_SIZES) - 1
STANDING_DOWN = np.array([8, 8, 8, 8, 8, 1, 0])
GO_LIVE_NOW = np.array([8, 8, 8, 8, 8, 1, Move.GO_LIVE])


def legal_action(mask: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """A random legal action without the moves that end an episode early."""
    mask = mask.copy()
    mask[-MOVE_COUNT:] &= ~np.isin(np.arange(MOVE_COUNT), (Move.GO_LIVE, Move.ROLL_BACK))
    parts = np.split(mask, np.cumsum(ACTION_SIZES)[:-1])
    return np.array([generator.choice(np.flatnonzero(part)) for part in parts])


def rollout(environment: Any, steps: int, seed: int | None = 0) -> Iterator[tuple[Any, ...]]:
    """Steps of legal random decisions, resetting where an episode ends."""
    generator = np.random.default_rng(5)
    observation, info = environment.reset(seed=seed)
    yield observation, 0.0, False, False, info
    for _ in range(steps):
        result = environment.step(legal_action(info["action_mask"], generator))
        yield result
        info = result[4]
        if result[2]:
            observation, info = environment.reset()
            yield observation, 0.0, False, False, info


@pytest.mark.parametrize("kind", ["flat", "dict"])
def test_gymnasium_and_sb3_check_it_without_a_warning(kind: str) -> None:
    environment = gymnasium.make(ENVIRONMENT_ID, observation=kind).unwrapped
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(environment, skip_render_check=True)
        check_env_for_sb3(environment)


def test_by_default_it_is_a_flat_box_and_a_multidiscrete() -> None:
    environment = gymnasium.make(ENVIRONMENT_ID)
    assert isinstance(environment.observation_space, gymnasium.spaces.Box)
    assert environment.observation_space.dtype == np.float32
    assert isinstance(environment.action_space, gymnasium.spaces.MultiDiscrete)
    assert tuple(environment.action_space.nvec) == (9, 9, 9, 9, 9, 3, MOVE_COUNT)


@pytest.mark.parametrize("kind", ["flat", "dict"])
def test_two_environments_with_one_seed_are_one(kind: str) -> None:
    first = WorldEnv(observation=kind, reward="shaped")  # type: ignore[arg-type]
    second = WorldEnv(observation=kind, reward="shaped")  # type: ignore[arg-type]
    for one, other in zip(rollout(first, 150), rollout(second, 150), strict=True):
        assert data_equivalence(one, other, exact=True)


def test_seed_zero_is_a_seed_and_seeds_differ() -> None:
    environment = WorldEnv()

    def episodes(seed: int | None) -> list[int]:
        first = environment.reset(seed=seed)[1]["episode_seed"]
        return [first] + [environment.reset()[1]["episode_seed"] for _ in range(4)]

    assert episodes(0) == episodes(0) != episodes(1)
    assert len(set(episodes(0))) == 5
    assert episodes(None) != episodes(0)


def test_info_has_the_same_keys_and_types_at_reset_and_at_every_step() -> None:
    shapes = set()
    for *_, info in rollout(WorldEnv(), 120):
        assert tuple(info) == information_keys(WorldEnv().kind)
        nested = (info["reward_terms"], info["scorecard"])
        shapes.add(tuple(tuple((k, type(v)) for k, v in part.items()) for part in (info, *nested)))
    assert len(shapes) == 1


def test_the_reward_is_the_sum_of_its_terms_and_the_score_comes_at_the_end() -> None:
    environment = WorldEnv(reward="shaped")
    ended = 0
    for _, reward, terminated, truncated, info in rollout(environment, 200):
        assert reward == pytest.approx(sum(info["reward_terms"].values()))
        assert isinstance(reward, float)
        assert not truncated
        if terminated:
            ended += 1
            assert info["scorecard"]["days"] > 0
            assert info["go_live_score"] == info["scorecard"]["go_live_score"]
            assert info["is_success"] == info["scorecard"]["success"]
        else:
            assert not any(info["scorecard"].values())
    assert ended >= 1


def test_an_episode_ends_with_the_world_and_then_needs_a_reset() -> None:
    environment = WorldEnv()
    environment.reset(seed=0)
    terminated = False
    while not terminated:
        assert not environment.world.finished
        _, _, terminated, truncated, _ = environment.step(STANDING_DOWN)
        assert not truncated
    assert environment.world.finished
    with pytest.raises(gymnasium.error.ResetNeeded):
        environment.step(STANDING_DOWN)


@pytest.mark.parametrize(
    "call",
    [
        lambda e: e.step(STANDING_DOWN),
        lambda e: e.action_masks(),
        lambda e: e.legal(),
        lambda e: e.briefing,
        lambda e: e.world,
    ],
)
def test_nothing_is_there_before_the_first_reset(call: Callable[[Any], Any]) -> None:
    with pytest.raises(gymnasium.error.ResetNeeded):
        call(WorldEnv())


def test_illegal_parts_are_replaced_counted_and_reported_and_never_raise() -> None:
    environment, twin = WorldEnv(), WorldEnv()
    _, info = environment.reset(seed=0)
    twin.reset(seed=0)
    assert not info["action_mask"][48 + Move.ROLL_BACK]
    roll_back = np.array([8, 8, 8, 8, 8, 1, Move.ROLL_BACK])
    observation, reward, _, _, info = environment.step(roll_back)
    expected, reward_of_neutral, _, _, info_of_neutral = twin.step(STANDING_DOWN)
    assert info["illegal_parts"] == info["illegal_decisions"] == 1
    assert info_of_neutral["illegal_parts"] == info_of_neutral["illegal_decisions"] == 0
    different = np.flatnonzero(observation != expected)
    assert different.size == 1  # the count of illegal decisions itself
    assert reward == reward_of_neutral
    _, _, _, _, info = environment.step(STANDING_DOWN)
    assert info["illegal_parts"] == 0
    assert info["illegal_decisions"] == 1


def test_any_action_of_the_space_is_survived() -> None:
    environment = WorldEnv()
    environment.action_space.seed(3)
    environment.reset(seed=3)
    illegal = 0
    for _ in range(150):
        observation, _, terminated, _, info = environment.step(environment.action_space.sample())
        assert observation in environment.observation_space
        illegal += info["illegal_parts"]
        if terminated:
            environment.reset()
    assert illegal > 0


def test_the_mask_in_info_is_that_of_action_masks_and_of_the_world() -> None:
    environment = WorldEnv()
    for *_, info in rollout(environment, 60):
        mask = environment.action_masks()
        np.testing.assert_array_equal(mask, info["action_mask"])
        legal = environment.world.legal()
        for index, free in enumerate(mask[48:]):
            decision = decode_action([8, 8, 8, 8, 8, 1, index])
            assert (legal.replace_illegal(decision)[1] == 0) == free


def test_samples_under_the_mask_in_info_are_legal_and_all_that_is_legal() -> None:
    environment = gymnasium.make(ENVIRONMENT_ID)
    space = environment.action_space
    space.seed(1)
    _, info = environment.reset(seed=2)
    for _ in range(40):
        drawn = space.sample(mask=info["action_mask"])
        assert space.contains(drawn)
        _, _, terminated, _, info = environment.step(drawn)
        assert info["illegal_parts"] == 0
        if terminated:
            _, info = environment.reset()
    mask = info["action_mask"]
    taken = np.zeros_like(mask)
    starts = np.concatenate([[0], np.cumsum(ACTION_SIZES)[:-1]])
    for _ in range(600):
        taken[starts + space.sample(mask=mask)] = True
    np.testing.assert_array_equal(taken, mask)


def test_masks_in_gymnasium_s_own_form_are_taken_as_well() -> None:
    environment = WorldEnv()
    _, info = environment.reset(seed=0)
    parts = np.split(info["action_mask"].astype(np.int8), np.cumsum(ACTION_SIZES)[:-1])
    draws = []
    for mask in (info["action_mask"], tuple(parts)):
        environment.action_space.seed(3)
        draws.append(environment.action_space.sample(mask=mask))
    np.testing.assert_array_equal(*draws)
    with pytest.raises(
        GoliveError, match=rf"mask: shape \({CHOICES - 1},\): expected \({CHOICES},\)"
    ):
        environment.action_space.sample(mask=info["action_mask"][1:])


@pytest.mark.skipif(
    "probability" not in inspect.signature(gymnasium.spaces.MultiDiscrete.sample).parameters,
    reason="from Gymnasium 1.1 on",
)
def test_samples_follow_flat_probabilities() -> None:
    space = WorldEnv().action_space
    chances = np.zeros(sum(ACTION_SIZES))
    chances[np.concatenate([[0], np.cumsum(ACTION_SIZES)[:-1]]) + 1] = 1.0
    assert space.sample(probability=chances).tolist() == [1] * len(ACTION_SIZES)


def test_a_specification_has_a_longest_episode_that_changes_none() -> None:
    environment = gymnasium.make(ENVIRONMENT_ID)
    assert environment.spec is not None
    assert environment.spec.max_episode_steps == world_kind("implementation").most_decisions + 1
    environment.reset(seed=0)
    ended = False
    while not ended:
        *_, ended, truncated, _ = environment.step(STANDING_DOWN)
        assert not truncated


def test_seeding_episode_plays_the_episode_of_this_seed() -> None:
    environment = WorldEnv(seeding="episode")
    drawn = environment.reset(seed=5)[1]["episode_seed"], environment.reset()[1]["episode_seed"]
    assert drawn[0] == 5 != drawn[1]
    observation, _ = environment.reset(seed=2_000_003)
    expected, _ = WorldEnv().reset(options={"episode_seed": 2_000_003})
    np.testing.assert_array_equal(observation, expected)
    assert environment.reset(seed=2**63 + 8)[1]["episode_seed"] == 8
    for options, expected_seed in (({"episode_seed": 9}, 9), ({"seed_range": (4, 5)}, 4)):
        assert environment.reset(seed=1, options=options)[1]["episode_seed"] == expected_seed


def test_a_suite_may_be_named_with_its_split() -> None:
    test = load_suite("furniture").splits[Split.TEST]
    suites: list[Any] = ["furniture-test", "furniture:test", load_suite("furniture-test")]
    for suite in suites:
        environment = WorldEnv(suite=suite)
        assert all(environment.reset()[1]["episode_seed"] in test for _ in range(3))
    with pytest.raises(GoliveError, match="split: 'train': suite furniture has only test"):
        WorldEnv(suite="furniture-test", split="train")
    with pytest.raises(GoliveError, match="nowhere"):
        WorldEnv(suite="nowhere-test", seed_range=(0, 1))


def test_an_action_outside_the_space_is_named() -> None:
    environment = WorldEnv()
    environment.reset(seed=0)
    with pytest.raises(GoliveError, match=rf"move: {MOVE_COUNT}: expected 0\.\.{MOVE_COUNT - 1}"):
        environment.step([8, 8, 8, 8, 8, 1, MOVE_COUNT])


def test_episodes_come_from_the_seed_range_of_the_split() -> None:
    splits = load_suite("furniture").splits
    for split, seeds in splits.items():
        environment = WorldEnv(split=str(split))
        drawn = [environment.reset(seed=i)[1]["episode_seed"] for i in range(5)]
        assert all(seed in seeds for seed in drawn)
    train = WorldEnv().reset(seed=0)[1]["episode_seed"]
    assert train in splits[next(s for s in splits if str(s) == "train")]


def test_customers_are_drawn_anew_or_fixed() -> None:
    drawn = WorldEnv(customer="drawn")
    seen = []
    for _ in range(4):
        drawn.reset()
        seen.append(drawn.world.customer)
    assert len({customer.employees for customer in seen}) > 1
    scenario = load_scenario("furniture")
    reference = WorldEnv(customer="reference")
    reference.reset(seed=1)
    assert reference.world.customer == scenario.customer
    given = WorldEnv(customer=seen[0])
    given.reset(seed=2)
    assert given.world.customer == seen[0]


def test_options_hold_for_one_episode() -> None:
    environment = WorldEnv()
    _, info = environment.reset(seed=0, options={"episode_seed": 7, "customer": "reference"})
    assert info["episode_seed"] == 7
    assert environment.world.customer == environment.scenario.customer
    _, info = environment.reset(options={"seed_range": (10, 12)})
    assert info["episode_seed"] in (10, 11)
    _, info = environment.reset(options={"split": "test"})
    tests = {str(split): seeds for split, seeds in load_suite("furniture").splits.items()}["test"]
    assert info["episode_seed"] in tests
    conventional = load_scenario("furniture-conventional")
    environment.reset(options={"scenario": "furniture-conventional"})
    assert environment.world.scenario == conventional
    environment.reset()
    assert environment.world.scenario == environment.scenario


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scenario": "furnitrue"}, "furnitrue"),
        ({"scenario": 3}, "scenario: 3: expected"),
        ({"split": "trian"}, "split: 'trian': expected one of train, validation, test"),
        ({"split": None}, "split: None: expected a split, or a seed_range"),
        ({"seed_range": (5, 5)}, "seed_range: (5, 5): expected (start, stop)"),
        ({"seed_range": 5}, "seed_range: 5: expected (start, stop)"),
        ({"suite": "nowhere"}, "nowhere"),
        ({"customer": "drwan"}, "customer: 'drwan': expected 'drawn', 'reference'"),
        ({"reward": "missoin"}, "reward: 'missoin'"),
        ({"observation": "picture"}, "observation: 'picture': expected 'flat' or 'dict'"),
        ({"render_mode": "hologram"}, "render_mode: 'hologram'"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(GoliveError) as caught:
        WorldEnv(**arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"custommer": "drawn"},
            "options: 'custommer': expected one of scenario, split, seed_range, episode_seed, "
            "customer",
        ),
        ({"episode_seed": -1}, "episode_seed: -1: expected an integer"),
        ({"episode_seed": True}, "episode_seed: True"),
        ({"episode_seed": "7"}, "episode_seed: '7'"),
        ({"seed_range": (3, 1)}, "seed_range: (3, 1)"),
    ],
)
def test_bad_options_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(GoliveError) as caught:
        WorldEnv().reset(options=options)
    assert message in str(caught.value)


def test_after_a_bad_option_the_running_episode_goes_on() -> None:
    environment = WorldEnv()
    environment.reset(seed=0)
    with pytest.raises(GoliveError):
        environment.reset(options={"nonsense": 1})
    assert environment.step(STANDING_DOWN)[4]["day"] == 1


@pytest.mark.parametrize(
    "carry", [lambda s: pickle.loads(pickle.dumps(s)), lambda s: json.loads(json.dumps(s))]
)
def test_a_saved_environment_has_the_same_future(carry: Callable[[Any], Any]) -> None:
    original = WorldEnv(reward="shaped")
    generator = np.random.default_rng(1)
    _, info = original.reset(seed=4)
    for _ in range(9):
        _, _, _, _, info = original.step(legal_action(info["action_mask"], generator))
    state = carry(original.get_state())
    other_one = WorldEnv(reward="shaped")
    observation = other_one.set_state(state)
    np.testing.assert_array_equal(observation, encode_flat(original.briefing))  # type: ignore[arg-type]
    actions = np.random.default_rng(2)
    for _ in range(120):  # over several episodes, so the drawing of customers counts too
        action = legal_action(original.action_masks(), actions)
        one, other = original.step(action), other_one.step(action)
        assert data_equivalence(one, other, exact=True)
        if one[2]:
            assert data_equivalence(original.reset(), other_one.reset(), exact=True)


@pytest.mark.parametrize("carry", [lambda e: pickle.loads(pickle.dumps(e)), copy.deepcopy])
@pytest.mark.parametrize("arguments", [{}, {"reward": "shaped", "render_mode": "rgb_array"}])
def test_a_running_environment_pickles_and_goes_on(
    carry: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    original = gymnasium.make(ENVIRONMENT_ID, **arguments)
    original.action_space.seed(1)
    generator = np.random.default_rng(1)
    unbegun = carry(original)
    _, info = original.reset(seed=4)
    assert data_equivalence(unbegun.reset(seed=4), original.reset(seed=4), exact=True)
    for _ in range(9):
        _, _, _, _, info = original.step(legal_action(info["action_mask"], generator))
    twin = carry(original)
    assert twin.unwrapped.world.history == original.unwrapped.world.history
    assert twin.action_space.sample().tolist() == original.action_space.sample().tolist()
    ended = False
    while not ended:
        action = legal_action(original.unwrapped.action_masks(), generator)
        one, other = original.step(action), twin.step(action)
        assert data_equivalence(one, other, exact=True)
        ended = one[2]
    finished = carry(original)
    assert finished.unwrapped.world.finished
    assert finished.unwrapped.world.events().equals(original.unwrapped.world.events())
    assert data_equivalence(finished.reset(), original.reset(), exact=True)


def test_saving_does_not_disturb() -> None:
    plain, saving = WorldEnv(), WorldEnv()
    for one, other in zip(rollout(plain, 40), rollout(saving, 40), strict=True):
        saving.get_state()
        assert data_equivalence(one, other, exact=True)


def test_an_environment_is_saved_before_its_first_reset_too() -> None:
    original, twin = WorldEnv(), WorldEnv()
    assert twin.set_state(original.get_state()) is None
    assert data_equivalence(original.reset(), twin.reset(), exact=True)


def test_a_state_that_does_not_fit_is_refused_and_changes_nothing() -> None:
    environment = WorldEnv()
    environment.reset(seed=0)
    state = environment.get_state()
    before = environment.get_state()
    for bad, message in (
        ({**state, "version": 99}, "state: version: 99: expected 1"),
        ({"version": 1}, "state: expected a dict with"),
        ("state", "state: expected a dict with"),
        ({**state, "world": {**state["world"], "version": 99}}, "state: world: version: 99"),  # type: ignore[dict-item]
        ({**state, "world": {"world": "implementation"}}, "state: world"),
        ({**state, "np_random": {"state": 1}}, "state: np_random"),
        ({**state, "configuration": {**state["configuration"], "reward": 3}}, "state: reward: 3"),
    ):
        with pytest.raises(GoliveError) as caught:
            environment.set_state(bad)  # type: ignore[arg-type]
        assert message in str(caught.value)
    assert environment.get_state() == before


def test_records_only_for_pictures() -> None:
    quiet, drawing = WorldEnv(), WorldEnv(render_mode="rgb_array")
    for environment in (quiet, drawing):
        environment.reset(seed=0)
        environment.step(STANDING_DOWN)
    assert len(quiet.world.history) == 0
    assert len(drawing.world.history) == 2


def test_gymnasium_s_own_vector_environment_takes_it() -> None:
    vector = gymnasium.make_vec(ENVIRONMENT_ID, num_envs=3, vectorization_mode="sync")
    vector.reset(seed=0)
    ended = False
    for _ in range(100):
        _, _, terminated, _, infos = vector.step(np.stack([STANDING_DOWN] * 3))
        assert infos["action_mask"].shape == (3, CHOICES)
        ended |= bool(terminated.any())
    assert ended
    vector.close()
