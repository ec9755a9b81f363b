"""A learned opponent as a vector of numbers: what the search moves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...scenarios.opponents import OpponentPlan, OpponentStrategy, PhasePreferences
from ...scenarios.vocabulary import DisruptionKind, Severity

_STRIKES_ABOUT_EVERY = 5.0
"""Mornings; where the search begins."""
_BOUND = 20.0
_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class PreferenceSpace:
    """Per phase: one number for waiting, one per kind, one per severity.

    The preference for a strike is the sum of its kind's and its severity's.

    Attributes:
        kinds: that may be chosen.
        severities: that may be chosen.
        phases: of equal length, from kick-off to the planned go-live.
    """

    kinds: tuple[DisruptionKind, ...]
    severities: tuple[Severity, ...]
    phases: int

    @property
    def size(self) -> int:
        """Numbers in a vector."""
        return self.phases * self._row

    @property
    def _row(self) -> int:
        return 1 + len(self.kinds) + len(self.severities)

    def start(self) -> NDArray[np.float64]:
        """Every strike alike, and patience: float64 (size,)."""
        vector = np.zeros((self.phases, self._row))
        strikes = len(self.kinds) * len(self.severities)
        vector[:, 0] = math.log(strikes * (_STRIKES_ABOUT_EVERY - 1.0))
        return vector.ravel()

    def plan(
        self, vector: NDArray[np.float64], budget: float, name: str | None = None
    ) -> OpponentPlan:
        """The opponent that a vector means.

        Args:
            vector: float64 (size,).
            budget: that it may spend.
            name: what tables call it.
        """
        rows = np.clip(vector, -_BOUND, _BOUND).reshape(self.phases, self._row).tolist()
        return OpponentPlan(
            name=name,
            strategy=OpponentStrategy.LEARNED,
            budget=budget,
            kinds=self.kinds,
            severities=self.severities,
            preferences=tuple(
                self._phase(row, (index + 1) / self.phases) for index, row in enumerate(rows)
            ),
        )

    def _phase(self, row: Sequence[float], until: float) -> PhasePreferences:
        middle = 1 + len(self.kinds)
        strikes = {
            kind: {
                severity: round(of_kind + of_severity, _DECIMALS)
                for severity, of_severity in zip(self.severities, row[middle:], strict=True)
            }
            for kind, of_kind in zip(self.kinds, row[1:middle], strict=True)
        }
        return PhasePreferences(until=until, wait=round(row[0], _DECIMALS), strikes=strikes)
