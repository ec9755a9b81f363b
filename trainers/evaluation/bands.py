"""Bands: whether what a model produces lies where the published figures do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .intervals import mean_interval, success_interval
from .statistics import DEFAULT_LEVEL, Interval


@dataclass(frozen=True, slots=True)
class BandVerdict:
    """A mean beside its band.

    Attributes:
        name: of what is compared.
        low: of the band.
        high: of the band.
        value: mean with its interval; None when nobody answered.
        answers: how many values it is the mean of.
    """

    name: str
    low: float
    high: float
    value: Interval | None
    answers: int

    @property
    def inside(self) -> bool:
        """True if the mean lies inside the band."""
        return self.value is not None and self.low <= self.value.estimate <= self.high

    @property
    def compatible(self) -> bool:
        """True if the interval and the band have a value in common."""
        value = self.value
        return value is not None and value.high >= self.low and value.low <= self.high

    @property
    def word(self) -> str:
        """The verdict in a word or two."""
        if self.value is None:
            return "no answer"
        if self.inside:
            return "inside"
        side = "below" if self.value.estimate < self.low else "above"
        return f"{side}, within error" if self.compatible else side


def judge_band(
    name: str,
    low: float,
    high: float,
    strata: Sequence[Sequence[float]],
    *,
    is_share: bool = False,
    level: float = DEFAULT_LEVEL,
) -> BandVerdict:
    """The mean over all strata with its interval, beside a band.

    No stratum at all means no answer; of a share every value is 0 or 1.

    Raises:
        ValueError: an empty stratum or a value that is not finite.
    """
    if not strata:
        return BandVerdict(name, low, high, None, 0)
    arrays = [np.asarray(values, dtype=np.float64) for values in strata]
    value = (success_interval if is_share else mean_interval)(arrays, level=level)
    return BandVerdict(name, low, high, value, sum(values.size for values in arrays))
