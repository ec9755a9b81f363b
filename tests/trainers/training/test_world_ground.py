"""Training on the implementation world itself: exact across interruptions and processes."""

import signal
from pathlib import Path

import numpy as np
import pytest
from test_trainer import Signals

from golive.agents.learned import LearnedPolicy
from golive.agents.policy_file import read_policy_file
from golive.agents.registry import load_policy
from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario, load_suite
from golive.scenarios.suite import Split
from golive.sim.episodes import run
from golive.sim.worlds import world_kind
from golive.trainers.training import parse_configuration, read_learning_curve, train
from golive.trainers.training.run_directory import TrainingState
from golive.trainers.training.world_ground import WorldGround, reward_of


def configuration(**changes):
    fields = {
        "total_steps": 384,
        "n_envs": 4,
        "workers": 0,
        "seed": 0,
        "environment": {"reward": "score_shaped"},
        "ppo": {"n_steps": 32, "batch_size": 64, "n_epochs": 2, "net_arch": [16]},
        "evaluation": {"every_steps": 256, "episodes": 2},
        "checkpoint_every": 128,
        "warm_start": {"episodes": 3, "epochs": 2, "critic_warmup_rollouts": 1},
    }
    return parse_configuration(fields | changes, "test")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "whole"
    train(configuration(), folder)
    return folder


def assert_same_weights(folder: Path, other: Path) -> None:
    one, two = (read_policy_file(f / "final.policy").layers for f in (folder, other))
    for layer, expected in zip(one, two, strict=True):
        np.testing.assert_array_equal(layer[0], expected[0])
        np.testing.assert_array_equal(layer[1], expected[1])


@pytest.mark.slow
def test_interrupted_and_resumed_on_real_worlds_it_ends_the_same(
    whole: Path, tmp_path: Path
) -> None:
    first = train(configuration(), tmp_path / "run", reporter=Signals(2, "training", 200))
    assert first.state is TrainingState.INTERRUPTED
    assert train(None, tmp_path / "run", resume=True).state is TrainingState.FINISHED
    assert_same_weights(tmp_path / "run", whole)
    columns = ["step", "episode/return", "terms/shaping", "validation/score"]
    curves = [read_learning_curve(f).select(columns) for f in (tmp_path / "run", whole)]
    assert curves[0].equals(curves[1])


@pytest.mark.slow
def test_the_number_of_processes_does_not_matter(whole: Path, tmp_path: Path) -> None:
    train(configuration(workers=2), tmp_path / "run", reporter=Signals(2, "training", 200))
    train(configuration(workers=1), tmp_path / "run", resume=True)
    assert_same_weights(tmp_path / "run", whole)


@pytest.mark.slow
def test_workers_that_die_cost_only_what_came_after_the_checkpoint(
    whole: Path, tmp_path: Path
) -> None:
    import multiprocessing

    class Murderer(Signals):
        times = 1
        warnings: tuple[str, ...] = ()

        def advance(self, done: int, score: float | None = None) -> None:
            if self.current == "training" and done >= 256 and self.times > 0:
                self.times -= 1
                for child in multiprocessing.active_children():
                    child.kill()

        def warning(self, text: str) -> None:
            self.warnings += (text,)

    once, again = Murderer(signal.SIGINT, "none"), Murderer(signal.SIGINT, "none")
    again.times = 99
    train(configuration(workers=1), tmp_path / "once", reporter=once)
    assert [text[-16:] for text in once.warnings] == ["back to step 128"]
    assert_same_weights(tmp_path / "once", whole)
    folder = tmp_path / "again"
    with pytest.raises(GoliveError, match=r"worker process died.*can be resumed from step 128"):
        train(configuration(workers=1), folder, reporter=again)
    assert len(again.warnings) == 1
    train(configuration(), folder, resume=True)
    assert_same_weights(folder, whole)


def test_a_finished_training_is_not_made_again(whole: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*.policy")}
    outcome = train(None, whole, resume=True)
    assert (outcome.state, outcome.steps) == (TrainingState.FINISHED, 384)
    assert {path: path.stat().st_mtime_ns for path in whole.rglob("*.policy")} == before


def test_the_trained_policy_scores_what_validation_said(whole: Path) -> None:
    policy = LearnedPolicy.load(whole)
    first = load_suite("furniture").splits[Split.VALIDATION].start
    scenario = load_scenario("furniture")
    cards = [
        run(world_kind("implementation"), policy, scenario, first + index).scorecard
        for index in range(2)
    ]
    expected = policy.policy_file.training
    assert expected.validation_episodes == 2
    assert np.mean([card.go_live_score for card in cards]) == expected.validation_score
    assert load_policy(str(whole)).name == policy.name


def test_demonstrations_are_legal_whole_episodes_of_the_demonstrator() -> None:
    ground = WorldGround(configuration())
    heard = []
    demonstrations = ground.demonstrate(heard.append)
    assert heard[-1] == 3
    assert demonstrations.lengths.sum() == len(demonstrations.rewards)
    assert len(demonstrations.scores) == 3
    offsets = np.cumsum((0, *ground.interface.action_sizes[:-1]))
    chosen = np.take_along_axis(demonstrations.masks, demonstrations.actions + offsets, axis=1)
    assert chosen.all()
    again = WorldGround(configuration()).demonstrate(heard.append)
    np.testing.assert_array_equal(again.observations, demonstrations.observations)
    np.testing.assert_array_equal(again.actions, demonstrations.actions)


def test_shaping_has_the_learners_discount_and_weights_can_differ() -> None:
    reward = reward_of(
        configuration(
            environment={
                "reward": "score_shaped",
                "reward_weights": {"manual_intervention": -1},
                "potential_weights": {"trust": 0.5},
            },
            ppo={"n_steps": 32, "batch_size": 64, "gamma": 0.9},
        )
    )
    assert (reward.potential.gamma, reward.potential.trust) == (0.9, 0.5)
    assert (reward.manual_intervention, reward.business_value) == (-1.0, 10.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"environment": {"scenario": "furnitur"}}, "did you mean furniture"),
        ({"environment": {"suite": "none"}}, "no such suite"),
        ({"environment": {"reward": "money"}}, "reward: 'money'"),
        ({"environment": {"reward_weights": {"glory": 1.0}}}, "glory"),
        ({"environment": {"potential_weights": {"glory": 1.0}}}, "glory"),
        ({"environment": {"reward_weights": {"potential": 1.0}}}, "potential_weights"),
        ({"evaluation": {"episodes": 10**9}}, "evaluation.episodes: 1000000000"),
        ({"warm_start": {"demonstrator": "exprt"}}, "did you mean 'expert'"),
    ],
)
def test_names_that_do_not_exist_are_told_before_a_folder_is_made(
    tmp_path: Path, changes: dict, message: str
) -> None:
    with pytest.raises(GoliveError, match=message) as caught:
        train(configuration(**changes), tmp_path / "run")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "run").exists()
