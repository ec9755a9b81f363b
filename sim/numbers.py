"""A world in numbers: what is observed as a table, what is decided as choices.

Every index of an observation has its name, unit, scale, bounds and meaning here; spaces, names
and documentation are made from the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..core.arithmetic import whole_sum
from ..core.errors import GoliveError


class Transform(Enum):
    """The formula that makes a raw value a number of order one (before clipping to the bounds)."""

    LINEAR = "x / scale"
    LOGARITHM = "ln(1 + x) / scale"
    FRESHNESS = "1 / (1 + x / scale), 0 if never"


@dataclass(frozen=True, slots=True)
class Feature:
    """One index of the observation.

    Attributes:
        name: unique; ``group/column`` or ``group/row/column``.
        low: smallest value after transformation and clipping.
        high: largest value likewise.
        scale: divisor of the transformation, in the raw value's unit.
        transform: formula from raw value to observation.
        description: what the raw value is, with its unit.
    """

    name: str
    low: float
    high: float
    scale: float
    transform: Transform
    description: str


@dataclass(frozen=True, slots=True)
class Column:
    """A feature that every row of a group has."""

    name: str
    description: str
    low: float = 0.0
    high: float = 1.0
    scale: float = 1.0
    transform: Transform = Transform.LINEAR


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of features with the same columns, one after another in the observation."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def size(self) -> int:
        """Number of features."""
        return len(self.rows) * len(self.columns)

    def features(self) -> list[Feature]:
        """Its features, row by row."""
        return [
            Feature(
                "/".join(part for part in (self.name, row, column.name) if part),
                column.low,
                column.high,
                column.scale,
                column.transform,
                f"{row}: {column.description}" if row else column.description,
            )
            for row in self.rows
            for column in self.columns
        ]


@dataclass(frozen=True, slots=True)
class Factor:
    """One part of a decision, as a choice among a few.

    Attributes:
        name: unique among the factors.
        choices: names of what can be chosen; the number is the place.
    """

    name: str
    choices: tuple[str, ...]


class Choices:
    """Sizes and places of the choices of some factors, in the action and in the flat mask.

    Attributes:
        factors: what is chosen.
        sizes: number of choices per factor.
        starts: where each factor's choices begin in the flat mask.
        parts: each factor's choices in the flat mask.
        count: length of the flat mask.
        names: one per entry of the flat mask, ``factor/choice``.
    """

    def __init__(self, factors: Sequence[Factor]) -> None:
        self.factors = tuple(factors)
        self.sizes = tuple(len(factor.choices) for factor in self.factors)
        self.starts = tuple(whole_sum(self.sizes[:place]) for place in range(len(self.sizes)))
        self.parts = tuple(
            slice(start, start + size) for start, size in zip(self.starts, self.sizes, strict=True)
        )
        self.count = whole_sum(self.sizes)
        self.names = tuple(
            f"{factor.name}/{choice}" for factor in self.factors for choice in factor.choices
        )

    def checked(self, action: ArrayLike) -> list[int]:
        """An action as plain integers.

        Raises:
            GoliveError: it is not of this shape or a factor is out of range.
        """
        numbers = np.asarray(action)
        names = ", ".join(factor.name for factor in self.factors)
        if numbers.shape != (len(self.sizes),) or numbers.dtype.kind not in "iu":
            raise GoliveError(
                f"action: shape {numbers.shape}, type {numbers.dtype}: "
                f"expected {len(self.sizes)} integers ({names})"
            )
        choices: list[int] = numbers.tolist()
        for factor, choice, size in zip(self.factors, choices, self.sizes, strict=True):
            if not 0 <= choice < size:
                raise GoliveError(f"action: {factor.name}: {choice}: expected 0..{size - 1}")
        return choices


class Numbers(Protocol):
    """A world's language for learners that see vectors and choose integers.

    The observation is a table (``groups``), the action one choice per factor, the mask all
    choices of all factors one after another.
    """

    @property
    def groups(self) -> tuple[Group, ...]:
        """The observation's groups in order."""
        ...

    @property
    def choices(self) -> Choices:
        """The action's factors in order, and where their choices lie in the mask."""
        ...

    def encode(self, briefing: Any) -> NDArray[np.float32]:
        """The briefing as a new float32 vector within the features' bounds."""
        ...

    def mask(self, legal: Any) -> NDArray[np.bool_]:
        """The legal choices as True, factor after factor; at least one of each."""
        ...

    def decode(self, action: ArrayLike) -> Any:
        """The decision that an action means.

        Raises:
            GoliveError: it is outside the action space.
        """
        ...

    def action(self, decision: Any) -> NDArray[np.int64]:
        """The action that means a decision; int64 (factors,)."""
        ...
