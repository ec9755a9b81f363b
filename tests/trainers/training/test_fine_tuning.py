"""Training on from a policy: its actor is taken over, and only a policy that fits is taken."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from test_policy_files import policy_for
from test_world_ground import configuration

from golive.agents.learned import current_interface
from golive.agents.policy_file import PolicyFile, read_policy_file, write_policy_file
from golive.core.errors import GoliveError
from golive.sim.worlds import world_kind
from golive.trainers.training import train
from golive.trainers.training.fine_tuning import fine_tune


def tuning(file: Path, **changes):
    fields = {
        "warm_start": None,
        "total_steps": 384,
        "initial_policy": {"file": str(file), "critic_warmup_rollouts": 1},
        "ppo": {"n_steps": 32, "batch_size": 64, "n_epochs": 2, "net_arch": [8, 4]},
    }
    return configuration(**(fields | changes))


def same(one: PolicyFile, two: PolicyFile) -> bool:
    return all(
        np.array_equal(a, b)
        for layer, other in zip(one.layers, two.layers, strict=True)
        for a, b in zip(layer, other, strict=True)
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("policies") / "agent.policy"
    write_policy_file(path, policy_for(current_interface(world_kind("implementation"))))
    return path


def test_it_starts_from_the_policy_and_trains_the_critic_first(file):
    first, second, third = fine_tune(tuning(file))
    initial = read_policy_file(file)
    assert same(first, initial)
    assert not same(second, initial)
    assert not same(third, second)
    assert [p.training.steps for p in (first, second, third)] == [128, 256, 384]


def test_the_same_configuration_gives_the_same_policies(file):
    (one, other) = (list(islice(fine_tune(tuning(file)), 2))[-1] for _ in range(2))
    assert same(one, other)


def test_a_training_starts_from_it_too(file, tmp_path):
    train(tuning(file, total_steps=128), tmp_path / "run")
    assert same(read_policy_file(tmp_path / "run" / "final.policy"), read_policy_file(file))


def test_a_policy_that_does_not_fit_is_refused_before_anything_is_made(file, tmp_path):
    wrong = tuning(file, ppo={"n_steps": 32, "batch_size": 64, "net_arch": [16]})
    with pytest.raises(GoliveError, match=r"ppo.net_arch and ppo.activation: \[16\], tanh: expect"):
        train(wrong, tmp_path / "run")
    assert not (tmp_path / "run").exists()
    with pytest.raises(GoliveError, match=r"nothing\.policy"):
        train(tuning(tmp_path / "nothing.policy"), tmp_path / "run")


def test_it_is_that_or_a_warm_start(file):
    with pytest.raises(GoliveError, match="initial_policy: expected none beside warm_start"):
        tuning(file, warm_start={"episodes": 2})
