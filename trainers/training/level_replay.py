"""Prioritised level replay: levels that were played, what they scored, and which comes again.

Jiang, Grefenstette & Rocktäschel, "Prioritized Level Replay" (ICML 2021), and Jiang et al.,
"Replay-Guided Adversarial Environment Design" (NeurIPS 2021), which keeps a bounded buffer of
generated levels and can learn from replayed ones only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .level_settings import ReplaySettings
from .level_source import Level, drawn_index


class LevelReplay:
    """A bounded buffer of levels with scores.

    Args:
        settings: of the replay.
    """

    def __init__(self, settings: ReplaySettings) -> None:
        self.settings = settings
        self.levels: list[Level] = []
        self.scores: list[float] = []
        self.returns: list[float] = []
        """Best return on each."""
        self.last: list[int] = []
        """When each was last drawn: ``drawn`` then."""
        self.drawn = 0
        """Levels drawn so far, new ones included."""
        self._places: dict[Level, int] = {}

    def __len__(self) -> int:
        """Number of levels kept."""
        return len(self.levels)

    @property
    def ready(self) -> bool:
        """Whether enough levels are kept to replay one."""
        return len(self.levels) >= self.settings.minimum

    def probabilities(self) -> NDArray[np.float64]:
        """Of each level to be the one that is replayed: float64 (levels,)."""
        settings = self.settings
        order = np.argsort(-np.asarray(self.scores), kind="stable")
        ranks = np.empty(len(order))
        ranks[order] = np.arange(1, len(order) + 1)
        by_score = (1.0 / ranks) ** (1.0 / settings.temperature)
        by_score /= by_score.sum()
        stale = self.drawn - np.asarray(self.last, np.float64)
        total = stale.sum()
        by_staleness = stale / total if total > 0.0 else np.full(len(stale), 1.0 / len(stale))
        mixed = (1.0 - settings.staleness) * by_score + settings.staleness * by_staleness
        return np.asarray(mixed, np.float64)

    def replayed(self, draw: float) -> Level:
        """The level that a draw from [0, 1) means; it counts as drawn now."""
        place = drawn_index(self.probabilities().tolist(), draw)
        self.drawn += 1
        self.last[place] = self.drawn
        return self.levels[place]

    def new(self) -> None:
        """A new level is drawn."""
        self.drawn += 1

    def best_return(self, level: Level, reached: float) -> float:
        """The best return on a level, with one that was reached now."""
        place = self._places.get(level)
        return reached if place is None else max(reached, self.returns[place])

    def update(self, level: Level, score: float, reached: float) -> None:
        """A level was played: it takes its new score, or its place if the buffer has one for it.

        Args:
            level: that was played.
            score: estimate of the regret.
            reached: return of the episode.
        """
        place = self._places.get(level)
        if place is not None:
            self.scores[place] = score
            self.returns[place] = max(reached, self.returns[place])
        elif len(self.levels) < self.settings.buffer_size:
            self._places[level] = len(self.levels)
            self.levels.append(level)
            self.scores.append(score)
            self.returns.append(reached)
            self.last.append(self.drawn)
        else:
            self._replace_lowest(level, score, reached)

    def _replace_lowest(self, level: Level, score: float, reached: float) -> None:
        place = int(np.argmin(self.scores))
        if score <= self.scores[place]:
            return
        del self._places[self.levels[place]]
        self._places[level] = place
        self.levels[place], self.scores[place] = level, score
        self.returns[place], self.last[place] = reached, self.drawn

    def state(self) -> dict[str, Any]:
        """As a JSON value."""
        return {
            "levels": [level.to_json() for level in self.levels],
            "scores": list(self.scores),
            "returns": list(self.returns),
            "last": list(self.last),
            "drawn": self.drawn,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a state."""
        self.levels = [Level.from_json(value) for value in state["levels"]]
        self.scores = [float(value) for value in state["scores"]]
        self.returns = [float(value) for value in state["returns"]]
        self.last = [int(value) for value in state["last"]]
        self.drawn = int(state["drawn"])
        self._places = {level: place for place, level in enumerate(self.levels)}
