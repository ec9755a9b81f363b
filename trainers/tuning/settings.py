"""Settings of a search: which fields of a training configuration vary, and how it is led."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.records import Flag, Integer, Name, Number, Record, Share
from ..training.configuration_files import read_record

SPACES = Path(__file__).parent / "spaces"
"""Folder of the search spaces that come with golive."""


class Range(Record):
    """Values that a field may take: of one of these kinds."""

    uniform: tuple[Number, Number] | None = Field(default=None, description="Lowest and highest.")
    loguniform: tuple[Number, Number] | None = Field(
        default=None, description="Lowest (above 0) and highest; factors are alike."
    )
    integers: tuple[Integer, Integer] | None = Field(
        default=None, description="Lowest and highest whole number."
    )
    choice: tuple[Any, ...] | None = Field(default=None, description="One of these values.")

    @model_validator(mode="after")
    def _one_kind(self) -> Range:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            kinds = ", ".join(type(self).model_fields)
            raise ValueError(f"expected one of {kinds}, found {', '.join(given) or 'none'}")
        if self.bounds is None:
            if len(self.values) < 2:
                raise ValueError(f"choice: {list(self.values)}: expected at least two values")
            return self
        low, high = self.bounds
        if low >= high or (self.loguniform is not None and low <= 0.0):
            above = " above 0" if self.loguniform is not None else ""
            raise ValueError(
                f"{given[0]}: {[low, high]}: expected the lowest{above}, then the highest"
            )
        return self

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Lowest and highest value; None of a choice."""
        return self.uniform or self.loguniform or self.integers

    @property
    def values(self) -> tuple[Any, ...]:
        """Values of a choice."""
        return self.choice or ()

    @property
    def extremes(self) -> tuple[Any, ...]:
        """Values which, if they will do, show that the others do as well."""
        return self.bounds or self.values

    def proposed(self, proposal: Any) -> Any:
        """The value that a proposal means."""
        return self.values[proposal] if self.bounds is None else proposal

    def proposal(self, value: Any) -> Any:
        """A value as proposals have it: choices are numbered."""
        return self.values.index(value) if self.bounds is None else value

    def holds(self, value: Any) -> bool:
        """True if a value lies in it."""
        if self.bounds is None:
            return value in self.values
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and self.bounds[0] <= value <= self.bounds[1]


class Halving(Record):
    """Successive halving (ASHA; Li et al. 2020, MLSys): the worse stop early."""

    grace_steps: Integer | None = Field(
        default=None, ge=1, description="No trial stops before; null: its third evaluation."
    )
    reduction_factor: Integer = Field(
        default=3, ge=2, description="One in so many goes on past each rung."
    )


class Population(Record):
    """Population based training (Jaderberg et al. 2017): the worse copy the better and vary."""

    every_steps: Integer | None = Field(
        default=None, ge=1, description="Steps between comparisons; null: between evaluations."
    )
    quantile: Number = Field(
        default=0.25, gt=0.0, le=0.5, description="Share that copies, and that is copied."
    )
    resample: Share = Field(
        default=0.25, description="Probability of a new value, instead of x 0.8 or x 1.2."
    )


class TuningSettings(Record):
    """A search over training configurations, whole."""

    parameters: dict[Name, Range] = Field(
        min_length=1,
        description="Range of each field that varies, by its place: ppo.learning_rate.start.",
    )
    trials: Integer = Field(default=20, ge=1, description="Trainings; members of a population.")
    seed: Integer = Field(default=0, ge=0, lt=2**32, description="Of the proposals.")
    base_first: Flag = Field(
        default=True, description="The first trial has the base configuration's own values."
    )
    scheduler: Literal["asha", "none", "population"] = Field(
        default="asha", description="Who decides that a trial stops early, or copies another."
    )
    asha: Halving = Field(default_factory=Halving)
    population: Population = Field(default_factory=Population)


@checked
def read_settings(path: Path) -> TuningSettings:
    """Read and validate a search space's file.

    Raises:
        GoliveError: missing, not YAML, or a field that is missing, unknown or out of range.
    """
    return read_record(TuningSettings, path)


def shipped_space(name: str) -> Path:
    """The file of a search space that comes with golive.

    Raises:
        GoliveError: there is none of this name.
    """
    path = SPACES / f"{name}.yaml"
    if not path.is_file():
        names = ", ".join(sorted(file.stem for file in SPACES.glob("*.yaml")))
        raise GoliveError(f"space: {name!r}: expected a file, or one of {names}")
    return path
