"""Requirements: what the ERP must do for a customer beyond its standard."""

from __future__ import annotations

from pydantic import Field

from ...core.records import Flag, Name, Number, Record, Share
from .vocabulary import Department, RequirementKind

MOST_EFFORT_HOURS = 10_000.0


class Requirement(Record):
    """Something to be configured or built."""

    name: Name = Field(description="Name of the requirement, unique within the customer.")
    kind: RequirementKind = Field(description="What it takes to build it.")
    department: Department = Field(description="The department that wants it.")
    effort_hours: Number = Field(
        gt=0.0, le=MOST_EFFORT_HOURS, description="Expected effort in human-equivalent hours."
    )
    ambiguity: Share = Field(
        description="How unclear it is, 0..1: raises questions, rework and late changes."
    )
    known: Flag = Field(
        default=True, description="False: nobody has asked for it yet; it is found late."
    )
    mandatory: Flag = Field(default=True, description="Whether go-live makes no sense without it.")
