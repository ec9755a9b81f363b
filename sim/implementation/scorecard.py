"""Outcome of an episode in the field's units, and the one scalar that policies are judged by."""

from __future__ import annotations

from dataclasses import asdict, dataclass

GO_LIVE_SCORE_VERSION = 2


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Outcome of an episode (so far, when it is not finished)."""

    success: bool
    """All sites live, data gate and reconciliation passed, no catastrophic dip,
    adoption over its threshold, not cancelled."""
    went_live: bool
    cancelled: bool
    """The sponsor stopped the project in this episode's draw; the score counts the chance of it."""
    stopped_day: int
    """Day of that stop, what came after it being played on for the score; -1: there was none."""
    cost_at_stop_usd: float
    """Money spent by that day."""
    survival: float
    """Chance that no steering committee stopped the project."""
    data_gate_passed: bool
    reconciliation_passed: bool
    acceptance_passed: bool
    """Every required acceptance check was passed before go-live."""
    catastrophic_dip: bool
    adoption_reached: bool
    schedule_ratio: float
    """Actual over planned duration from kick-off to the last site's go-live."""
    days_late: float
    cost_ratio: float
    """Spent over budget."""
    cost_usd: float
    defect_removal_efficiency: float
    """Removed before go-live over (removed before + escaped into production)."""
    defects_found: int
    defects_escaped: int
    data_quality_start: float
    data_quality_go_live: float
    reconciliation: float
    """Share of migrated value that agrees with the legacy system at cutover."""
    adoption: float
    nps: float
    """-100..100."""
    dip_depth: float
    """Deepest loss of productivity after go-live, 0..1, weighted by site."""
    dip_days: float
    """Days until productivity was back at 95 %."""
    benefits_realised: float
    """Share of the business case's yearly benefits that the state at the end supports."""
    business_case_usd: float
    """Value that the plan promises: two years of full use from the planned day on, at budget."""
    value_usd: float
    """Value to the customer: the sum of the five parts below."""
    benefits_usd: float
    programme_usd: float
    """Minus what was spent."""
    dip_usd: float
    """Minus what was lost while productivity was down after the go-live."""
    delay_usd: float
    """Minus what lateness costs beside the benefits of those days."""
    penalties_usd: float
    """Minus what a start without acceptance and roll-backs cost."""
    expected_value_usd: float
    """Value with the risk of having been stopped on the way."""
    manual_interventions: int
    illegal_decisions: int
    crew_utilisation: float
    useful_share: float
    waiting_share: float
    switching_share: float
    rework_share: float
    scope_growth: float
    """Effort added after the baseline over the baseline."""
    data_migration_days_late: float
    """Days from the planned last go-live until the data work before the go-live was done."""
    data_migration_cost_ratio: float
    """Effort of the data work before the last go-live over its planned effort and contingency."""
    disruptions_met: int
    disruptions_recovered: int
    recovery_days: float
    """Mean days from onset to recovery of the recovered disruptions."""
    roll_backs: int
    days: int
    go_live_score: float
    """The expected value over the plan's business case and its ceiling, in [0, 1]."""

    def as_dict(self) -> dict[str, float | bool | int]:
        """All fields by name."""
        return asdict(self)
