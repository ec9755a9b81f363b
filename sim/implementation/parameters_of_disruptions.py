"""Parameters of disruptions: what all of them share, then each edge case in the files it extends."""

from __future__ import annotations

from dataclasses import dataclass

from .parameter_row import ESTIMATE, OURS, row
from .parameters_of_operation import OperationDisruptionParameters


@dataclass(frozen=True, slots=True)
class DisruptionParameters(OperationDisruptionParameters):
    """Rows of a kind are named ``<kind>_<what>`` or ``<kind>_<what>_<severity>``."""

    # fmt: off
    disruption_effort_sigma: float = row(0.35, "ln", 0.1, 0.8, ESTIMATE, OURS, "Spread of the effort that mends a disruption.")
    disruption_notice_sigma: float = row(0.5, "ln", 0.1, 1.0, ESTIMATE, OURS, "Spread of the time until somebody tells of a disruption.")
    # fmt: on
