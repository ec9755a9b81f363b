"""Gymnasium's face of many environments: as ``SyncVectorEnv``, with workers."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import SyncVectorEnv
from gymnasium.wrappers import TimeLimit

from golive.core.errors import GoliveError
from golive.envs.batch import AutoresetMode
from golive.envs.environment import WorldEnv
from golive.envs.implementation.actions import ACTION_SIZES
from golive.envs.vector import WorkerError, WorldVectorEnv

COUNT = 3
NEUTRAL = [8, 8, 8, 8, 8, 1, 0]
IDENTIFIER = "golive/Implementation-v1"
MODES = {mode: {"autoreset_mode": mode} for mode in AutoresetMode}
if not hasattr(gymnasium.vector, "AutoresetMode"):  # Gymnasium 1.0 has one and no name for it
    MODES = {AutoresetMode.NEXT_STEP: {}}


def factories(**arguments: Any) -> list[Any]:
    return [partial(WorldEnv, **arguments)] * COUNT


def cut_short(**arguments: Any) -> Any:
    """An environment whose episodes soon end."""
    return TimeLimit(WorldEnv(**arguments), 5)


def legal_actions(masks: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    draws = masks * generator.random(masks.shape)
    parts = np.split(draws, np.cumsum(ACTION_SIZES)[:-1], axis=1)
    return np.stack([part.argmax(axis=1) for part in parts], axis=1)


def breaking_at_the_third_step() -> type[WorldEnv]:
    """Fails in a way that no argument check foresees; local, so that it travels by value."""

    class BreaksAtThirdStep(WorldEnv):
        steps = 0

        def step(self, action: Any) -> Any:
            self.steps += 1
            if self.steps == 3:
                raise ZeroDivisionError("the third step")
            return super().step(action)

    return BreaksAtThirdStep


def assert_same(one: Any, other: Any) -> None:
    """Equal to the last bit and of the same type."""
    assert type(one) is type(other)
    if isinstance(one, Mapping):
        assert one.keys() == other.keys()
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, list | tuple):
        for part, twin in zip(one, other, strict=True):
            assert_same(part, twin)
    elif isinstance(one, np.ndarray) and one.dtype == object:
        assert_same(one.tolist(), other.tolist())
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("kind", "workers"), [("flat", 0), ("dict", 2)])
def test_it_equals_gymnasium_s_sync_vector_env_step_for_step(
    mode: AutoresetMode, kind: str, workers: int
) -> None:
    environments = [partial(cut_short, observation=kind, reward="shaped")] * COUNT
    vector = WorldVectorEnv(environments=environments, workers=workers, autoreset_mode=mode)
    sync = SyncVectorEnv(environments, **MODES[mode])
    try:
        assert vector.metadata == {"autoreset_mode": mode, **sync.metadata}
        assert vector.action_space == sync.action_space
        assert vector.observation_space == sync.observation_space
        assert_same(vector.reset(seed=7), sync.reset(seed=7))
        generator = np.random.default_rng(7)
        ended = 0
        for _ in range(13):
            masks = vector.action_masks()
            np.testing.assert_array_equal(masks, np.stack(sync.call("action_masks")))
            actions = legal_actions(masks, generator)
            step = vector.step(actions)
            assert_same(step, sync.step(actions))
            np.testing.assert_array_equal(step[4]["action_mask"], vector.action_masks())
            ended += int(step[3].sum())
            if mode is AutoresetMode.DISABLED and step[3].any():
                mask = step[3].copy()
                mask[0] = True
                first, second = ({"reset_mask": mask.copy()} for _ in range(2))
                assert_same(vector.reset(seed=1, options=first), sync.reset(seed=1, options=second))
        assert ended > 0
    finally:
        vector.close()


def test_an_episode_that_ends_shows_its_scorecard() -> None:
    vector = WorldVectorEnv(2, autoreset_mode="SameStep")
    vector.reset(seed=0)
    generator = np.random.default_rng(0)
    infos: dict[str, Any] = {}
    while "final_info" not in infos:
        *_, infos = vector.step(legal_actions(vector.action_masks(), generator))
    ended = infos["_final_info"]
    assert (infos["final_info"]["scorecard"]["days"][ended] > 0).all()
    assert (infos["day"][ended] == 0).all()
    assert vector.observation_space.contains(vector.reset(seed=0)[0])


@pytest.mark.parametrize("mode", ["vector_entry_point", None])
def test_make_vec_makes_it(mode: str | None) -> None:
    vector = gymnasium.make_vec(
        IDENTIFIER, num_envs=3, vectorization_mode=mode, reward="shaped", autoreset_mode="SameStep"
    )
    assert isinstance(vector, WorldVectorEnv)
    assert vector.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    assert vector.metadata["render_modes"] == WorldEnv.metadata["render_modes"]
    observations, infos = vector.reset(seed=[1, 2, None], options={"episode_seed": 5})
    assert vector.observation_space.contains(observations)
    assert infos["episode_seed"].tolist() == [5, 5, 5]
    assert infos["action_mask"].shape == (3, sum(ACTION_SIZES))
    assert vector.spec is not None
    assert vector.spec.id == IDENTIFIER
    vector.close()


def test_max_episode_steps_cut_episodes_short_as_gymnasium_s_make_does() -> None:
    given: dict[str, Any] = {"num_envs": 2, "max_episode_steps": 3}
    here = gymnasium.make_vec(IDENTIFIER, **given)
    there = gymnasium.make_vec(IDENTIFIER, vectorization_mode="sync", **given)
    assert_same(here.reset(seed=np.int64(4)), there.reset(seed=4))
    for number in range(1, 9):
        step = here.step(np.tile(NEUTRAL, (2, 1)))
        assert_same(step, there.step(np.tile(NEUTRAL, (2, 1))))
        assert step[3].all() == (number % 4 == 3)


def test_seeds_of_a_seed_sequence_have_no_episode_in_common() -> None:
    vector = WorldVectorEnv(4)
    seen = []
    for seed in range(3):
        seeds = np.random.SeedSequence(seed).generate_state(4)
        seen += vector.reset(seed=seeds)[1]["episode_seed"].tolist()
    assert len(set(seen)) == 12


def test_it_pickles_where_it_has_no_processes_and_says_so_where_it_has() -> None:
    vector = WorldVectorEnv(2)
    vector.reset(seed=1)
    vector.step(np.tile(NEUTRAL, (2, 1)))
    twin = pickle.loads(pickle.dumps(vector))
    for _ in range(4):
        assert_same(vector.step(np.tile(NEUTRAL, (2, 1))), twin.step(np.tile(NEUTRAL, (2, 1))))
    away = WorldVectorEnv(1, workers=1)
    try:
        with pytest.raises(TypeError):
            pickle.dumps(away)
    finally:
        away.close()


@pytest.mark.parametrize("workers", [0, 1])
def test_states_options_and_attributes_reach_the_environments(workers: int) -> None:
    vector = WorldVectorEnv(2, workers=workers, render_mode="ansi")
    try:
        vector.reset(seed=3)
        saved, masks = vector.get_states(), vector.action_masks()
        first = vector.step(np.tile(NEUTRAL, (2, 1)))
        vector.set_states(saved)
        np.testing.assert_array_equal(vector.action_masks(), masks)
        assert_same(vector.step(np.tile(NEUTRAL, (2, 1))), first)
        assert vector.call("get_state")[0]["version"] == 1
        assert vector.get_attr("observation_kind") == ("flat", "flat")
        vector.set_attr("note", [5, 6])
        assert vector.get_attr("note") == (5, 6)
        assert all(isinstance(picture, str) for picture in vector.render())
    finally:
        vector.close()


def test_options_of_the_next_episode_are_used_once() -> None:
    vector = WorldVectorEnv(environments=[cut_short] * 2, autoreset_mode="SameStep")
    vector.reset(seed=0)
    vector.set_next_options({1: {"episode_seed": 77}})
    seeds = [vector.step(np.tile(NEUTRAL, (2, 1)))[4]["episode_seed"].tolist() for _ in range(10)]
    assert seeds[4][0] != 77
    assert [seed for _, seed in seeds[4:9]] == [77] * 5
    assert seeds[9][1] != 77


def test_an_error_in_a_worker_ends_the_workers() -> None:
    vector = WorldVectorEnv(environments=[breaking_at_the_third_step()] * 2, workers=2)
    vector.reset()
    with pytest.raises(WorkerError, match="ZeroDivisionError: the third step"):
        for _ in range(3):
            vector.step(np.tile(NEUTRAL, (2, 1)))
    assert not any(worker.process.is_alive() for worker in vector.workers)
    vector.close()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "num_envs: None: expected at least 1"),
        ({"num_envs": 2, "autoreset_mode": "never"}, "autoreset_mode: 'never': expected one of"),
        ({"num_envs": 2, "reward": "nonsense"}, "reward: 'nonsense': expected one of"),
        ({"environments": [WorldEnv], "reward": "shaped"}, "environments: expected no arguments"),
        ({"num_envs": 2, "environments": [WorldEnv]}, "num_envs: 2: expected as many as factories"),
    ],
)
def test_arguments_that_do_not_fit_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(GoliveError, match=message):
        WorldVectorEnv(**arguments)


@pytest.mark.parametrize(
    ("reset", "message"),
    [
        ({"seed": [1]}, "seed: 1 of them: expected 2"),
        ({"options": {"reset_mask": np.zeros(2, bool)}}, "reset_mask: .* not all false"),
        ({"options": {"reset_mask": np.ones(3, bool)}}, "reset_mask: .*: expected 2 booleans"),
        ({"options": {"mood": 1}}, "options: 'mood': expected one of"),
    ],
)
def test_a_reset_that_does_not_fit_is_named(reset: dict[str, Any], message: str) -> None:
    with pytest.raises(GoliveError, match=message):
        WorldVectorEnv(2).reset(**reset)


def test_neither_it_nor_its_workers_load_a_learning_library() -> None:
    code = (
        "import sys\n"
        "from golive.envs.vector import WorldVectorEnv\n"
        "if __name__ == '__main__':\n"
        "    vector = WorldVectorEnv(2)\n"
        "    vector.reset(seed=0)\n"
        "    print(sorted({'torch', 'ray', 'stable_baselines3'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


_ENDLESS = """
import numpy as np
from golive.envs.vector import WorldVectorEnv

if __name__ == "__main__":
    vector = WorldVectorEnv(4, workers=2)
    vector.reset()
    print("ready", *(worker.process.pid for worker in vector.workers), flush=True)
    try:
        while True:
            vector.step(np.tile([8, 8, 8, 8, 8, 1, 0], (4, 1)))
    except KeyboardInterrupt:
        vector.close()
        print("closed", flush=True)
"""


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_until_gone(pids: list[int], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(_is_running(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_on_ctrl_c_and_with_their_parent(tmp_path: Any, kill: signal.Signals) -> None:
    script = tmp_path / "endless.py"
    script.write_text(_ENDLESS)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        pids = [int(word) for word in process.stdout.readline().split()[1:]]
        assert len(pids) == 2
        time.sleep(0.3)
        if kill == signal.SIGINT:
            os.killpg(process.pid, kill)  # as a terminal does: to the workers as well
            assert process.stdout.readline().strip() == "closed"
            assert process.stderr.read() == ""
            assert process.wait(30) == 0
        else:
            process.kill()
    assert _wait_until_gone(pids)
