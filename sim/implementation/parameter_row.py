"""Rows of which there is one for each severity of a disruption."""

from __future__ import annotations

from ...scenarios.implementation.vocabulary import Severity
from ..parameter_row import row


def by_severity(
    name: str,
    unit: str,
    mild_to_brutal: tuple[tuple[float, float, float], ...],
    confidence: str,
    source: str,
    description: str,
) -> dict[str, float]:
    """A row for each severity, ``<name>_<severity>``, from its value, low and high."""
    return {
        f"{name}_{severity}": row(value, unit, low, high, confidence, source, description)
        for severity, (value, low, high) in zip(Severity, mild_to_brutal, strict=True)
    }
