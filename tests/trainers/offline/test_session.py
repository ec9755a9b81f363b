"""Offline learning is reproducible, reports what it does and leaves usable files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from tabular import SIZES, STITCHING, stitching_episodes

from golive.agents.policy_file import InterfaceRecord, PolicyFile, read_policy_file
from golive.core.errors import GoliveError
from golive.trainers.offline import (
    Learned,
    Method,
    OfflineConfiguration,
    learn,
    read_offline_configuration,
    save_learned,
)
from golive.trainers.training import read_learning_curve

INTERFACE = InterfaceRecord("tabular", STITCHING.states, "digest", SIZES)


def configuration(method: Method = Method.IQL, **changes) -> OfflineConfiguration:
    fields = {
        "method": method,
        "gradient_steps": 25,
        "batch_size": 32,
        "net_arch": [8],
        "held_out": 0.25,
        "report_every": 10,
        "iql": {"critic_net_arch": [8]},
    }
    return OfflineConfiguration.model_validate(fields | changes)


def learned(method: Method = Method.IQL, **changes) -> Learned:
    return learn(configuration(method, **changes), stitching_episodes(4), INTERFACE)


def same(one: PolicyFile, other: PolicyFile) -> bool:
    return all(
        np.array_equal(a, b)
        for layer, its in zip(one.layers, other.layers, strict=True)
        for a, b in zip(layer, its, strict=True)
    )


@pytest.mark.parametrize("method", Method)
def test_the_same_seed_gives_the_same_weights_to_the_bit(method: Method) -> None:
    first = learned(method)
    torch.manual_seed(99)
    before = torch.get_rng_state()
    again = learned(method)
    assert torch.equal(torch.get_rng_state(), before)
    assert same(first.policy, again.policy)
    assert first.curve == again.curve
    assert not same(first.policy, learned(method, seed=1).policy)


def test_the_methods_differ() -> None:
    policies = [learned(method).policy for method in Method]
    assert not same(policies[0], policies[1])
    assert not same(policies[0], policies[2])


def test_the_curve_reports_means_and_the_fit_to_what_was_held_out() -> None:
    found = learned()
    assert [row["step"] for row in found.curve] == [10, 20, 25]
    assert (found.episodes, found.held_out) == (27, 9)
    last = found.curve[-1]
    for name in ("actor/loss", "critic/loss", "value/mean", "actor/weight", "held_out/loss"):
        assert np.isfinite(last[name])
    assert 0.0 <= last["held_out/agreement"] <= 1.0
    assert "held_out/loss" not in learned(held_out=0.0).curve[0]


def test_cloning_comes_down_to_the_entropy_of_what_was_recorded() -> None:
    logged = stitching_episodes(4)
    states = logged.observations.argmax(axis=1)
    entropy = 0.0
    for state in np.unique(states):
        at = states == state
        for factor in range(len(SIZES)):
            shares = np.bincount(logged.actions[at, factor]) / at.sum()
            entropy -= at.mean() * (shares[shares > 0.0] * np.log(shares[shares > 0.0])).sum()
    whole = {"batch_size": len(states), "held_out": 0.0, "report_every": 1}
    curve = learned(Method.BC, gradient_steps=150, learning_rate=3e-2, **whole).curve
    assert curve[0]["actor/loss"] > entropy + 0.05
    assert curve[-1]["actor/loss"] == pytest.approx(entropy, abs=0.01)


def test_filtered_cloning_sees_the_best_episodes_only() -> None:
    found = learned(Method.FILTERED_BC, filter={"share": 0.25}, held_out=0.0)
    assert found.episodes == 9


def test_the_scale_of_rewards_does_not_matter_unless_they_are_left_as_they_are() -> None:
    logged = stitching_episodes(4)
    larger = replace(logged, rewards=1024.0 * logged.rewards)  # a power of two: exact
    one, other = (learn(configuration(), data, INTERFACE) for data in (logged, larger))
    assert same(one.policy, other.policy)
    unscaled = configuration(iql={"critic_net_arch": [8], "scale_rewards": False})
    one, other = (learn(unscaled, data, INTERFACE) for data in (logged, larger))
    assert not same(one.policy, other.policy)


def test_what_is_saved_can_be_read_back(tmp_path: Path) -> None:
    told = configuration(held_out=0.0)
    found = learn(told, stitching_episodes(4), INTERFACE)
    save_learned(found, told, tmp_path)
    policy = read_policy_file(tmp_path)
    assert same(policy, found.policy)
    assert (policy.training.scenario, policy.training.steps) == ("tabular", 68)
    assert read_offline_configuration(tmp_path / "config.yaml") == told
    assert read_learning_curve(tmp_path)["step"].to_list() == [10, 20, 25]
    assert (tmp_path / "curve.parquet").is_file()


def test_episodes_of_another_world_are_refused() -> None:
    other = replace(INTERFACE, observation_size=7)
    with pytest.raises(
        GoliveError, match=r"expected \(7, \(3, 2\)\): it was recorded with another"
    ):
        learn(configuration(), stitching_episodes(1), other)


def test_a_dataset_without_episodes_is_refused() -> None:
    empty = stitching_episodes(1).of_episodes(np.empty(0, np.int64))
    with pytest.raises(GoliveError, match="holds no episodes"):
        learn(configuration(), empty, INTERFACE)


def test_learning_that_diverges_says_so() -> None:
    logged = stitching_episodes(1)
    broken = replace(logged, rewards=np.where(logged.rewards > 0.0, np.nan, 0.0))
    with pytest.raises(GoliveError, match=r"diverged by gradient step 10: actor/loss: nan"):
        learn(configuration(), broken, INTERFACE)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"method": "cql"}, "method"),
        ({"iql": {"expectile": 1.0}}, "iql.expectile"),
        ({"filter": {"share": 0.0}}, "filter.share"),
        ({"gradient_step": 5}, "did you mean gradient_steps"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, field, message: str) -> None:
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(field))
    with pytest.raises(GoliveError, match=message):
        read_offline_configuration(tmp_path / "own.yaml")
