"""Parameters of regulation and of the edge cases that hit use: volume, regulation, languages, networks."""

from __future__ import annotations

from dataclasses import dataclass

from .parameter_row import ESTIMATE, LITERATURE, OURS, PUBLISHED, row
from .parameters_of_delivery import DeliveryDisruptionParameters

VALIDATED = "calibration B: validation overhead where regulated"
GAMP = "GAMP 5; 21 CFR 820.30(i), 820.70(i); ISO 13485:2016 4.1.6"


@dataclass(frozen=True, slots=True)
class OperationDisruptionParameters(DeliveryDisruptionParameters):
    """Validation; edge cases of the system in use."""

    # fmt: off
    # validation of regulated customers
    validation_share_low: float = row(0.04, "share of effort", 0.01, 0.08, PUBLISHED, VALIDATED, "Validation of the first standard, at least (triangular).")
    validation_share_mode: float = row(0.12, "share of effort", 0.08, 0.18, PUBLISHED, VALIDATED, "Validation of the first standard, most likely.")
    validation_share_high: float = row(0.25, "share of effort", 0.18, 0.4, PUBLISHED, VALIDATED, "Validation of the first standard, at most.")
    validation_further_standard: float = row(0.4, "share", 0.1, 1, ESTIMATE, OURS, "Effort of each further standard relative to the first: much of the evidence serves both.")
    validation_split_plan: float = row(0.2, "share of validation", 0.1, 0.3, LITERATURE, GAMP, "Plan and risk analysis.")
    validation_split_installation: float = row(0.1, "share of validation", 0.05, 0.2, LITERATURE, GAMP, "Installation qualification.")
    validation_split_operation: float = row(0.35, "share of validation", 0.2, 0.5, LITERATURE, GAMP, "Operational qualification; performance qualification and report follow.")
    validation_split_performance: float = row(0.2, "share of validation", 0.1, 0.3, LITERATURE, GAMP, "Performance qualification; the rest is traceability and the report.")
    validation_findings: float = row(0.02, "share of the evidence", 0, 0.08, ESTIMATE, OURS, "Evidence of normal work that would not stand up to an audit; by errors of pace and pressure.")
    validation_check_hours: float = row(16.0, "effort hours", 4, 60, ESTIMATE, OURS, "Release by quality management.")
    validation_check_key_user_hours: float = row(6.0, "hours", 2, 24, ESTIMATE, OURS, "Key-user hours of the release.")
    validation_change_share: float = row(0.3, "x effort of the change", 0.05, 1, LITERATURE, GAMP, "Impact assessment and re-test of what changes after operational qualification.")
    validation_change_most: float = row(0.5, "x operational qualification", 0.1, 1.5, ESTIMATE, OURS, "Re-tests of changes in all; beyond it they are done together.")
    # fmt: on
