"""Learning knows no world: the one of docs/examples is trained in, recorded and learned from."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from golive.agents.learned import LearnedPolicy, current_interface
from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.core.worlds import WORLDS
from golive.scenarios.loader import load_scenario
from golive.sim.world_kind import WorldKind
from golive.trainers.datasets import load_logged, record, replay, target_probabilities
from golive.trainers.datasets.overview import overview
from golive.trainers.datasets.recording import standard_sets
from golive.trainers.offline import OfflineConfiguration, learn
from golive.trainers.offline_evaluation import ask
from golive.trainers.quality import judge_quality
from golive.trainers.training import parse_configuration, read_learning_curve, train
from golive.trainers.training.configuration import configuration_schema
from golive.trainers.training.world_ground import WorldGround

EXAMPLE = Path(__file__).parents[3] / "docs/examples/golive-queue"
REPLAY = {"minimum": 2, "buffer_size": 5}


@pytest.fixture(scope="module")
def queue() -> Iterator[WorldKind]:
    """The example's world, installed for these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLE))
        from golive_queue.kind import KIND

        WORLDS.register(KIND.name, KIND)
        yield KIND
    WORLDS.unregister(KIND.name)
    gymnasium.registry.pop(KIND.environment, None)
    for name in [name for name in sys.modules if name.startswith("golive_queue")]:
        del sys.modules[name]


def configuration(**environment):
    return parse_configuration(
        {
            "total_steps": 256,
            "n_envs": 4,
            "workers": 0,
            "environment": environment,
            "ppo": {"n_steps": 32, "batch_size": 64, "net_arch": [8]},
            "warm_start": {"episodes": 3, "epochs": 1},
            "evaluation": {"episodes": 2, "every_steps": 128, "mixes": [{"name": "as-it-is"}]},
        },
        "test",
    )


def test_its_own_names_hold_unless_others_are_given(queue: WorldKind) -> None:
    told = configuration(scenario="counter")
    assert told.environment.kind is queue
    assert told.environment.reward == queue.reward_language.default
    assert told.warm_start.demonstrator == "foreman"
    with pytest.raises(GoliveError, match="counts: unknown field"):
        configuration(scenario="counter", levels={"counts": [1.0]})
    with pytest.raises(GoliveError, match="customer: unknown field"):
        configuration(scenario="counter", customer="reference")
    schema = json.loads(configuration_schema(queue.name))
    assert set(schema["$defs"]["LevelSettings"]["properties"]) == {"mode", "replay"}


def test_it_is_trained_in_with_levels_that_come_again(queue: WorldKind, tmp_path: Path) -> None:
    levels = {"mode": "prioritised", "replay": REPLAY}
    train(configuration(scenario="counter", levels=levels), tmp_path / "run")
    curve = read_learning_curve(tmp_path / "run")
    assert {"episode/score", "levels/kept", "entropy/pace"} <= set(curve.columns)
    policy = LearnedPolicy.load(tmp_path / "run")
    assert policy.policy_file.interface == current_interface(queue)


def test_other_decisions_are_lived_through_on_the_same_luck(
    queue: WorldKind, tmp_path: Path
) -> None:
    told = changed(
        configuration(scenario="counter"),
        total_steps=1,
        improvement={"episodes": 4, "share": 0.5, "candidates": 2},
        warm_start={"demonstrator": "foreman", "episodes": 3, "corrections": {"episodes": 2}},
    )
    train(told, tmp_path / "run")
    ground, policy = WorldGround(told), LearnedPolicy.load(tmp_path / "run")
    branches = ground.branch(policy.policy_file, 0, lambda _: None)
    assert len(branches.scores) == 4
    assert len(branches.gains) <= 2 * len(branches.own) > 0
    assert np.any(branches.gains != 0.0)
    mine = branches.own[branches.points, branches.factors]
    assert np.all(mine != branches.choices)
    starts = np.array(queue.language.choices.starts)[branches.factors]
    assert np.all(branches.masks[branches.points, starts + branches.choices])
    again = WorldGround(told).branch(policy.policy_file, 0, lambda _: None)
    np.testing.assert_array_equal(again.gains, branches.gains)
    other = ground.branch(policy.policy_file, 1, lambda _: None)
    assert other.observations.tolist() != branches.observations.tolist()


def test_scenarios_of_several_worlds_are_refused(queue: WorldKind, tmp_path: Path) -> None:
    told = configuration(scenarios=["counter", "furniture"])
    with pytest.raises(GoliveError, match="of worlds queue, implementation: expected those of one"):
        train(told, tmp_path / "run")


def test_it_is_recorded_replayed_judged_and_learned_from(queue: WorldKind, tmp_path: Path) -> None:
    policies, counter = ["foreman", "noisy:foreman:0.3"], load_scenario("counter")
    folder = record(policies, [counter], tmp_path / "two-v0", first_seed=0, episodes=2)
    assert not any(episode.differences for episode in replay(folder))
    assert [row.policy for row in overview(folder).policies] == policies
    logged = load_logged(folder)
    question = ask(logged, target_probabilities(logged, "normal"))
    assert question.metric == "score"
    told = OfflineConfiguration(gradient_steps=5)
    assert learn(told, logged, current_interface(queue)).episodes == 4
    with pytest.raises(GoliveError, match="scenarios: of worlds"):
        record(["slow"], [counter, load_scenario("furniture")], folder, first_seed=0, episodes=1)


def test_its_standard_sets_are_made_of_its_own_policies(queue: WorldKind) -> None:
    names = list(standard_sets(queue))
    assert names == ["random", "normal", "foreman", "mixed"]


def test_the_quality_bar_finds_that_lots_nearly_win_in_it(queue: WorldKind) -> None:
    checks = judge_quality(queue, episodes=30).checks
    found = {check.requirement.id: check.measured.found for check in checks if check.failed}
    assert "random 0.0" in found["semantic.floor_gap"]
    assert not [id for id in found if id.startswith("runtime.")]
