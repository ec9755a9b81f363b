"""Levels of a training: how new ones are drawn, and which come again.

Prioritised level replay: Jiang, Grefenstette & Rocktäschel, "Prioritized Level Replay" (ICML
2021), and Jiang et al., "Replay-Guided Adversarial Environment Design" (NeurIPS 2021), which
keeps a bounded buffer of generated levels and can learn from replayed ones only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.random_streams import RandomStreams, purpose
from ...scenarios.levels import LevelSettings, Met, ReplaySettings, drawn_index
from ...scenarios.scenario import Scenario
from ...scenarios.suite import SeedRange

_SCENARIO = purpose("training/scenario of a level")
_SEED = purpose("training/customer of a level")


@dataclass(frozen=True, slots=True)
class Level:
    """One episode before it is played: scenario by name or file, seed, and what it is met with."""

    scenario: str
    seed: int
    met: Met = ()

    def to_json(self) -> list[Any]:
        """As a JSON value."""
        return [self.scenario, self.seed, *self.met]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> Level:
        """Read back what ``to_json`` wrote."""
        scenario, seed, *met = value
        return cls(str(scenario), int(seed), _frozen(met))


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class LevelScenario:
    """A scenario of a training.

    Attributes:
        spec: name, or path of its file.
        weight: relative to the other scenarios'.
        seeds: of the training's split.
        changed: what is played instead of what the name means; None: that.
    """

    spec: str
    weight: float
    seeds: SeedRange
    changed: Scenario | None = None


class LevelSource:
    """Draws new levels; the n-th is a function of the seed and n.

    Attributes:
        settings: how what levels are met with is drawn.
        extra: further options of every level.
    """

    def __init__(
        self, scenarios: Sequence[LevelScenario], settings: LevelSettings, seed: int
    ) -> None:
        self.settings = settings
        self.extra: Mapping[str, Any] = {}
        self._scenarios = {scenario.spec: scenario for scenario in scenarios}
        self._streams = RandomStreams(seed)

    def level(self, number: int) -> Level:
        """The n-th new level."""
        scenarios = list(self._scenarios.values())
        weights = [scenario.weight for scenario in scenarios]
        scenario = scenarios[drawn_index(weights, self._streams.uniform(_SCENARIO, number))]
        seeds = scenario.seeds
        seed = seeds.start + int(self._streams.uniform(_SEED, number) * len(seeds))
        is_fixed = self.settings.mode == "fixed"
        met = () if is_fixed else self.settings.drawn(self._streams, number)
        return Level(scenario.spec, seed, met)

    def options(self, level: Level) -> Mapping[str, Any]:
        """A level as an environment's ``reset`` takes it."""
        return {
            "scenario": self._scenarios[level.scenario].changed or level.scenario,
            "episode_seed": level.seed,
            **self.settings.options(level.met),
            **self.extra,
        }


class LevelReplay:
    """A bounded buffer of levels with scores."""

    def __init__(self, settings: ReplaySettings) -> None:
        self.settings = settings
        self.levels: list[Level] = []
        self.scores: list[float] = []
        self.returns: list[float] = []
        """Best return on each."""
        self.last: list[int] = []
        """Last draw of each: ``drawn`` then."""
        self.drawn = 0
        """Levels drawn so far, new ones included."""
        self._places: dict[Level, int] = {}

    def __len__(self) -> int:
        """Number of levels kept."""
        return len(self.levels)

    @property
    def ready(self) -> bool:
        """True if enough levels are kept to replay one."""
        return len(self.levels) >= self.settings.minimum

    def probabilities(self) -> NDArray[np.float64]:
        """Probability of each level to be the one that is replayed: float64 (levels,)."""
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
        """Count a new level that is drawn."""
        self.drawn += 1

    def best_return(self, level: Level, reached: float) -> float:
        """The best return on a level, with one that was reached now."""
        place = self._places.get(level)
        return reached if place is None else max(reached, self.returns[place])

    def update(self, level: Level, score: float, reached: float) -> None:
        """Give a level that was played its new score, or its place if the buffer has one for it.

        The score estimates the regret; ``reached`` is the return of the episode.
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
