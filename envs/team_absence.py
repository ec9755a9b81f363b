"""Absences of a team's roles: holidays, illness, resignations and hand-overs.

A role that is away is not dead: it goes on observing, and its mask leaves it nothing but to pass.
Absences are a function of the episode's seed, the role and the day, whatever anybody decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from annotated_types import Ge
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ..core.errors import GoliveError
from ..core.random_streams import RandomStreams, purpose
from ..core.yaml_reader import read_document
from ..sim.numbers import Feature, Transform

_FILE = Path(__file__).with_suffix(".yaml")
WORKING_DAYS = 250
"""Of a year."""
HANDOVER = "handover"
_BEGINS = "team/absence begins: "
_LASTS = "team/absence lasts: "
_SCALE_DAYS = 10.0
_COLUMNS = (
    ("away", "1 when it is away", Transform.LINEAR, 1.0),
    ("handover", "1 when a successor is being taught", Transform.LINEAR, 1.0),
    ("days_left", "days until that ends", Transform.LINEAR, _SCALE_DAYS),
    ("notice", "days until an absence that is announced", Transform.FRESHNESS, _SCALE_DAYS),
)


class AbsenceRule(BaseModel):
    """Rate and length of absences for one reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    per_year: float = Field(ge=0.0, le=WORKING_DAYS, description="Times in 250 working days.")
    days: tuple[Annotated[int, Ge(1)], Annotated[int, Ge(1)]] = Field(
        description="Fewest and most working days."
    )
    notice_days: int = Field(0, ge=0, description="Days before, from which on it is known.")
    handover_days: int = Field(0, ge=0, description="Days in which a successor is taught.")


AbsenceRules = Mapping[str, AbsenceRule]
"""Reasons of absence by name."""
_RULES = TypeAdapter(dict[str, AbsenceRule])


@cache
def absence_presets() -> Mapping[str, AbsenceRules]:
    """Absences that come with golive, by name."""
    return {
        name: _RULES.validate_python(rules) for name, rules in read_document(_FILE).data.items()
    }


def absence_rules(told: str | Mapping[str, object] | None) -> AbsenceRules | None:
    """The rules that a preset's name or a mapping means; None: nobody is ever away.

    Raises:
        GoliveError: no such preset, or a bad value; the message names it.
    """
    if told is None:
        return None
    if isinstance(told, str):
        if told not in absence_presets():
            known = ", ".join(absence_presets())
            raise GoliveError(f"absence: {told!r}: expected one of {known}")
        return absence_presets()[told]
    try:
        return _RULES.validate_python(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(("absence", *map(str, first["loc"])))
        raise GoliveError(f"{where}: {first['input']!r}: {first['msg']}") from None


@dataclass(slots=True)
class _Leave:
    """An absence from its first day to the day of the return, and of the end of the hand-over."""

    why: str
    first: int
    back: int
    taught: int


class Absences:
    """The absences of an episode.

    Args:
        rules: how often and how long.
        roles: names, in order.
    """

    def __init__(self, rules: AbsenceRules, roles: Sequence[str]) -> None:
        self._rules = [
            (name, rule, purpose(_BEGINS + name), purpose(_LASTS + name))
            for name, rule in rules.items()
        ]
        self._roles = tuple(roles)
        self.begin(RandomStreams(0))

    def features(self) -> list[Feature]:
        """Features of absences in the observation, role by role."""
        return [
            Feature(f"absence/{role}/{name}", 0.0, 1.0, scale, transform, text)
            for role in self._roles
            for name, text, transform, scale in _COLUMNS
        ]

    def begin(self, streams: RandomStreams) -> None:
        """Begin an episode in which all are there."""
        self._streams = streams
        self._until = -1
        self._leaves: list[_Leave | None] = [None] * len(self._roles)
        self.day = 0

    def advance(self, day: int) -> None:
        """Come to a day."""
        for today in range(self._until + 1, day + 1):
            for role, leave in enumerate(self._leaves):
                if leave is None or leave.taught <= today:
                    self._leaves[role] = self._drawn(role, today)
        self._until = max(self._until, day)
        self.day = day

    def _drawn(self, role: int, today: int) -> _Leave | None:
        for name, rule, begins, lasts in self._rules:
            if self._streams.uniform(begins, role, today) * WORKING_DAYS < rule.per_year:
                first, (least, most) = today + rule.notice_days, rule.days
                drawn = self._streams.uniform(lasts, role, today)
                back = first + least + int(drawn * (most - least + 1))
                return _Leave(name, first, back, back + rule.handover_days)
        return None

    def why(self, role: int) -> str:
        """Reason why a role is away, ``handover`` where a successor is taught, else empty."""
        leave = self._leaves[role]
        if leave is None or not leave.first <= self.day < leave.taught:
            return ""
        return leave.why if self.day < leave.back else HANDOVER

    def observed(self) -> list[float]:
        """Values of ``features``."""
        values: list[float] = []
        for role, leave in enumerate(self._leaves):
            why = self.why(role)
            notice = left = 0.0
            if leave is not None and self.day < leave.first:
                notice = 1.0 / (1.0 + (leave.first - self.day) / _SCALE_DAYS)
            if leave is not None and why:
                end = leave.taught if why == HANDOVER else leave.back
                left = min(1.0, (end - self.day) / _SCALE_DAYS)
            values += (float(why not in ("", HANDOVER)), float(why == HANDOVER), left, notice)
        return values
