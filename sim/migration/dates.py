"""Days as whole numbers, and the shapes that dates in business tables have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .luck import Luck, Whole

if TYPE_CHECKING:
    import polars as pl

_EPOCH = date(1970, 1, 1).toordinal()
DAYS_A_YEAR = 365.25
TAKEOVER_SHARE = 0.3
"""Rows that were taken over in one go when the last system was new (estimate; in a public table of
beers six dates in ten are the first of January)."""


def ordinal(text: str) -> int:
    """Day number of an ISO date."""
    return date.fromisoformat(text).toordinal()


def ordinals_to_dates(days: Whole) -> pl.Series:
    """Day numbers as dates."""
    import polars as pl

    return pl.Series((days - _EPOCH).astype(np.int32)).cast(pl.Date)


def takeover_and_growth(luck: Luck, count: int, as_of: int, history_years: float) -> Whole:
    """Days on which rows were made: a block on the day of a takeover, then ever more a year.

    The block is at the beginning, as numbers are given in the order of time.
    """
    first = as_of - int(history_years * DAYS_A_YEAR)
    takeover = date(date.fromordinal(first).year + 1, 1, 1).toordinal()
    takeover = min(takeover, as_of - 30)
    # The larger of two uniform numbers: the density grows linearly, as the business does.
    late = np.maximum(luck.uniforms("created", count), luck.uniforms("created again", count))
    days = takeover + 1 + np.sort((late * (as_of - takeover - 1)).astype(np.int64))
    days[: int(count * TAKEOVER_SHARE)] = takeover
    return days


def recent_days(
    luck: Luck, name: str, count: int, as_of: int, span: int, month_weights: Sequence[int]
) -> Whole:
    """Days before the extract, weighted by season: a month counts by its weight, weekends not."""
    days = np.arange(as_of - span, as_of, dtype=np.int64)
    weights = [
        month_weights[day.month - 1] if day.weekday() < 5 else 0
        for day in map(date.fromordinal, days.tolist())
    ]
    if not any(weights):
        weights = [1] * len(weights)
    return days[luck.weighted(name, count, weights)]


def with_early_days(days: Whole) -> Whole:
    """The days moved to the first twelve of their month, each month's order kept."""
    moved = []
    for day in map(date.fromordinal, days.tolist()):
        moved.append(day.replace(day=(day.day - 1) * 12 // 31 + 1).toordinal())
    return np.asarray(moved, dtype=np.int64)


def first_of_months(days: Whole) -> Whole:
    """The first days of their months."""
    found: NDArray[np.int64] = np.asarray(
        [day.replace(day=1).toordinal() for day in map(date.fromordinal, days.tolist())],
        dtype=np.int64,
    )
    return found
