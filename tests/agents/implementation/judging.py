"""Scores of policies on common seeds, and whether one is better beyond doubt."""

from __future__ import annotations

from functools import cache

import numpy as np

from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run_episode
from golive.trainers.evaluation.intervals import DIFFERENCE_BOUNDS, paired_difference_interval
from golive.trainers.evaluation.statistics import FloatArray, Interval

FIRST_SEED = 150_000
"""Seeds that no policy's thresholds were chosen on."""


@cache
def score(scenario: str, policy: str, seed: int) -> float:
    """Go-live score of one episode; more episodes of a pair go on from those that were run."""
    episode = run_episode(load_policy(policy), load_scenario(scenario), seed)
    return episode.scorecard.go_live_score


def scores(scenario: str, policy: str, episodes: int) -> FloatArray:
    """Go-live scores of a policy on the common seeds; shape (episodes,)."""
    seeds = range(FIRST_SEED, FIRST_SEED + episodes)
    return np.array([score(scenario, policy, seed) for seed in seeds])


def lead(scenario: str, policy: str, other: str, episodes: int) -> Interval:
    """Paired difference of two policies' scores with its 95 % interval."""
    mine, theirs = scores(scenario, policy, episodes), scores(scenario, other, episodes)
    return paired_difference_interval([mine], [theirs], bounds=DIFFERENCE_BOUNDS)
