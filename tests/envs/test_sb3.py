"""Stable-Baselines3's face of many environments, and SB3's own ones over ours."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from functools import partial
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import data_equivalence
from sb3_contrib import MaskablePPO
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv, VecMonitor

from golive.core.errors import GoliveError
from golive.envs.environment import WorldEnv
from golive.envs.sb3 import BatchedVecEnv
from golive.envs.vector import WorkerError

from .test_vector import (
    COUNT,
    NEUTRAL,
    breaking_at_the_third_step,
    cut_short,
    factories,
    legal_actions,
)


def is_same(one: Any, other: Any) -> bool:
    """Equal to the last bit; containers and float types may differ, as SB3's own do."""
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(np.array_equal(one, other))


def assert_same_rollout(one: Any, other: Any, steps: int) -> int:
    """Step two vector environments alike; how many episodes ended."""
    other._seeds = list(one.seed(0))  # SB3's own would be successive
    generator = np.random.default_rng(7)
    assert is_same(one.reset(), other.reset())
    assert is_same(one.reset_infos, other.reset_infos)
    ended = 0
    for _ in range(steps):
        masks = np.stack(one.env_method("action_masks"))
        np.testing.assert_array_equal(masks, np.stack(other.env_method("action_masks")))
        actions = legal_actions(masks, generator)
        first, second = one.step(actions), other.step(actions)
        assert is_same(first, second)
        assert is_same(one.reset_infos, other.reset_infos)
        ended += int(first[2].sum())
    return ended


@pytest.mark.parametrize(("kind", "workers"), [("flat", 0), ("flat", 2), ("dict", 0), ("dict", 1)])
def test_it_equals_sb3_s_dummy_vec_env_step_for_step(kind: str, workers: int) -> None:
    environments = [partial(cut_short, observation=kind, reward="shaped")] * COUNT
    batched = BatchedVecEnv(environments, workers=workers)
    dummy = DummyVecEnv(environments)
    try:
        assert assert_same_rollout(batched, dummy, 17) > 0
    finally:
        batched.close()


@pytest.mark.slow
def test_to_the_end_of_episodes_the_number_of_workers_changes_nothing() -> None:
    here, many = BatchedVecEnv({}, COUNT), BatchedVecEnv({}, COUNT, 8)
    try:
        assert assert_same_rollout(here, many, 90) > 0
    finally:
        many.close()


def test_a_step_returns_new_data() -> None:
    environment = BatchedVecEnv({}, COUNT)
    first = environment.reset()
    kept = first.copy()
    environment.step(np.tile(NEUTRAL, (COUNT, 1)))
    np.testing.assert_array_equal(first, kept)


def test_masks_need_no_round_trip_and_follow_a_restored_state() -> None:
    environment = BatchedVecEnv({}, COUNT, 1)
    try:
        environment.seed(1)
        environment.reset()
        saved, masks = environment.get_states(), environment.action_masks()
        generator = np.random.default_rng(0)
        for _ in range(12):
            environment.step(legal_actions(environment.action_masks(), generator))
        assert (environment.action_masks() != masks).any()
        environment.set_states(saved)
        np.testing.assert_array_equal(environment.action_masks(), masks)
        one = environment.env_method("action_masks", indices=[1])
        np.testing.assert_array_equal(one, masks[1:2])
        with pytest.raises(GoliveError, match="states: 2: expected 3"):
            environment.set_states(saved[:2])
    finally:
        environment.close()


def test_saved_states_resume_in_other_workers_exactly() -> None:
    original = BatchedVecEnv({"reward": "shaped"}, COUNT, 2)
    resumed = BatchedVecEnv({"reward": "shaped"}, COUNT, 0)
    try:
        original.seed(3)
        original.reset()
        generator = np.random.default_rng(0)
        for _ in range(20):
            original.step(legal_actions(original.action_masks(), generator))
        resumed.set_states(original.get_states())
        for _ in range(60):
            np.testing.assert_array_equal(original.action_masks(), resumed.action_masks())
            actions = legal_actions(original.action_masks(), generator)
            for part, twin in zip(original.step(actions), resumed.step(actions), strict=True):
                assert data_equivalence(part, twin, exact=True)
    finally:
        original.close()


def test_environments_have_distinct_seeds() -> None:
    environment = BatchedVecEnv({}, 8)
    for seed in (0, None):
        environment.seed(seed)
        environment.reset()
        assert len({info["episode_seed"] for info in environment.reset_infos}) == 8


def test_neighbouring_seeds_have_no_episode_in_common() -> None:
    environment = BatchedVecEnv({}, 4)
    seen = []
    for seed in range(5):
        environment.seed(seed)
        environment.reset()
        seen += [info["episode_seed"] for info in environment.reset_infos]
    assert len(set(seen)) == 20
    again = environment.seed(4)
    environment.reset()
    assert [info["episode_seed"] for info in environment.reset_infos] == seen[-4:]
    assert again == BatchedVecEnv({}, 8).seed(4)[:4]


