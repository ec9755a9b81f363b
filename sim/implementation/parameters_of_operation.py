"""Parameters of regulation and of the edge cases that hit use: volume, regulation, languages, networks."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameter_row import ESTIMATE, LITERATURE, OURS, PUBLISHED, row, with_rows
from .parameter_row import by_severity

VALIDATED = "calibration B: validation overhead where regulated"
GAMP = "GAMP 5; 21 CFR 820.30(i), 820.70(i); ISO 13485:2016 4.1.6"
SLOW = "response times beyond seconds break the flow of work: Miller 1968; Nielsen 1993"
AMDAHL = "diminishing returns of tuning one part: Amdahl 1967"
LATE = "cost of a change by stage: Boehm 1981"
LEP = "US Census ACS: about 8 % of workers speak English less than very well, 10-20 % in manufacturing"
DOWNTIME = "output is bound to bookings: make to order"

# fmt: off
_EDGE_CASES = {
    # performance bottleneck: "amount" is volume over sizing, excess its square root less one
    "performance_bottleneck_onset_latest": row(0.4, "share of plan", 0.05, 1, ESTIMATE, OURS, "The volume is there by then."),
    "performance_bottleneck_notice_days": row(14.0, "days", 2, 60, ESTIMATE, OURS, "Median until somebody counts what the volume will be."),
    **by_severity("performance_bottleneck_scale", "x sizing", ((2.0, 1.2, 3), (4.0, 3, 6), (10.0, 6, 15), (20.0, 15, 50)), ESTIMATE, OURS, "Volume."),
    "performance_bottleneck_load_slowdown": row(0.6, "per excess", 0, 1, ESTIMATE, OURS, "Further effort of mock loads and test cycles."),
    "performance_bottleneck_peak_failing": row(0.35, "per excess", 0, 0.5, ESTIMATE, OURS, "Further failing cases of the peak load check."),
    "performance_bottleneck_live_loss": row(0.13, "per excess", 0, 0.15, LITERATURE, SLOW, "Productivity lost in production by waiting."),
    "performance_bottleneck_interface_failure": row(1.0, "per excess", 0, 5, ESTIMATE, OURS, "Further failures of interfaces in production: queues run over."),
    "performance_bottleneck_seen_in_load": row(0.45, "probability", 0, 1, ESTIMATE, OURS, "A mock load is of realistic volume and shows it."),
    "performance_bottleneck_seen_in_test": row(0.2, "probability", 0, 1, ESTIMATE, OURS, "A test cycle shows it, its data being small."),
    "performance_bottleneck_gain": row(1.1, "x", 0.5, 4, ESTIMATE, OURS, "What the first step of tuning takes off: the excess volume is divided by one more than this."),
    "performance_bottleneck_gain_kept": row(0.9, "x", 0.5, 1, LITERATURE, AMDAHL, "Gain of each further step relative to the one before."),
    "performance_bottleneck_enough": row(1.25, "x sizing", 1.05, 2, ESTIMATE, OURS, "Volume over sizing that can be lived with."),
    "performance_bottleneck_step_hours": row(16.0, "effort hours", 4, 80, ESTIMATE, OURS, "Effort of the first step, times the size of the project."),
    "performance_bottleneck_step_growth": row(0.15, "per step", 0, 1, LITERATURE, AMDAHL, "Each further step is more work: the easy ones come first."),
    "performance_bottleneck_measure_days": row(2.0, "days", 0, 10, ESTIMATE, OURS, "Runs at volume after each step, before the next can be chosen."),
    "performance_bottleneck_late": row(0.7, "x", 0, 3, LITERATURE, LATE, "Further effort of a step when all of the project's work is done."),
    "performance_bottleneck_live_factor": row(1.5, "x", 1, 4, LITERATURE, LATE, "Effort of a step that begins with a live system."),
    "performance_bottleneck_machines_usd": row(2500.0, "USD", 1000, 40000, ESTIMATE, OURS, "Bigger machines, times the root of the volume over sizing."),
    "performance_bottleneck_trust": row(-0.02, "trust", -0.1, 0, ESTIMATE, OURS, "By its notice."),
    # regulatory compliance: "amount" is the number of standards
    "regulatory_compliance_onset_latest": row(0.5, "share of plan", 0.05, 1, ESTIMATE, OURS, "The demand is made by then."),
    "regulatory_compliance_notice_days": row(7.0, "days", 1, 60, ESTIMATE, OURS, "Median until the letter reaches the project."),
    **by_severity("regulatory_compliance_standards", "standards", ((1.0, 0.6, 2), (1.0, 0.6, 2), (2.0, 1, 3), (3.0, 2, 4)), ESTIMATE, OURS, "That turn out to apply (rounded)."),
    **by_severity("regulatory_compliance_effort", "x", ((0.45, 0.1, 0.7), (0.7, 0.4, 1.2), (0.8, 0.4, 1.6), (1.0, 0.6, 3)), ESTIMATE, OURS, "Effort of their validation relative to one that is planned."),
    "regulatory_compliance_restriction_mild": row(0.08, "productivity", 0, 0.2, ESTIMATE, OURS, "Lost at a live site that is not released: what is shipped is inspected by hand."),
    "regulatory_compliance_restriction_moderate": row(0.15, "productivity", 0.05, 0.3, ESTIMATE, OURS, "Lost at a live site that is not released."),
    "regulatory_compliance_restriction_critical": row(0.25, "productivity", 0.1, 0.5, ESTIMATE, OURS, "Lost at a live site that is not released."),
    "regulatory_compliance_restriction_brutal": row(0.4, "productivity", 0.2, 0.8, ESTIMATE, OURS, "Lost at a live site that is not released."),
    "regulatory_compliance_stop_day_usd": row(2500.0, "USD per day", 0, 20000, ESTIMATE, OURS, "Inspections and held deliveries of a live site that is not released."),
    "regulatory_compliance_seen_in_design": row(0.7, "probability", 0, 1, ESTIMATE, OURS, "A finished solution design shows it to quality management."),
    "regulatory_compliance_seen_in_workshop": row(0.35, "probability", 0, 1, ESTIMATE, OURS, "Somebody in a workshop knows."),
    # multilingual requirements: "amount" is the number of languages
    "multilingual_requirements_onset_latest": row(0.3, "share of plan", 0.05, 1, ESTIMATE, OURS, "It has an effect from then on."),
    "multilingual_requirements_notice_days": row(15.0, "days", 2, 60, ESTIMATE, OURS, "Median until a shift leader tells."),
    **by_severity("multilingual_requirements_languages", "languages", ((1.0, 0.6, 2), (2.0, 1, 3), (3.0, 2, 5), (5.0, 4, 10)), ESTIMATE, OURS, "Beside the project's (rounded)."),
    "multilingual_requirements_user_share": row(0.15, "share of users", 0.03, 0.3, LITERATURE, LEP, "Who read one language and not the project's."),
    "multilingual_requirements_native_share": row(0.8, "share of users", 0.3, 1, ESTIMATE, OURS, "The same at a site whose own language it is."),
    "multilingual_requirements_training_loss": row(1.0, "x", 0.2, 1, ESTIMATE, OURS, "Of the training gain, per share of users who do not follow."),
    "multilingual_requirements_latency": row(1.5, "x", 0, 4, ESTIMATE, OURS, "Further time until an answer, per share of users: it is translated twice."),
    "multilingual_requirements_misunderstanding": row(0.4, "probability", 0, 1, ESTIMATE, OURS, "Further wrong assumptions, per share of users."),
    "multilingual_requirements_live_loss": row(0.25, "productivity", 0, 0.6, ESTIMATE, OURS, "Lost in production, per share of users."),
    "multilingual_requirements_adoption_loss": row(0.9, "x", 0.2, 1, ESTIMATE, OURS, "Users who cannot adopt the system, per share of users."),
    "multilingual_requirements_acceptance_failing": row(0.5, "x", 0, 2, ESTIMATE, OURS, "Further failing cases of user acceptance, per share of users."),
    "multilingual_requirements_trust": row(-0.2, "trust", -0.3, 0, ESTIMATE, OURS, "By its notice, per share of users: they were forgotten."),
    "multilingual_requirements_seen_in_workshop": row(0.25, "probability", 0, 1, ESTIMATE, OURS, "Somebody in a workshop says so."),
    "multilingual_requirements_screen_hours": row(52.0, "effort hours", 8, 120, ESTIMATE, OURS, "Screens, forms and work instructions, per language, at the reference customer's size."),
    "multilingual_requirements_material_hours": row(30.0, "effort hours", 4, 80, ESTIMATE, OURS, "Training material, per language, at the reference customer's size."),
    "multilingual_requirements_key_user_share": row(0.33, "hours per effort hour", 0.02, 0.6, ESTIMATE, OURS, "Key users who read both languages check the translation."),
    "multilingual_requirements_teach_again": row(2.0, "x", 0.5, 5, ESTIMATE, OURS, "Effort per user taught in vain, relative to a training wave's."),
    # network failures: "amount" is failures per working week
    "network_failures_onset_latest": row(0.4, "share of plan", 0.05, 1, ESTIMATE, OURS, "The first failure is by then."),
    "network_failures_notice_days": row(10.0, "days", 1, 40, ESTIMATE, OURS, "Median until somebody insists that it is the line."),
    **by_severity("network_failures_per_week", "per week", ((1.0, 0.2, 1.5), (2.0, 1, 4), (4.0, 2, 8), (8.0, 5, 30)), ESTIMATE, OURS, "Failures."),
    **by_severity("network_failures_hours", "hours", ((0.5, 0.1, 1), (1.5, 0.3, 2), (2.0, 0.5, 4), (2.25, 1, 8)), ESTIMATE, OURS, "Median length of a failure."),
    "network_failures_lost_progress": row(0.7, "share", 0, 1, ESTIMATE, OURS, "Of a session's progress that a failure destroys."),
    "network_failures_slowdown": row(1.0, "per share of time", 0, 2, ESTIMATE, OURS, "Crew speed lost to a slow line and to logging on again, per share of time without line."),
    "network_failures_live_loss": row(0.6, "per share of time", 0, 1, LITERATURE, DOWNTIME, "Productivity lost in production, per share of time without line."),
    "network_failures_interface_failure": row(10.0, "per share of time", 0, 40, ESTIMATE, OURS, "Further failures of interfaces in production, per share of time without line."),
    "network_failures_believed_after": row(4.0, "failures", 1, 10, ESTIMATE, OURS, "Until then each is taken for an accident."),
    "network_failures_diagnosis": row(0.3, "share", 0.1, 0.6, ESTIMATE, OURS, "Of the work: finding the cause."),
    **by_severity("network_failures_response_hours", "effort hours", ((16.0, 4, 60), (40.0, 16, 100), (72.0, 30, 200), (120.0, 60, 400)), ESTIMATE, OURS, "Work until the line holds."),
    "network_failures_provider_days": row(9.0, "days", 0, 30, ESTIMATE, OURS, "Until the provider has switched the second line."),
    "network_failures_line_usd": row(4000.0, "USD", 500, 20000, ESTIMATE, OURS, "Second line, router, buffers."),
    "network_failures_trust": row(-0.03, "trust", -0.1, 0, ESTIMATE, OURS, "By its notice."),
}
# fmt: on


@dataclass(frozen=True)
@with_rows(_EDGE_CASES)
class OperationDisruptionParameters:
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
