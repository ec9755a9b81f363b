"""Thresholds of the expert, one set for each delivery; chosen on training seeds only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExpertRules:
    """Thresholds of daily management; shares unless a unit is in the name."""

    slack_scale: float = 0.113
    discovery_weight: float = 1.58
    data_weight: float = 1.2
    testing_weight: float = 1.0
    training_weight: float = 0.776
    cutover_rehearsal_weight: float = 0.856
    pending_cycle_weight: float = 1.875
    critical_weight: float = 0.6
    fix_weight: float = 0.655
    crowding: float = 0.09
    least_value: float = 0.02
    cycle_yield_defects: int = 7
    steady_gain: float = 0.793
    careful_slack: float = 1.15
    rush_slack: float = 0.698
    trust_for_workshop: float = 0.33
    workshop_every_days: int = 10
    escalate_age_days: float = 1.976
    escalate_pending: int = 1
    first_cycle_built: float = 0.6
    next_cycle_hours: float = 83.808
    last_cycle_built: float = 2.018
    cleansing_left_hours: float = 25.214
    most_mock_loads: int = 6
    load_margin: float = 0.005
    oldest_load_days: int = 16
    training_built: float = 0.862
    training_readiness: float = 0.828
    freeze_from: float = 0.297
    ready_pass_rate: float = 0.733
    ready_built: float = 0.757
    ready_trained: float = 0.436
    cutover_days: float = 3.0
    overdue_days: float = 4.8
    intervene_blocked_hours: float = 240.0
    add_capacity_overload: float = 1.25
    add_capacity_until: float = 0.299
    most_capacity_added: int = 4
    roll_back_productivity: float = 0.4


@dataclass(frozen=True, slots=True)
class WeeklyRules(ExpertRules):
    """Thresholds of weekly management, in projects of months run by consultants."""

    discovery_weight: float = 1.477
    fix_weight: float = 1.455
    steady_gain: float = 0.69
    escalate_age_days: float = 2.325
    escalate_pending: int = 2
    next_cycle_hours: float = 86.4
    last_cycle_built: float = 1.261
    cleansing_left_hours: float = 40.8
    oldest_load_days: int = 15
    training_built: float = 0.75
    training_readiness: float = 0.72
    freeze_from: float = 0.35
    ready_pass_rate: float = 0.637
    ready_built: float = 0.582
    ready_trained: float = 0.45
    most_capacity_added: int = 5
    careful_slack: float = 0.95
    rush_slack: float = 0.5
    cycle_yield_defects: int = 7
    patient_yield_defects: int = 2
    """Until the date is missed a test cycle that found this many is followed by another."""
    patience: float = 0.15
    """Share of the planned time past the target until good enough is good enough."""
    training_window_days: int = 40
    """Training is forgotten: not earlier than this before the go-live it is for."""
    very_old_load_days: int = 60
    """Data this stale are loaded again even before the tests are passed."""
    last_call_days: int = 20
    """A site's share of the time that must be left when it goes live, ready or not."""
