"""The world's clock and calendar, and the law of success."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ...core.arithmetic import exponential, rounded

TICKS_PER_HOUR = 2**20
"""Moments are whole ticks (3.4 ms): sums and differences of them are exact floats, so that a world
restored in the middle and one that lived through it have the same clock to the bit."""
DAY_HOURS, WEEK_HOURS = 24.0, 168.0
OPENS, CLOSES = 8.0, 17.0
"""Hours in which people work, Monday to Friday."""
WORKING_DAYS = 5
_SPAN, _INTERVALS = 16.0, 8192


def whole_ticks(hours: float) -> float:
    """Hours rounded to a tick."""
    return math.floor(hours * TICKS_PER_HOUR + 0.5) / TICKS_PER_HOUR


@cache
def _logistic_values() -> tuple[float, ...]:
    step = 2.0 * _SPAN / _INTERVALS
    return tuple(
        rounded(1.0 / (1.0 + exponential(_SPAN - place * step))) for place in range(_INTERVALS + 1)
    )


@cache
def _logistic_array() -> NDArray[np.float64]:
    return np.array(_logistic_values())


def logistic(logits: float) -> float:
    """The probability of logits, from a table: the same bits everywhere."""
    if logits <= -_SPAN:
        return 0.0
    if logits >= _SPAN:
        return 1.0
    position = (logits + _SPAN) * (_INTERVALS / (2.0 * _SPAN))
    place = int(position)
    values = _logistic_values()
    low = values[place]
    return low + (values[place + 1] - low) * (position - place)


def logistic_all(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities of an array of logits, bit-equal to ``logistic``."""
    values = _logistic_array()
    inside = np.clip(logits, -_SPAN, _SPAN)
    position = (inside + _SPAN) * (_INTERVALS / (2.0 * _SPAN))
    place = np.minimum(position.astype(np.int64), _INTERVALS - 1)
    low = values[place]
    found = low + (values[place + 1] - low) * (position - place)
    return np.where(logits <= -_SPAN, 0.0, np.where(logits >= _SPAN, 1.0, found))


def next_opening(hour: float) -> float:
    """The first moment from ``hour`` on at which people work."""
    day = math.floor(hour / DAY_HOURS)
    within = hour - day * DAY_HOURS
    if day % 7 < WORKING_DAYS and within < CLOSES:
        return max(hour, day * DAY_HOURS + OPENS)
    day += 1
    while day % 7 >= WORKING_DAYS:
        day += 1
    return day * DAY_HOURS + OPENS


def after_working_hours(hour: float, hours: float) -> float:
    """The moment at which somebody who begins at ``hour`` has worked for ``hours``."""
    moment, left = next_opening(hour), hours
    while True:
        closes = math.floor(moment / DAY_HOURS) * DAY_HOURS + CLOSES
        if left <= closes - moment:
            return whole_ticks(moment + left)
        left -= closes - moment
        moment = next_opening(closes)
