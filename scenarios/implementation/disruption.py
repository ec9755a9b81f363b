"""A row of what may go wrong."""

from __future__ import annotations

from pydantic import Field, model_validator

from ...core.records import Integer, Name, Number, Record, Share
from .edge_case_table import EDGE_CASE_KINDS, EdgeCaseName
from .vocabulary import Severity


class Disruption(Record):
    """Something that may go wrong from outside."""

    kind: EdgeCaseName = Field(description="What happens.")
    severity: Severity = Field(default=Severity.MODERATE, description="How bad it is.")
    day: Integer | None = Field(
        default=None, ge=0, le=5_000, description="Working day of its onset, 0-based; null: drawn."
    )
    probability: Share = Field(default=1.0, description="Probability that it happens, 0..1.")
    amount: Number | None = Field(
        default=None,
        ge=0.0,
        le=10_000.0,
        description="How much of it, in the kind's own unit (docs/edge-cases); null: by severity.",
    )
    names: tuple[Name, ...] = Field(
        default=(),
        max_length=10,
        description="What it is about: systems, standards or languages; empty: by severity.",
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Disruption:
        EDGE_CASE_KINDS[self.kind].check(self.amount, self.names)
        return self

    @property
    def text(self) -> str:
        """The row as on a command line (its probability has no place there)."""
        text = f"{self.kind}:{self.severity}"
        if self.amount is not None:
            text += f":{self.amount:g}"
        elif self.names:
            text += f":{','.join(self.names)}"
        return text if self.day is None else f"{text}@{self.day}"
