"""Episodes that a training asks its workers for: validation and demonstrations.

Functions here run in worker processes and import no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...agents.policy_file import PolicyFile
from ...envs.rewards import RewardConfig
from ...scenarios import Customer, Scenario

if TYPE_CHECKING:
    from ...agents.policy import Policy
    from ...envs.environment import ImplementationEnv


@dataclass(frozen=True, slots=True)
class ValidationTask:
    """A policy and the seeds to play it on."""

    policy: PolicyFile
    deterministic: bool
    scenario: Scenario
    customer: Customer | None
    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ValidationRow:
    """What a validation needs of an episode's scorecard."""

    score: float
    success: bool
    illegal: int


def validate_on(task: ValidationTask) -> list[ValidationRow]:
    """Play the policy on each seed, in their order."""
    from ...agents.episodes import run_episode
    from ...agents.learned import LearnedPolicy

    policy = LearnedPolicy(task.policy, deterministic=task.deterministic)
    rows = []
    for seed in task.seeds:
        card = run_episode(policy, task.scenario, seed, customer=task.customer).scorecard
        rows.append(ValidationRow(card.go_live_score, card.success, card.illegal_decisions))
    return rows


@dataclass(frozen=True, slots=True)
class DemonstrationTask:
    """A demonstrator and the seeds to play it on."""

    demonstrator: str
    scenario: Scenario
    customer: str
    reward: RewardConfig
    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """One episode: arrays over its steps as in ``Demonstrations``, and its go-live score."""

    observations: NDArray[np.float32]
    actions: NDArray[np.int64]
    masks: NDArray[np.bool_]
    rewards: NDArray[np.float64]
    score: float


def demonstrate_on(task: DemonstrationTask) -> list[Demonstration]:
    """Let the demonstrator play each seed, in their order."""
    from ...agents.registry import load_policy
    from ...envs.environment import ImplementationEnv

    policy = load_policy(task.demonstrator)
    environment = ImplementationEnv(task.scenario, customer=task.customer, reward=task.reward)
    return [_demonstrate(environment, policy, seed) for seed in task.seeds]


def _demonstrate(environment: ImplementationEnv, policy: Policy, seed: int) -> Demonstration:
    from ...agents.episodes import begin_episode
    from ...envs.actions import encode_decision

    observation, _ = environment.reset(options={"episode_seed": seed})
    begin_episode(policy, environment.world)
    observations, actions, masks, rewards = [], [], [], []
    finished, score = False, 0.0
    while not finished:
        legal = environment.legal()
        decision, _ = legal.replace_illegal(policy.decide(environment.briefing, legal))
        observations.append(np.asarray(observation, np.float32))
        masks.append(environment.action_masks())
        actions.append(encode_decision(decision))
        observation, reward, finished, _, info = environment.step(actions[-1])
        rewards.append(reward)
        score = info["go_live_score"]
    return Demonstration(
        np.stack(observations),
        np.stack(actions),
        np.stack(masks),
        np.asarray(rewards, np.float64),
        score,
    )
