"""Names of the calibrated parameters: the weak ones that projects' outcomes depend on.

Each moves within the plausible range of its row and no further; its value in the row is where
one would start without any published outcome. All others stay at their rows.

Most of them act on both deliveries. Published outcomes are of conventional projects, so what is
*chosen* by them is what acts on those alone (``CONVENTIONAL``) and the mixture of firms that
typical practice is; what both deliveries share is varied, to learn what outcomes leave open, and
stays what golive runs with.
"""

from __future__ import annotations

from ....agents.implementation.practice import PRACTICE_PRIOR
from ....sim.implementation.parameters import PARAMETERS, PRIOR, Parameter

CONVENTIONAL: tuple[str, ...] = (
    "conventional_availability", "cancellation_conventional", "vendor_change",
    "vendor_change_overrun", "parallel_operation", "change_order_premium",
)  # fmt: skip
"""Rows of the world that act on conventional delivery alone."""
SHARED: tuple[str, ...] = (
    "fix_hours", "collapse", "collapse_complexity", "collapse_effort", "question_probability",
    "decision_latency_days", "cleanse_guess_per_hour", "dip_base", "dip_defects", "dip_training",
    "dip_tolerance", "dip_coverage", "sponsor_turnover", "cancellation_slope",
    "cancellation_tolerance", "escalation_of_commitment", "contingency",
)  # fmt: skip
"""Rows of the world that both deliveries share."""
CALIBRATED: tuple[str, ...] = (*CONVENTIONAL, *SHARED)
"""Rows of the world in a calibration's file."""


def calibrated_rows() -> tuple[Parameter, ...]:
    """The rows that a calibration varies, from where it starts: the world's, then the firms'."""
    by_name = {row.name: row for row in PRIOR}
    by_name |= {row.name: row for row in PARAMETERS if row.name in SHARED}
    return (*(by_name[name] for name in CALIBRATED), *PRACTICE_PRIOR)
