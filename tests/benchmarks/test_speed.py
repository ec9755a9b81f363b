"""Speed is measured in turns, and the page takes the report; how fast it is, no test asserts."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from benchmarks import speed
from benchmarks.command import run
from tools.pages.__main__ import app


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("speed") / "report.json"
    options = ["--quick", "--repetitions", "2", "--environments", "4", "--out", str(path)]
    only = "one,many,cartpole,highway"
    options += ["--only", only]
    if (speed.REPOSITORY / ".git").exists():
        options += ["--against", "HEAD"]
    assert run(speed.command, options) == 0
    return path


def test_everything_is_told_beside_the_bare_loop(written) -> None:
    report = json.loads(written.read_text())
    names = {row["name"] for row in report["steps"]}
    assert {"bare", "world", "environment", "reset", "one", "many", "cartpole"} <= names
    assert ("highway" in names) == (find_spec("highway_env") is not None)
    assert len(report["missing"]) == (find_spec("highway_env") is None)
    for row in report["steps"]:
        interval = row["per_second"]
        assert 0 <= interval["low"] <= interval["estimate"] <= (interval["high"] or 1e99)
    assert report["same_episodes"] in (True, None)


def test_the_page_takes_the_report(written, tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- speed:begin --> old <!-- speed:end -->")
    told = ["--command", "python -m benchmarks.speed", "--page", str(page)]
    assert run(app, ["speed", str(written), *told]) == 0
    text = page.read_text()
    assert "old" not in text
    assert "$ python -m benchmarks.speed\n" in text
    assert "| 4 in a process |" in text
    assert "| 4 in a process over 1 |" in text


def test_what_is_wrong_is_told(capsys) -> None:
    assert run(speed.command, ["--only", "tetris"]) == 2
    assert "--only" in capsys.readouterr().err
    with pytest.raises(speed.GoliveError, match="no-such-commit"):
        speed._git("rev-parse", "--verify", "no-such-commit", what="--against: no-such-commit")


def test_a_lean_training_estimates_what_sb3_does() -> None:
    import numpy as np
    import torch
    from stable_baselines3.common.buffers import RolloutBuffer

    from benchmarks.lean_ppo import LeanPpo
    from golive.envs.sb3 import BatchedVecEnv
    from golive.trainers.training.learning import PpoConfiguration

    environments = BatchedVecEnv({"scenario": "furniture"}, n_envs=2)
    environments.seed(0)
    ppo = PpoConfiguration(n_steps=6, batch_size=12)
    sizes = environments.action_space.nvec.tolist()
    lean = LeanPpo(environments, sizes, ppo)
    before = [parameter.clone() for parameter in lean.parameters]
    lean.iterate()
    assert all(not torch.equal(*pair) for pair in zip(before, lean.parameters, strict=True))

    generator = np.random.default_rng(0)
    values = generator.normal(size=(7, 2)).astype(np.float32)
    rewards = generator.normal(size=(6, 2)).astype(np.float32)
    ends = (generator.random((6, 2)) < 0.3).astype(np.float32)
    buffer = RolloutBuffer(6, environments.observation_space, environments.action_space)
    buffer.n_envs, buffer.gamma, buffer.gae_lambda = 2, ppo.gamma, ppo.gae_lambda
    buffer.reset()
    buffer.values, buffer.rewards = values[:-1], rewards
    buffer.episode_starts = np.vstack([np.zeros((1, 2), np.float32), ends[:-1]])
    buffer.compute_returns_and_advantage(torch.from_numpy(values[-1]), ends[-1])
    found = lean._advantages(*map(torch.from_numpy, (values, rewards, ends)))
    np.testing.assert_allclose(found, buffer.advantages, rtol=1e-5, atol=1e-6)
