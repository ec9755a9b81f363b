"""Columns of draws: each number is a function of (seed, scope, name, row)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ...core.distributions import lognormal_table
from ...core.random_streams import SEED_LIMIT, RandomStreams, purpose

Whole = NDArray[np.int64]
ChoiceT = TypeVar("ChoiceT")


class Luck:
    """Draws of one seed within a scope, a whole column at a time."""

    __slots__ = ("_streams", "seed")

    def __init__(self, seed: int, scope: str) -> None:
        """Address the draws of a seed in ``[0, 2**64)``; scopes are independent of each other.

        Raises:
            GoliveError: the seed is not such an integer.
        """
        self.seed = RandomStreams(seed).seed
        self._streams = RandomStreams((self.seed + purpose(f"migration/{scope}")) % SEED_LIMIT)

    def uniform(self, name: str, whom: int = 0) -> float:
        """One number in [0, 1)."""
        return self._streams.uniform(purpose(name), whom)

    def uniforms(self, name: str, count: int) -> NDArray[np.float64]:
        """Numbers in [0, 1), one a row."""
        return self._streams.uniforms(purpose(name), np.arange(count, dtype=np.uint64))

    def whole(self, name: str, count: int, low: int, high: int) -> Whole:
        """Whole numbers from low to high, both included, one a row."""
        return low + (self.uniforms(name, count) * (high - low + 1)).astype(np.int64)

    def chances(self, name: str, count: int, probability: float) -> NDArray[np.bool_]:
        """Truths, each with the probability."""
        return np.asarray(self.uniforms(name, count) < probability)

    def weighted(self, name: str, count: int, weights: Whole | Sequence[int]) -> Whole:
        """Indices drawn by whole weights, which add up without rounding."""
        cumulative = np.cumsum(np.asarray(weights, dtype=np.int64))
        place = (self.uniforms(name, count) * float(cumulative[-1])).astype(np.int64)
        return np.searchsorted(cumulative, place, side="right").astype(np.int64)

    def lognormal(self, name: str, count: int, median: float, sigma: float) -> Whole:
        """Lognormal whole numbers, at least 1."""
        values = lognormal_table(sigma).at_all(self.uniforms(name, count)) * median
        return np.maximum(1, np.rint(values).astype(np.int64))

    def choices(self, name: str, count: int, options: Sequence[ChoiceT]) -> list[ChoiceT]:
        """Options drawn alike, one a row."""
        return [options[index] for index in self.whole(name, count, 0, len(options) - 1).tolist()]

    def shuffled(self, name: str, count: int) -> Whole:
        """A permutation of the first whole numbers."""
        return np.argsort(self.uniforms(name, count), kind="stable").astype(np.int64)


def skewed_weights(count: int, offset: int = 4) -> Whole:
    """Weights that fall as one over the rank: few sell much, many little (Zipf).

    Args:
        count: of ranks.
        offset: added to each rank, so that the first does not take it all. With 4 and 1,000
            ranks a fifth of them gets four fifths, as Pareto's rule has it.
    """
    return 1_000_000_000 // (np.arange(count, dtype=np.int64) + 1 + offset)
