"""A learned policy decides from its file as the network it was trained as would."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from gymnasium import spaces
from stable_baselines3.common.logger import Logger
from stable_baselines3.common.vec_env import VecEnv
from test_policy_files import policy_for
from training_fakes import FakeEnvironments, small_configuration

from golive.agents.learned import ActorNetwork, LearnedPolicy, current_interface
from golive.agents.probabilities import masked_softmax
from golive.agents.sampled import SampledPolicy
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run
from golive.sim.policy import Policy
from golive.sim.worlds import world_kind
from golive.trainers.training.actor import export_policy
from golive.trainers.training.algorithm import ResumablePPO
from golive.trainers.training.rewards import ScaledRewards

KIND = world_kind("implementation")
CHOICES = KIND.language.choices
INTERFACE = current_interface(KIND)
NAMES = [f"factor {index}" for index in range(len(INTERFACE.action_sizes))]


class RealSpaces(FakeEnvironments):
    """The fake with the real environment's spaces; only the spaces are used."""

    def __init__(self) -> None:
        VecEnv.__init__(
            self,
            8,
            spaces.Box(-10.0, 10.0, (INTERFACE.observation_size,), np.float32),
            spaces.MultiDiscrete(list(INTERFACE.action_sizes)),
        )


def model(activation: str) -> ResumablePPO:
    ppo = {"n_steps": 16, "batch_size": 64, "net_arch": [32, 24], "activation": activation}
    configuration = small_configuration(ppo=ppo)
    scaled = ScaledRewards(RealSpaces(), configuration.reward_scaling, 0.99)
    return ResumablePPO(configuration, scaled, Logger(None, []), NAMES)


def random_cases(count: int):
    generator = np.random.default_rng(0)
    observations = generator.normal(size=(count, INTERFACE.observation_size)).astype(np.float32)
    masks = generator.random((count, sum(INTERFACE.action_sizes))) < 0.5
    start = 0
    for size in INTERFACE.action_sizes:
        masks[:, start + size - 1] |= ~masks[:, start : start + size].any(axis=1)
        start += size
    return observations, masks


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_its_choice_is_that_of_the_torch_policy(activation: str) -> None:
    learner = model(activation)
    with torch.no_grad():
        learner.policy.action_net.weight.mul_(100.0)  # far from uniform, as after training
    actor = ActorNetwork(export_policy(learner, INTERFACE, None))
    observations, masks = random_cases(2000)
    expected, _ = learner.predict(observations, deterministic=True, action_masks=masks)
    found = [actor.best(o, m) for o, m in zip(observations, masks, strict=True)]
    np.testing.assert_array_equal(np.array(found), expected)


def test_its_probabilities_are_those_of_the_torch_policy() -> None:
    learner = model("tanh")
    with torch.no_grad():
        learner.policy.action_net.weight.mul_(100.0)
    actor = ActorNetwork(export_policy(learner, INTERFACE, None))
    observations, masks = random_cases(50)
    found = masked_softmax(CHOICES, actor.logits(observations), masks)
    actions = np.array([actor.best(o, m) for o, m in zip(observations, masks, strict=True)])
    actions[::2] = [[row[part].argmax() for part in CHOICES.parts] for row in masks[::2]]
    with torch.no_grad():
        _, expected, _ = learner.policy.evaluate_actions(
            torch.as_tensor(observations), torch.as_tensor(actions), action_masks=masks
        )
    chosen = np.take_along_axis(found, actions + CHOICES.starts, axis=1)
    np.testing.assert_allclose(np.log(chosen).sum(axis=1), expected.numpy(), rtol=1e-4, atol=1e-4)


def test_it_plays_a_whole_implementation_without_an_illegal_decision() -> None:
    scenario = load_scenario("furniture")
    for seed in range(3):
        policy = LearnedPolicy(policy_for(INTERFACE, seed=seed))
        assert isinstance(policy, Policy)
        assert run(KIND, policy, scenario, seed).scorecard.illegal_decisions == 0


def test_the_same_seed_is_the_same_episode_also_when_it_samples() -> None:
    scenario = load_scenario("furniture")
    policy = SampledPolicy(policy_for(INTERFACE))
    digests = [run(KIND, policy, scenario, seed).digest for seed in (5, 6, 5)]
    assert digests[0] == digests[2] != digests[1]


def test_acting_needs_no_torch(tmp_path) -> None:
    from golive.agents.policy_file import write_policy_file

    write_policy_file(tmp_path / "x.policy", policy_for(INTERFACE))
    script = (
        "import sys\nfrom golive.agents.learned import LearnedPolicy\n"
        f"LearnedPolicy.load({str(tmp_path / 'x.policy')!r})\n"
        "assert not {'torch', 'stable_baselines3'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
