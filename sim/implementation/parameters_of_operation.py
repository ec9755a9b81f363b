"""Parameters of the edge cases that hit use: volume, regulation, languages, networks."""

from __future__ import annotations

from dataclasses import dataclass

from .parameters_of_delivery import DeliveryDisruptionParameters


@dataclass(frozen=True, slots=True)
class OperationDisruptionParameters(DeliveryDisruptionParameters):
    """Edge cases of the system in use."""
