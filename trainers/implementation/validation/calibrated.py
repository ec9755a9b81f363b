"""Names of the calibrated parameters: the weak ones that projects' outcomes depend on.

Each moves within the plausible range of its row and no further; its value in the row is where
one would start without any published outcome. All others stay at their rows.
"""

from __future__ import annotations

from ....sim.implementation.parameters import PRIOR, Parameter

CALIBRATED: tuple[str, ...] = (
    "conventional_availability", "fix_hours", "collapse", "collapse_complexity", "collapse_effort",
    "question_probability", "decision_latency_days", "cleanse_guess_per_hour", "dip_base",
    "dip_defects", "dip_training", "dip_tolerance", "dip_coverage", "sponsor_turnover",
    "cancellation_slope", "cancellation_tolerance", "escalation_of_commitment", "contingency",
    "change_order_premium",
)  # fmt: skip
"""Names, in the order of the mechanisms."""


def calibrated_rows() -> tuple[Parameter, ...]:
    """The rows of ``CALIBRATED`` as they are without calibration."""
    by_name = {row.name: row for row in PRIOR}
    return tuple(by_name[name] for name in CALIBRATED)
