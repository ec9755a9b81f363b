"""A learned opponent as a table of probabilities: what the search moves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....scenarios.implementation.opponents import (
    PRICES,
    OpponentPlan,
    OpponentStrategy,
    PhasePreferences,
)
from ....scenarios.implementation.scenario import ImplementationScenario
from ....scenarios.implementation.vocabulary import DisruptionKind, Severity

WAIT = 0
"""Column of waiting in a table."""
_STRIKES_ABOUT_EVERY = 12.0
"""Mornings; where the search begins: seldom, so that late and dear strikes are tried at all."""
_DECIMALS = 3

Strike = tuple[int, str, str]
"""Day, kind and severity."""


@dataclass(frozen=True, slots=True)
class PreferenceSpace:
    """Tables float64 (phases, 1 + kinds x severities): probabilities of a morning's choices.

    Attributes:
        kinds: that may be chosen.
        severities: that may be chosen.
        phases: of equal length, from kick-off to the planned go-live.
    """

    kinds: tuple[DisruptionKind, ...]
    severities: tuple[Severity, ...]
    phases: int

    @property
    def strikes(self) -> int:
        """Kinds times severities."""
        return len(self.kinds) * len(self.severities)

    def start(self) -> NDArray[np.float64]:
        """Every strike alike, seldom."""
        table = np.full((self.phases, 1 + self.strikes), 1.0 / _STRIKES_ABOUT_EVERY / self.strikes)
        table[:, WAIT] = 1.0 - 1.0 / _STRIKES_ABOUT_EVERY
        return table

    def plan(
        self, table: NDArray[np.float64], budget: float, *, name: str | None = None, seed: int = 0
    ) -> OpponentPlan:
        """The opponent that a table of probabilities above 0 means; the seed is of its lots."""
        rows = table.tolist()
        return OpponentPlan(
            name=name,
            strategy=OpponentStrategy.LEARNED,
            budget=budget,
            seed=seed,
            kinds=self.kinds,
            severities=self.severities,
            preferences=tuple(
                self._phase(row, (index + 1) / self.phases) for index, row in enumerate(rows)
            ),
        )

    def counts(
        self, episodes: Sequence[Sequence[Strike]], budget: float, planned_days: int
    ) -> NDArray[np.float64]:
        """Counts of each choice, mornings on which nothing was affordable left out."""
        table = np.zeros((self.phases, 1 + self.strikes))
        cheapest = min(PRICES[severity] for severity in self.severities)
        for strikes in episodes:
            by_day = {day: (kind, severity) for day, kind, severity in strikes}
            left = budget
            for day in range(planned_days):
                if left < cheapest:
                    break
                phase = min(self.phases - 1, day * self.phases // planned_days)
                column = WAIT
                if day in by_day:
                    kind, severity = by_day[day]
                    left -= PRICES[Severity(severity)]
                    column = self._column(kind, severity)
                table[phase, column] += 1.0
        return table

    def frequencies(
        self, counts: NDArray[np.float64], otherwise: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Probabilities that counts suggest: of waiting, times of kinds, times of severities.

        ``otherwise`` has those of phases, and of strikes in phases, that were never met.

        Kinds and severities are taken as independent within a phase, because a table of their
        pairs is too large for so few strikes.
        """
        table = otherwise.copy()
        for phase, row in enumerate(counts):
            if row.sum() == 0.0:
                continue
            strikes = row[1:].reshape(len(self.kinds), len(self.severities))
            if strikes.sum() == 0.0:
                strikes = table[phase, 1:].reshape(strikes.shape)
            shares = np.outer(strikes.sum(axis=1), strikes.sum(axis=0)) / strikes.sum() ** 2
            waiting = row[WAIT] / row.sum()
            table[phase, WAIT] = waiting
            table[phase, 1:] = (1.0 - waiting) * shares.ravel()
        return table

    def _column(self, kind: str, severity: str) -> int:
        row = self.kinds.index(DisruptionKind(kind))
        return 1 + row * len(self.severities) + self.severities.index(Severity(severity))

    def _phase(self, row: Sequence[float], until: float) -> PhasePreferences:
        strikes: dict[str, dict[Severity, float]] = {
            kind: {
                severity: round(math.log(row[self._column(kind, severity)]), _DECIMALS)
                for severity in self.severities
            }
            for kind in self.kinds
        }
        wait = round(math.log(row[WAIT]), _DECIMALS)
        return PhasePreferences(until=until, wait=wait, strikes=strikes)


def planned_days(scenario: ImplementationScenario) -> int:
    """Working days from kick-off to the last site's planned go-live."""
    plan = scenario.plan
    return max((wave.week for wave in plan.waves), default=plan.weeks) * plan.days_per_week
