"""Choosing the recorded episodes that are learned from."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...core.errors import GoliveError
from ..datasets import LoggedEpisodes
from .configuration import EpisodeFilter

_HELD_OUT_KEY = 0x0FF1
"""Keeps the choice of held-out episodes apart from others that take the same seed."""


def best_episodes(logged: LoggedEpisodes, chosen: EpisodeFilter) -> NDArray[np.int64]:
    """Numbers of the best episodes of every scenario, in the order of recording.

    At least one of each scenario; of equally good ones the first recorded.

    Raises:
        GoliveError: the episodes have no score and it was asked for.
    """
    if chosen.by == "return":
        worth = episode_returns(logged)
    elif logged.score in logged.episodes.columns:
        worth = logged.episodes[logged.score].to_numpy().astype(np.float64)
    else:
        raise GoliveError("filter.by: score: the episodes have no score: expected by: return")
    scenarios = logged.episodes["scenario"].to_numpy()
    kept = []
    for scenario in dict.fromkeys(scenarios.tolist()):
        members = np.flatnonzero(scenarios == scenario)
        count = math.ceil(chosen.share * len(members))
        order = np.argsort(-worth[members], kind="stable")
        kept.append(members[order[:count]])
    return np.sort(np.concatenate(kept))


def episode_returns(logged: LoggedEpisodes) -> NDArray[np.float64]:
    """float64 (episodes,), sum of each episode's rewards."""
    return np.add.reduceat(logged.rewards, logged.starts)


def split_held_out(
    episodes: int, share: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the episodes to learn from and of those held out, drawn by the seed.

    At least one is learned from.
    """
    order = np.random.default_rng([seed, _HELD_OUT_KEY]).permutation(episodes)
    held_out = min(int(share * episodes), episodes - 1)
    return np.sort(order[held_out:]), np.sort(order[:held_out])
