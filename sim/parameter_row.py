"""A row of a world's parameters: a dataclass field with its unit, range, source and confidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TypeVar

PUBLISHED = "published"
LITERATURE = "literature"
ESTIMATE = "estimate"
OURS = "golive estimate"
Topic = TypeVar("Topic", bound=type)


def row(
    value: float, unit: str, low: float, high: float, confidence: str, source: str, description: str
) -> float:
    """A dataclass field with the row's default and its metadata."""
    metadata = {
        "unit": unit,
        "low": low,
        "high": high,
        "confidence": confidence,
        "source": source,
        "description": description,
    }
    return field(default=value, metadata=metadata)


def with_rows(rows: Mapping[str, float]) -> Callable[[Topic], Topic]:
    """Add rows that are read by composed names to a topic, after its own; not yet a dataclass."""

    def add(topic: Topic) -> Topic:
        for name, field_of_row in rows.items():
            topic.__annotations__[name] = "float"
            setattr(topic, name, field_of_row)
        return topic

    return add
