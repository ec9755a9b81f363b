"""Parameters of the edge cases that hit the work: data, requirements, rules, legacy systems."""

from __future__ import annotations

from dataclasses import dataclass

from .parameters_of_effort import EffortParameters


@dataclass(frozen=True, slots=True)
class DeliveryDisruptionParameters(EffortParameters):
    """Edge cases of the project's own work."""
