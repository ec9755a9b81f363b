"""Hours and money that operations cost: a table, so that they can be changed without code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ...core.records import Number, Record
from ...core.yaml_reader import read_document
from ...scenarios.migration import vocabulary
from .operations import Operation, Sample, operation_name

COSTS_FILE = Path(vocabulary.__file__).with_name("operation_costs.yaml")
Hours = Annotated[Number, Field(ge=0.0, le=1_000.0)]


class OperationCost(Record):
    """Cost of a kind of operation, with its source."""

    hours: Hours = Field(description="Hours of the migration's own people.")
    hours_per_row: Hours = Field(default=0.0, description="The same for each row it names.")
    key_user_hours: Hours = Field(default=0.0, description="Hours of the customer's key users.")
    key_user_hours_per_row: Hours = Field(
        default=0.0, description="The same for each row it names."
    )
    money_usd: Number = Field(default=0.0, ge=0.0, description="Money beside hours.")
    source: str = Field(min_length=1, description="Where the figures come from.")
    kind: Literal["published", "literature", "estimate"] = Field(description="How sure they are.")


@dataclass(frozen=True, slots=True)
class Cost:
    """Hours and money of one operation."""

    hours: float
    key_user_hours: float
    money_usd: float


@cache
def operation_costs() -> dict[str, OperationCost]:
    """Cost of each kind of operation by its name.

    Raises:
        GoliveError: the file is not valid.
    """
    data = read_document(COSTS_FILE).data
    return {name: OperationCost.model_validate(entry) for name, entry in data.items()}


def cost_of(operation: Operation) -> Cost:
    """Hours and money of an operation, by the rows that it names."""
    row = operation_costs()[operation_name(type(operation))]
    named = getattr(operation, "rows", ())
    count = operation.rows if isinstance(operation, Sample) else len(named)
    return Cost(
        row.hours + row.hours_per_row * count,
        row.key_user_hours + row.key_user_hours_per_row * count,
        row.money_usd,
    )
