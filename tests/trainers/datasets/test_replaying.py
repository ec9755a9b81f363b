"""Recorded episodes come out again as they were recorded, and other policies may watch."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from golive import GoliveError, load_policy, load_scenario
from golive.agents.implementation.static import static_policies
from golive.agents.probabilities import ObservationPolicy
from golive.core.records import changed
from golive.trainers.datasets import load_logged, record, replay, target_probabilities

SCENARIO = changed(load_scenario("furniture"), parameters={"question_probability": 0.3})
POLICIES = ("noisy:expert:0.2", "noisy:sampled:{file}:0.1", "random")
"""What was recorded; {file} is that of a network."""


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, untrained) -> Path:
    out = tmp_path_factory.mktemp("made") / "three-v0"
    policies = [policy.format(file=untrained) for policy in POLICIES]
    return record(policies, [SCENARIO], out, first_seed=20, episodes=2, reward="shaped")


@pytest.fixture(scope="module")
def logged(dataset):
    return load_logged(dataset)


def steps_of(logged, label: str) -> np.ndarray:
    return np.repeat(logged.episodes["policy"] == label, logged.lengths)


def test_every_episode_comes_out_as_it_was_recorded(dataset):
    replayed = replay(dataset)
    assert [episode.differences for episode in replayed] == [()] * 6
    assert [episode.seed for episode in replayed] == [20, 20, 20, 21, 21, 21]
    assert [episode.episode for episode in replay(dataset, episodes=[4, 1])] == [4, 1]


def test_what_was_altered_is_found(dataset, tmp_path):
    copy = Path(shutil.copytree(dataset, tmp_path / "copy-v0"))
    path = copy / "data/0/metadata.json"
    row = json.loads(path.read_text())
    path.write_text(json.dumps(row | {"digest": "0" * 32}))
    path = copy / "data/2/metadata.json"
    row = json.loads(path.read_text())
    path.write_text(json.dumps(row | {"seed": 7}))
    first, _, third = replay(copy, episodes=[0, 1, 2])
    assert first.differences == ("digest",)
    assert third.differences
    with pytest.raises(GoliveError, match="episode: 6: expected 0 to 5"):
        replay(copy, episodes=[6])


@pytest.mark.parametrize("label", POLICIES)
def test_a_recorded_policy_is_found_as_probable_as_it_said(logged, label, untrained):
    label = label.format(file=untrained)
    steps = steps_of(logged, label)
    found = target_probabilities(logged, label)
    np.testing.assert_allclose(found[steps], logged.behaviour[steps], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("spec", ["expert", "plan_follower", static_policies()[0].name, "{file}"])
def test_a_deterministic_target_is_certain_and_legal(logged, spec, untrained):
    found = target_probabilities(logged, spec.format(file=untrained))
    assert set(np.unique(found)) == {0.0, 1.0}
    assert (found.sum(axis=1) == len(logged.action_sizes)).all()
    assert (found <= logged.masks).all()


def test_only_policies_of_the_observation_do_without_simulation(logged, untrained):
    unplayable = replace(logged, scenarios={})
    file = str(untrained)
    for spec in ("random", f"sampled:{file}:2", file, f"noisy:{file}:0.3"):
        found = target_probabilities(unplayable, spec)
        np.testing.assert_array_equal(found, target_probabilities(logged, spec))
    with pytest.raises(GoliveError, match="scenario 'furniture' is not known"):
        target_probabilities(unplayable, "noisy:expert:0.1")
    assert not isinstance(load_policy("expert"), ObservationPolicy)


def test_processes_find_the_same(logged):
    alone = target_probabilities(logged, "noisy:plan_follower:0.1")
    together = target_probabilities(logged, "noisy:plan_follower:0.1", workers=2)
    np.testing.assert_array_equal(alone, together)
    assert alone.shape == (len(logged.rewards), sum(logged.action_sizes))


def test_another_world_than_the_recorded_one_is_refused(logged):
    other = {"furniture": load_scenario("furniture")}
    with pytest.raises(GoliveError, match="recorded episode"):
        target_probabilities(replace(logged, scenarios=other), "expert")
    with pytest.raises(GoliveError, match="looks into the world"):
        target_probabilities(logged, "planner:1")
