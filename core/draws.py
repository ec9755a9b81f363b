"""Named draws of one seed from the distributions that generators use."""

from __future__ import annotations

from .distributions import beta_table, gamma_table, lognormal_table, normal_table, poisson_count
from .random_streams import SEED_LIMIT, RandomStreams, purpose


class Draws:
    """Draws of one seed: the same name and ``whom`` always give the same number."""

    __slots__ = ("_uniform", "seed")

    def __init__(self, seed: int, scope: str = "") -> None:
        """Address the draws of a seed in ``[0, 2**64)`` within a scope.

        Draws of different scopes are independent for the same seed.
        """
        self._uniform = RandomStreams(seed).uniform
        if scope:
            self._uniform = RandomStreams((seed + purpose(scope)) % SEED_LIMIT).uniform
        self.seed = seed

    def uniform(self, name: str, whom: int = 0) -> float:
        """Uniform on [0, 1)."""
        return self._uniform(purpose(name), whom)

    def between(self, name: str, low: float, high: float, whom: int = 0) -> float:
        """Uniform on [low, high)."""
        return low + (high - low) * self._uniform(purpose(name), whom)

    def chance(self, name: str, probability: float, whom: int = 0) -> bool:
        """True with the probability."""
        return self._uniform(purpose(name), whom) < probability

    def normal(self, name: str, whom: int = 0) -> float:
        """Standard normal."""
        return normal_table().at(self._uniform(purpose(name), whom))

    def lognormal(self, name: str, sigma: float, whom: int = 0) -> float:
        """Lognormal with median 1."""
        return lognormal_table(sigma).at(self._uniform(purpose(name), whom))

    def gamma(self, name: str, shape: float, whom: int = 0) -> float:
        """Gamma with scale 1."""
        return gamma_table(shape).at(self._uniform(purpose(name), whom))

    def beta(self, name: str, a: float, b: float, whom: int = 0) -> float:
        """Beta on [0, 1]."""
        return beta_table(a, b).at(self._uniform(purpose(name), whom))

    def poisson(self, name: str, mean: float, whom: int = 0) -> int:
        """Poisson count."""
        return poisson_count(mean, self._uniform(purpose(name), whom))