@pytest.mark.parametrize("workers", [0, 1])
def test_attributes_methods_and_wrappers_are_reached(workers: int) -> None:
    wrapped = [lambda: Monitor(WorldEnv())] * COUNT
    environment = BatchedVecEnv(wrapped, workers=workers)
    try:
        environment.reset()
        assert environment.has_attr("action_masks")
        assert not environment.has_attr("nothing_of_the_kind")
        assert environment.get_attr("observation_kind") == ["flat"] * COUNT
        assert environment.env_is_wrapped(Monitor) == [True] * COUNT
        assert environment.env_is_wrapped(gymnasium.wrappers.TimeLimit, indices=1) == [False]
        environment.set_attr("note", 5, indices=[0, 2])
        assert environment.get_attr("note", indices=[0, 2]) == [5, 5]
        assert environment.env_method("get_state", indices=0)[0]["version"] == 1
    finally:
        environment.close()


def test_options_are_used_once() -> None:
    environment = BatchedVecEnv({}, COUNT, 1)
    try:
        environment.set_options([{"episode_seed": 10 + i} for i in range(COUNT)])
        environment.reset()
        assert [info["episode_seed"] for info in environment.reset_infos] == [10, 11, 12]
        environment.reset()
        assert [info["episode_seed"] for info in environment.reset_infos] != [10, 11, 12]
    finally:
        environment.close()


def children() -> set[multiprocessing.process.BaseProcess]:
    """Processes of this one; other tests may have left spare workers that wait for tasks."""
    return set(multiprocessing.active_children())


def test_an_error_in_a_worker_comes_with_its_traceback_and_ends_the_workers() -> None:
    before = children()
    environment = BatchedVecEnv([breaking_at_the_third_step()] * 2, workers=2)
    environment.reset()
    action = np.tile(NEUTRAL, (2, 1))
    environment.step(action)
    environment.step(action)
    with pytest.raises(WorkerError, match="ZeroDivisionError: the third step") as caught:
        environment.step(action)
    assert "Traceback" in caught.value.details
    assert "in step" in caught.value.details
    assert children() <= before
    environment.close()


@pytest.mark.parametrize("workers", [0, 1])
def test_a_user_s_error_in_a_worker_stays_one_line(workers: int) -> None:
    before = children()
    with pytest.raises(GoliveError, match="reward: 'nonsense': expected one of"):
        BatchedVecEnv({"reward": "nonsense"}, 2, workers)
    assert children() <= before


def test_a_killed_worker_is_reported() -> None:
    before = children()
    environment = BatchedVecEnv({}, 2, 1)
    environment.reset()
    [worker] = children() - before
    os.kill(worker.pid or 0, signal.SIGKILL)
    with pytest.raises(WorkerError, match="a worker process died"):
        for _ in range(3):
            environment.step(np.tile(NEUTRAL, (2, 1)))
    environment.close()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({}, None, 0), "n_envs: None: expected at least 1"),
        (({}, 0, 0), "n_envs: 0"),
        (({}, 2, -1), "workers: -1: expected at least 0"),
        (([], None, 0), "factories (0)"),
        (([WorldEnv], 2, 0), "n_envs: 2: expected as many as factories (1)"),
    ],
)
def test_arguments_that_do_not_fit_are_named(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(GoliveError) as caught:
        BatchedVecEnv(*arguments)
    assert message in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("vector", ["dummy", "subprocess", "batched"])
def test_maskable_ppo_learns_on_it_and_never_decides_illegally(vector: str) -> None:
    if vector == "dummy":
        environment: Any = DummyVecEnv(factories())
    elif vector == "subprocess":
        environment = SubprocVecEnv(factories())
    else:
        environment = BatchedVecEnv({}, COUNT, 2)
    monitored = VecMonitor(environment)
    try:
        model = MaskablePPO(
            "MlpPolicy", monitored, n_steps=16, batch_size=48, n_epochs=1, seed=0, device="cpu"
        )
        model.learn(COUNT * 16 * 2)
        assert model.num_timesteps == COUNT * 32
        states = monitored.env_method("get_state")
        assert all(s["world"]["payload"]["state"]["illegal_decisions"] == 0 for s in states)
    finally:
        monitored.close()


@pytest.mark.slow
def test_masks_cross_sb3_s_subprocesses() -> None:
    subprocesses, dummy = SubprocVecEnv(factories()[:1]), DummyVecEnv(factories()[:1])
    generator = np.random.default_rng(7)
    try:
        for environment in (subprocesses, dummy):
            environment.seed(0)
            environment.reset()
        for _ in range(15):
            masks = np.stack(dummy.env_method("action_masks"))
            np.testing.assert_array_equal(np.stack(subprocesses.env_method("action_masks")), masks)
            actions = legal_actions(masks, generator)
            observations, _, dones, _ = subprocesses.step(actions)
            expected, _, expected_dones, _ = dummy.step(actions)
            np.testing.assert_array_equal(observations, expected)
            np.testing.assert_array_equal(dones, expected_dones)
    finally:
        subprocesses.close()
