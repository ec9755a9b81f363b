"""Playing an episode and keeping all that a learner could ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...agents.probabilities import decide_with_probabilities
from ...envs.rewards import Reward, Transition
from ...sim.episodes import begin_episode, play
from ...sim.observer import Observer
from ...sim.policy import Policy
from ...sim.protocol import AnyWorld
from ...sim.worlds import kind_of


@dataclass(frozen=True, slots=True)
class PlayedEpisode:
    """One episode, from its beginning to the end.

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
        score: what policies are judged by.
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
    score: float
    digest: str


def play_episode(
    world: AnyWorld, policy: Policy, reward: Reward, observers: Sequence[Observer] = ()
) -> PlayedEpisode:
    """Let a policy play one episode.

    Illegal parts of what a policy orders are replaced before the world sees them, so that the
    recorded action is the one that was carried out.

    Args:
        world: at the episode's beginning.
        policy: who decides.
        reward: what pays.
        observers: who watches besides.
    """
    begin_episode(policy, world, observers)
    keeper, paid = _Keeper(world, policy), PaidTerms(reward)
    play(world, keeper, [paid, *observers])
    keeper.look(world.briefing(), world.legal())
    card = world.scorecard()
    return PlayedEpisode(
        world.scenario.name,
        world.seed,
        np.asarray(keeper.observations, np.float32),
        np.asarray(keeper.masks),
        np.asarray(keeper.actions),
        np.asarray(keeper.behaviour),
        np.array([sum(row.values()) for row in paid.steps], np.float64),
        {n: np.array([row[n] for row in paid.steps], np.float64) for n in paid.steps[0]},
        card.as_dict(),
        keeper.kind.score_of(card),
        world.digest(),
    )


class PaidTerms(Observer):
    """Keeps what each of a reward's terms pays, step by step."""

    def __init__(self, reward: Reward) -> None:
        self.steps: list[dict[str, float]] = []
        self._reward = reward
        self._before: Any = None

    def asked(self, world: AnyWorld, briefing: Any, legal: Any) -> None:
        """Pay for the step that led here."""
        self._pay(world, briefing)

    def ended(self, world: AnyWorld) -> None:
        """Pay for the last step."""
        self._pay(world, world.briefing())

    def _pay(self, world: AnyWorld, after: Any) -> None:
        if self._before is not None:
            card = world.scorecard() if world.finished else None
            step = Transition(self._before, after, card, world.scenario)
            self.steps.append(self._reward.terms(step))
        self._before = after


class _Keeper:
    """Decides as a policy does, and keeps what passes between it and the world."""

    def __init__(self, world: AnyWorld, policy: Policy) -> None:
        self.kind = kind_of(world.scenario)
        self.name = policy.name
        self._policy = policy
        self.observations: list[NDArray[np.float32]] = []
        self.masks: list[NDArray[np.bool_]] = []
        self.actions: list[NDArray[np.int64]] = []
        self.behaviour: list[NDArray[np.float64]] = []

    def reset(self, seed: int) -> None:
        """The policy has begun the episode already."""

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The policy's decision as the recorded action means it; the policy is asked once."""
        self.look(briefing, legal)
        numbers = self.kind.language
        decision, probabilities = decide_with_probabilities(self._policy, numbers, briefing, legal)
        self.actions.append(numbers.action(decision))
        self.behaviour.append(probabilities)
        return numbers.decode(self.actions[-1])

    def look(self, briefing: Any, legal: Any) -> None:
        """A decision point, or the end: what was seen."""
        self.observations.append(self.kind.language.encode(briefing))
        self.masks.append(self.kind.language.mask(legal))
