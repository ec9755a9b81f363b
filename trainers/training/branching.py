"""Decision points at which other decisions are lived through as well.

Worlds branch exactly: a snapshot goes on with another decision on the same luck, so that what the
decision is worth shows without the noise of another customer, another day and another draw.

Functions here run in worker processes and import no torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...agents.learned import LearnedPolicy
from ...agents.policy_file import PolicyFile
from ...agents.probabilities import masked_softmax
from ...scenarios.scenario import Scenario
from ...sim.episodes import begin_episode, play
from ...sim.observer import Observer
from ...sim.protocol import AnyWorld
from ...sim.rollouts import TRUE_FUTURE, rollout
from .episodes import worlds_of
from .learning import Improvement


@dataclass(frozen=True, slots=True)
class BranchingTask:
    """A policy, levels to play it on, and how others of its decisions are tried there.

    Attributes:
        policy: that decides, on the trunk and on every branch.
        settings: at which share of decision points, how many others, drawn how.
        scenario: that is played unless a level says otherwise.
        levels: options of the environment's ``reset``, the seed among them, for each episode.
        key: of the drawing, apart from the level's number in the task.
        options: the world's own, of each episode.
    """

    policy: PolicyFile
    settings: Improvement
    scenario: Scenario
    levels: tuple[Mapping[str, Any], ...]
    key: tuple[int, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Branches:
    """Decision points with the policy's own decision, and what others would have gained.

    Attributes:
        observations: float32 (points, observation size).
        masks: bool (points, choices).
        own: int64 (points, factors), the policy's action.
        points: int64 (branches,), number of the decision point.
        factors: int64 (branches,), the one factor of the action that differs.
        choices: int64 (branches,), what is chosen there instead.
        gains: float64 (branches,), score of the branch minus that of the trunk.
        scores: float64 (episodes,), of the trunks.
        steps: decisions lived through, on trunks and branches.
    """

    observations: NDArray[np.float32]
    masks: NDArray[np.bool_]
    own: NDArray[np.int64]
    points: NDArray[np.int64]
    factors: NDArray[np.int64]
    choices: NDArray[np.int64]
    gains: NDArray[np.float64]
    scores: NDArray[np.float64]
    steps: int

    @classmethod
    def joined(cls, parts: Sequence[Branches]) -> Branches:
        """Those of several tasks, one after the other."""
        before = np.cumsum([0, *(len(part.own) for part in parts[:-1])])
        return cls(
            np.concatenate([part.observations for part in parts]),
            np.concatenate([part.masks for part in parts]),
            np.concatenate([part.own for part in parts]),
            np.concatenate([part.points + n for part, n in zip(parts, before, strict=True)]),
            np.concatenate([part.factors for part in parts]),
            np.concatenate([part.choices for part in parts]),
            np.concatenate([part.gains for part in parts]),
            np.concatenate([part.scores for part in parts]),
            sum(part.steps for part in parts),
        )


def branch_on(task: BranchingTask) -> Branches:
    """Play the policy on each level, trying other decisions on the way."""
    policy = LearnedPolicy(task.policy)
    found, scores, steps = _Found(), [], 0
    for number, world in enumerate(worlds_of(task.scenario, task.levels, task.options)):
        generator = np.random.default_rng([*task.key, number])
        brancher = _Brancher(policy, task.settings, generator)
        begin_episode(policy, world)
        steps += play(world, policy, [brancher]) + brancher.steps
        scores.append(policy.kind.score_of(world.scorecard()))
        found.add(brancher.points, scores[-1])
    return found.branches(policy, np.array(scores), steps)


class _Found:
    """What has been found in the episodes so far."""

    def __init__(self) -> None:
        self.points: list[_Point] = []
        self.gains: list[float] = []

    def add(self, points: Sequence[_Point], score: float) -> None:
        """Take an episode's decision points; its own end is what others are compared with."""
        self.points += points
        self.gains += [other.value - score for point in points for other in point.others]

    def branches(self, policy: LearnedPolicy, scores: NDArray[np.float64], steps: int) -> Branches:
        """As arrays."""
        interface, choices = policy.policy_file.interface, policy.kind.language.choices
        found = self.points
        others = [other for point in found for other in point.others]
        return Branches(
            _rows([one.observation for one in found], np.float32, interface.observation_size),
            _rows([one.mask for one in found], np.bool_, choices.count),
            _rows([one.own for one in found], np.int64, len(choices.parts)),
            np.repeat(np.arange(len(found)), [len(one.others) for one in found]),
            np.array([other.factor for other in others], np.int64),
            np.array([other.choice for other in others], np.int64),
            np.array(self.gains),
            scores,
            steps,
        )


def _rows(rows: Sequence[NDArray[Any]], dtype: type[Any], width: int) -> NDArray[Any]:
    return np.asarray(rows, dtype).reshape(len(rows), width)


class _Other(NamedTuple):
    """A decision that differs in one factor, and the score that it led to."""

    factor: int
    choice: int
    value: float


class _Point(NamedTuple):
    """A decision point: what was seen and decided there, and the others that were tried."""

    observation: NDArray[np.float32]
    mask: NDArray[np.bool_]
    own: NDArray[np.int64]
    others: list[_Other]


class _Brancher(Observer):
    """Tries other decisions than the policy's at some of an episode's decision points."""

    def __init__(
        self, policy: LearnedPolicy, settings: Improvement, generator: np.random.Generator
    ) -> None:
        self._policy = policy
        self._settings = settings
        self._generator = generator
        self.points: list[_Point] = []
        self.steps = 0

    def decided(self, world: AnyWorld, briefing: Any, legal: Any, decision: Any) -> None:
        """Draw whether others are tried here, and which; live each through to the end.

        Others are drawn by the policy's own probabilities, flattened by the temperature, and so
        is whether any is tried: where the policy is sure there is little to find.
        """
        settings, numbers = self._settings, self._policy.kind.language
        observation, mask = numbers.encode(briefing), numbers.mask(legal)
        own, starts = numbers.action(decision), np.array(numbers.choices.starts)
        logits = self._policy.network.logits(observation)
        weights = masked_softmax(numbers.choices, logits, mask, settings.temperature)
        weights[own + starts] = 0.0
        doubt = float(weights.sum())
        if self._generator.random() >= settings.share * min(1.0, doubt):
            return
        most = min(settings.candidates, int(np.count_nonzero(weights)))
        columns = self._generator.choice(len(weights), most, replace=False, p=weights / doubt)
        snapshot = world.snapshot()
        others = []
        for column in columns.tolist():
            factor = int(np.searchsorted(starts, column, side="right")) - 1
            choice = column - int(starts[factor])
            action = own.copy()
            action[factor] = choice
            branch = rollout(snapshot, numbers.decode(action), self._policy, TRUE_FUTURE)
            others.append(_Other(factor, choice, branch.value))
            self.steps += branch.decisions
        self.points.append(_Point(observation, mask, own, others))
