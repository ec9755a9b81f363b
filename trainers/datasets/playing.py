"""Playing an episode through the environment and keeping all that a learner could ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ...envs.environment import ImplementationEnv
    from ...sim.policy import Policy


@dataclass(frozen=True, slots=True)
class PlayedEpisode:
    """One episode, from reset to the end.

    Attributes:
        scenario: name of what was played.
        seed: of the episode.
        observations: float32 (steps + 1, observation size); the last one is of the end.
        masks: bool (steps + 1, choices), what was legal.
        actions: int64 (steps, factors), what was decided; illegal parts were replaced before.
        behaviour: float64 (steps, choices), probability of each choice, factor by factor.
        rewards: float64 (steps,), not scaled.
        reward_terms: float64 (steps,) by term; they sum to the reward.
        scorecard: what happened, by field.
        digest: hash of the final state.
    """

    scenario: str
    seed: int
    observations: NDArray[np.float32]
    masks: NDArray[np.bool_]
    actions: NDArray[np.int64]
    behaviour: NDArray[np.float64]
    rewards: NDArray[np.float64]
    reward_terms: Mapping[str, NDArray[np.float64]]
    scorecard: Mapping[str, float | int | bool]
    digest: str


def play_episode(
    environment: ImplementationEnv, policy: Policy, options: Mapping[str, Any]
) -> PlayedEpisode:
    """Let a policy play one episode.

    What a policy orders against the rules is replaced before it reaches the environment, so
    that the recorded action is the one that was carried out.

    Args:
        environment: with flat observations.
        policy: who decides.
        options: of the environment's ``reset``: which episode.
    """
    from ...agents.probabilities import decide_with_probabilities
    from ...envs.implementation.actions import encode_decision
    from ...sim.episodes import begin_episode

    observation, information = environment.reset(options=dict(options))
    begin_episode(policy, environment.world)
    observations, masks = [observation], [information["action_mask"]]
    actions, behaviour, rewards, terms = [], [], [], []
    finished = False
    while not finished:
        decision, probabilities = decide_with_probabilities(
            policy, environment.briefing, environment.legal()
        )
        actions.append(encode_decision(decision))
        behaviour.append(probabilities)
        observation, reward, finished, _, information = environment.step(actions[-1])
        observations.append(observation)
        masks.append(information["action_mask"])
        rewards.append(reward)
        terms.append(information["reward_terms"])
    return PlayedEpisode(
        environment.world.scenario.name,
        environment.world.seed,
        np.asarray(observations, np.float32),
        np.asarray(masks),
        np.asarray(actions),
        np.asarray(behaviour),
        np.asarray(rewards, np.float64),
        {name: np.array([row[name] for row in terms], np.float64) for name in terms[0]},
        information["scorecard"],
        environment.world.digest(),
    )
