"""A world as a place to train in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from ...agents.learned import current_interface
from ...agents.policy_file import PolicyFile
from ...core.errors import GoliveError
from ...scenarios.loader import load_scenario, load_suite, suite_name_of, suite_names
from ...scenarios.scenario import Mix, Scenario
from ...scenarios.suite import SeedRange, Split, Suite
from ...sim.world_kind import WorldKind
from .branching import Branches, BranchingTask, branch_on
from .configuration import EnvironmentConfiguration, TrainingConfiguration
from .episodes import (
    Demonstrations,
    DemonstrationTask,
    ResultT,
    TaskT,
    Validation,
    ValidationTask,
    chunked,
    demonstrate_on,
    play,
    validate_on,
)
from .levels import LevelScenario, LevelSource

if TYPE_CHECKING:
    from ..datasets.playing import PlayedEpisode
    from .curriculum import TrainingEnvironments

_DEMONSTRATION_KEY = 0xDE30
"""Keeps the drawing of demonstrations apart from others that take the training's seed."""
_IMPROVEMENT_KEY = 0xE417
"""Likewise, the drawing of levels on which other decisions are tried."""
_CHUNKS_PER_WORKER = 4
_EPISODES_PER_TASK = 5


class WorldGround:
    """Vectorised environments for training, and workers for whole episodes.

    Workers start when they are first needed; those on Ray want a session that is there.

    Attributes:
        kind: of the world.
        interface: what policies trained here see and order.
        action_names: what the action's factors are called.
        score: what an episode's infos call what policies are judged by.
        scenario: the first of its scenarios, with parameters and options that differ.
        options: the world's own, of each episode.
        validation_levels: scenario and seed of each episode that a policy is judged on.

    Raises:
        GoliveError: it names a scenario, suite, split, reward, demonstrator or fewer seeds
            than asked for that do not exist, or scenarios of several worlds.
    """

    def __init__(self, configuration: TrainingConfiguration) -> None:
        environment = configuration.environment
        self._configuration = configuration
        self._scenarios = _scenarios_of(environment)
        self.scenario = next(iter(self._scenarios.values()))
        self.kind = environment.kind
        self.interface = current_interface(self.kind)
        self.action_names = tuple(factor.name for factor in self.kind.language.choices.factors)
        self.score = self.kind.figures.score
        options, own = self.kind.options, self.kind.parsed_options(environment.options)
        self.options = {name: own[name] for name in own if options[name].vary is None}
        self._reward = reward_of(configuration).model_dump(mode="json")
        suites = {
            spec: _suite_of(environment, scenario) for spec, scenario in self._scenarios.items()
        }
        is_changed = bool(environment.parameters or len(self.options) < len(own))
        self._training = [
            LevelScenario(
                spec,
                weight,
                _seeds(suites[spec], environment.split),
                self._scenarios[spec] if is_changed else None,
            )
            for spec, weight in environment.weighted_scenarios.items()
        ]
        self.validation_levels = self._validation_levels(list(suites.values()))
        if configuration.warm_start is not None and configuration.team is None:
            from ...agents.registry import load_policy

            load_policy(configuration.warm_start.demonstrator, self.kind)
        if configuration.initial_policy is not None:
            from .actor import read_initial_policy

            read_initial_policy(configuration)

    @property
    def training_seeds(self) -> SeedRange:
        """Seeds of its first scenario that may be trained on."""
        return self._training[0].seeds

    def environments(self) -> TrainingEnvironments:
        """The vectorised training environments, seeded and not yet reset."""
        from ...envs.sb3 import BatchedVecEnv
        from .curriculum import LevelledEnvironments, TrainingEnvironments

        configuration = self._configuration
        arguments = {
            "scenario": self.scenario,
            "world": self.kind,
            "seed_range": self._training[0].seeds,
            "reward": self._reward,
            **self.options,
        }
        batched = BatchedVecEnv(
            arguments,
            configuration.environments,
            0 if configuration.improvement else configuration.workers,
            backend=configuration.backend,
        )
        if not configuration.environment.chooses_levels:
            return TrainingEnvironments(batched)
        source = self._level_source(configuration.seed)
        return LevelledEnvironments(batched, source, configuration.seed)

    def validate(self, policy: PolicyFile) -> Validation:
        """Play the validation seeds, spread over the workers."""
        configuration = self._configuration
        pieces = chunked(self.validation_levels, _CHUNKS_PER_WORKER * max(1, configuration.workers))
        deterministic = configuration.evaluation.deterministic
        tasks = [
            ValidationTask(policy, deterministic, tuple(piece), self.options) for piece in pieces
        ]
        parts = play(
            validate_on, tasks, workers=configuration.workers, backend=configuration.backend
        )
        return Validation.of([row for part in parts for row in part])

    def demonstrate(
        self,
        on_episode: Callable[[int], None],
        player: PolicyFile | None = None,
        correction: int = 0,
    ) -> Demonstrations:
        """Play the demonstrator on seeds of the training's split.

        Args:
            on_episode: called with the number of episodes done.
            player: plays instead, and the demonstrator says what it would have done.
            correction: number of the round in which it does, from 0.
        """
        warm_start = self._configuration.warm_start
        assert warm_start is not None
        first, count = 0, warm_start.episodes
        if player is not None:
            assert warm_start.corrections is not None
            count = warm_start.corrections.episodes
            first = warm_start.episodes + correction * count
        tasks = [
            DemonstrationTask(
                warm_start.demonstrator, self.scenario, self._reward, piece, self.options, player
            )
            for piece in self._pieces(self._levels_apart(_DEMONSTRATION_KEY, first, count))
        ]
        done = 0

        def on_part(part: list[PlayedEpisode]) -> None:
            nonlocal done
            done += len(part)
            on_episode(done)

        parts = self._played(demonstrate_on, tasks, on_part)
        return Demonstrations.of([episode for part in parts for episode in part])

    def branch(self, policy: PolicyFile, number: int, on_steps: Callable[[int], None]) -> Branches:
        """Play a policy on seeds of the training's split, trying other decisions than its own.

        Args:
            policy: who decides.
            number: of the round, from 0.
            on_steps: called with the decisions lived through so far.
        """
        configuration, settings = self._configuration, self._configuration.improvement
        assert settings is not None
        levels = self._levels_apart(_IMPROVEMENT_KEY, number * settings.episodes, settings.episodes)
        tasks = [
            BranchingTask(
                policy,
                settings,
                self.scenario,
                piece,
                (configuration.seed, _IMPROVEMENT_KEY, number, place),
                self.options,
            )
            for place, piece in enumerate(self._pieces(levels))
        ]
        done = 0

        def on_part(part: Branches) -> None:
            nonlocal done
            done += part.steps
            on_steps(done)

        return Branches.joined(self._played(branch_on, tasks, on_part))

    def _played(
        self,
        function: Callable[[TaskT], ResultT],
        tasks: Sequence[TaskT],
        on_part: Callable[[ResultT], None],
    ) -> list[ResultT]:
        configuration = self._configuration
        return play(
            function,
            tasks,
            workers=configuration.workers,
            backend=configuration.backend,
            on_result=lambda _index, part: on_part(part),
        )

    def _pieces(self, levels: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], ...]]:
        count = -(-len(levels) // _EPISODES_PER_TASK)
        return [tuple(piece) for piece in chunked(levels, count)]

    def _level_source(self, seed: int) -> LevelSource:
        return LevelSource(self._training, self._configuration.environment.levels, seed)

    def _levels_apart(self, key: int, first: int, count: int) -> list[Mapping[str, Any]]:
        """So many levels from a number on, as the training draws new ones, but others."""
        configuration = self._configuration
        if configuration.environment.chooses_levels:
            source = self._level_source(configuration.seed + (key << 32))
            return [source.options(source.level(first + number)) for number in range(count)]
        generator = np.random.default_rng([configuration.seed, key, *([first] if first else [])])
        seeds = self._training[0].seeds
        drawn = generator.integers(seeds.start, seeds.stop, size=count).tolist()
        return [{"episode_seed": seed} for seed in drawn]

    def _validation_levels(self, suites: Sequence[Suite]) -> list[tuple[Scenario, int]]:
        """Scenarios with their seeds: every scenario in turn, with every mix in turn."""
        evaluation = self._configuration.evaluation
        cells = [
            (mix.met(scenario), _first_seeds(suite, self._configuration))
            for mix in evaluation.mixes or (Mix(),)
            for scenario, suite in zip(self._scenarios.values(), suites, strict=True)
        ]
        chosen = [cells[number % len(cells)] for number in range(evaluation.episodes)]
        return [(scenario, seeds[number]) for number, (scenario, seeds) in enumerate(chosen)]


def reward_of(configuration: TrainingConfiguration) -> BaseModel:
    """The preset with the weights that differ, and shaping with the learner's discount.

    Raises:
        GoliveError: no such preset, or no such term.
    """
    environment = configuration.environment
    language = environment.kind.reward_language
    weights: dict[str, Any] = language.config(environment.reward).model_dump()
    if "potential" in environment.reward_weights:
        raise GoliveError("environment.reward_weights.potential: see potential_weights")
    weights |= environment.reward_weights
    if environment.potential_weights:
        weights["potential"] = weights.get("potential", {}) | environment.potential_weights
    discounted: BaseModel = language.with_discount(
        language.config(weights), configuration.ppo.gamma
    )
    return discounted


def _scenarios_of(environment: EnvironmentConfiguration) -> dict[str, Scenario]:
    """The scenarios by their names, with parameters and options that differ."""
    loaded = {spec: load_scenario(spec) for spec in environment.weighted_scenarios}
    worlds = dict.fromkeys(scenario.world for scenario in loaded.values())
    if len(worlds) > 1:
        raise GoliveError(
            f"environment.scenarios: of worlds {', '.join(worlds)}: expected those of one world"
        )
    return {spec: _varied(environment, scenario) for spec, scenario in loaded.items()}


def _varied(environment: EnvironmentConfiguration, scenario: Scenario) -> Scenario:
    if environment.parameters:
        scenario = scenario.with_parameters(environment.parameters)
    kind: WorldKind = environment.kind
    return kind.varied(scenario, environment.options)[0]


def _suite_of(environment: EnvironmentConfiguration, scenario: Scenario) -> Suite:
    name = environment.suite
    if name is not None:
        return load_suite(name)
    holding = suite_name_of(scenario.name)
    if holding is None:
        raise GoliveError(
            f"environment.suite: null: no suite holds scenario {scenario.name}: "
            f"expected one of {', '.join(suite_names())}, or a file"
        )
    return load_suite(holding)


def _seeds(suite: Suite, split: Split) -> SeedRange:
    if split not in suite.splits:
        known = ", ".join(suite.splits)
        raise GoliveError(f"suite {suite.name}: split {split.value}: expected one of {known}")
    return suite.splits[split]


def _first_seeds(suite: Suite, configuration: TrainingConfiguration) -> range:
    evaluation = configuration.evaluation
    seeds = _seeds(suite, evaluation.split)
    if len(seeds) < evaluation.episodes:
        raise GoliveError(
            f"evaluation.episodes: {evaluation.episodes}: expected at most the {len(seeds)} "
            f"seeds of split {evaluation.split.value} of suite {suite.name}"
        )
    return range(seeds.start, seeds.start + evaluation.episodes)
