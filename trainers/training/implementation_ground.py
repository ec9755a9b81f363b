"""The implementation world as a place to train in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.learned import current_interface
from ...agents.policy_file import PolicyFile
from ...envs.actions import ACTION_NAMES
from ...envs.rewards import RewardConfig, reward_config
from ...scenarios import Scenario, SeedRange, Suite
from ...scenarios.errors import GoliveError
from ...scenarios.vocabulary import Split
from .configuration import TrainingConfiguration
from .episodes import (
    Demonstration,
    DemonstrationTask,
    ValidationRow,
    ValidationTask,
    demonstrate_on,
    validate_on,
)
from .ground import Demonstrations, Validation
from .initial_policy import read_initial_policy
from .workers import EpisodeWorkers, chunked

if TYPE_CHECKING:
    from stable_baselines3.common.vec_env import VecEnv

    from ...envs.vector import BatchedVecEnv

_DEMONSTRATION_KEY = 0xDE30
"""Keeps the drawing of demonstrations apart from others that take the training's seed."""
_CHUNKS_PER_WORKER = 4
_EPISODES_PER_DEMONSTRATION_TASK = 5


class ImplementationGround:
    """Vectorised environments for training, and worker processes for whole episodes.

    Processes start when they are first needed.

    Args:
        configuration: the training's.

    Raises:
        GoliveError: it names a scenario, suite, split, reward, demonstrator or fewer seeds
            than asked for that do not exist.
    """

    def __init__(self, configuration: TrainingConfiguration) -> None:
        from ...scenarios.loader import load_scenario

        self.interface = current_interface()
        self.action_names = ACTION_NAMES
        self._configuration = configuration
        self._scenario: Scenario = load_scenario(configuration.environment.scenario)
        self._reward = reward_of(configuration)
        self._suite = _suite_of(configuration, self._scenario)
        self._training_seeds = _seeds(self._suite, configuration.environment.split)
        self._validation_seeds = _first_seeds(self._suite, configuration)
        self._workers = EpisodeWorkers(configuration.workers)
        if configuration.warm_start is not None:
            from ...agents.registry import load_policy

            load_policy(configuration.warm_start.demonstrator)
        if configuration.initial_policy is not None:
            read_initial_policy(configuration)

    def environments(self) -> VecEnv:
        """The vectorised training environments."""
        from ...envs.vector import BatchedVecEnv

        configuration = self._configuration
        arguments = {
            "scenario": self._scenario,
            "seed_range": self._training_seeds,
            "customer": configuration.environment.customer,
            "reward": self._reward,
        }
        return BatchedVecEnv(arguments, configuration.n_envs, configuration.workers)

    def states_of(self, environments: VecEnv) -> Any:
        """Each environment's state."""
        return _batched(environments).get_states()

    def put_states(self, environments: VecEnv, states: Any) -> None:
        """Put each environment into its state."""
        _batched(environments).set_states(states)

    def validate(self, policy: PolicyFile) -> Validation:
        """Play the validation seeds, spread over the workers."""
        configuration = self._configuration
        pieces = chunked(self._validation_seeds, _CHUNKS_PER_WORKER * max(1, configuration.workers))
        customer = self._scenario.customer
        is_fixed = configuration.environment.customer == "reference"
        tasks = [
            ValidationTask(
                policy,
                configuration.evaluation.deterministic,
                self._scenario,
                customer if is_fixed else None,
                tuple(seeds),
            )
            for seeds in pieces
        ]
        parts: dict[int, list[ValidationRow]] = dict(self._workers.map(validate_on, tasks))
        rows = [row for index in range(len(tasks)) for row in parts[index]]
        return Validation(
            np.array([row.score for row in rows]),
            float(np.mean([row.success for row in rows])),
            float(np.mean([row.illegal for row in rows])),
        )

    def demonstrate(self, on_episode: Callable[[int], None]) -> Demonstrations:
        """Play the demonstrator on seeds of the training's split."""
        configuration = self._configuration
        warm_start = configuration.warm_start
        assert warm_start is not None
        generator = np.random.default_rng([configuration.seed, _DEMONSTRATION_KEY])
        low, high = self._training_seeds.start, self._training_seeds.stop
        seeds = generator.integers(low, high, size=warm_start.episodes).tolist()
        tasks = [
            DemonstrationTask(
                warm_start.demonstrator,
                self._scenario,
                configuration.environment.customer,
                self._reward,
                tuple(piece),
            )
            for piece in chunked(seeds, -(-len(seeds) // _EPISODES_PER_DEMONSTRATION_TASK))
        ]
        parts: dict[int, list[Demonstration]] = {}
        done = 0
        for index, part in self._workers.map(demonstrate_on, tasks):
            parts[index] = part
            done += len(part)
            on_episode(done)
        return _joined([episode for index in range(len(tasks)) for episode in parts[index]])

    def close(self) -> None:
        """Stop the workers."""
        self._workers.close()


def _batched(environments: VecEnv) -> BatchedVecEnv:
    from ...envs.vector import BatchedVecEnv

    assert isinstance(environments, BatchedVecEnv)
    return environments


def reward_of(configuration: TrainingConfiguration) -> RewardConfig:
    """The preset with the weights that differ, and shaping with the learner's discount.

    Raises:
        GoliveError: no such preset, or no such term.
    """
    environment = configuration.environment
    weights: dict[str, Any] = reward_config(environment.reward).model_dump()
    potential = weights["potential"]
    if "potential" in environment.reward_weights:
        raise GoliveError("environment.reward_weights.potential: see potential_weights")
    weights |= environment.reward_weights
    weights["potential"] = (
        potential | environment.potential_weights | {"gamma": configuration.ppo.gamma}
    )
    return reward_config(weights)


def _suite_of(configuration: TrainingConfiguration, scenario: Scenario) -> Suite:
    from ...scenarios.loader import load_suite, suite_names

    name = configuration.environment.suite
    if name is not None:
        return load_suite(name)
    names = suite_names()
    if scenario.name in names:
        return load_suite(scenario.name)
    holding = [name for name in names if scenario.name in load_suite(name).scenarios]
    if not holding:
        raise GoliveError(
            f"environment.suite: null: no suite holds scenario {scenario.name}: "
            f"expected one of {', '.join(names)}, or a file"
        )
    return load_suite(holding[0])


def _seeds(suite: Suite, split: Split) -> SeedRange:
    if split not in suite.splits:
        raise GoliveError(f"suite {suite.name}: has no split {split.value}")
    return suite.splits[split]


def _first_seeds(suite: Suite, configuration: TrainingConfiguration) -> list[int]:
    evaluation = configuration.evaluation
    seeds = _seeds(suite, evaluation.split)
    if len(seeds) < evaluation.episodes:
        raise GoliveError(
            f"evaluation.episodes: {evaluation.episodes}: expected at most the {len(seeds)} "
            f"seeds of split {evaluation.split.value} of suite {suite.name}"
        )
    return list(range(seeds.start, seeds.start + evaluation.episodes))


def _joined(episodes: list[Demonstration]) -> Demonstrations:
    return Demonstrations(
        np.concatenate([episode.observations for episode in episodes]),
        np.concatenate([episode.actions for episode in episodes]),
        np.concatenate([episode.masks for episode in episodes]),
        np.concatenate([episode.rewards for episode in episodes]),
        np.array([len(episode.rewards) for episode in episodes]),
        np.array([episode.score for episode in episodes]),
    )
