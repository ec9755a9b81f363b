"""Axes of a search: thresholds of the sets in use, each with its present value amid."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ....agents.implementation.expert_file import ranges_of
from ....agents.implementation.expert_rules import SETS, RuleSets
from ....agents.implementation.threshold import Range, Scale
from ....core.errors import GoliveError

Values = Mapping[str, float]
"""Values of thresholds by set and name: ``daily.ready_built``."""
_DIGITS = 4
"""Significant ones of a value: nobody can judge more."""
_OFF = 0.25
"""Length of the part of an axis on which its rule is off; the range has length 1."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One threshold of one set.

    Attributes:
        name: its set and name.
        limits: its range.
        centre: the value at 0.5; 0 and 1 are the ends, and off beyond the range where it can be.
    """

    name: str
    limits: Range
    centre: float

    def value(self, position: float) -> float:
        """The threshold's value at a position in [0, 1]."""
        if position == 0.5:
            return self.centre
        # Squared, so that a first step of the search, which moves all thresholds at once, moves
        # each by a tenth of the way to an end and not by a third.
        share = (2.0 * position - 1.0) * (2.0 * position - 1.0)
        low, high = _ends(self.limits)
        centre, end = _place_of(self.limits, self.centre), high if position > 0.5 else low
        return _value_at(self.limits, centre + share * (end - centre))


def _ends(limits: Range) -> tuple[float, float]:
    """Ends of an axis: its range is 0 to 1, beyond which its rule is off if it can be."""
    if limits.off is None:
        return 0.0, 1.0
    return (0.0, 1.0 + _OFF) if limits.off > limits.high else (-_OFF, 1.0)


def _place_of(limits: Range, value: float) -> float:
    """A value's place between the ends; off is in the middle of what is off."""
    if value == limits.off:
        return 1.0 + _OFF / 2.0 if value > limits.high else -_OFF / 2.0
    low, high, found = limits.low, limits.high, value
    if limits.scale is Scale.LOG:
        low, high, found = math.log(low), math.log(high), math.log(found)
    return (found - low) / (high - low)


def _value_at(limits: Range, place: float) -> float:
    if limits.off is not None and not 0.0 <= place <= 1.0:
        return limits.off
    if limits.scale is Scale.LOG:
        low, high = math.log(limits.low), math.log(limits.high)
        found = math.exp(low + place * (high - low))
    else:
        found = limits.low + place * (limits.high - limits.low)
    if limits.scale is Scale.CHOICE:
        return bool(round(found))
    if limits.scale is Scale.INTEGER:
        return round(found)
    return min(max(float(f"{found:.{_DIGITS}g}"), limits.low), limits.high)


def axes_of(rules: RuleSets, sets: Collection[str], only: Sequence[str] = ()) -> tuple[Axis, ...]:
    """Axes of the thresholds of the sets in use.

    Args:
        rules: in the middle of the axes.
        sets: in use.
        only: names of the thresholds to search; empty: all.

    Raises:
        GoliveError: a name that no set in use has.
    """
    ranges = {
        f"{one}.{name}": limits for one in sets for name, limits in ranges_of(SETS[one]).items()
    }
    known = {name.partition(".")[2] for name in ranges}
    for name in only:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            guess = f": did you mean {close[0]}?" if close else ""
            raise GoliveError(f"only: {name!r}: no threshold of set {' or '.join(sets)}{guess}")
    now = values_of(rules)
    return tuple(
        Axis(name, limits, now[name])
        for name, limits in ranges.items()
        if not only or name.partition(".")[2] in only
    )


def values_of(rules: RuleSets) -> dict[str, float]:
    """Values of all thresholds."""
    return {
        f"{one}.{name}": value
        for one, of_set in dataclasses.asdict(rules).items()
        for name, value in of_set.items()
    }


def with_values(rules: RuleSets, values: Values) -> RuleSets:
    """The rules with some values changed."""
    sets = {
        one: dataclasses.replace(
            getattr(rules, one),
            **{
                name.partition(".")[2]: v
                for name, v in values.items()
                if name.startswith(f"{one}.")
            },
        )
        for one in SETS
    }
    return RuleSets(**sets)
