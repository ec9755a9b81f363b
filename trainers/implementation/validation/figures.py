"""Figures with bootstrap intervals, for pairs of projects on common seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from ...evaluation.intervals import ratio_interval
from ...evaluation.statistics import FloatArray, Interval, bootstrap_interval, generator, mean
from .law import Figure

TableStatistic = Callable[[FloatArray], float]
"""From a table with a row per project to a number."""


def mean_figure(name: str, unit: str, values: ArrayLike, published: str = "") -> Figure:
    """Mean over projects.

    Raises:
        ValueError: no values.
    """
    value = bootstrap_interval([_array(values)], mean, generator(0, "mean", name))
    return Figure(name, unit, value, np.size(values), published)


def median_figure(name: str, unit: str, values: ArrayLike, published: str = "") -> Figure:
    """Median over projects.

    Raises:
        ValueError: no values.
    """
    median = partial(np.median, axis=-1)
    value = bootstrap_interval([_array(values)], median, generator(0, "median", name))
    return Figure(name, unit, value, np.size(values), published)


def ratio_figure(
    name: str, above: Sequence[float], below: Sequence[float], published: str = ""
) -> Figure:
    """Ratio of two sums over the same projects, pairs kept together.

    Raises:
        ValueError: not the same projects, or the sum below is zero.
    """
    value = ratio_interval([_array(above)], [_array(below)], name)
    if value is None:
        raise ValueError(f"{name}: the sum below is zero")
    return Figure(name, "x", value, len(above), published)


def resampled_figure(
    name: str, unit: str, rows: FloatArray, statistic: TableStatistic, published: str = ""
) -> Figure:
    """A statistic of a whole table, a row per project, with projects resampled."""

    def of_indices(samples: FloatArray) -> FloatArray:
        return np.asarray([statistic(rows[row]) for row in samples.astype(np.int64)])

    numbers = np.arange(len(rows), dtype=np.float64)
    value: Interval = bootstrap_interval(
        [numbers], of_indices, generator(0, "table", name), resamples=2_000
    )
    return Figure(name, unit, value, len(rows), published)


def _array(values: ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)
