"""Trainings that choose their levels: exact across interruptions, and right in their scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_trainer import Signals
from test_world_ground import assert_same_weights

from golive.envs.sb3 import BatchedVecEnv
from golive.scenarios.implementation.levels import ImplementationLevels
from golive.scenarios.suite import SeedRange
from golive.trainers.training import parse_configuration, read_learning_curve, train
from golive.trainers.training.algorithm import ChosenRolloutBuffer
from golive.trainers.training.curriculum import LevelledEnvironments
from golive.trainers.training.levels import LevelScenario, LevelSource
from golive.trainers.training.run_directory import TrainingState
from golive.trainers.training.world_ground import WorldGround

REPLAY = {"minimum": 2, "buffer_size": 5, "probability": 0.6}
MODES: dict[str, dict[str, object]] = {
    "fixed": {},
    "randomised": {"mode": "randomised", "opponent_probability": 0.3},
    "prioritised": {"mode": "prioritised", "replay": REPLAY},
    "robust": {
        "mode": "prioritised",
        "replay": REPLAY | {"train_on_replayed_only": True, "score": "max_return"},
    },
}


def configuration(mode: str, **changes: object):
    fields: dict[str, object] = {
        "total_steps": 512,
        "n_envs": 4,
        "workers": 0,
        "seed": 0,
        "environment": {
            "reward": "score_shaped",
            "scenarios": ["furniture", "injection-moulding"],
            "levels": MODES[mode],
        },
        "ppo": {"n_steps": 32, "batch_size": 64, "n_epochs": 1, "net_arch": [16]},
        "evaluation": {
            "every_steps": 512,
            "episodes": 4,
            "mixes": [[], {"opponent": "adaptive:4"}],
        },
        "checkpoint_every": 128,
    }
    return parse_configuration(fields | changes, "test")


@pytest.mark.parametrize("mode", ["randomised", "prioritised", "robust"])
def test_interrupted_and_resumed_it_ends_the_same(mode: str, tmp_path: Path) -> None:
    told = configuration(mode)
    assert train(told, tmp_path / "whole").state is TrainingState.FINISHED
    first = train(told, tmp_path / "run", reporter=Signals(2, "training", 250))
    assert first.state is TrainingState.INTERRUPTED
    assert train(None, tmp_path / "run", resume=True).state is TrainingState.FINISHED
    assert_same_weights(tmp_path / "run", tmp_path / "whole")
    columns = ["step", "episode/return", "validation/score", "levels/edge_cases"]
    curves = [read_learning_curve(tmp_path / f).select(columns) for f in ("run", "whole")]
    assert curves[0].equals(curves[1])


def levelled(mode: str, environments: int = 2) -> LevelledEnvironments:
    settings = ImplementationLevels.model_validate(MODES[mode])
    scenarios = [LevelScenario("furniture", 1.0, SeedRange(start=0, stop=50))]
    batched = BatchedVecEnv({"scenario": "furniture"}, environments, 0)
    return LevelledEnvironments(batched, LevelSource(scenarios, settings, 0), 0)


def test_environments_play_the_levels_they_are_given() -> None:
    environments = levelled("randomised")
    environments.reset()
    given = [row[-1].level for row in environments._played]
    following = [played.level for played in environments._next]
    assert [info["episode_seed"] for info in environments.batched.reset_infos] == [
        level.seed for level in given
    ]
    dones = np.zeros(2, bool)
    while not dones[0]:
        _, _, dones, infos = environments.step(np.tile([0, 1, 2, 3, 4, 1, 0], (2, 1)))
        assert all(edge_case in infos[0]["level"] for edge_case in given[0].met[0])
    begun = environments.batched.reset_infos[0]
    assert begun["episode_seed"] == following[0].seed
    assert all(edge_case in begun["level"] for edge_case in following[0].met[0])
    environments.close()


def rollout(environments: LevelledEnvironments, starts: list[int]) -> ChosenRolloutBuffer:
    """Six steps of two environments; the first one's episodes begin at ``starts``."""
    buffer = ChosenRolloutBuffer(
        6, environments.observation_space, environments.action_space, n_envs=2, gamma=0.5
    )
    buffer.rewards[:] = 1.0
    buffer.values[:] = 0.25
    buffer.advantages = np.zeros((6, 2), np.float32)
    buffer.advantages[:, 0] = [1.0, -3.0, 2.0, 4.0, -1.0, 0.0]
    buffer.episode_starts[starts, 0] = 1.0
    return buffer


def test_scores_are_means_of_positive_advantages_over_whole_episodes() -> None:
    environments = levelled("prioritised")
    environments.reset()
    assert environments.replay is not None
    first = environments._played[0][0].level
    environments._played[0].append(environments._next[0])  # as a done does
    environments.judge(rollout(environments, [0, 3]))
    kept = dict(zip(environments.replay.levels, environments.replay.scores, strict=True))
    assert kept == {first: 1.0}, "(1 + 0 + 2) / 3; the other episodes are not over"
    second = environments._played[0][0].level
    environments._played[0].append(environments._next[0])
    environments.judge(rollout(environments, [2]))
    kept = dict(zip(environments.replay.levels, environments.replay.scores, strict=True))
    assert kept[second] == pytest.approx((4.0 + 1.0) / 5), "three steps before, two now"
    environments.close()


def test_the_gap_to_the_best_return_is_the_other_score() -> None:
    environments = levelled("robust")
    environments.reset()
    environments._played[0].append(environments._next[0])
    environments.judge(rollout(environments, [0, 3]))
    assert environments.replay is not None
    assert environments.replay.scores == [1.0 + 0.5 + 0.25 - 0.25]
    environments.close()


def test_robust_replay_learns_from_replayed_levels_only() -> None:
    environments = levelled("robust")
    environments.reset()
    report = environments.judge(rollout(environments, [0]))
    assert report.keep is not None
    assert not report.keep.any(), "nothing is replayed yet"
    buffer = rollout(environments, [0])
    buffer.pos, buffer.full = 6, True
    keep = np.zeros((6, 2), bool)
    keep[2:5, 1] = True
    buffer.rewards[:] = np.arange(12).reshape(6, 2)
    buffer.returns = buffer.rewards.copy()
    buffer.choose(keep)
    assert buffer.usable == 3
    seen = np.concatenate([batch.returns.numpy() for batch in buffer.get(2)])
    assert len(seen) == 2, "a batch of a single sample is left out"
    assert set(seen) <= {5.0, 7.0, 9.0}
    environments.close()


def test_validation_meets_every_mix_in_every_scenario() -> None:
    told = configuration("fixed", evaluation={"episodes": 8, "mixes": [[], ["corrupt_data"]]})
    levels = WorldGround(told).validation_levels
    cells = [(scenario.name, len(scenario.disruptions)) for scenario, _ in levels]
    assert cells[:4] == cells[4:]
    assert len(set(cells)) == 4
    assert len({seed for _, seed in levels}) == 8


def test_demonstrations_come_from_the_same_levels() -> None:
    told = configuration("randomised", warm_start={"episodes": 40})
    levels = WorldGround(told)._levels_apart(1, 0, 40)
    assert {level["scenario"] for level in levels} == {"furniture", "injection-moulding"}
    assert any("disruptions" in level for level in levels)
    assert any("opponent" in level for level in levels)
