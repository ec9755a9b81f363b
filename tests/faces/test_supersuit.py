"""Stable-Baselines3's PPO on a team of five through SuperSuit: one policy for all roles.

Runs where SuperSuit is installed (``make test-faces``).
"""

from __future__ import annotations

import numpy as np
import pytest

supersuit = pytest.importorskip(
    "supersuit", reason="supersuit is not installed: `make test-faces` tests it"
)
pytest.importorskip("pettingzoo", reason="needs golive[team]")

from stable_baselines3 import PPO  # noqa: E402

from golive.envs.team import TeamEnv  # noqa: E402


def test_stable_baselines_learns_through_supersuit() -> None:
    team = supersuit.pad_action_space_v0(TeamEnv("furniture", observation="box"))
    single = supersuit.pettingzoo_env_to_vec_env_v1(team)
    several = supersuit.concat_vec_envs_v1(single, 2, base_class="stable_baselines3")
    assert several.num_envs == 10
    # No seed: SuperSuit's vectorised environments have none, so Stable-Baselines3 cannot set it.
    model = PPO("MlpPolicy", several, n_steps=100, batch_size=100, n_epochs=1, device="cpu")
    before = [parameter.detach().clone() for parameter in model.policy.parameters()]
    model.learn(1_000)
    assert model.num_timesteps == 1_000
    assert np.isfinite(model.rollout_buffer.rewards).all()
    assert model.rollout_buffer.episode_starts[1:].any()
    after = [parameter.detach() for parameter in model.policy.parameters()]
    assert any(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))
