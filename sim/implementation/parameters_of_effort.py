"""Effort parameters: how much work a customer makes, and whose time it takes."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameter_row import ESTIMATE, LITERATURE, OURS, PUBLISHED, row

SURVEYS = "ERP effort surveys (calibration B: split of effort)"


@dataclass(frozen=True)
class EffortParameters:
    """Size of the work by customer, its split, and the key users' share."""

    # fmt: off
    effort_reference_hours: float = row(2400.0, "effort hours", 1200, 5000, ESTIMATE, SURVEYS, "External effort at 150 employees and complexity 6.")
    effort_size_exponent: float = row(0.45, "1", 0.2, 0.8, ESTIMATE, SURVEYS, "Effort grows as employees to this power.")
    effort_complexity_slope: float = row(0.1, "per point", 0.03, 0.2, ESTIMATE, SURVEYS, "Effort by complexity point beyond 6.")
    share_discovery: float = row(0.19, "share of effort", 0.1, 0.3, PUBLISHED, SURVEYS, "Discovery and design.")
    share_configuration: float = row(0.18, "share of effort", 0.1, 0.3, PUBLISHED, SURVEYS, "Configuration.")
    share_data_preparation: float = row(0.07, "share of effort", 0.03, 0.2, PUBLISHED, SURVEYS, "Extraction and mapping; cleansing comes from the counted errors.")
    data_preparation_exponent: float = row(0.25, "1", 0.1, 0.5, ESTIMATE, OURS, "An object's part of it grows as its records to this power.")
    share_test_preparation: float = row(0.05, "share of effort", 0.02, 0.2, PUBLISHED, SURVEYS, "Test cases; cycles and checks come on top.")
    share_training_material: float = row(0.05, "share of effort", 0.02, 0.15, PUBLISHED, SURVEYS, "Training material; waves come on top.")
    split_workshop: float = row(0.4, "share of discovery", 0.2, 0.6, ESTIMATE, OURS, "Process workshops.")
    split_fit_gap: float = row(0.38, "share of discovery", 0.2, 0.6, ESTIMATE, OURS, "Fit-gap analysis; the rest is solution design.")
    key_user_share_discovery: float = row(0.26, "hours per effort hour", 0.1, 1, ESTIMATE, "external : internal effort 1 : 1-2", "Key-user hours.")
    key_user_share_data: float = row(0.12, "hours per effort hour", 0.02, 0.5, ESTIMATE, "external : internal effort 1 : 1-2", "Key-user hours.")
    key_user_share_configuration: float = row(0.16, "hours per effort hour", 0.05, 0.6, ESTIMATE, "external : internal effort 1 : 1-2", "Key-user hours.")
    key_user_share_customisation: float = row(0.16, "hours per effort hour", 0.05, 0.6, ESTIMATE, "external : internal effort 1 : 1-2", "Key-user hours.")
    key_user_share_testing: float = row(0.3, "hours per effort hour", 0.1, 0.8, ESTIMATE, "external : internal effort 1 : 1-2", "Key-user hours.")
    key_user_share_training: float = row(0.2, "hours per effort hour", 0.05, 0.6, ESTIMATE, "external : internal effort 1 : 1-2", "Key-user hours.")
    key_user_share_cutover: float = row(0.05, "hours per effort hour", 0.05, 0.6, ESTIMATE, "external : internal effort 1 : 1-2", "Key-user hours.")
    employees_management: float = row(0.04, "share", 0.01, 0.1, ESTIMATE, OURS, "Of a manufacturer's employees.")
    employees_finance: float = row(0.06, "share", 0.02, 0.12, ESTIMATE, OURS, "Of a manufacturer's employees.")
    employees_sales: float = row(0.12, "share", 0.05, 0.25, ESTIMATE, OURS, "Of a manufacturer's employees.")
    employees_purchasing: float = row(0.06, "share", 0.02, 0.12, ESTIMATE, OURS, "Of a manufacturer's employees.")
    employees_production: float = row(0.57, "share", 0.3, 0.8, ESTIMATE, OURS, "Of a manufacturer's employees.")
    employees_warehouse: float = row(0.15, "share", 0.05, 0.3, ESTIMATE, OURS, "Of a manufacturer's employees.")
    discovery_answers: float = row(0.7, "share", 0.3, 0.9, LITERATURE, "requirements clarified early are cheap", "Of later questions that finished discovery of a department saves.")
    discovery_usual: float = row(0.5, "share", 0.2, 0.8, ESTIMATE, OURS, "Of a department's discovery, what is done when questions come up as often as their row says.")
    ambiguity_defects: float = row(1.0, "x", 0.3, 2, ESTIMATE, OURS, "A fully ambiguous requirement has this many times more defects on top.")
    complexity_defects: float = row(0.06, "per point", 0.02, 0.15, ESTIMATE, OURS, "Defects by complexity point beyond 6.")
    complexity_questions: float = row(0.08, "per point", 0.02, 0.2, ESTIMATE, OURS, "Questions by complexity point beyond 6.")
    reference_bom_levels: float = row(4.0, "levels", 2, 8, ESTIMATE, "MidWest Custom Furniture", "BOM depth that the effort model assumes.")
    bom_level_effort: float = row(0.15, "per level", 0, 0.4, ESTIMATE, OURS, "Effort to map BOMs by each level beyond it.")
    reference_bom_lines: float = row(28.0, "lines", 5, 200, ESTIMATE, "MidWest Custom Furniture", "Lines per BOM that the effort model assumes.")
    bom_line_effort: float = row(0.006, "per line", 0, 0.02, ESTIMATE, OURS, "Effort to map BOMs by each line beyond it.")
    reference_machines: float = row(45.0, "machines", 5, 500, ESTIMATE, "MidWest Custom Furniture", "Machines that the effort model assumes.")
    machine_effort: float = row(0.004, "per machine", 0, 0.02, ESTIMATE, OURS, "Effort to map routings by each machine beyond it.")
    reference_custom_orders: float = row(0.8, "share", 0, 1, ESTIMATE, "MidWest Custom Furniture", "Share of custom orders that the effort model assumes.")
    custom_order_effort: float = row(0.6, "per unit of share", 0, 1.5, ESTIMATE, OURS, "Effort of the process variants of sales and production.")
    reference_locations: float = row(3.0, "locations", 1, 50, ESTIMATE, "MidWest Custom Furniture", "Stock locations that the effort model assumes.")
    location_effort: float = row(0.05, "per location", 0, 0.2, ESTIMATE, OURS, "Effort to set up the warehouse by each location beyond it.")
    reference_undocumented: float = row(0.65, "share", 0, 1, ESTIMATE, "MidWest Custom Furniture", "Undocumented share of the old systems that the effort model assumes.")
    undocumented_effort: float = row(0.8, "per unit of share", 0, 2, ESTIMATE, OURS, "Effort to extract from undocumented systems.")
    reference_legacy_age_years: float = row(13.0, "years", 0, 40, ESTIMATE, "MidWest Custom Furniture", "Mean age of the old systems that the effort model assumes.")
    legacy_age_effort: float = row(0.02, "per year", 0, 0.1, ESTIMATE, OURS, "Effort to extract by each year of age beyond it.")
    reference_unclean_years: float = row(2.8, "years", 0, 20, ESTIMATE, "MidWest Custom Furniture", "Years of history times its unclean share that the effort model assumes.")
    history_effort: float = row(0.06, "per year", 0, 0.3, ESTIMATE, OURS, "Effort to extract by each unclean year beyond it.")
    user_share: float = row(0.5, "share", 0.2, 0.9, ESTIMATE, OURS, "Of the employees that will use the ERP system.")
    test_reserve: float = row(0.2, "share of plan", 0.05, 0.4, LITERATURE, "planning practice", "Kept free before go-live for tests and fixes when latest finishes are computed.")
    split_configuration_setup: float = row(0.55, "share of configuration", 0.3, 0.8, ESTIMATE, OURS, "Basic set-up of a department's module; the rest are its process variants.")
    split_extract: float = row(0.4, "share of data preparation", 0.2, 0.6, ESTIMATE, OURS, "Extraction; the rest is mapping.")
    split_rehearsal: float = row(0.35, "share of cutover", 0.2, 0.6, ESTIMATE, OURS, "Effort of a cutover rehearsal.")
    split_cutover_extract: float = row(0.2, "share of cutover", 0.1, 0.3, ESTIMATE, OURS, "Freeze and final extract.")
    split_cutover_load: float = row(0.35, "share of cutover", 0.2, 0.5, ESTIMATE, OURS, "Final load.")
    split_cutover_reconcile: float = row(0.25, "share of cutover", 0.1, 0.4, ESTIMATE, OURS, "Reconciliation; the rest is the smoke test.")
    default_check_hours: float = row(20.0, "effort hours", 8, 60, ESTIMATE, OURS, "Acceptance test of a customer that asks for none.")
    default_check_key_user_hours: float = row(8.0, "hours", 2, 30, ESTIMATE, OURS, "Its key-user hours.")
    cleanse_guess_per_hour: float = row(40.0, "records per effort hour", 10, 100, ESTIMATE, OURS, "Planning figure for cleansing before the data are profiled.")
    # fmt: on
