"""Small decision problems with exact answers, as recorded episodes.

A state is a one-hot observation. An action has two factors: the route taken, which matters, and
a colour, which does not. Route 2 is never legal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from golive.trainers.datasets import LoggedEpisodes

SIZES = (3, 2)
GAMMA = 0.9
END = -1


@dataclass(frozen=True)
class Problem:
    """Deterministic: ``edges[state, route] = (next state or END, reward)``."""

    states: int
    edges: dict[tuple[int, int], tuple[int, float]]

    def record(self, routes: list[list[tuple[int, int]]], seed: int = 0) -> LoggedEpisodes:
        """Episodes given as (state, route) per step; colours are drawn."""
        generator = np.random.default_rng(seed)
        steps = [step for episode in routes for step in episode]
        states = np.array([state for state, _ in steps])
        colours = generator.integers(SIZES[1], size=len(steps))
        actions = np.stack([[route for _, route in steps], colours], axis=1)
        masks = np.ones((len(steps), sum(SIZES)), bool)
        masks[:, 2] = False
        rewards = np.array([self.edges[step][1] for step in steps])
        lengths = np.array([len(episode) for episode in routes])
        starts = np.cumsum(lengths) - lengths
        returns = np.add.reduceat(rewards, starts)
        return LoggedEpisodes(
            np.eye(self.states, dtype=np.float32)[states],
            actions.astype(np.int64),
            masks,
            masks / 2.0,
            rewards,
            lengths,
            SIZES,
            pl.DataFrame({"scenario": "tabular", "seed": 0, "worth": returns}),
            score="worth",
        )

    def expectile_values(self, logged: LoggedEpisodes, expectile: float) -> np.ndarray:
        """V(s) = the expectile of r + gamma V(s') over recorded routes: exact to 1e-9.

        The fixed point of implicit Q-learning (Kostrikov et al. 2021, equations 5 and 6) where
        transitions are deterministic.
        """
        states = logged.observations.argmax(axis=1)
        routes = logged.actions[:, 0]
        values = np.zeros(self.states + 1)  # the last is END's
        for _ in range(500):
            before = values.copy()
            for state in np.unique(states):
                at = states == state
                worth = [self.worth(state, route, values) for route in routes[at]]
                values[state] = expectile_of(np.array(worth), expectile)
            if np.abs(values - before).max() < 1e-9:
                break
        return values[: self.states]

    def worth(self, state: int, route: int, values: np.ndarray) -> float:
        """r + gamma V(s')."""
        following, reward = self.edges[state, route]
        return reward + GAMMA * values[following]

    def follow(self, start: int, choose) -> float:
        """Return, not discounted, of choosing by ``choose(state)`` from a state to the end."""
        state, total = start, 0.0
        while state != END:
            state, reward = self.edges[state, choose(state)]
            total += reward
        return total


def expectile_of(samples: np.ndarray, expectile: float) -> float:
    """The root of E[|expectile - 1(x < v)| (x - v)] by bisection."""
    low, high = samples.min(), samples.max()
    for _ in range(200):
        middle = (low + high) / 2.0
        pull = np.where(samples > middle, expectile, 1.0 - expectile) * (samples - middle)
        low, high = (middle, high) if pull.mean() > 0.0 else (low, middle)
    return float((low + high) / 2.0)


START, OTHER_START, MIDDLE, LATE = 0, 1, 2, 3
SAFE, BOLD = 0, 1
STITCHING = Problem(
    4,
    {
        (START, SAFE): (END, 0.5),
        (START, BOLD): (MIDDLE, 0.0),
        (OTHER_START, SAFE): (END, 0.2),
        (OTHER_START, BOLD): (MIDDLE, 0.0),
        (MIDDLE, SAFE): (END, 0.0),
        (MIDDLE, BOLD): (LATE, 0.5),
        (LATE, SAFE): (END, 0.5),
        (LATE, BOLD): (END, 0.0),
    },
)
"""From START the bold route is best, but all who took it went wrong in the middle."""


def stitching_episodes(copies: int = 20) -> LoggedEpisodes:
    """No episode from START has more than 0.5; what is needed for 1.0 is in others."""
    safe = [[(START, SAFE)]]
    wrong = [[(START, BOLD), (MIDDLE, SAFE)]]
    right = [[(OTHER_START, BOLD), (MIDDLE, BOLD), (LATE, SAFE)]]
    late = [[(OTHER_START, BOLD), (MIDDLE, BOLD), (LATE, BOLD)]]
    other = [[(OTHER_START, SAFE)]]
    return STITCHING.record((3 * safe + 2 * wrong + 2 * right + late + other) * copies)
