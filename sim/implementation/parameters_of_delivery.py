"""Parameters of the edge cases that hit the work: data, requirements, rules, legacy systems."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameter_row import ESTIMATE, LITERATURE, OURS, PUBLISHED, row, with_rows
from .parameter_row import by_severity

BLOOR_MASKED = (
    "Bloor Research 2007, Data Migration in the Global 2000 (surprises in the source data)"
)
JONES_REQUIREMENTS = "C. Jones, Applied Software Measurement (removal efficiency by activity)"
INTERFACE_EFFORT = "calibration B: interface effort S / M / L"

# fmt: off
_EDGE_CASES = {
    # corrupt data
    "corrupt_data_onset_latest": row(0.6, "share of plan", 0.1, 1, ESTIMATE, OURS, "Onset is drawn before this point of the planned time."),
    "corrupt_data_notice_days": row(12.0, "days", 3, 40, ESTIMATE, OURS, "Median until somebody tells that figures are wrong."),
    **by_severity("corrupt_data_share", "share of records", ((0.05, 0.01, 0.1), (0.12, 0.05, 0.2), (0.25, 0.15, 0.4), (0.45, 0.3, 0.7)), ESTIMATE, OURS, "Records that go wrong."),
    "corrupt_data_spread": row(0.04, "x share per day", 0, 0.2, ESTIMATE, OURS, "Further good records that go wrong each day, relative to those of the onset, until the owner's data recovery has found the cause."),
    "corrupt_data_silent": row(0.5, "share of the corrupted", 0.1, 0.8, ESTIMATE, OURS, "Records that look right and are not (inaccurate); the rest are duplicates, formats and characters."),
    "corrupt_data_profiled": row(0.35, "share", 0.1, 0.6, LITERATURE, BLOOR_MASKED, "Corrupted records of an object that its extraction profile shows."),
    "corrupt_data_suspicion": row(0.015, "share of an object's records", 0.005, 0.05, ESTIMATE, OURS, "Corrupted records seen in one object that make a pattern."),
    "corrupt_data_forensic": row(0.4, "share", 0.1, 0.8, ESTIMATE, OURS, "Of the corrupted records still masked, those that a forensic profile shows at once."),
    "corrupt_data_trust": row(-0.2, "trust per unit of share", -0.4, 0, ESTIMATE, OURS, "Trust lost when it comes to light."),
    "corrupt_data_recovery_hours": row(10.0, "effort hours", 4, 40, ESTIMATE, OURS, "Effort to restore backups and reconcile logs per owner of data, whatever the number of records."),
    "corrupt_data_recovery_per_hour": row(40.0, "records per effort hour", 10, 200, ESTIMATE, OURS, "Corrupted records that data recovery settles beside it."),
    "corrupt_data_verified_per_hour": row(14.0, "records per key-user hour", 10, 200, ESTIMATE, OURS, "Corrupted records that a key user of the owner verifies against paper, shelf or ledger."),
    "corrupt_data_verified_most": row(4000.0, "records", 500, 50000, ESTIMATE, OURS, "An owner with more records than this has them gone through by samples and rules, for the effort of as many."),
    "corrupt_data_restored": row(0.5, "share", 0.2, 0.9, ESTIMATE, OURS, "Of what is left by then, what data recovery puts right; the rest has to be cleansed."),
    "corrupt_data_load_effort": row(4.0, "per share of bad records", 0, 8, ESTIMATE, OURS, "Effort of mock loads and test cycles that corrupted records add: rejects and false failures."),
    "corrupt_data_mended": row(0.1, "share of the injury", 0.02, 0.3, ESTIMATE, OURS, "Injury left below which it counts as mended."),
    # missing requirements
    "missing_requirements_onset_latest": row(0.3, "share of plan", 0.05, 1, ESTIMATE, OURS, "From when on they are missed is drawn before this point of the planned time."),
    "missing_requirements_notice_days": row(15.0, "days", 5, 40, ESTIMATE, OURS, "Median until somebody tells that the list has gaps."),
    **by_severity("missing_requirements_completeness", "share", ((0.9, 0.8, 0.98), (0.8, 0.7, 0.9), (0.65, 0.5, 0.8), (0.5, 0.3, 0.65)), ESTIMATE, OURS, "Of the requirements, those that were written down."),
    "missing_requirements_effort": row(0.75, "x baseline build effort", 0.2, 1.5, ESTIMATE, OURS, "Effort of a missing requirement relative to one that was written down."),
    "missing_requirements_least_completeness": row(0.2, "share", 0.05, 0.4, ESTIMATE, OURS, "A list less complete than this makes no baseline; it counts as this."),
    "missing_requirements_package_hours": row(22.0, "effort hours", 8, 60, ESTIMATE, OURS, "Effort of one of them."),
    "missing_requirements_found_discovery": row(0.2, "probability", 0.05, 0.7, ESTIMATE, OURS, "One comes out when the fit-gap analysis of its department is done."),
    "missing_requirements_found_workshop": row(0.25, "probability", 0.05, 0.6, ESTIMATE, OURS, "One comes out in a stakeholder workshop."),
    "missing_requirements_found_test": row(0.12, "probability", 0.02, 0.5, ESTIMATE, OURS, "One comes out in a test cycle: test cases are written from the list, so fewer than the third of the defects that a cycle finds."),
    "missing_requirements_found_check": row(0.15, "probability", 0.02, 0.5, ESTIMATE, OURS, "One comes out in an acceptance check: users miss what they do daily."),
    "missing_requirements_found_live": row(0.08, "probability per day", 0.02, 0.3, ESTIMATE, OURS, "One comes out in production."),
    "missing_requirements_review_hours": row(120.0, "effort hours per unit of missing share", 30, 400, ESTIMATE, OURS, "Effort of the requirements review at the reference size."),
    "missing_requirements_review_key_user_share": row(0.2, "hours per effort hour", 0.05, 0.6, ESTIMATE, OURS, "Key-user hours that it takes."),
    "missing_requirements_found_review": row(0.75, "probability", 0.3, 0.9, PUBLISHED, JONES_REQUIREMENTS, "One comes out in it (formal inspections find 60-85 % of the defects)."),
    "missing_requirements_trust": row(-0.12, "trust per unit of missing share", -0.4, 0, ESTIMATE, OURS, "Trust lost when it comes to light."),
    "missing_requirements_live_loss": row(1.4, "productivity per unit of missing share", 0.1, 2, ESTIMATE, OURS, "Lost in production while none of them is built."),
    "missing_requirements_user_failing": row(0.4, "cases per unit of missing share", 0, 1, ESTIMATE, OURS, "Further failing cases of user acceptance while none of them is built."),
    "missing_requirements_accepted": row(0.15, "share of their number", 0, 0.3, ESTIMATE, OURS, "Share of them that the customer in the end lives without."),
    # conflicting business rules
    "conflicting_business_rules_onset_latest": row(0.35, "share of plan", 0.05, 1, ESTIMATE, OURS, "Onset is drawn before this point of the planned time."),
    "conflicting_business_rules_notice_days": row(12.0, "days", 3, 40, ESTIMATE, OURS, "Median until somebody tells of a conflict."),
    **by_severity("conflicting_business_rules_count", "conflicts", ((1.0, 1, 3), (2.0, 1, 5), (4.0, 2, 8), (7.0, 4, 15)), ESTIMATE, OURS, "Pairs of departments."),
    "conflicting_business_rules_defects": row(0.8, "per package and conflict", 0.2, 3, ESTIMATE, OURS, "Mean defects that a package built on contradictory rules has on top."),
    "conflicting_business_rules_found_build": row(0.25, "probability", 0.05, 0.6, ESTIMATE, OURS, "A package is done and what the other department has built contradicts it for all to see."),
    "conflicting_business_rules_found_test": row(0.6, "probability", 0.3, 0.9, ESTIMATE, OURS, "A conflict comes out in a test cycle."),
    "conflicting_business_rules_found_workshop": row(0.5, "probability", 0.2, 0.9, ESTIMATE, OURS, "A conflict comes out in a stakeholder workshop."),
    **by_severity("conflicting_business_rules_agreement_days", "days", ((5.0, 1, 10), (6.0, 2, 15), (8.0, 3, 20), (11.0, 5, 30)), ESTIMATE, OURS, "Median until the heads agree, at neutral trust."),
    "conflicting_business_rules_settled": row(0.7, "probability", 0.3, 0.95, ESTIMATE, OURS, "A stakeholder workshop settles a known conflict."),
    "conflicting_business_rules_trust": row(-0.06, "trust", -0.2, 0, ESTIMATE, OURS, "Lost by the heads whose conflict the sponsor decides over their heads."),
    "conflicting_business_rules_harmonise_hours": row(26.0, "effort hours", 6, 60, ESTIMATE, OURS, "Effort to harmonise what was set up, per conflict at the reference size."),
    "conflicting_business_rules_harmonise_key_user_share": row(0.15, "hours per effort hour", 0.05, 0.6, ESTIMATE, OURS, "Key-user hours that it takes."),
    "conflicting_business_rules_live_loss": row(0.1, "productivity per conflict", 0, 0.15, ESTIMATE, OURS, "Lost in production while a conflict is not settled and harmonised."),
    # legacy incompatibility
    "legacy_incompatibility_onset_latest": row(0.3, "share of plan", 0.05, 1, ESTIMATE, OURS, "Onset is drawn before this point of the planned time."),
    "legacy_incompatibility_notice_days": row(15.0, "days", 3, 40, ESTIMATE, OURS, "Median until somebody tells that the documentation is wrong."),
    **by_severity("legacy_incompatibility_systems", "systems", ((1.0, 1, 2), (2.0, 1, 4), (3.0, 2, 6), (5.0, 3, 10)), ESTIMATE, OURS, "Legacy systems that do not do what their documentation says."),
    **by_severity("legacy_incompatibility_depth", "share", ((0.25, 0.1, 0.5), (0.4, 0.2, 0.7), (0.6, 0.3, 0.9), (0.85, 0.5, 1)), ESTIMATE, OURS, "Of the mapping of their data, what has to be done again; of a load of them, what does not hold."),
    **by_severity("legacy_incompatibility_adapter_hours", "effort hours", ((40.0, 8, 60), (55.0, 12, 90), (75.0, 20, 140), (130.0, 30, 220)), ESTIMATE, INTERFACE_EFFORT, "Effort of an adapter to a new and documented system."),
    **by_severity("legacy_incompatibility_vendor_days", "days", ((3.0, 0.5, 6), (5.0, 1, 8), (8.0, 2, 12), (15.0, 5, 30)), ESTIMATE, OURS, "Median until somebody who still knows the system answers; the adapter waits for it."),
    "legacy_incompatibility_age_effort": row(0.02, "per year", 0, 0.1, ESTIMATE, OURS, "Effort of an adapter by each year of the system's age."),
    "legacy_incompatibility_undocumented_effort": row(0.8, "per unit of share", 0, 2, ESTIMATE, OURS, "Effort of an adapter by the undocumented share of the system."),
    "legacy_incompatibility_unlisted_age": row(20.0, "years", 5, 40, ESTIMATE, OURS, "Age of a system that nobody had listed."),
    "legacy_incompatibility_unlisted_documentation": row(0.1, "share", 0, 0.5, ESTIMATE, OURS, "Documented share of a system that nobody had listed."),
    "legacy_incompatibility_connect_hours": row(40.0, "effort hours", 20, 130, ESTIMATE, INTERFACE_EFFORT, "Effort to connect a system that nobody had listed, beside its adapter."),
    "legacy_incompatibility_found_interface": row(0.5, "probability", 0.2, 0.9, ESTIMATE, OURS, "It comes out when an interface to the system is built."),
    "legacy_incompatibility_live_loss": row(0.25, "productivity per share of the data", 0.05, 0.6, ESTIMATE, OURS, "Lost in production while data cannot be read from where they live."),
}
# fmt: on


@dataclass(frozen=True)
@with_rows(_EDGE_CASES)
class DeliveryDisruptionParameters:
    """Edge cases of the project's own work."""
