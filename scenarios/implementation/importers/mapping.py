"""A mapping of one's own: meanings of the words, tasks and resources of a project file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ....core.problems import validated
from ....core.records import Integer, Number, Record
from ....core.yaml_reader import read_document
from ..vocabulary import Department, Role

Words = Annotated[str, StringConstraints(min_length=1, max_length=120)]
MOST_CREW = 10
"""Units of a role that a plan can have."""


class TaskTarget(StrEnum):
    """Targets of a task: work of a workstream, or nothing."""

    DISCOVERY = "discovery"
    DATA = "data"
    CONFIGURATION = "configuration"
    CUSTOMISATION = "customisation"
    INTEGRATION = "integration"
    TESTING = "testing"
    TRAINING = "training"
    NONE = "none"
    """Left out: what waits for it waits for its predecessors."""


class ResourceTarget(StrEnum):
    """Targets of a resource: a role of the crew, the customer's people, or nothing."""

    ORCHESTRATOR = "orchestrator"
    PROJECT_MANAGER = "project_manager"
    DATA_MIGRATION = "data_migration"
    CONFIGURATION = "configuration"
    INDUSTRY_EXPERT = "industry_expert"
    CUSTOMER = "customer"
    """Key users: their hours are key-user hours."""
    NONE = "none"


class PlanMapping(Record):
    """Overrides of the word tables; what it does not say goes by them."""

    schema_version: Literal[1] = Field(default=1, description="Version of this format.")
    tasks: dict[Words, TaskTarget] = Field(
        default_factory=dict, description="What a task becomes, by its id (UID) in the file."
    )
    workstreams: dict[Words, TaskTarget] = Field(
        default_factory=dict,
        description="What tasks become, by words in their name or in that of a summary task.",
    )
    departments: dict[Words, Department] = Field(
        default_factory=dict, description="Whose a task is, by words in its name."
    )
    roles: dict[Words, ResourceTarget] = Field(
        default_factory=dict, description="What a resource becomes, by its name."
    )
    crew: dict[Role, Annotated[Integer, Field(ge=0, le=MOST_CREW)]] = Field(
        default_factory=dict, description="Units of a role, instead of those of the file."
    )
    hours_per_period: Number = Field(
        default=8.0, gt=0.0, le=1_000.0, description="Of a PSPLIB project: hours of a period."
    )


def read_mapping(path: Path | str) -> PlanMapping:
    """Read a mapping.

    Raises:
        GoliveError: no YAML, an unknown field or value; names file, line, field and value.
    """
    return validated(PlanMapping, read_document(Path(path)))
