"""Episodes that a training asks its workers for: validation and demonstrations.

Functions here run in worker processes and import no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...agents.policy_file import PolicyFile
from ...envs.implementation.rewards import RewardConfig
from ...scenarios.implementation.customer import Customer
from ...scenarios.scenario import Scenario

if TYPE_CHECKING:
    from ..datasets.playing import PlayedEpisode


@dataclass(frozen=True, slots=True)
class ValidationTask:
    """A policy and the seeds to play it on.

    Attributes:
        policy: who decides.
        deterministic: most probable actions, or sampled.
        scenario: that is played.
        customer: the scenario's own instead of drawn ones.
        seeds: of the episodes.
        scenarios: instead of the one, a scenario for each seed.
    """

    policy: PolicyFile
    deterministic: bool
    scenario: Scenario
    customer: Customer | None
    seeds: tuple[int, ...]
    scenarios: tuple[Scenario, ...] = ()


@dataclass(frozen=True, slots=True)
class ValidationRow:
    """What a validation needs of an episode's scorecard."""

    score: float
    success: bool
    illegal: int


def validate_on(task: ValidationTask) -> list[ValidationRow]:
    """Play the policy on each seed, in their order."""
    from ...agents.learned import LearnedPolicy
    from ...agents.sampled import SampledPolicy
    from ...sim.episodes import run_episode

    kind = LearnedPolicy if task.deterministic else SampledPolicy
    policy = kind(task.policy)
    rows = []
    scenarios = task.scenarios or (task.scenario,) * len(task.seeds)
    for scenario, seed in zip(scenarios, task.seeds, strict=True):
        customer = None if task.customer is None else scenario.customer
        card = run_episode(policy, scenario, seed, customer=customer).scorecard
        rows.append(ValidationRow(card.go_live_score, card.success, card.illegal_decisions))
    return rows


@dataclass(frozen=True, slots=True)
class DemonstrationTask:
    """A demonstrator and the seeds to play it on.

    Attributes:
        demonstrator: a policy by name or file.
        scenario: that is played.
        customer: drawn or the scenario's own.
        reward: that is recorded.
        seeds: of the episodes.
        levels: instead of the seeds, options of the environment's ``reset``.
    """

    demonstrator: str
    scenario: Scenario
    customer: str
    reward: RewardConfig
    seeds: tuple[int, ...]
    levels: tuple[Mapping[str, Any], ...] = ()


def demonstrate_on(task: DemonstrationTask) -> list[PlayedEpisode]:
    """Let the demonstrator play each seed, in their order."""
    from ...agents.registry import load_policy
    from ...envs.environment import ImplementationEnv
    from ..datasets.playing import play_episode

    policy = load_policy(task.demonstrator)
    environment = ImplementationEnv(task.scenario, customer=task.customer, reward=task.reward)
    levels = task.levels or tuple({"episode_seed": seed} for seed in task.seeds)
    return [play_episode(environment, policy, level) for level in levels]
