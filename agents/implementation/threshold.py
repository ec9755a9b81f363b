"""One threshold of a rule: a dataclass field that carries the range in which it is searched."""

from __future__ import annotations

from dataclasses import Field, dataclass, field
from enum import Enum
from typing import Any


class Scale(Enum):
    """Kinds of range: what equal steps in it are."""

    LINEAR = "linear"
    LOG = "log"
    """Equal ratios."""
    INTEGER = "integer"
    CHOICE = "choice"
    """Either of two values."""


LINEAR, LOG, INTEGER, CHOICE = Scale


@dataclass(frozen=True, slots=True)
class Range:
    """Values that a threshold may have.

    Attributes:
        low: the lowest, or the first choice.
        high: the highest, or the second choice.
        scale: on which it is searched between them.
        off: value below or above them under which its rule never applies; None if it always can.
    """

    low: float
    high: float
    scale: Scale
    off: float | None

    def holds(self, value: float) -> bool:
        """True if a threshold may have the value."""
        return self.low <= value <= self.high or value == self.off

    @property
    def words(self) -> str:
        """Description of the values, for error messages."""
        if self.scale is CHOICE:
            return "true or false"
        kind = "a whole number" if self.scale is INTEGER else "a number"
        off = "" if self.off is None else f", or {self.off:g} (never)"
        return f"{kind} from {self.low:g} to {self.high:g}{off}"


def threshold(low: float, high: float, scale: Scale = LINEAR, *, off: float | None = None) -> Any:
    """A dataclass field without a default: its values stand in a file."""
    return field(metadata={"range": Range(low, high, scale, off)})


def range_of(rule: Field[Any]) -> Range:
    """The range of a threshold's field."""
    found: Range = rule.metadata["range"]
    return found
