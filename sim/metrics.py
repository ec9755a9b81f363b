"""The scorecard's fields as metrics: how to call them, which way is better, how to print them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """The direction in which a metric improves."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Style(StrEnum):
    """The form in which a metric is printed."""

    SHARE = "share"
    """0..1, printed in per cent."""
    NUMBER = "number"
    MONEY = "money"
    SCORE = "score"
    """0..1, printed with three decimals."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One field of the scorecard as a metric.

    Attributes:
        name: the field.
        label: for tables, with the unit.
        better: which way it improves.
        style: how it is printed.
        short: heading in the short table; empty if that has it not.
    """

    name: str
    label: str
    better: Better
    style: Style
    short: str = ""

    @property
    def headline(self) -> bool:
        """True if the short table has it."""
        return bool(self.short)

    def format(self, value: float) -> str:
        """The value as tables print it."""
        match self.style:
            case Style.SHARE:
                return f"{100 * value:.1f} %"
            case Style.MONEY:
                return f"{value:,.0f}"
            case Style.SCORE:
                return f"{value:.3f}"
            case Style.NUMBER:
                return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"

    def format_difference(self, value: float) -> str:
        """A difference of two values, with its sign; of shares in percentage points."""
        printed = self.format(value).replace(" %", " pp")
        return printed if printed.startswith("-") else f"+{printed}"
