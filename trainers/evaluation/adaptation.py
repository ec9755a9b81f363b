"""Adaptation and retention: how fast a policy learns a new scenario, and what it forgets."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...agents.policy_file import PolicyFile, read_policy_file
from ...core.records import changed
from ..training.configuration import EnvironmentConfiguration, TrainingConfiguration
from ..training.episodes import ValidationTask, chunked, play, validate_on
from ..training.learning import InitialPolicy
from .cells import Cell, CellKey, run_cells
from .gate_suites import AdaptationSettings
from .intervals import ratio_interval
from .plan import Entrant
from .runner import Progress
from .statistics import FloatArray, Interval

if TYPE_CHECKING:
    from pathlib import Path

    from ...scenarios.scenario import Scenario

NEVER = math.inf
"""Iterations of a policy that did not get there within those that were made."""
_CHUNKS_PER_WORKER = 2


@dataclass(frozen=True, slots=True)
class Adaptation:
    """The result of teaching a policy a new scenario.

    Attributes:
        learns: whether the policy has weights that can be trained on.
        scenario: the new one.
        old_scenario: that it was trained on; empty for one that does not learn.
        level: share of the reference's score that counts as adapted.
        curve: the policy's mean score over the reference's on the same seeds, after 0, 1, 2, ...
            iterations; None where the reference scores nothing.
        iteration_steps: environment steps of one iteration.
        retention: score on the old scenario after the last iteration over that before the
            first; 1 by definition for a policy that does not learn; None if it had none before.
        made: iterations made.
    """

    learns: bool
    scenario: str
    old_scenario: str
    level: float
    curve: tuple[Interval | None, ...]
    iteration_steps: int
    retention: Interval | None

    @property
    def made(self) -> int:
        """Iterations made."""
        return len(self.curve) - 1

    @property
    def iterations(self) -> float:
        """Iterations until the score reached the level, 0 if it does at once, or ``NEVER``."""
        return self._first(lambda ratio: ratio.estimate)

    @property
    def fewest(self) -> float:
        """The same by the upper bound of the score: it cannot have been sooner."""
        return self._first(lambda ratio: ratio.high)

    @property
    def most(self) -> float:
        """The same by the lower bound of the score: beyond doubt it was there by then."""
        return self._first(lambda ratio: ratio.low)

    def _first(self, value: Callable[[Interval], float]) -> float:
        for iteration, ratio in enumerate(self.curve):
            if ratio is not None and value(ratio) >= self.level:
                return iteration
        return NEVER


@dataclass(frozen=True, slots=True)
class Course:
    """The scenarios and seeds of an adaptation.

    Attributes:
        name: of the new scenario, as the loader takes it.
        scenario: the new one.
        seeds: on which scores are taken.
        old: the scenario the policy was trained on and the seeds there; None if it has none.
    """

    name: str
    scenario: Scenario
    seeds: range
    old: tuple[Scenario, range] | None = None


def measure_adaptation(
    entrant: Entrant,
    file: Path | None,
    course: Course,
    settings: AdaptationSettings,
    *,
    level: float,
    workers: int = 1,
    progress: Progress | None = None,
) -> Adaptation:
    """Teach the policy the new scenario, or without a file of weights see how it does there.

    Raises:
        GoliveError: the file cannot be trained on, or a scenario has no training seeds.
        TaskError: an episode failed.
    """
    cell = Cell(CellKey(course.scenario.name), course.scenario, course.seeds)
    reference = Entrant(settings.reference, settings.reference)
    expected = _scores(reference, cell, workers)
    total = 1 if file is None else settings.iterations + 1
    report = progress or (lambda done, total: None)
    report(0, total)
    if file is None:
        scores = _scores(entrant, cell, workers)
        report(1, total)
        curve = (_ratio(scores, expected, level),)
        kept = Interval(1.0, 1.0, 1.0, level)
        return Adaptation(False, course.scenario.name, "", settings.level, curve, 0, kept)
    configuration = fine_tuning_configuration(file, course.name, settings, workers)
    return _taught(file, course, settings, configuration, expected, level, report)


def fine_tuning_configuration(
    file: Path, scenario: str, settings: AdaptationSettings, workers: int
) -> TrainingConfiguration:
    """The training that adapts the policy of a file to a scenario."""
    network = read_policy_file(file).network
    ppo = changed(settings.ppo, net_arch=network.hidden_sizes, activation=network.activation)
    rollout = settings.n_envs * ppo.n_steps
    return TrainingConfiguration(
        environment=EnvironmentConfiguration(
            scenario=scenario, suite=settings.suite, reward=settings.reward
        ),
        seed=settings.seed,
        total_steps=settings.iterations * rollout,
        n_envs=settings.n_envs,
        workers=0 if workers == 1 else workers,
        ppo=changed(ppo, batch_size=min(ppo.batch_size, rollout)),
        initial_policy=InitialPolicy(
            file=str(file), critic_warmup_rollouts=settings.critic_warmup_rollouts
        ),
    )


def _taught(
    file: Path,
    course: Course,
    settings: AdaptationSettings,
    configuration: TrainingConfiguration,
    expected: FloatArray,
    level: float,
    report: Progress,
) -> Adaptation:
    workers = configuration.workers
    curve: list[Interval | None] = []
    policies = [read_policy_file(file)]
    with closing(_with_tuned(policies[0], configuration)) as versions:
        for iteration, policy in enumerate(versions):
            scores = _file_scores(policy, course.scenario, course.seeds, workers)
            curve.append(_ratio(scores, expected, level))
            policies = [policies[0], policy]
            report(iteration + 1, settings.iterations + 1)
    retention = None
    if course.old is not None:
        before, after = (_file_scores(policy, *course.old, workers) for policy in policies)
        retention = _ratio(after, before, level)
    return Adaptation(
        True,
        course.scenario.name,
        course.old[0].name if course.old else "",
        settings.level,
        tuple(curve),
        configuration.rollout_steps,
        retention,
    )


def _with_tuned(
    first: PolicyFile, configuration: TrainingConfiguration
) -> Generator[PolicyFile, None, None]:
    from ..training.fine_tuning import fine_tune

    yield first
    yield from fine_tune(configuration)


def _scores(entrant: Entrant, cell: Cell, workers: int) -> FloatArray:
    return np.array([episode.score for episode in run_cells(entrant, [cell], workers=workers)])


def _file_scores(
    policy: PolicyFile, scenario: Scenario, seeds: Sequence[int], workers: int
) -> FloatArray:
    """Scores of a policy in the order of the seeds, spread over the workers."""
    pieces = chunked(seeds, _CHUNKS_PER_WORKER * max(1, workers))
    levels = [tuple((scenario, seed) for seed in piece) for piece in pieces]
    tasks = [ValidationTask(policy, True, piece) for piece in levels]
    parts = play(validate_on, tasks, workers=workers)
    return np.array([row.score for part in parts for row in part])


def _ratio(scores: FloatArray, expected: FloatArray, level: float) -> Interval | None:
    return ratio_interval([scores], [expected], level=level, most=1.0)
