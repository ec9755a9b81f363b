"""Figures with intervals, for pairs of projects on common seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ...evaluation.interval_ends import Bounds
from ...evaluation.intervals import (
    UNBOUNDED,
    mean_interval,
    median_interval,
    ratio_interval,
    success_interval,
    table_interval,
)
from ...evaluation.statistics import FloatArray
from .law import Figure

TableStatistic = Callable[[FloatArray], float]
"""From a table with a row per project to a number."""


def share_figure(name: str, values: ArrayLike, published: str = "") -> Figure:
    """Share of projects of which something is so: values are 0 and 1.

    Raises:
        ValueError: no values.
    """
    return Figure(name, "share", success_interval([_array(values)]), np.size(values), published)


def mean_figure(name: str, unit: str, values: ArrayLike, published: str = "") -> Figure:
    """Mean over projects.

    Raises:
        ValueError: no values.
    """
    value = mean_interval([_array(values)])
    return Figure(name, unit, value, np.size(values), published)


def median_figure(name: str, unit: str, values: ArrayLike, published: str = "") -> Figure:
    """Median over projects.

    Raises:
        ValueError: no values.
    """
    return Figure(name, unit, median_interval(values), np.size(values), published)


def ratio_figure(
    name: str, above: Sequence[float], below: Sequence[float], published: str = ""
) -> Figure:
    """Ratio of two sums over the same projects, pairs kept together.

    Raises:
        ValueError: not the same projects, or the sum below is zero.
    """
    value = ratio_interval([_array(above)], [_array(below)])
    if value is None:
        raise ValueError(f"{name}: the sum below is zero")
    return Figure(name, "x", value, len(above), published)


def resampled_figure(
    name: str,
    unit: str,
    rows: FloatArray,
    statistic: TableStatistic,
    published: str = "",
    bounds: Bounds = UNBOUNDED,
) -> Figure:
    """A statistic of a whole table, a row per project, that lies within bounds."""
    value = table_interval(rows, statistic, name, bounds=bounds)
    return Figure(name, unit, value, len(rows), published)


def _array(values: ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)
