"""A world so small that every policy's value is known exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from golive.trainers.datasets import LoggedEpisodes
from golive.trainers.offline_evaluation.linear_q import LinearQ
from golive.trainers.offline_evaluation.question import Question

STATES, HORIZON, SIZES = 2, 3, (2, 3)
CHOICES = sum(SIZES)
LEGAL = np.ones((STATES, CHOICES), dtype=bool)
LEGAL[1, 4] = False
"""In state 1 the second factor's last choice is not legal."""


@dataclass(frozen=True)
class Toy:
    """Rewards and transitions depend on both factors, together or each for itself.

    Attributes:
        rewards: (states, 2, 3), mean reward.
        moves: (states, 2, 3, states), chances of the next state.
        ends: chance that an episode ends after a decision; after the third it does.
    """

    rewards: np.ndarray
    moves: np.ndarray
    ends: float = 0.1

    @classmethod
    def drawn(cls, seed: int) -> Toy:
        rng = np.random.default_rng(seed)
        moves = rng.dirichlet(np.ones(STATES), (STATES, *SIZES))
        return cls(rng.normal(0.0, 1.0, (STATES, *SIZES)), moves)

    @classmethod
    def by_factor(cls, seed: int) -> Toy:
        """A world of sums of one part per factor: values are linear in what golive ships."""
        rng = np.random.default_rng(seed)
        first, second = (rng.normal(0.0, 1.0, (STATES, size)) for size in SIZES)
        one, other = (rng.dirichlet(np.ones(STATES), (STATES, size)) for size in SIZES)
        moves = (one[:, :, None] + other[:, None, :]) / 2.0
        return cls(first[:, :, None] + second[:, None, :], moves)

    def value(self, policy: np.ndarray, gamma: float = 1.0) -> float:
        """By dynamic programming; the first state is drawn evenly."""
        joint = policy[:, :2, None] * policy[:, None, 2:]
        following = np.zeros(STATES)
        for time in reversed(range(HORIZON)):
            goes_on = 0.0 if time == HORIZON - 1 else 1.0 - self.ends
            q = self.rewards + gamma * goes_on * self.moves @ following
            following = (joint * q).sum(axis=(1, 2))
        return float(following.mean())

    def record(
        self, behaviour: np.ndarray, target: np.ndarray, episodes: int, seed: int
    ) -> tuple[LoggedEpisodes, np.ndarray]:
        """Episodes under one policy, and the other's chances at their decisions."""
        rng = np.random.default_rng(seed)
        state, alive = rng.integers(0, STATES, episodes), np.ones(episodes, dtype=bool)
        found = {name: [] for name in ("episode", "time", "state", "first", "second", "reward")}
        for time in range(HORIZON):
            first = _drawn(behaviour[state, :2], rng)
            second = _drawn(behaviour[state, 2:], rng)
            reward = self.rewards[state, first, second] + rng.normal(0.0, 0.5, episodes)
            columns = (np.arange(episodes), np.full(episodes, time), state, first, second, reward)
            for name, column in zip(found, columns, strict=True):
                found[name].append(column[alive])
            state = _drawn(self.moves[state, first, second], rng)
            alive &= rng.random(episodes) >= self.ends
        table = {name: np.concatenate(parts) for name, parts in found.items()}
        order = np.lexsort((table["time"], table["episode"]))
        table = {name: column[order] for name, column in table.items()}
        states, lengths = table["state"], np.bincount(table["episode"], minlength=episodes)
        observations = np.zeros((states.size, HORIZON * STATES), dtype=np.float32)
        observations[np.arange(states.size), table["time"] * STATES + states] = 1.0
        logged = LoggedEpisodes(
            observations=observations,
            actions=np.stack([table["first"], table["second"]], axis=1),
            masks=LEGAL[states],
            behaviour=behaviour[states],
            rewards=table["reward"],
            lengths=lengths,
            action_sizes=SIZES,
            episodes=pl.DataFrame(
                {
                    "scenario": ["toy"] * episodes,
                    "seed": np.arange(episodes),
                    "worth": np.bincount(table["episode"], table["reward"], episodes),
                }
            ),
            score="worth",
        )
        return logged, target[states]


def drawn_policy(seed: int, concentration: float = 2.0) -> np.ndarray:
    """A policy's chances, (states, choices); 0 where a choice is not legal."""
    rng = np.random.default_rng(seed)
    raw = rng.gamma(concentration, size=(STATES, CHOICES)) * LEGAL
    parts = np.split(raw, [SIZES[0]], axis=1)
    return np.concatenate([part / part.sum(axis=1, keepdims=True) for part in parts], axis=1)


def one_hot_policy(seed: int) -> np.ndarray:
    """A policy that leaves nothing to chance."""
    chances = drawn_policy(seed)
    parts = np.split(chances, [SIZES[0]], axis=1)
    return np.concatenate([np.eye(part.shape[1])[part.argmax(axis=1)] for part in parts], axis=1)


def _drawn(chances: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return (rng.random((len(chances), 1)) > np.cumsum(chances, axis=1)[:, :-1]).sum(axis=1)


def tabular_features(question: Question) -> tuple[np.ndarray, np.ndarray]:
    """One feature for every pair of a distinct observation and a joint action: exact, for toys."""
    _, states = np.unique(question.logged.observations, axis=0, return_inverse=True)
    sizes = question.logged.action_sizes
    joint = np.ravel_multi_index(tuple(question.logged.actions.T), sizes)
    recorded = np.zeros((joint.size, int(np.prod(sizes))))
    recorded[np.arange(joint.size), joint] = 1.0
    factors = np.split(question.target, np.cumsum(sizes)[:-1], axis=1)
    target = factors[0]
    for factor in factors[1:]:
        target = (target[:, :, None] * factor[:, None, :]).reshape(len(target), -1)
    return _placed(recorded, states.reshape(-1)), _placed(target, states.reshape(-1))


def _placed(chances: np.ndarray, states: np.ndarray) -> np.ndarray:
    table = np.zeros((len(chances), int(states.max()) + 1, chances.shape[1]))
    table[np.arange(len(chances)), states] = chances
    return table.reshape(len(chances), -1)


def tabular(question: Question) -> LinearQ:
    """A value per distinct observation and joint action: exact as data grow."""
    return LinearQ(question, tabular_features, ridge=1e-9)
