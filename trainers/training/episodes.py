"""Episodes that a training asks its workers for: validation and demonstrations.

Functions here run in worker processes and import no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...agents.policy_file import PolicyFile
from ...scenarios.scenario import Scenario
from ...scenarios.suite import SeedRange

if TYPE_CHECKING:
    from ..datasets.playing import PlayedEpisode


_ANY = SeedRange(start=0, stop=2**63 - 1)


@dataclass(frozen=True, slots=True)
class ValidationTask:
    """A policy and the levels to play it on.

    Attributes:
        policy: who decides.
        deterministic: most probable actions, or sampled.
        levels: scenario and seed of each episode.
        options: the world's own, of each episode.
    """

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
    """

    demonstrator: str
    scenario: Scenario
    reward: str | Mapping[str, Any]
    levels: tuple[Mapping[str, Any], ...]
    options: Mapping[str, Any] = field(default_factory=dict)


def demonstrate_on(task: DemonstrationTask) -> list[PlayedEpisode]:
    """Let the demonstrator play each level, in their order."""
    from ...agents.registry import load_policy
    from ...envs.episodes import EpisodeSource, with_options
    from ...sim.worlds import kind_of
    from ..datasets.playing import play_episode

    kind = kind_of(task.scenario)
    policy = load_policy(task.demonstrator, kind)
    reward = kind.rewards().reward(task.reward)
    usual = EpisodeSource(task.scenario, _ANY, task.options)
    played = []
    for level in task.levels:
        source = with_options(kind, usual, level, None)
        world = source.build_world(kind, level["episode_seed"], record=False)
        played.append(play_episode(world, policy, reward))
    return played
