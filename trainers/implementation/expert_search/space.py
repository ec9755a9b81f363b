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


@dataclass(frozen=True, slots=True)
class Axis:
    """One threshold of one set.

    Attributes:
        name: its set and name.
        limits: its range.
        centre: the value at 0.5; 0 and 1 are the ends of the range.
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
        centre, end = self.centre, self.limits.high if position > 0.5 else self.limits.low
        if self.limits.scale is Scale.LOG:
            found = math.exp(math.log(centre) + share * (math.log(end) - math.log(centre)))
        else:
            found = centre + share * (end - centre)
        if self.limits.scale is Scale.CHOICE:
            return bool(round(found))
        if self.limits.scale is Scale.INTEGER:
            return round(found)
        return min(max(float(f"{found:.{_DIGITS}g}"), self.limits.low), self.limits.high)


def axes_of(rules: RuleSets, sets: Collection[str], only: Sequence[str] = ()) -> tuple[Axis, ...]:
    """Axes of the sets in use; what is off stays off.

    Args:
        rules: in the middle of the axes.
        sets: in use.
        only: names of the thresholds to search; empty: all.

    Raises:
        GoliveError: a name that no set in use has, or whose threshold is off in all of them.
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
    axes = tuple(
        Axis(name, limits, now[name])
        for name, limits in ranges.items()
        if now[name] != limits.off and (not only or name.partition(".")[2] in only)
    )
    if not axes:
        raise GoliveError(
            f"only: {', '.join(only)}: off in set {' and '.join(sets)}: none to search"
        )
    return axes


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
