"""The implementation world as a place to train in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.learned import current_interface
from ...agents.policy_file import PolicyFile
from ...core.errors import GoliveError
from ...envs.implementation.actions import ACTION_NAMES
from ...envs.implementation.rewards import RewardConfig, reward_config
from ...scenarios.implementation.levels import with_mix
from ...scenarios.implementation.mixes import Mix
from ...scenarios.implementation.parameter_file import with_parameter_values
from ...scenarios.scenario import Scenario
from ...scenarios.suite import SeedRange, Split, Suite
from .configuration import TrainingConfiguration
from .episodes import DemonstrationTask, ValidationTask, demonstrate_on, validate_on
from .ground import Demonstrations, LevelReport, Validation
from .initial_policy import read_initial_policy
from .level_source import LevelSource, WeightedScenario
from .workers import chunked, play

if TYPE_CHECKING:
    from stable_baselines3.common.vec_env import VecEnv

    from ...envs.vector import BatchedVecEnv
    from ..datasets.playing import PlayedEpisode
    from .curriculum import LevelledEnvironments
    from .rollout_buffer import ChosenRolloutBuffer

_DEMONSTRATION_KEY = 0xDE30
"""Keeps the drawing of demonstrations apart from others that take the training's seed."""
_CHUNKS_PER_WORKER = 4
_EPISODES_PER_DEMONSTRATION_TASK = 5


