"""Episodes that a training asks its workers for: validation and demonstrations.

Functions here run in worker processes, but for ``play``, and import no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...agents.policy_file import PolicyFile
from ...core.execution import Backend, map_tasks
from ...scenarios.scenario import Scenario
from ...scenarios.suite import SeedRange
from ...sim.episodes import begin_episode
from ...sim.observer import Observer
from ...sim.policy import Policy
from ...sim.protocol import AnyWorld
from ...sim.world_kind import WorldKind

if TYPE_CHECKING:
    from ..datasets.playing import PlayedEpisode

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")
_ANY = SeedRange(start=0, stop=2**63 - 1)


@dataclass(frozen=True, slots=True)
class ValidationTask:
    """A policy, scenario and seed of each level to play it on, and the world's own options."""

    policy: PolicyFile
    deterministic: bool
    levels: tuple[tuple[Scenario, int], ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ValidationRow:
    """The fields of an episode's scorecard that a validation needs."""

    score: float
    success: bool
    illegal: int


@dataclass(frozen=True, slots=True)
class Validation:
    """Results of a policy on the validation seeds.

    Attributes:
        scores: float64 (episodes,), by what policies are judged by, in the order of the seeds.
        success: share of successful episodes.
        illegal: mean illegal decisions per episode.
    """

    scores: NDArray[np.float64]
    success: float
    illegal: float

    @property
    def score(self) -> float:
        """Mean score."""
        return float(self.scores.mean())

    @classmethod
    def of(cls, rows: Sequence[ValidationRow]) -> Validation:
        """The validation of whole episodes."""
        return cls(
            np.array([row.score for row in rows]),
            float(np.mean([row.success for row in rows])),
            float(np.mean([row.illegal for row in rows])),
        )


def validate_on(task: ValidationTask) -> list[ValidationRow]:
    """Play the policy on each level, in their order."""
    from ...agents.learned import LearnedPolicy
    from ...agents.sampled import SampledPolicy
    from ...sim.episodes import run

    policy = (LearnedPolicy if task.deterministic else SampledPolicy)(task.policy)
    kind = policy.kind
    rows = []
    for scenario, seed in task.levels:
        card = run(kind, policy, scenario, seed, **task.options).scorecard
        fields = card.as_dict()
        success = bool(fields.get(kind.figures.success, False))
        illegal = int(fields.get(kind.figures.illegal, 0))
        rows.append(ValidationRow(kind.score_of(card), success, illegal))
    return rows


@dataclass(frozen=True, slots=True)
class DemonstrationTask:
    """A demonstrator and the levels to play it on.

    Attributes:
        demonstrator: a policy by name or file.
        scenario: that is played unless a level says otherwise.
        reward: that is recorded: a name or weights.
        levels: options of the environment's ``reset``, the seed among them, for each episode.
        options: the world's own, of each episode.
        player: decides instead, and the demonstrator says what it would have done; None: nobody.
    """

    demonstrator: str
    scenario: Scenario
    reward: str | Mapping[str, Any]
    levels: tuple[Mapping[str, Any], ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    player: PolicyFile | None = None


@dataclass(frozen=True, slots=True)
class Demonstrations:
    """Episodes of a demonstrator, or of somebody it advised, one after the other.

    Attributes:
        observations: float32 (steps, observation size).
        actions: int64 (steps, factors), the demonstrator's.
        masks: bool (steps, sum of choices).
        rewards: float64 (steps,), not scaled.
        lengths: int64 (episodes,), steps per episode.
        scores: float64 (episodes,), by what policies are judged by.
    """

    observations: NDArray[np.float32]
    actions: NDArray[np.int64]
    masks: NDArray[np.bool_]
    rewards: NDArray[np.float64]
    lengths: NDArray[np.int64]
    scores: NDArray[np.float64]

    @classmethod
    def of(cls, episodes: Sequence[PlayedEpisode]) -> Demonstrations:
        """Whole episodes, joined."""
        return cls(
            np.concatenate([episode.observations[:-1] for episode in episodes]),
            np.concatenate([episode.actions for episode in episodes]),
            np.concatenate([episode.masks[:-1] for episode in episodes]),
            np.concatenate([episode.rewards for episode in episodes]),
            np.array([len(episode.rewards) for episode in episodes]),
            np.array([episode.score for episode in episodes]),
        )

    def and_further(self, others: Demonstrations) -> Demonstrations:
        """These, and then others."""
        names = [field.name for field in fields(self)]
        return Demonstrations(
            *(np.concatenate([getattr(self, name), getattr(others, name)]) for name in names)
        )

    @property
    def episode_rewards(self) -> list[NDArray[np.float64]]:
        """Rewards of each episode."""
        return np.split(self.rewards, np.cumsum(self.lengths)[:-1])


class _Advice(Observer):
    """Keeps what an adviser would have decided."""

    def __init__(self, adviser: Policy, kind: WorldKind) -> None:
        self._adviser = adviser
        self._numbers = kind.language
        self.actions: list[NDArray[np.int64]] = []

    def begun(self, world: AnyWorld) -> None:
        """Ready the adviser for the world."""
        begin_episode(self._adviser, world)

    def decided(self, world: AnyWorld, briefing: Any, legal: Any, decision: Any) -> None:
        """Ask the adviser, too."""
        advice, _ = legal.replace_illegal(self._adviser.decide(briefing, legal))
        self.actions.append(self._numbers.action(advice))


def worlds_of(
    scenario: Scenario, levels: Sequence[Mapping[str, Any]], options: Mapping[str, Any]
) -> Iterator[AnyWorld]:
    """New worlds at the beginning of each level, in their order, each made when it is asked for.

    Args:
        scenario: that is played unless a level says otherwise.
        levels: options of the environment's ``reset``, the seed among them, for each episode.
        options: the world's own, of each episode.
    """
    from ...envs.episodes import EpisodeSource, with_options
    from ...sim.worlds import kind_of

    kind = kind_of(scenario)
    usual = EpisodeSource(scenario, _ANY, options)
    for level in levels:
        source = with_options(kind, usual, level, None)
        yield source.build_world(kind, level["episode_seed"], record=False)


def demonstrate_on(task: DemonstrationTask) -> list[PlayedEpisode]:
    """Let the demonstrator play each level, or advise who plays, in their order."""
    from ...agents.learned import LearnedPolicy
    from ...agents.registry import load_policy
    from ...sim.worlds import kind_of
    from ..datasets.playing import play_episode

    kind = kind_of(task.scenario)
    policy = load_policy(task.demonstrator, kind)
    reward = kind.reward_language.reward(task.reward)
    player = None if task.player is None else LearnedPolicy(task.player)
    played = []
    for world in worlds_of(task.scenario, task.levels, task.options):
        if player is None:
            played.append(play_episode(world, policy, reward))
            continue
        advice = _Advice(policy, kind)
        episode = play_episode(world, player, reward, [advice])
        played.append(replace(episode, actions=np.asarray(advice.actions)))
    return played


def play(
    function: Callable[[TaskT], ResultT],
    tasks: Sequence[TaskT],
    *,
    workers: int,
    backend: Backend | str = Backend.PROCESS,
    on_result: Callable[[int, ResultT], None] | None = None,
) -> list[ResultT]:
    """Results of the function for the tasks, in their order; 0 workers: made in this process.

    ``on_result`` is called with (task index, result) as results come in; raising stops the rest.

    Raises:
        GoliveError: a task raised it.
        TaskError: a task raised something else, or killed its workers.
    """
    return map_tasks(
        function,
        tasks,
        workers=max(1, workers),
        backend=Backend.SERIAL if workers == 0 else backend,
        on_result=on_result,
    )


def chunked(items: Sequence[TaskT], chunks: int) -> list[Sequence[TaskT]]:
    """At most so many consecutive pieces of nearly equal length."""
    chunks = max(1, min(chunks, len(items)))
    bounds = [round(index * len(items) / chunks) for index in range(chunks + 1)]
    return [items[bounds[i] : bounds[i + 1]] for i in range(chunks)]
