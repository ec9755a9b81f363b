"""Which recorded episodes are learned from."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...core.errors import GoliveError
from ..datasets import LoggedEpisodes
from .configuration import EpisodeFilter

SCORE_COLUMN = "go_live_score"
_HELD_OUT_KEY = 0x0FF1
"""Keeps the choice of held-out episodes apart from others that take the same seed."""


def best_episodes(logged: LoggedEpisodes, chosen: EpisodeFilter) -> NDArray[np.int64]:
    """Numbers of the best episodes of every scenario, in the order of recording.

    At least one of each scenario; of equally good ones the first recorded.

    Raises:
        GoliveError: the episodes have no go-live score and it was asked for.
    """
    worth = _scores(logged) if chosen.by == "score" else episode_returns(logged)
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


def _scores(logged: LoggedEpisodes) -> NDArray[np.float64]:
    if SCORE_COLUMN not in logged.episodes.columns:
        raise GoliveError(
            f"filter.by: score: the episodes have no {SCORE_COLUMN}: expected by: return"
        )
    return logged.episodes[SCORE_COLUMN].to_numpy().astype(np.float64)
