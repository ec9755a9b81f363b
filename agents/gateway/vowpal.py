"""Vowpal Wabbit as a router of cases: SquareCB over the features that the linear bandits have.

Foster and Rakhlin (2020), "Beyond UCB: optimal and efficient contextual bandits with regression
oracles". Needs the extra ``vw``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...core.extras import require
from ...core.random_streams import RandomStreams, purpose
from .cases import PERSON, Case, Lesson
from .linear import FEATURES, features_of_case
from .signs import Values

_LOT = purpose("agents/gateway vowpal")
_ARGUMENTS = "--cb_explore_adf --squarecb --gamma_scale 1000 --noconstant --quiet"


class VowpalWabbit:
    """Draws from the chances that SquareCB gives each choice, and learns from the reward.

    Args:
        begun: regressor that a company begins with, as ``save`` has written it; None: none.
        keeps: whether it goes on at the next company with what it has learned.

    Raises:
        MissingExtraError: Vowpal Wabbit is not installed.
    """

    name = "vowpal_wabbit"

    def __init__(self, begun: Path | None = None, *, keeps: bool = False) -> None:
        require("vw")
        self._begun, self._keeps = begun, keeps
        self._workspace: Any = None
        self.reset(0)

    def reset(self, seed: int) -> None:
        """Begin at a company, with the regressor that it is given."""
        import vowpalwabbit

        self._luck = RandomStreams(seed)
        if self._workspace is None or not self._keeps:
            self.close()
            begun = "" if self._begun is None else f" -i {self._begun}"
            arguments = _ARGUMENTS if self._begun is None else "--quiet"
            self._workspace = vowpalwabbit.Workspace(f"{arguments}{begun}")

    def choose(self, case: Case) -> int:
        """A legal choice, drawn."""
        columns, lines = self._lines(case)
        chances = np.array(self._workspace.predict(lines))
        u = self._luck.uniform(_LOT, case.number)
        place = min(int(np.searchsorted(np.cumsum(chances), u)), len(columns) - 1)
        choice = int(columns[place])
        return choice if choice < len(case.signs.legal) else PERSON

    def learn(self, case: Case, choice: int, lesson: Lesson) -> None:
        """Tell it the cost of what was chosen, and how likely it was."""
        columns, lines = self._lines(case)
        column = choice if choice != PERSON else len(case.signs.legal)
        place = int(np.flatnonzero(columns == column)[0])
        chance = max(float(self._workspace.predict(lines)[place]), 1e-3)
        heard = min(max(lesson.reward, -3.0), 1.5)
        lines[place] = f"0:{-heard:.6f}:{chance:.6f} {lines[place]}"
        self._workspace.learn(lines)

    def save(self, path: Path) -> None:
        """Write the regressor, for others to begin with."""
        self._workspace.save(str(path))

    def close(self) -> None:
        """Free its memory."""
        if self._workspace is not None:
            self._workspace.finish()
            self._workspace = None

    @staticmethod
    def _lines(case: Case) -> tuple[Values, list[str]]:
        """Columns of the legal choices, a person last, and a line of features for each."""
        rows = features_of_case(case)
        columns = np.append(np.flatnonzero(case.signs.legal), len(rows) - 1)
        lines = [
            "|c " + " ".join(f"{n}:{v:.6g}" for n, v in zip(FEATURES, row, strict=True) if v)
            for row in rows[columns].tolist()
        ]
        return columns, lines
