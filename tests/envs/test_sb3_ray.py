"""Ray actors as workers of the vector environment: the same episodes, the same errors."""

from __future__ import annotations

import os
import signal
from typing import Any

import numpy as np
import pytest
from stable_baselines3.common.vec_env import DummyVecEnv

from golive.core.errors import GoliveError
from golive.envs.sb3 import BatchedVecEnv
from golive.envs.vector import WorkerError, WorkerLost

from .test_sb3 import assert_same_rollout
from .test_vector import COUNT, NEUTRAL, breaking_at_the_third_step, factories


def on_ray(environments: Any, count: int | None = None, workers: int = 1) -> BatchedVecEnv:
    return BatchedVecEnv(environments, count, workers, backend="ray")


def test_without_a_session_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import ray

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    with pytest.raises(GoliveError, match="backend: 'ray': expected a session"):
        on_ray({}, 2)


def test_an_unknown_backend_is_named() -> None:
    with pytest.raises(GoliveError, match="backend: 'thread': expected one of process, ray"):
        BatchedVecEnv({}, 2, 1, backend="thread")


@pytest.mark.usefixtures("ray_session")
class TestOnRay:
    def test_it_equals_sb3_s_dummy_vec_env_step_for_step(self) -> None:
        batched = on_ray({"observation": "dict", "reward": "shaped"}, COUNT, workers=2)
        dummy = DummyVecEnv(factories(observation="dict", reward="shaped"))
        try:
            assert assert_same_rollout(batched, dummy, 100) > 0
            saved = batched.get_states()
            batched.set_states(saved)
            assert batched.get_attr("observation_kind") == ["dict"] * COUNT
        finally:
            batched.close()

    def test_errors_of_environments_come_as_from_processes(self) -> None:
        with pytest.raises(GoliveError, match=r"^reward: 'nonsense': expected one of"):
            on_ray({"reward": "nonsense"}, 2)
        environment = on_ray([breaking_at_the_third_step()] * 2)
        environment.reset()
        actions = np.tile(NEUTRAL, (2, 1))
        environment.step(actions)
        environment.step(actions)
        with pytest.raises(WorkerError, match="ZeroDivisionError: the third step") as caught:
            environment.step(actions)
        assert not isinstance(caught.value, WorkerLost)
        assert "in step" in caught.value.details

    def test_a_killed_actor_is_a_lost_worker(self) -> None:
        import ray

        environment = on_ray({}, 2)
        environment.reset()
        actor = environment.vector.workers[0].actor  # type: ignore[attr-defined]
        os.kill(ray.get(actor.__ray_call__.remote(lambda _: os.getpid())), signal.SIGKILL)
        with pytest.raises(WorkerLost, match="a Ray worker died"):
            environment.step(np.tile(NEUTRAL, (2, 1)))
        environment.close()
