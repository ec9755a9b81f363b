"""The team in RLlib: a network per role, masked, learns for an iteration."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pettingzoo", reason="needs golive[team]")
ray = pytest.importorskip("ray", reason="needs ray[rllib]")
pytest.importorskip("ray.rllib", reason="needs ray[rllib]", exc_type=ImportError)

pytestmark = pytest.mark.filterwarnings("ignore")  # RLlib's own

ROLES = ("orchestrator", "project_manager", "data_migration", "configuration", "industry_expert")


def parallel() -> Any:
    """The team, its observations under the name that RLlib's masked network asks for."""
    import pettingzoo
    from gymnasium import spaces
    from pettingzoo.utils.wrappers import BaseParallelWrapper

    import golive  # noqa: F401 - its ids

    def named(seen: dict[str, Any]) -> dict[str, Any]:
        return {"observations": seen["observation"], "action_mask": seen["action_mask"]}

    class Named(BaseParallelWrapper):
        def observation_space(self, agent: str) -> Any:
            return spaces.Dict(named(self.env.observation_space(agent)))

        def reset(self, seed: int | None = None, options: Any = None) -> Any:
            observations, infos = self.env.reset(seed=seed, options=options)
            return {role: named(seen) for role, seen in observations.items()}, infos

        def step(self, actions: Any) -> Any:
            observations, *rest = self.env.step(actions)
            return {role: named(seen) for role, seen in observations.items()}, *rest

    return Named(pettingzoo.make("parallel", "golive/Team-v0", scenario="furniture", messages={}))


def configured() -> Any:
    from ray.rllib.algorithms.ppo import PPOConfig
    from ray.rllib.core.rl_module.multi_rl_module import MultiRLModuleSpec
    from ray.rllib.core.rl_module.rl_module import RLModuleSpec
    from ray.rllib.env.wrappers.pettingzoo_env import ParallelPettingZooEnv
    from ray.rllib.examples.rl_modules.classes.action_masking_rlm import ActionMaskingTorchRLModule
    from ray.tune.registry import register_env

    def made(_: Any) -> Any:
        return ParallelPettingZooEnv(parallel())

    def own(role: str, *_: Any, **__: Any) -> str:
        return role

    register_env("golive-team", made)
    masked = {"head_fcnet_hiddens": [16]}
    modules = {
        role: RLModuleSpec(module_class=ActionMaskingTorchRLModule, model_config=masked)
        for role in ROLES
    }
    return (
        PPOConfig()
        .environment("golive-team", disable_env_checking=True)
        .env_runners(num_env_runners=0, rollout_fragment_length=64)
        .training(train_batch_size=64, minibatch_size=32, num_epochs=1)
        .multi_agent(policies=set(ROLES), policy_mapping_fn=own)
        .rl_module(rl_module_spec=MultiRLModuleSpec(rl_module_specs=modules))
        .debugging(seed=1)
    )


@pytest.fixture(scope="module")
def algorithm() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
        made = configured().build_algo()
        yield made
        made.stop()
        ray.shutdown()


def test_five_networks_learn_for_an_iteration_with_finite_losses(algorithm: Any) -> None:
    before = weights(algorithm)
    result = algorithm.train()
    assert result["env_runners"]["num_env_steps_sampled"] >= 64
    for role in ROLES:
        assert math.isfinite(result["learners"][role]["total_loss"])
    after = weights(algorithm)
    for role in ROLES:
        assert any(not np.array_equal(before[role][n], after[role][n]) for n in before[role])


def weights(algorithm: Any) -> dict[str, dict[str, Any]]:
    state = algorithm.get_weights()
    return {role: {n: np.array(v) for n, v in state[role].items()} for role in ROLES}


def test_what_is_illegal_is_never_drawn(algorithm: Any) -> None:
    import torch
    from ray.rllib.core.columns import Columns

    environment = parallel()
    observations, _ = environment.reset(seed=3)
    generator = torch.Generator().manual_seed(3)
    forbidden = 0
    for _ in range(10):
        actions = {}
        for role, seen in observations.items():
            batch = {name: torch.as_tensor(values[None]) for name, values in seen.items()}
            with torch.no_grad():
                out = algorithm.get_module(role).forward_inference({Columns.OBS: batch})
            chances = torch.softmax(out[Columns.ACTION_DIST_INPUTS][0], dim=-1)
            assert float(chances[seen["action_mask"] == 0].sum()) == 0.0
            forbidden += int(np.count_nonzero(seen["action_mask"] == 0))
            actions[role] = int(torch.multinomial(chances, 1, generator=generator))
        observations, _, _, _, infos = environment.step(actions)
        assert [infos[role]["illegal"] for role in ROLES] == [0] * 5
    assert forbidden > 0
