"""Whole episodes of a team, several at a time in one process, and what was gained in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...agents.team import RolePolicy
from ...envs.team import TeamEnv
from .networks import TeamNetworks

Others = Mapping[str, RolePolicy]
"""Who plays roles instead of the networks."""


@dataclass(frozen=True, slots=True)
class TeamEpisodes:
    """Episodes one after another, a row for each decision of the team.

    Attributes:
        states: float32 (steps, state size).
        masks: per role bool (steps, actions).
        actions: int64 (steps, roles), or what advisers would have done.
        by_network: bool (steps, roles), that a network chose.
        rewards: float64 (steps, roles), not scaled.
        lengths: int64 (episodes,), steps of each.
        scores: float64 (episodes,), by what policies are judged by.
        success: bool (episodes,).
        illegal: int64 (episodes,), illegal parts of choices.
        lost: int64 (episodes,), proposals that gave way to another role's.
    """

    states: NDArray[np.float32]
    masks: tuple[NDArray[np.bool_], ...]
    actions: NDArray[np.int64]
    by_network: NDArray[np.bool_]
    rewards: NDArray[np.float64]
    lengths: NDArray[np.int64]
    scores: NDArray[np.float64]
    success: NDArray[np.bool_]
    illegal: NDArray[np.int64]
    lost: NDArray[np.int64]

    @classmethod
    def joined(cls, parts: Sequence[TeamEpisodes]) -> TeamEpisodes:
        """All of them, in their order."""
        names = [one.name for one in fields(cls) if one.name != "masks"]
        masks = zip(*(part.masks for part in parts), strict=True)
        return cls(
            masks=tuple(np.concatenate(one) for one in masks),
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names},
        )

    @property
    def slices(self) -> list[slice]:
        """Rows of each episode."""
        ends = np.cumsum(self.lengths).tolist()
        return [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


@dataclass(slots=True)
class _Running:
    """An episode that is being played."""

    environment: TeamEnv
    others: Others
    advisers: Others
    states: list[NDArray[np.float32]] = field(default_factory=list)
    masks: list[list[NDArray[np.bool_]]] = field(default_factory=list)
    actions: list[list[int]] = field(default_factory=list)
    rewards: list[list[float]] = field(default_factory=list)
    illegal: int = 0
    lost: int = 0

    def begin(self, seed: int) -> None:
        self.environment.reset(options={"episode_seed": seed})
        for player in (*self.others.values(), *self.advisers.values()):
            player.reset(self.environment, seed)

    def look(self) -> None:
        """Keep what is seen before the team decides."""
        environment = self.environment
        self.states.append(environment.state())
        self.masks.append(
            [environment.action_mask(role).astype(np.bool_) for role in environment.agents]
        )

    def step(self, chosen: dict[str, int]) -> None:
        """Let the team decide; ``chosen`` is what the networks chose, if they were asked."""
        environment = self.environment
        roles = environment.agents
        advice = {role: adviser.act(environment) for role, adviser in self.advisers.items()}
        instead = {role: player.act(environment) for role, player in self.others.items()}
        actions = {**advice, **chosen, **instead}
        kept = {**actions, **advice}
        self.actions.append([kept[role] for role in roles])
        _, rewards, _, _, informations = environment.step(actions)
        self.rewards.append([rewards[role] for role in roles])
        self.illegal += int(np.add.reduce([informations[role]["illegal"] for role in roles]))
        self.lost += int(np.add.reduce([informations[role]["lost"] for role in roles]))

    def episode(self) -> TeamEpisodes:
        """The whole episode."""
        environment = self.environment
        kind, card = environment.kind, environment.world_env.world.scorecard()
        own = [role not in self.others for role in environment.possible_agents]
        steps = len(self.rewards)
        return TeamEpisodes(
            np.array(self.states),
            tuple(np.array(one) for one in zip(*self.masks, strict=True)),
            np.array(self.actions, dtype=np.int64),
            np.tile(own, (steps, 1)),
            np.array(self.rewards, dtype=np.float64),
            np.array([steps]),
            np.array([kind.score_of(card)]),
            np.array([bool(card.as_dict().get(kind.figures.success, False))]),
            np.array([self.illegal]),
            np.array([self.lost]),
        )


def play_episodes(
    environments: Sequence[TeamEnv],
    seeds: Sequence[int],
    networks: TeamNetworks | None,
    *,
    generator: np.random.Generator | None = None,
    others: Sequence[Others] = (),
    advisers: Sequence[Others] = (),
    on_episodes: Callable[[int], None] = lambda done: None,
) -> TeamEpisodes:
    """Play an episode of each seed, as many at a time as there are environments.

    Args:
        environments: of one kind.
        seeds: of the episodes.
        networks: who plays; None: the advisers do.
        generator: draws their actions; None: they take the most probable ones.
        others: who plays roles instead, for each episode; empty: nobody.
        advisers: per environment who says of each role what it would have done; empty: nobody.
        on_episodes: called with the number of episodes done.

    Returns:
        The episodes in the order of the seeds.
    """
    parts: list[TeamEpisodes] = []
    nobody: Others = {}
    for first in range(0, len(seeds), len(environments)):
        wave = [
            _Running(
                environment,
                others[first + number] if others else nobody,
                advisers[number] if advisers else nobody,
            )
            for number, environment in enumerate(environments[: len(seeds) - first])
        ]
        for one, seed in zip(wave, seeds[first:], strict=False):
            one.begin(int(seed))
        while running := [one for one in wave if one.environment.agents]:
            for one in running:
                one.look()
            for one, actions in zip(running, _chosen(running, networks, generator), strict=True):
                one.step(actions)
        parts += [one.episode() for one in wave]
        on_episodes(len(parts))
    return TeamEpisodes.joined(parts)


def _chosen(
    running: Sequence[_Running],
    networks: TeamNetworks | None,
    generator: np.random.Generator | None,
) -> list[dict[str, int]]:
    """What the networks choose in each episode."""
    if networks is None:
        return [{} for _ in running]
    states = torch.as_tensor(np.array([one.states[-1] for one in running]))
    actions: list[dict[str, int]] = [{} for _ in running]
    for place, role in enumerate(networks.roles):
        masks = torch.as_tensor(np.array([one.masks[-1][place] for one in running]))
        with torch.no_grad():
            likely = networks.log_probabilities(place, states, masks).numpy().astype(np.float64)
        if generator is not None:
            likely = likely + generator.gumbel(size=likely.shape)
        for one, action in zip(actions, likely.argmax(axis=1).tolist(), strict=True):
            one[role.name] = action
    return actions


def returns_of(rewards: NDArray[np.float64], gamma: float) -> NDArray[np.float64]:
    """Discounted returns from each step to the episode's end, per role: (steps, roles)."""
    return gains_of(rewards, np.zeros_like(rewards), gamma, 1.0)


def gains_of(
    rewards: NDArray[np.float64], values: NDArray[np.float64], gamma: float, trace: float
) -> NDArray[np.float64]:
    """Generalised advantages (Schulman et al. 2016) over one whole episode, after which nothing
    comes: (steps, roles).

    Args:
        rewards: float64 (steps, roles).
        values: likewise, as the critic thinks.
        gamma: discount per decision.
        trace: lambda.
    """
    gains = np.empty_like(rewards)
    following = np.zeros(rewards.shape[1])
    next_value = np.zeros(rewards.shape[1])
    for step in range(len(rewards) - 1, -1, -1):
        surprise = rewards[step] + gamma * next_value - values[step]
        following = surprise + gamma * trace * following
        gains[step], next_value = following, values[step]
    return gains


def running_returns(rewards: NDArray[np.float64], gamma: float) -> NDArray[Any]:
    """Rewards so far, discounted, by whose deviation rewards are scaled: (steps, roles)."""
    running, returns = np.zeros(rewards.shape[1]), np.empty_like(rewards)
    for step, reward in enumerate(rewards):
        running = running * gamma + reward
        returns[step] = running
    return returns
