"""Estimates: a value with its interval, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEVEL = 0.95
"""Of every interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One parameter, estimated.

    Attributes:
        parameter: name of the row in the world's table.
        value: in the row's unit.
        low: lower end of the 95 % interval, before any clipping.
        high: upper end.
        observations: how many observations it rests on, and of what kind.
        unit_of_observation: such as ``packages``.
        notes: what a reader must know of it.
    """

    parameter: str
    value: float
    low: float
    high: float
    observations: int
    unit_of_observation: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """A parameter that was left out.

    Attributes:
        reason: why, in words that name what was missing.
    """

    parameter: str
    reason: str


Outcome = Estimate | Omission


def too_few(parameters: Iterable[str], found: int, needed: int, what: str) -> list[Outcome]:
    """Omissions of parameters for want of observations."""
    reason = f"{found} {what}: at least {needed} are needed"
    return [Omission(name, reason) for name in parameters]
