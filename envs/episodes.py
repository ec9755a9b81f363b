"""Choose the next episode: scenario, seed and the world's own options, and where from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from ..core.arguments import of_type, seed_of
from ..core.errors import GoliveError
from ..scenarios.loader import as_scenario, load_scenario, load_suite, scenario_names, suite_name_of
from ..scenarios.scenario import Scenario
from ..scenarios.suite import SeedRange, Split, Suite
from ..sim.protocol import AnyWorld
from ..sim.world_kind import WorldKind

_OF_OTHERS = ("minari_autoseed",)
"""Options of wrappers around environments, who pass them on: Minari's ``DataCollector``."""
RESET_OPTIONS = ("scenario", "split", "seed_range", "episode_seed")
"""Options that every world's ``reset`` takes, each for that one episode; it has its own besides."""


@dataclass(frozen=True, slots=True)
class EpisodeSource:
    """The source of episodes.

    Attributes:
        scenario: what is simulated.
        seeds: where the episode's seed is drawn from.
        chosen: the world's options that its ``build`` is given, by name.
        episode_seed: a fixed seed instead of a drawn one; None: drawn.
    """

    scenario: Scenario
    seeds: SeedRange
    chosen: Mapping[str, Any] = field(default_factory=dict)
    episode_seed: int | None = None

    def draw_seed(self, generator: np.random.Generator) -> int:
        """The next episode's seed."""
        if self.episode_seed is not None:
            return self.episode_seed
        return int(generator.integers(self.seeds.start, self.seeds.stop))

    def build_world(self, kind: WorldKind, seed: int, record: bool) -> AnyWorld:
        """A new world at its beginning."""
        return kind.build(self.scenario, seed, record=record, **self.chosen)

    def description(self, kind: WorldKind) -> dict[str, str | int]:
        """Fields that tell one source from another, as plain data (for saved states)."""
        chosen = {
            name: option.text(self.chosen.get(name, option.default))
            for name, option in kind.options.items()
            if option.vary is None
        }
        return {
            "scenario": self.scenario.name,
            **chosen,
            "first_seed": self.seeds.start,
            "last_seed": self.seeds.stop - 1,
        }

    def varied(self, kind: WorldKind, options: Mapping[str, object]) -> EpisodeSource:
        """The source with some of the world's own options.

        Raises:
            GoliveError: no such option, or its value is wrong.
        """
        scenario, chosen = kind.varied(self.scenario, options)
        return replace(self, scenario=scenario, chosen={**self.chosen, **chosen})


def episode_source(
    kind: WorldKind,
    scenario: str | os.PathLike[str] | Scenario | Mapping[str, object] | None,
    split: str | None,
    suite: str | os.PathLike[str] | Suite | None,
    seed_range: tuple[int, int] | SeedRange | None,
    options: Mapping[str, object],
) -> EpisodeSource:
    """Check the arguments and put them together.

    Raises:
        GoliveError: an argument is wrong; the message names it, its value and what was expected.
    """
    loaded = _scenario(kind, kind.default_scenario if scenario is None else scenario)
    if seed_range is not None and suite is None:
        seeds = _seed_range(seed_range)
    else:
        belongs = _suite_of(kind, loaded, suite)
        seeds = _split_range(split, belongs) if seed_range is None else _seed_range(seed_range)
    return EpisodeSource(loaded, seeds).varied(kind, options)


def with_options(
    kind: WorldKind,
    source: EpisodeSource,
    options: Mapping[str, object],
    suite: str | os.PathLike[str] | Suite | None,
) -> EpisodeSource:
    """The source of one episode: the usual one, changed by the options of a reset.

    Raises:
        GoliveError: an unknown option or a bad value; the message names it.
    """
    of_type("options", options, Mapping, "a mapping")
    known = (*RESET_OPTIONS, *kind.options)
    for name in options:
        if name not in known and name not in _OF_OTHERS:
            raise GoliveError(f"options: {name!r}: expected one of {', '.join(known)}")
    if options.get("scenario") is not None:
        source = replace(source, scenario=_scenario(kind, options["scenario"]))
    if options.get("split") is not None:
        belongs = _suite_of(kind, source.scenario, suite)
        seeds = _split_range(options["split"], belongs)
        source = replace(source, seeds=seeds, episode_seed=None)
    if options.get("seed_range") is not None:
        source = replace(source, seeds=_seed_range(options["seed_range"]), episode_seed=None)
    if options.get("episode_seed") is not None:
        episode_seed = seed_of("episode_seed", options["episode_seed"])
        source = replace(source, episode_seed=episode_seed)
    own = {n: v for n, v in options.items() if n in kind.options and v is not None}
    return source.varied(kind, own) if own else source


def _scenario(kind: WorldKind, scenario: object) -> Scenario:
    found = _any_scenario(kind, scenario)
    if found.world != kind.name:
        raise GoliveError(
            f"scenario: {found.name!r}: is of world {found.world!r}: "
            f"expected one of world {kind.name!r}"
        )
    return found


def _any_scenario(kind: WorldKind, scenario: object) -> Scenario:
    if isinstance(scenario, Mapping):
        return _scenario_content(kind, scenario)
    if isinstance(scenario, str | os.PathLike) and str(scenario) not in scenario_names():
        return _scenario_file(os.fspath(scenario), _changed_at(scenario))
    return as_scenario(scenario)


def _scenario_content(kind: WorldKind, content: Mapping[object, object]) -> Scenario:
    try:
        return kind.scenario.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(("scenario", *map(str, first["loc"])))
        raise GoliveError(f"{where}: {first['input']!r}: {first['msg']}") from None


@lru_cache(maxsize=16)
def _scenario_file(path: str, _changed: float) -> Scenario:
    """A file's scenario, read once: an option may name it in every episode."""
    return load_scenario(path)


def _changed_at(path: str | os.PathLike[str]) -> float:
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0  # whoever reads it says what is wrong


def _suite_of(
    kind: WorldKind, scenario: Scenario, suite: str | os.PathLike[str] | Suite | None
) -> Suite:
    """The suite that was asked for, else the library's that has the scenario."""
    if isinstance(suite, Suite):
        return suite
    if suite is not None:
        return load_suite(suite)
    return load_suite(_suite_name(scenario.name) or kind.default_suite)


_suite_name = cache(suite_name_of)  # every environment asks, and suites are validated anew


def _split_range(split: object, suite: Suite) -> SeedRange:
    if split is None:
        raise GoliveError("split: None: expected a split, or a seed_range instead")
    if isinstance(split, str) and not split:
        split = suite.only_split or Split.TRAIN
    if not isinstance(split, str) or split not in tuple(Split):
        raise GoliveError(f"split: {split!r}: expected one of {', '.join(Split)}")
    chosen = Split(split)
    if chosen not in suite.splits:
        raise GoliveError(
            f"split: {str(split)!r}: suite {suite.name} has only {', '.join(suite.splits)}"
        )
    return suite.splits[chosen]


def _seed_range(seeds: object) -> SeedRange:
    if isinstance(seeds, SeedRange):
        return seeds
    expected = "expected (start, stop) with 0 <= start < stop, or a SeedRange"
    if not isinstance(seeds, tuple | list) or len(seeds) != 2:
        raise GoliveError(f"seed_range: {seeds!r}: {expected}")
    try:
        return SeedRange(start=seeds[0], stop=seeds[1])
    except ValidationError:
        raise GoliveError(f"seed_range: {seeds!r}: {expected}") from None
