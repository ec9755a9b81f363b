"""Which episodes are learned from."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabular import stitching_episodes

from golive.core.errors import GoliveError
from golive.trainers.datasets import LoggedEpisodes
from golive.trainers.offline.configuration import EpisodeFilter
from golive.trainers.offline.session import best_episodes, episode_returns, split_held_out


def with_columns(**columns) -> LoggedEpisodes:
    """Eight one-step episodes whose step is worth its number, with these columns."""
    steps = np.arange(8)
    return LoggedEpisodes(
        steps[:, None].astype(np.float32),
        np.zeros((8, 1), np.int64),
        np.ones((8, 2), bool),
        np.full((8, 2), 0.5),
        steps.astype(np.float64),
        np.ones(8, np.int64),
        (2,),
        pl.DataFrame(columns),
        score="worth",
    )


SCORES = [0.9, 0.1, 0.8, 0.2, 0.4, 0.3, 0.4, 0.1]


def test_the_best_by_score_are_chosen_within_each_scenario() -> None:
    logged = with_columns(scenario=["a"] * 4 + ["b"] * 4, worth=SCORES)
    assert best_episodes(logged, EpisodeFilter(share=0.5)).tolist() == [0, 2, 4, 6]
    assert best_episodes(logged, EpisodeFilter(share=0.25)).tolist() == [0, 4]
    assert best_episodes(logged, EpisodeFilter(share=0.01)).tolist() == [0, 4]


def test_the_best_by_return_need_no_score() -> None:
    logged = with_columns(scenario=["a"] * 8)
    assert best_episodes(logged, EpisodeFilter(share=0.25, by="return")).tolist() == [6, 7]
    with pytest.raises(GoliveError, match=r"filter.by: score: the episodes have no score"):
        best_episodes(logged, EpisodeFilter())


def test_all_are_kept_if_all_are_asked_for() -> None:
    logged = stitching_episodes(copies=2)
    everything = best_episodes(logged, EpisodeFilter(share=1.0))
    assert everything.tolist() == list(range(len(logged.lengths)))


def test_chosen_episodes_are_whole() -> None:
    logged = stitching_episodes(copies=1)
    chosen = np.array([5, 0])
    kept = logged.of_episodes(chosen)
    starts = logged.starts
    for place, episode in enumerate(chosen):
        old = slice(starts[episode], starts[episode] + logged.lengths[episode])
        new = slice(kept.starts[place], kept.starts[place] + kept.lengths[place])
        for name in ("observations", "actions", "masks", "behaviour", "rewards"):
            np.testing.assert_array_equal(getattr(kept, name)[new], getattr(logged, name)[old])
    assert episode_returns(kept).tolist() == kept.episodes["worth"].to_list()
    assert len(kept.rewards) == kept.lengths.sum()


def test_no_episode_at_all_is_an_empty_recording() -> None:
    assert stitching_episodes(1).of_episodes(np.empty(0, np.int64)).rewards.shape == (0,)


@given(st.integers(1, 200), st.floats(0.0, 0.99), st.integers(0, 2**32 - 1))
def test_every_episode_is_either_learned_from_or_held_out(episodes, share, seed) -> None:
    kept, held_out = split_held_out(episodes, share, seed)
    assert sorted([*kept, *held_out]) == list(range(episodes))
    assert len(kept) >= 1
    assert len(held_out) == min(int(share * episodes), episodes - 1)
