"""Suites: scenarios, and the seeds on which policies are trained, chosen and judged."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from pydantic import Field, model_validator

from ..core.records import FirstVersion, Integer, Name, Record, Slug
from ..core.worlds import DEFAULT_WORLD
from .mixes import MixField, refuse_equal_mixes
from .scenario import Mix, Scenario, WorldName


class Split(StrEnum):
    """Parts of a suite; their seed ranges never meet."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class SeedRange(Record):
    """Half-open range of seeds ``[start, stop)``."""

    start: Integer = Field(ge=0, lt=2**63, description="First seed.")
    stop: Integer = Field(ge=1, lt=2**63, description="First seed after the range.")

    @model_validator(mode="after")
    def _not_empty(self) -> SeedRange:
        if self.stop <= self.start:
            raise ValueError(f"stop: {self.stop}: expected more than start = {self.start}")
        return self

    def __len__(self) -> int:
        """Number of seeds."""
        return self.stop - self.start

    def __contains__(self, seed: object) -> bool:
        """True if the seed lies in the range."""
        return isinstance(seed, int) and self.start <= seed < self.stop


class Suite(Record):
    """Scenarios and the seeds on which policies are trained, chosen and judged."""

    schema_version: FirstVersion = Field(default=1, description="Version of this format.")
    world: WorldName = Field(
        default=DEFAULT_WORLD,
        exclude_if=lambda name: name == DEFAULT_WORLD,
        description="Name of the world that simulates its scenarios.",
    )
    name: Slug = Field(description="Name of the suite: lower-case letters, digits, hyphens.")
    title: Name = Field(description="Title in words.")
    scenarios: tuple[Name, ...] = Field(
        min_length=1, description="Scenarios by name, or by path relative to the suite's file."
    )
    edge_cases: tuple[MixField, ...] = Field(
        default=(),
        description="Mixes that each scenario is met with, one after the other; empty: as it is.",
    )
    splits: dict[Split, SeedRange] = Field(
        min_length=1, description="Seed range per split; they must not meet."
    )

    @model_validator(mode="after")
    def _without_contradiction(self) -> Suite:
        if len(set(self.scenarios)) != len(self.scenarios):
            raise ValueError("scenarios: expected each scenario only once")
        try:
            refuse_equal_mixes(self.edge_cases)
        except ValueError as error:
            raise ValueError(f"edge_cases: {error}") from None
        ordered = sorted(self.splits.items(), key=lambda item: item[1].start)
        for (before, low), (after, high) in pairwise(ordered):
            if high.start < low.stop:
                raise ValueError(
                    f"splits: {before} [{low.start}, {low.stop}) and {after} "
                    f"[{high.start}, {high.stop}) overlap: expected seed ranges that never meet"
                )
        return self

    @property
    def only_split(self) -> Split | None:
        """Its split, if it has just one, as ``load_suite("furniture-test")`` has."""
        return next(iter(self.splits)) if len(self.splits) == 1 else None

    def met(self, scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
        """Levels that policies are judged on: each of its scenarios met with each of its mixes."""
        mixes = self.edge_cases or (Mix(),)
        return tuple(mix.met(scenario, rename=True) for scenario in scenarios for mix in mixes)
