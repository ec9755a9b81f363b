"""Proposals: quasi-random first, then by the evolution of a covariance matrix (CMA-ES).

Optuna's samplers: scrambled Sobol points, and separable CMA-ES (Ros & Hansen 2008, "A Simple
Modification in CMA-ES Achieving Linear Time and Space Complexity"), which learns a scale per axis
and no correlations: with fifty axes and some hundred trials there is no time for those. Positions
lie in the unit cube around its centre, from which the evolution sets out.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler
    from optuna.trial import Trial

_REACHES = (0.3, 0.6, 1.0)
"""Shares of the way to the ends that quasi-random proposals go, one after the other."""


class Proposals:
    """Positions asked for and told of, always in the same order: the same seed, the same positions.

    Args:
        axes: of the cube.
        seed: of all draws.
        population: proposals after which the evolution goes one step; None: quasi-random ones.
    """

    def __init__(self, axes: int, seed: int, population: int | None) -> None:
        import optuna

        # Separable CMA-ES and Sobol points are called experimental.
        with _quiet():
            sampler: BaseSampler = optuna.samplers.QMCSampler(scramble=True, seed=seed % 2**32)
            if population is not None:
                sampler = optuna.samplers.CmaEsSampler(
                    n_startup_trials=0,
                    popsize=population,
                    use_separable_cma=True,
                    seed=seed % 2**32,
                )
            self._study = optuna.create_study(sampler=sampler, direction="maximize")
        uniform = optuna.distributions.FloatDistribution(0.0, 1.0)
        self._distributions = {f"axis{index:03}": uniform for index in range(axes)}
        self._is_quasi_random = population is None
        self._asked: list[Trial] = []
        # Samplers learn the axes from a trial that has been; this one is the centre's.
        self._study.add_trial(
            optuna.trial.create_trial(
                params=dict.fromkeys(self._distributions, 0.5),
                distributions=dict(self._distributions),
                value=0.0,
            )
        )

    def ask(self, count: int) -> list[list[float]]:
        """As many positions."""
        with _quiet():
            self._asked = [self._study.ask(dict(self._distributions)) for _ in range(count)]
        found = []
        for trial in self._asked:
            reach = _REACHES[trial.number % len(_REACHES)] if self._is_quasi_random else 1.0
            found.append([0.5 + reach * (trial.params[n] - 0.5) for n in self._distributions])
        return found

    def tell(self, values: Sequence[float]) -> None:
        """Tell what the positions asked for last are worth."""
        for trial, value in zip(self._asked, values, strict=True):
            self._study.tell(trial, value)


@contextmanager
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("optuna")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
