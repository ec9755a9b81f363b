"""Which episode comes next: scenario, seed and customer, and where they are drawn from."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import ValidationError

from ..scenarios.customer import Customer
from ..scenarios.edge_cases import parse_edge_case, with_edge_cases
from ..scenarios.errors import GoliveError
from ..scenarios.loader import load_scenario, load_suite, scenario_names, suite_names
from ..scenarios.opponents import OpponentPlan, parse_opponent
from ..scenarios.records import changed
from ..scenarios.scenario import Disruption, Scenario, SeedRange, Suite
from ..scenarios.vocabulary import Split

if TYPE_CHECKING:
    from ..sim.implementation.world import ImplementationWorld

DEFAULT_SUITE = "furniture"
"""Its seed ranges serve scenarios that no suite of the library names."""
CustomerChoice = Literal["drawn", "reference"]
RESET_OPTIONS = (
    "scenario",
    "customer",
    "split",
    "seed_range",
    "episode_seed",
    "disruptions",
    "opponent",
)
"""Options that ``reset`` takes; each holds for that one episode."""


@dataclass(frozen=True, slots=True)
class EpisodeSource:
    """Where episodes come from.

    Attributes:
        scenario: what is simulated.
        customer: ``"drawn"`` from the scenario's family by the episode's seed,
            ``"reference"`` for the scenario's own, or a customer.
        seeds: where the episode's seed is drawn from.
        episode_seed: a fixed seed instead; None: drawn.
    """

    scenario: Scenario
    customer: CustomerChoice | Customer
    seeds: SeedRange
    episode_seed: int | None = None

    def draw_seed(self, generator: np.random.Generator) -> int:
        """The next episode's seed."""
        if self.episode_seed is not None:
            return self.episode_seed
        return int(generator.integers(self.seeds.start, self.seeds.stop))

    def build_world(self, seed: int, record: bool) -> ImplementationWorld:
        """A new world at kick-off."""
        from ..sim.implementation.world import ImplementationWorld

        customer = self.customer
        if customer == "drawn":
            return ImplementationWorld(self.scenario, seed, record=record)
        fixed = self.scenario.customer if customer == "reference" else customer
        assert isinstance(fixed, Customer)
        return ImplementationWorld(self.scenario, seed, customer=fixed, record=record)

    def description(self) -> dict[str, str | int]:
        """What tells one source from another, in plain words (for saved states)."""
        customer = self.customer
        return {
            "scenario": self.scenario.name,
            "customer": customer if isinstance(customer, str) else customer.name,
            "first_seed": self.seeds.start,
            "last_seed": self.seeds.stop - 1,
        }


def episode_source(
    scenario: str | os.PathLike[str] | Scenario | Mapping[str, object],
    split: str | None,
    suite: str | os.PathLike[str] | Suite | None,
    seed_range: tuple[int, int] | SeedRange | None,
    customer: str | Customer,
) -> EpisodeSource:
    """Check the arguments and put them together.

    Raises:
        GoliveError: an argument is wrong; the message names it, its value and what was expected.
    """
    loaded = _scenario(scenario)
    if seed_range is not None:
        seeds = _seed_range(seed_range)
    else:
        seeds = _split_range(split, _suite_of(loaded, suite))
    return EpisodeSource(loaded, _customer(customer), seeds)


def with_options(
    source: EpisodeSource,
    options: Mapping[str, object],
    suite: str | os.PathLike[str] | Suite | None,
) -> EpisodeSource:
    """The source of one episode: the usual one, changed by the options of a reset.

    Raises:
        GoliveError: an unknown option or a bad value; the message names it.
    """
    for name in options:
        if name not in RESET_OPTIONS:
            raise GoliveError(f"options: {name!r}: expected one of {', '.join(RESET_OPTIONS)}")
    if options.get("scenario") is not None:
        source = replace(source, scenario=_scenario(options["scenario"]))
    if options.get("customer") is not None:
        source = replace(source, customer=_customer(options["customer"]))
    if options.get("split") is not None:
        belongs = _suite_of(source.scenario, suite)
        source = replace(source, seeds=_split_range(options["split"], belongs))
    if options.get("seed_range") is not None:
        source = replace(source, seeds=_seed_range(options["seed_range"]))
    if options.get("episode_seed") is not None:
        source = replace(source, episode_seed=_episode_seed(options["episode_seed"]))
    if options.get("disruptions"):
        rows = _disruptions(options["disruptions"])
        source = replace(source, scenario=with_edge_cases(source.scenario, rows))
    if options.get("opponent") is not None:
        plan = _opponent(options["opponent"])
        source = replace(source, scenario=changed(source.scenario, opponent=plan))
    return source


def _scenario(scenario: object) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, str) and scenario in scenario_names():
        return load_scenario(scenario)
    if isinstance(scenario, str | os.PathLike):
        return _scenario_file(os.fspath(scenario), _changed_at(scenario))
    if isinstance(scenario, Mapping):
        return _scenario_content(scenario)
    raise GoliveError(
        f"scenario: {scenario!r}: expected a name, a path, a Scenario or a scenario's content"
    )


def _scenario_content(content: Mapping[object, object]) -> Scenario:
    try:
        return Scenario.model_validate(content)
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


def _disruptions(rows: object) -> list[Disruption]:
    expected = "expected a list of edge cases, such as ['corrupt_data:critical']"
    if isinstance(rows, str) or not isinstance(rows, Sequence):
        raise GoliveError(f"disruptions: {rows!r}: {expected}")
    for row in rows:
        if not isinstance(row, str | Disruption):
            raise GoliveError(f"disruptions: {row!r}: {expected}")
    return [parse_edge_case(row) if isinstance(row, str) else row for row in rows]


def _opponent(opponent: object) -> OpponentPlan:
    if isinstance(opponent, OpponentPlan):
        return opponent
    if isinstance(opponent, str | os.PathLike):
        return parse_opponent(opponent)
    raise GoliveError(f"opponent: {opponent!r}: expected a plan, or such as 'adaptive:8'")


def _customer(customer: object) -> CustomerChoice | Customer:
    if isinstance(customer, Customer):
        return customer
    if customer == "drawn":
        return "drawn"
    if customer == "reference":
        return "reference"
    raise GoliveError(f"customer: {customer!r}: expected 'drawn', 'reference' or a Customer")


def _suite_of(scenario: Scenario, suite: str | os.PathLike[str] | Suite | None) -> Suite:
    """The suite that was asked for, else the library's that has the scenario."""
    if isinstance(suite, Suite):
        return suite
    if suite is not None:
        return load_suite(suite)
    return load_suite(_suite_name(scenario.name))


@cache
def _suite_name(scenario: str) -> str:
    """The library's suite of the scenario's name, else the first that holds it."""
    names = suite_names()
    if scenario in names:
        return scenario
    holding = [name for name in names if scenario in load_suite(name).scenarios]
    return holding[0] if holding else DEFAULT_SUITE


def _split_range(split: object, suite: Suite) -> SeedRange:
    if split is None:
        raise GoliveError("split: None: expected a split, or a seed_range instead")
    if split not in tuple(Split):
        raise GoliveError(f"split: {split!r}: expected one of {', '.join(Split)}")
    chosen = Split(str(split))
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


def _episode_seed(seed: object) -> int:
    if isinstance(seed, int | np.integer) and not isinstance(seed, bool) and 0 <= seed < 2**63:
        return int(seed)
    raise GoliveError(f"episode_seed: {seed!r}: expected an integer from 0 to 2**63 - 1")
