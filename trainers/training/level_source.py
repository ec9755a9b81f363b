"""New levels, drawn as the training is told: the domain that is randomised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.random_streams import RandomStreams, purpose
from ...scenarios.implementation.edge_case_table import EDGE_CASES
from ...scenarios.implementation.opponents import OpponentPlan, parse_opponent
from ...scenarios.scenario import Scenario
from ...scenarios.suite import SeedRange
from .level_settings import LevelSettings

_SCENARIO = purpose("training/scenario of a level")
_SEED = purpose("training/customer of a level")
_COUNT = purpose("training/edge cases of a level")
_KIND = purpose("training/kind of a level's edge case")
_SEVERITY = purpose("training/severity of a level's edge case")
_HAS_OPPONENT = purpose("training/level has an opponent")
_OPPONENT = purpose("training/opponent of a level")


@dataclass(frozen=True, slots=True)
class Level:
    """One episode before anybody plays it.

    Attributes:
        scenario: name, or path of its file.
        seed: of the episode; it draws the customer.
        edge_cases: as on a command line.
        opponent: as in the training's settings; empty: none.
    """

    scenario: str
    seed: int
    edge_cases: tuple[str, ...] = ()
    opponent: str = ""

    def to_json(self) -> list[Any]:
        """As a JSON value."""
        return [self.scenario, self.seed, list(self.edge_cases), self.opponent]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> Level:
        """Read back what ``to_json`` wrote."""
        scenario, seed, edge_cases, opponent = value
        return cls(str(scenario), int(seed), tuple(edge_cases), str(opponent))


@dataclass(frozen=True, slots=True)
class WeightedScenario:
    """A scenario of a training.

    Attributes:
        spec: name, or path of its file.
        weight: relative to the other scenarios'.
        seeds: of the training's split.
    """

    spec: str
    weight: float
    seeds: SeedRange


class LevelSource:
    """Draws new levels; the n-th is a function of the seed and n.

    Args:
        scenarios: to draw from.
        settings: how edge cases and opponents are drawn.
        seed: of the draws.
        changed: scenarios that are played instead of those that the names mean, by name.
    """

    def __init__(
        self,
        scenarios: Sequence[WeightedScenario],
        settings: LevelSettings,
        seed: int,
        changed: Mapping[str, Scenario] | None = None,
    ) -> None:
        self._scenarios = tuple(scenarios)
        self._changed = dict(changed or {})
        self._settings = settings
        self._streams = RandomStreams(seed)
        self._disturbed = settings.mode != "fixed"
        self._plans: dict[str, OpponentPlan] = {}
        if self._disturbed and settings.opponent_probability > 0.0:
            self._plans = {text: parse_opponent(text) for text in settings.opponents}

    def level(self, number: int) -> Level:
        """The n-th new level."""
        weights = [scenario.weight for scenario in self._scenarios]
        scenario = self._scenarios[self._chosen(weights, _SCENARIO, number)]
        seeds = scenario.seeds
        seed = seeds.start + int(self._streams.uniform(_SEED, number) * len(seeds))
        if not self._disturbed:
            return Level(scenario.spec, seed)
        settings = self._settings
        if self._streams.uniform(_HAS_OPPONENT, number) < settings.opponent_probability:
            draw = self._streams.uniform(_OPPONENT, number)
            opponent = settings.opponents[int(draw * len(settings.opponents))]
            return Level(scenario.spec, seed, (), opponent)
        return Level(scenario.spec, seed, self._edge_cases(number))

    def options(self, level: Level) -> Mapping[str, Any]:
        """A level as an environment's ``reset`` takes it."""
        scenario = self._changed.get(level.scenario, level.scenario)
        options: dict[str, Any] = {"scenario": scenario, "episode_seed": level.seed}
        if level.edge_cases:
            options["disruptions"] = level.edge_cases
        if level.opponent:
            options["opponent"] = self._plans[level.opponent]
        return options

    def _edge_cases(self, number: int) -> tuple[str, ...]:
        settings = self._settings
        count = self._chosen(settings.counts, _COUNT, number)
        left = list(settings.kinds or EDGE_CASES)
        severities = list(settings.severities)
        weights = list(settings.severities.values())
        texts = []
        for place in range(count):
            draw = self._streams.uniform(_KIND, number, place)
            kind = left.pop(int(draw * len(left)))
            severity = severities[self._chosen(weights, _SEVERITY, number, place)]
            texts.append(f"{kind}:{severity}")
        return tuple(sorted(texts))

    def _chosen(
        self, weights: Sequence[float], purpose_key: int, number: int, place: int = 0
    ) -> int:
        """Index drawn in proportion to its weight."""
        draw = self._streams.uniform(purpose_key, number, place)
        return drawn_index(weights, draw)


def drawn_index(weights: Sequence[float], draw: float) -> int:
    """Index whose share of the weights holds a draw from [0, 1)."""
    mark = draw * sum(weights)
    for index, weight in enumerate(weights):
        mark -= weight
        if mark < 0.0:
            return index
    return max(index for index, weight in enumerate(weights) if weight > 0.0)
