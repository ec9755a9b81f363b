"""Challenges: what makes an implementation hard. Each changes the world, none is a label."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ...core.records import Integer, Name, Number, Record, Share
from .requirements import MOST_EFFORT_HOURS, Requirement
from .vocabulary import AcceptanceCheckKind, DataErrorKind, DataObjectKind, Department, Workstream

_WEEK = Field(ge=1, le=520, description="Week of the plan in which it is met, the first is 1.")
_EFFORT = Field(ge=0.0, le=MOST_EFFORT_HOURS, description="Crew effort in human-equivalent hours.")
_KEY_USER = Field(ge=0.0, le=MOST_EFFORT_HOURS, description="Hours of the department's key users.")


class _Challenge(Record):
    """Fields that all challenges have."""

    name: Name = Field(description="Name of the challenge, unique within the customer.")
    week: Annotated[Integer, _WEEK]


class WorkChallenge(_Challenge):
    """Work that must be done before other work can start."""

    effect: Literal["work"] = Field(description="Work that must be done first.")
    workstream: Workstream = Field(description="Workstream that does it.")
    department: Department = Field(description="Department whose key users are needed.")
    effort_hours: Annotated[Number, _EFFORT]
    key_user_hours: Annotated[Number, _KEY_USER]
    question_probability: Share = Field(
        description="Probability that it stops on a question only the customer can answer, 0..1."
    )
    holds_up: tuple[Workstream, ...] = Field(
        default=(),
        description="Workstreams whose packages of that department or data object wait for it.",
    )
    data_object: DataObjectKind | None = Field(
        default=None, description="The data object that it concerns, if any."
    )


class DataChallenge(_Challenge):
    """Errors in a data object, over and above its own."""

    effect: Literal["data_errors"] = Field(description="Raises an error rate.")
    data_object: DataObjectKind = Field(description="The data object that has the errors.")
    error_kind: DataErrorKind = Field(description="The kind of error.")
    rate: Share = Field(
        description="Share of the records that have the error, at least, 0..1 (the object's own "
        "rate counts where it is higher)."
    )


class RequirementChallenge(_Challenge):
    """A custom thing to build."""

    effect: Literal["requirement"] = Field(description="Adds a requirement.")
    requirement: Requirement = Field(description="What is to be built.")


class CheckChallenge(_Challenge):
    """An acceptance check to be passed before go-live."""

    effect: Literal["acceptance_check"] = Field(description="Adds an acceptance check.")
    check: AcceptanceCheckKind = Field(description="Which check.")
    effort_hours: Annotated[Number, _EFFORT]
    key_user_hours: Annotated[Number, _KEY_USER]
    users: Integer = Field(default=0, ge=0, le=10_000, description="Users who take part.")
    tolerance: Share = Field(description="Share of its cases that may fail, 0..1.")


class QuickWinChallenge(_Challenge):
    """Something small that helps a department at once, and wins it over."""

    effect: Literal["quick_win"] = Field(description="Wins trust when it is done.")
    workstream: Workstream = Field(description="Workstream that does it.")
    department: Department = Field(description="Department that it helps.")
    effort_hours: Annotated[Number, _EFFORT]
    key_user_hours: Annotated[Number, _KEY_USER]
    trust_gain: Share = Field(
        description="Trust that the department gains when it is done by the end of its week, 0..1; "
        "later it gains less."
    )


Challenge = Annotated[
    WorkChallenge | DataChallenge | RequirementChallenge | CheckChallenge | QuickWinChallenge,
    Field(discriminator="effect"),
]
"""Any challenge, told apart by its ``effect``."""
