"""One parameter row: a dataclass field that carries its unit, range, source and confidence."""

from __future__ import annotations

from dataclasses import field

PUBLISHED = "published"
LITERATURE = "literature"
ESTIMATE = "estimate"
OURS = "golive estimate"


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
