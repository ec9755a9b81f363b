"""Values that change while training goes on: a learning rate, a clip range, an entropy weight."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ...core.records import Number, Record


class ScheduleKind(StrEnum):
    """Ways of a value from start to end."""

    CONSTANT = "constant"
    LINEAR = "linear"
    COSINE = "cosine"


class Schedule(Record):
    """A value as a function of the share of the training that is done.

    In YAML either a number (constant) or a mapping of these fields.
    """

    start: Number = Field(ge=0.0, description="Value at the first step.")
    end: Number | None = Field(default=None, ge=0.0, description="Value at the end; null: start.")
    kind: ScheduleKind = Field(default=ScheduleKind.LINEAR, description="How it goes there.")
    until: Number = Field(
        default=1.0, gt=0.0, le=1.0, description="Share of the training at which it is there."
    )

    def at(self, done: float) -> float:
        """The value when this share (0..1) of the training is done."""
        if self.end is None or self.kind is ScheduleKind.CONSTANT:
            return self.start
        share = min(1.0, max(0.0, done / self.until))
        if self.kind is ScheduleKind.COSINE:
            share = 0.5 - 0.5 * math.cos(math.pi * share)
        return self.start + share * (self.end - self.start)


def _number_as_constant(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"start": value}
    return value


ScheduleField = Annotated[
    Schedule, BeforeValidator(_number_as_constant, json_schema_input_type=Number | Schedule)
]
"""A schedule, or a number for a constant one."""
