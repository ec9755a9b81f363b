"""Parameter files: values of the world's dynamics, each with its interval and where it is from.

A file says what one customer, one industry or one set of past projects taught about the numbers
that drive the world. Which names there are and which values a row allows is known to the world
(``golive.sim.implementation.parameter_files``); this module knows the format alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from ...core.files import write_text_atomically
from ...core.problems import validated
from ...core.records import FirstVersion, Integer, Name, Number, Record, changed, json_schema
from ...core.yaml_reader import Document, read_document
from ..loader import to_yaml
from .scenario import ImplementationScenario

PARAMETER_FILE_VERSION: Literal[1] = 1
"""Version of the file format; other versions are refused."""


class Confidence(StrEnum):
    """Degrees in which a value can be trusted."""

    PUBLISHED = "published"
    """Seen in the source."""
    LITERATURE = "literature"
    """From the literature, to be checked again."""
    ESTIMATE = "estimate"
    """A judgement."""
    CALIBRATED = "calibrated"
    """Fitted so that the world's outcomes agree with observed ones."""
    MINED = "mined"
    """Estimated from event logs of past projects."""


class ParameterEstimate(Record):
    """One value, how sure it is, and where it is from."""

    value: Number = Field(description="The value that the world uses, in the parameter's unit.")
    low: Number | None = Field(default=None, description="Lower end of its interval, if known.")
    high: Number | None = Field(default=None, description="Upper end of its interval, if known.")
    level: Number = Field(
        default=0.95, gt=0.0, lt=1.0, description="Share of cases the interval is meant to cover."
    )
    unit: str = Field(default="", max_length=120, description="Unit, for readers.")
    source: Annotated[str, Field(min_length=1, max_length=2_000)] = Field(
        description="Where the value is from."
    )
    confidence: Confidence = Field(description="How far it can be trusted.")
    observations: Integer | None = Field(
        default=None, ge=0, description="Number of observations behind it, if it was estimated."
    )

    @model_validator(mode="after")
    def _interval_in_order(self) -> ParameterEstimate:
        if (self.low is None) != (self.high is None):
            missing = "low" if self.low is None else "high"
            raise ValueError(f"{missing}: missing: expected both ends of the interval or neither")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low: {self.low:g}: expected at most high = {self.high:g}")
        return self


class ParameterFile(Record):
    """Parameters of the world with their provenance, by name.

    An estimate may lie outside its interval: a mined value is clipped to what the world allows,
    its interval says what the data said.
    """

    golive_parameters: FirstVersion = Field(
        default=PARAMETER_FILE_VERSION, description="Version of this format."
    )
    name: Name = Field(description="What these parameters are called.")
    made_by: str = Field(default="", max_length=2_000, description="Command that made the file.")
    description: str = Field(default="", max_length=5_000, description="What they are about.")
    parameters: dict[str, ParameterEstimate] = Field(
        default_factory=dict, max_length=2_000, description="Estimates by parameter name."
    )

    def values(self) -> dict[str, float]:
        """Value by parameter name, sorted by name."""
        return {name: float(self.parameters[name].value) for name in sorted(self.parameters)}


def load_parameter_file(path: str | os.PathLike[str]) -> ParameterFile:
    """Read a parameter file; names and ranges are not looked at.

    Raises:
        GoliveError: it cannot be read, or (``InvalidRecordError``) it is not valid; the message
            names file, line, field and value.
    """
    return read_parameter_file(path)[0]


def read_parameter_file(path: str | os.PathLike[str]) -> tuple[ParameterFile, Document]:
    """Read as ``load_parameter_file``, with the document that knows the line of every field."""
    document = read_document(Path(path))
    if "golive_parameters" not in document.data:
        document.data = {"golive_parameters": None, **document.data}
    return validated(ParameterFile, document), document


def with_parameter_values(
    scenario: ImplementationScenario, values: Mapping[str, float]
) -> ImplementationScenario:
    """The scenario under values by name; what the scenario itself says wins.

    Names and ranges are looked at when a world is made of it.
    """
    return changed(scenario, parameters={**values, **scenario.parameters})


def save_parameter_file(path: str | os.PathLike[str], file: ParameterFile) -> None:
    """Write a parameter file, atomically; equal content gives equal bytes.

    Raises:
        GoliveError: it cannot be written.
    """
    ordered = {name: file.parameters[name] for name in sorted(file.parameters)}
    write_text_atomically(path, to_yaml(file.model_copy(update={"parameters": ordered})))


def parameter_file_schema() -> dict[str, JsonValue]:
    """JSON Schema (draft 2020-12) of parameter files."""
    schema = json_schema(ParameterFile)
    required = schema["required"]
    assert isinstance(required, list)
    schema["required"] = ["golive_parameters", *required]
    return schema