class ImplementationGround:
    """Vectorised environments for training, and workers for whole episodes.

    Workers start when they are first needed; those on Ray want a session that is there.

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
        weights = configuration.environment.weighted_scenarios
        own = configuration.environment.parameters
        self._scenarios = {
            spec: with_parameter_values(load_scenario(spec), own) if own else load_scenario(spec)
            for spec in weights
        }
        self._scenario: Scenario = next(iter(self._scenarios.values()))
        self._reward = reward_of(configuration)
        suites = {spec: _suite_of(configuration, self._scenarios[spec]) for spec in weights}
        split = configuration.environment.split
        training = [
            WeightedScenario(spec, weight, _seeds(suites[spec], split))
            for spec, weight in weights.items()
        ]
        self._training_seeds = training[0].seeds
        self._training = training
        self._validation = _validation_levels(list(self._scenarios.values()), suites, configuration)
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
        batched = BatchedVecEnv(
            arguments, configuration.n_envs, configuration.workers, backend=configuration.backend
        )
        if not configuration.environment.chooses_levels:
            return batched
        from .curriculum import LevelledEnvironments

        source = self._level_source(configuration.seed)
        levels = configuration.environment.levels
        return LevelledEnvironments(batched, source, levels, configuration.seed)

    def states_of(self, environments: VecEnv) -> Any:
        """Each environment's state, and the curriculum's if levels are chosen."""
        states = _batched(environments).get_states()
        levelled = _levelled(environments)
        return states if levelled is None else {"worlds": states, "levels": levelled.state()}

    def put_states(self, environments: VecEnv, states: Any) -> None:
        """Put each environment into its state."""
        levelled = _levelled(environments)
        if levelled is None:
            _batched(environments).set_states(states)
        else:
            levelled.batched.set_states(states["worlds"])
            levelled.restore(states["levels"])

    def judge_levels(
        self, environments: VecEnv, rollout: ChosenRolloutBuffer
    ) -> LevelReport | None:
        """Score the levels that a rollout played."""
        levelled = _levelled(environments)
        return None if levelled is None else levelled.judge(rollout)

    def validate(self, policy: PolicyFile) -> Validation:
        """Play the validation seeds, spread over the workers."""
        configuration = self._configuration
        pieces = chunked(self._validation, _CHUNKS_PER_WORKER * max(1, configuration.workers))
        customer = self._scenario.customer
        is_fixed = configuration.environment.customer == "reference"
        tasks = [
            ValidationTask(
                policy,
                configuration.evaluation.deterministic,
                self._scenario,
                customer if is_fixed else None,
                tuple(seed for _, seed in piece),
                tuple(scenario for scenario, _ in piece),
            )
            for piece in pieces
        ]
        parts = play(
            validate_on, tasks, workers=configuration.workers, backend=configuration.backend
        )
        rows = [row for part in parts for row in part]
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
        levels = self._demonstration_levels(warm_start.episodes)
        tasks = [
            DemonstrationTask(
                warm_start.demonstrator,
                self._scenario,
                configuration.environment.customer,
                self._reward,
                (),
                tuple(piece),
            )
            for piece in chunked(levels, -(-len(levels) // _EPISODES_PER_DEMONSTRATION_TASK))
        ]
        done = 0

        def count(_index: int, part: list[PlayedEpisode]) -> None:
            nonlocal done
            done += len(part)
            on_episode(done)

        parts = play(
            demonstrate_on,
            tasks,
            workers=configuration.workers,
            backend=configuration.backend,
            on_result=count,
        )
        return _joined([episode for part in parts for episode in part])

    def _level_source(self, seed: int) -> LevelSource:
        settings = self._configuration.environment.levels
        changed = self._scenarios if self._configuration.environment.parameters else None
        return LevelSource(self._training, settings, seed, changed)

    def _demonstration_levels(self, count: int) -> list[Mapping[str, Any]]:
        """Levels as the training draws new ones, but others."""
        configuration = self._configuration
        if configuration.environment.chooses_levels:
            source = self._level_source(configuration.seed + (_DEMONSTRATION_KEY << 32))
            return [source.options(source.level(number)) for number in range(count)]
        generator = np.random.default_rng([configuration.seed, _DEMONSTRATION_KEY])
        low, high = self._training_seeds.start, self._training_seeds.stop
        seeds = generator.integers(low, high, size=count).tolist()
        return [{"episode_seed": seed} for seed in seeds]


def _batched(environments: VecEnv) -> BatchedVecEnv:
    from ...envs.vector import BatchedVecEnv

    levelled = _levelled(environments)
    if levelled is not None:
        return levelled.batched
    assert isinstance(environments, BatchedVecEnv)
    return environments


def _levelled(environments: VecEnv) -> LevelledEnvironments | None:
    from .curriculum import LevelledEnvironments

    return environments if isinstance(environments, LevelledEnvironments) else None


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


def _validation_levels(
    scenarios: Sequence[Scenario],
    suites: Mapping[str, Suite],
    configuration: TrainingConfiguration,
) -> list[tuple[Scenario, int]]:
    """Scenarios with their seeds: every scenario in turn, with every mix in turn."""
    seeds = [_first_seeds(suite, configuration) for suite in suites.values()]
    mixes = configuration.evaluation.mixes or (Mix(),)
    cells = [
        (with_mix(scenario, mix), seeds[place])
        for mix in mixes
        for place, scenario in enumerate(scenarios)
    ]
    levels = []
    for number in range(configuration.evaluation.episodes):
        scenario, own = cells[number % len(cells)]
        levels.append((scenario, own[number]))
    return levels


def _first_seeds(suite: Suite, configuration: TrainingConfiguration) -> list[int]:
    evaluation = configuration.evaluation
    seeds = _seeds(suite, evaluation.split)
    if len(seeds) < evaluation.episodes:
        raise GoliveError(
            f"evaluation.episodes: {evaluation.episodes}: expected at most the {len(seeds)} "
            f"seeds of split {evaluation.split.value} of suite {suite.name}"
        )
    return list(range(seeds.start, seeds.start + evaluation.episodes))


def _joined(episodes: list[PlayedEpisode]) -> Demonstrations:
    return Demonstrations(
        np.concatenate([episode.observations[:-1] for episode in episodes]),
        np.concatenate([episode.actions for episode in episodes]),
        np.concatenate([episode.masks[:-1] for episode in episodes]),
        np.concatenate([episode.rewards for episode in episodes]),
        np.array([len(episode.rewards) for episode in episodes]),
        np.array([episode.scorecard["go_live_score"] for episode in episodes]),
    )
