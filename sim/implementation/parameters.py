"""Every number of the implementation world's dynamics: one row each, with its source.

A scenario overrides rows by name (``parameters:`` in its file); a value outside the row's
range or an unknown name is an error. ``golive parameters`` prints the table.

Confidence: ``published`` (seen in the source), ``literature`` (from the literature, to be
checked again), ``estimate`` (ours, the weakest; first in any sensitivity analysis).
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ...core.errors import GoliveError
from ...scenarios.implementation.parameter_file import ParameterEstimate, load_parameter_file
from .parameter_row import ESTIMATE, LITERATURE, OURS, PUBLISHED, row
from .parameters_of_disruptions import DisruptionParameters

JONES = "C. Jones, Applied Software Measurement (removal efficiency by activity)"
BOEHM = "Boehm & Basili 2001, Software Defect Reduction Top 10 List"
ABDEL_HAMID = "Abdel-Hamid & Madnick 1991, Software Project Dynamics"
TRIETSCH = "Trietsch et al. 2012, Modeling activity times by the Parkinson distribution"
BLOOR = "Bloor Research 2007, Data Migration in the Global 2000"
STANDISH = "Standish CHAOS 2015"
FLYVBJERG = "Flyvbjerg et al. 2022, The Empirical Reality of IT Project Cost Overruns"
KING_HE = "King & He 2006, A meta-analysis of the technology acceptance model"
BASS = "Bass 1969; mandated-use rates are a golive estimate"
PANORAMA = "Panorama Consulting ERP reports 2010-2013"


@dataclass(frozen=True, slots=True)
class Parameters(DisruptionParameters):
    """All dynamics parameters of the implementation world (see each field's metadata)."""

    # fmt: off
    # 1 work and scheduling
    agentic_speed: float = row(5.0, "x human", 3, 8, ESTIMATE, OURS, "Speed of an AI crew member on its own work, relative to a human specialist.")
    conventional_speed: float = row(1.0, "x human", 0.8, 1.2, ESTIMATE, OURS, "Speed of a human consultant.")
    conventional_availability: float = row(0.5, "share of day", 0.2, 1, ESTIMATE, OURS, "Share of a working day that a consultant spends on this customer.")
    switching_hours_agentic: float = row(0.3, "hours", 0, 1, ESTIMATE, OURS, "Lost when an AI crew member changes its workstream.")
    switching_hours_conventional: float = row(1.0, "hours", 0, 3, LITERATURE, "Weinberg 1992, Quality Software Management 1 (20 % per concurrent task)", "Lost when a consultant changes workstream.")
    shortest_session_hours: float = row(0.05, "hours", 0.01, 0.5, ESTIMATE, OURS, "A session shorter than this is not begun.")
    key_user_share_agentic: float = row(0.55, "x conventional", 0.3, 1, ESTIMATE, OURS, "Key-user hours per package when AI agents prepare the meetings.")
    # 2 uncertain effort
    effort_sigma_discovery: float = row(0.3, "ln", 0.1, 0.6, PUBLISHED, TRIETSCH, "Spread of effort.")
    effort_sigma_data: float = row(0.5, "ln", 0.3, 0.9, PUBLISHED, TRIETSCH, "Spread of effort (published 0.7 holds before records are counted; here they are).")
    effort_sigma_configuration: float = row(0.3, "ln", 0.1, 0.6, PUBLISHED, TRIETSCH, "Spread of effort.")
    effort_sigma_customisation: float = row(0.5, "ln", 0.2, 0.8, PUBLISHED, TRIETSCH, "Spread of effort.")
    effort_sigma_integration: float = row(0.4, "ln", 0.2, 0.8, ESTIMATE, OURS, "Spread of effort.")
    effort_sigma_testing: float = row(0.3, "ln", 0.1, 0.6, ESTIMATE, OURS, "Spread of effort.")
    effort_sigma_training: float = row(0.2, "ln", 0.05, 0.5, ESTIMATE, OURS, "Spread of effort.")
    effort_sigma_cutover: float = row(0.3, "ln", 0.1, 0.6, ESTIMATE, OURS, "Spread of effort.")
    effort_sigma_project: float = row(0.2, "ln", 0, 0.4, PUBLISHED, TRIETSCH, "Spread of the factor that all packages of a project share.")
    # 3 learning and staffing
    learning_exponent: float = row(0.322, "1", 0.15, 0.42, LITERATURE, "Wright 1936; 80 % curve", "Speed grows as experience to this power (80 % curve: 0.322).")
    learning_reference_hours: float = row(240.0, "effort hours", 40, 1000, ESTIMATE, OURS, "Experience a crew member brings along, so that learning starts from it.")
    newcomer_productivity: float = row(0.5, "share", 0.3, 0.8, LITERATURE, ABDEL_HAMID, "Productivity of a new member until assimilated.")
    assimilation_days_agentic: float = row(4.0, "days", 1, 15, ESTIMATE, OURS, "Until a new AI member has the project's context.")
    assimilation_days_conventional: float = row(80.0, "days", 40, 120, LITERATURE, ABDEL_HAMID, "Until a new consultant is assimilated.")
    training_overhead: float = row(0.22, "share", 0.1, 0.35, LITERATURE, ABDEL_HAMID, "Share of the role's experts' time that a newcomer takes.")
    communication_loss: float = row(0.0006, "per member squared", 0, 0.001, LITERATURE, ABDEL_HAMID, "Lost output: 0.06 n^2 per cent.")
    # 4 pace, pressure, fatigue
    careful_speed: float = row(0.78, "x normal", 0.6, 0.95, ESTIMATE, OURS, "Speed with reviews.")
    rush_speed: float = row(1.25, "x normal", 1.05, 1.5, ESTIMATE, OURS, "Speed under rush.")
    rush_defects: float = row(1.6, "x normal", 1.2, 2.5, ESTIMATE, OURS, "Defect injection under rush.")
    pressure_defects: float = row(0.5, "per unit of pressure", 0, 0.8, LITERATURE, ABDEL_HAMID, "Defect injection grows by this at full schedule pressure.")
    pressure_full_days_late: float = row(10.0, "days per 30", 5, 20, ESTIMATE, OURS, "Forecast lateness (per 30 planned days) at which pressure is full.")
    fatigue_per_rush_day: float = row(0.05, "per day", 0.01, 0.1, LITERATURE, "eight 60-hour weeks give the output of eight 40-hour weeks", "People's fatigue by a day of rush; recovers at half the rate.")
    fatigue_speed_loss: float = row(0.35, "share", 0.1, 0.6, ESTIMATE, OURS, "Lost speed of a fully tired person (consultants; key users' hours too).")
    # 5 defects and rework
    defects_configuration: float = row(0.9, "per package", 0.25, 2, ESTIMATE, OURS, "Mean potential defects of a configuration package (several objects of 0.25 each).")
    defects_report: float = row(1.0, "per object", 0.5, 2, ESTIMATE, OURS, "Mean potential defects.")
    defects_enhancement: float = row(2.5, "per object", 1, 5, ESTIMATE, OURS, "Mean potential defects.")
    defects_interface: float = row(2.0, "per object", 1, 4, ESTIMATE, OURS, "Mean potential defects.")
    defects_mapping: float = row(0.8, "per object", 0.3, 2, ESTIMATE, OURS, "Mean potential defects of a data mapping.")
    severity_critical: float = row(0.12, "share", 0.05, 0.25, ESTIMATE, OURS, "Share of critical defects.")
    severity_major: float = row(0.38, "share", 0.2, 0.5, ESTIMATE, OURS, "Share of major defects.")
    removal_review: float = row(0.6, "share", 0.4, 0.75, PUBLISHED, JONES, "Found by the reviews of careful work.")
    removal_unit: float = row(0.3, "share", 0.15, 0.45, PUBLISHED, JONES, "Found by the unit tests of normal work; half of it under rush.")
    removal_unit_rush: float = row(0.5, "x normal", 0, 1, ESTIMATE, OURS, "Of the unit tests' removal that is left under rush.")
    removal_sit: float = row(0.38, "share", 0.3, 0.5, PUBLISHED, JONES, "Found by one test cycle.")
    removal_uat: float = row(0.3, "share", 0.2, 0.4, PUBLISHED, JONES, "Found by an acceptance check.")
    test_cases_floor: float = row(0.5, "share", 0.2, 0.8, ESTIMATE, OURS, "Removal of a test cycle without any prepared test case, relative to full preparation.")
    collapse: float = row(0.5, "components", 0, 0.8, LITERATURE, FLYVBJERG, "Further components that a component directly brings down when it has to be designed anew, at complexity 6; what falls in all is the total progeny of a branching process.")
    collapse_complexity: float = row(0.08, "per point", 0, 0.15, ESTIMATE, OURS, "The same by complexity point beyond 6: the more is tied together.")
    collapse_effort: float = row(0.25, "share of the component's effort", 0.05, 0.6, ESTIMATE, OURS, "Rework of a component brought down, found in a test cycle; later as other fixes.")
    bad_fix: float = row(0.07, "share", 0.02, 0.15, PUBLISHED, JONES, "Fixes that inject a new defect.")
    fix_hours: float = row(1.4, "effort hours", 0.5, 4, ESTIMATE, OURS, "Median effort of a fix at the requirement stage.")
    fix_sigma: float = row(0.7, "ln", 0.3, 1.2, ESTIMATE, BOEHM, "Spread of it: 80 % of rework from 20 % of the defects.")
    fix_factor_sit: float = row(4.0, "x requirement", 2, 10, PUBLISHED, BOEHM, "Found in a test cycle.")
    fix_factor_uat: float = row(8.0, "x requirement", 4, 20, PUBLISHED, BOEHM, "Found in acceptance.")
    fix_factor_live: float = row(15.0, "x requirement", 8, 100, PUBLISHED, BOEHM, "Found in production.")
    fix_factor_minor: float = row(0.5, "x major", 0.2, 0.9, ESTIMATE, OURS, "Effort of a minor defect's fix.")
    fix_factor_critical: float = row(1.8, "x major", 1.2, 4, ESTIMATE, OURS, "Effort of a critical defect's fix.")
    live_surface_days_critical: float = row(3.0, "days", 1, 10, ESTIMATE, OURS, "Mean days in production until a critical defect shows.")
    live_surface_days_major: float = row(8.0, "days", 3, 30, ESTIMATE, OURS, "The same, major.")
    live_surface_days_minor: float = row(20.0, "days", 5, 60, ESTIMATE, OURS, "The same, minor.")
    # 6 questions and decisions
    question_probability: float = row(0.2, "per package", 0.05, 0.5, ESTIMATE, OURS, "A package stops on a question; grows with complexity, falls with discovery.")
    decision_latency_days: float = row(3.0, "days", 1, 6, ESTIMATE, OURS, "Median of an answer's latency at trust 0.5 and idle key users.")
    decision_latency_sigma: float = row(1.0, "ln", 0.6, 1.4, ESTIMATE, OURS, "Spread of it: a heavy tail.")
    latency_trust_slope: float = row(1.0, "per unit of trust", 0.3, 1.6, ESTIMATE, OURS, "Latency falls by this share from trust 0.5 to ... per unit.")
    latency_floor: float = row(0.3, "x", 0.1, 0.8, ESTIMATE, OURS, "Latency never falls below this share of its median by trust.")
    queue_load_limit: float = row(0.85, "share", 0.7, 0.95, LITERATURE, "M/M/1 waiting grows as rho / (1 - rho)", "Load is counted up to this, since waiting would grow without end.")
    queue_weight: float = row(0.25, "x rho/(1-rho)", 0, 1, ESTIMATE, OURS, "Weight of the queue in the latency.")
    stale_days: float = row(8.0, "days", 3, 20, ESTIMATE, OURS, "A question older than this turns into an assumption.")
    wrong_assumption: float = row(0.3, "probability", 0.1, 0.5, ESTIMATE, OURS, "An assumption is wrong.")
    # 7 requirements
    hidden_found_discovery: float = row(0.6, "probability", 0.3, 0.8, ESTIMATE, OURS, "A hidden requirement comes out when its department's discovery is done.")
    hidden_found_test: float = row(0.4, "probability", 0.2, 0.7, ESTIMATE, OURS, "It comes out in a test cycle or acceptance check.")
    creep_per_month: float = row(0.02, "share of effort", 0.005, 0.05, PUBLISHED, "C. Jones (about 2 % a month)", "Mean scope creep without change control.")
    creep_compression_agentic: float = row(5.0, "x", 1, 9, ESTIMATE, OURS, "A six-week project meets the requests of months, since people see the system sooner.")
    creep_package_hours: float = row(20.0, "effort hours", 8, 60, ESTIMATE, OURS, "Effort of one change request.")
    creep_package_spread: float = row(0.6, "share", 0, 0.9, ESTIMATE, OURS, "Change requests differ by up to this from their mean effort.")
    creep_shape: float = row(2.0, "1", 1, 5, ESTIMATE, "C. Jones; Gamma(k = 2)", "Shape of the gamma distribution of an episode's scope creep.")
    freeze_rejection: float = row(0.85, "share", 0.5, 1, ESTIMATE, OURS, "Requests that a change freeze keeps out.")
    late_change_factor: float = row(1.0, "x", 0.3, 3, LITERATURE, BOEHM, "Effort of a change grows by this at the end of the project.")
    # 8 data migration
    cleanse_per_hour_duplicate: float = row(40.0, "records per effort hour", 15, 80, ESTIMATE, OURS, "Cleansing productivity.")
    cleanse_per_hour_format: float = row(150.0, "records per effort hour", 50, 500, ESTIMATE, OURS, "Cleansing productivity (rules).")
    cleanse_per_hour_special_character: float = row(200.0, "records per effort hour", 50, 500, ESTIMATE, OURS, "Cleansing productivity (rules).")
    cleanse_per_hour_missing_cost: float = row(15.0, "records per effort hour", 5, 40, ESTIMATE, OURS, "Cleansing productivity.")
    cleanse_per_hour_missing_bom: float = row(3.0, "records per effort hour", 1, 8, ESTIMATE, OURS, "Cleansing productivity.")
    cleanse_per_hour_inconsistent_name: float = row(30.0, "records per effort hour", 10, 60, ESTIMATE, OURS, "Cleansing productivity.")
    cleanse_per_hour_inaccurate: float = row(12.0, "records per effort hour", 4, 30, ESTIMATE, OURS, "Cleansing productivity (item enrichment).")
    cleanse_bulk_records: float = row(10000.0, "records", 3000, 50000, ESTIMATE, OURS, "Records of an object that are gone through one by one; of the rest, rules and tools do most.")
    cleanse_bulk_share: float = row(0.25, "share of effort", 0.05, 1, ESTIMATE, OURS, "Effort of a record beyond them, relative to one before.")
    cleanse_sigma: float = row(0.4, "ln", 0.2, 0.8, ESTIMATE, OURS, "Spread of an object's cleansing productivity.")
    cleanse_key_user_share: float = row(0.06, "hours per effort hour", 0.02, 0.3, ESTIMATE, OURS, "Key-user hours that cleansing needs.")
    mock_load_reveal: float = row(0.6, "share", 0.4, 0.8, LITERATURE, BLOOR + "; success 70, 88, 96, 99.5 % by cycle", "Masked errors that one mock load brings out.")
    technical_failure: float = row(0.22, "share", 0.1, 0.35, LITERATURE, "success 70, 88, 96, 99.5 % by cycle", "Records that the first load rejects for technical reasons.")
    technical_failure_kept: float = row(0.3, "share", 0.2, 0.6, LITERATURE, "success 70, 88, 96, 99.5 % by cycle", "What is left of it after each mock load.")
    mock_load_hours: float = row(36.0, "effort hours", 10, 80, ESTIMATE, OURS, "Effort of a mock load.")
    data_decay_per_month: float = row(0.02, "share of records", 0.003, 0.03, PUBLISHED, "contact data decays 2-3 % a month, items 0.3 %", "New errors in customers and vendors; a tenth of it elsewhere.")
    days_per_month: float = row(21.0, "working days", 20, 22, PUBLISHED, "calendar", "Working days in a month.")
    # 9 interfaces
    interface_hours_small: float = row(40.0, "effort hours", 20, 80, ESTIMATE, OURS, "Effort to build (5 person-days).")
    interface_hours_medium: float = row(70.0, "effort hours", 40, 160, ESTIMATE, OURS, "Effort to build.")
    interface_hours_large: float = row(130.0, "effort hours", 80, 300, ESTIMATE, OURS, "Effort to build.")
    interface_first_failure: float = row(0.35, "probability", 0.2, 0.5, ESTIMATE, OURS, "Fails its first system test.")
    interface_live_failure: float = row(0.005, "per day", 0.001, 0.02, ESTIMATE, OURS, "Fails in production, when it was tested.")
    interface_untested_factor: float = row(8.0, "x", 2, 20, ESTIMATE, OURS, "The same, when it never passed a test.")
    cascade: float = row(0.25, "probability", 0.15, 0.35, LITERATURE, FLYVBJERG, "A failed interface fails one that depends on it.")
    # 10 environments
    test_cycle_hours: float = row(48.0, "effort hours", 16, 120, ESTIMATE, OURS, "Effort of a test cycle.")
    test_cycle_key_user_hours: float = row(4.0, "hours", 2, 16, ESTIMATE, OURS, "Key-user hours of a test cycle.")
    outage_notice_hours: float = row(1.5, "hours", 0.1, 8, ESTIMATE, OURS, "Median until an outage is noticed.")
    outage_hours_mild: float = row(4.0, "hours", 1, 8, ESTIMATE, OURS, "Median time to restore.")
    outage_hours_moderate: float = row(12.0, "hours", 4, 24, ESTIMATE, OURS, "Median time to restore.")
    outage_hours_critical: float = row(32.0, "hours", 16, 60, ESTIMATE, OURS, "Median time to restore.")
    outage_hours_brutal: float = row(72.0, "hours", 40, 160, ESTIMATE, OURS, "Median time to restore.")
    outage_sigma: float = row(0.4, "ln", 0.1, 0.8, ESTIMATE, OURS, "Spread of it.")
    outage_lost_progress: float = row(0.5, "share", 0, 1, ESTIMATE, OURS, "Of a session's progress that an outage destroys.")
    demo_neutral_pass_rate: float = row(0.7, "share", 0.5, 0.9, ESTIMATE, OURS, "Pass rate of a test cycle that leaves trust as it is.")
    check_least_tolerance: float = row(0.05, "share", 0.01, 0.2, ESTIMATE, OURS, "Failing cases that every acceptance check tolerates.")
    check_reconciliation_margin: float = row(0.02, "share", 0, 0.05, ESTIMATE, OURS, "Differences that finance accepts in a trial reconciliation, to be explained by cutover.")
    check_readiness: float = row(0.6, "share", 0.3, 0.9, ESTIMATE, OURS, "Proficiency below which users fail acceptance cases for want of training.")
    check_user_exposure: float = row(0.5, "share", 0.1, 1, ESTIMATE, OURS, "Of the failing cases, those that one user's own work meets in an acceptance test.")
    check_untrained_weight: float = row(0.5, "x", 0.1, 1, ESTIMATE, OURS, "Failing cases per unit of missing proficiency.")
    # 11 people
    key_user_hours_per_week: float = row(12.5, "hours", 10, 15, PUBLISHED, "practice: 10-15 h a week", "Availability of a key user.")
    employees_per_key_user: float = row(6.0, "people", 3, 30, ESTIMATE, OURS, "Key users grow with the square root of this measure of a department.")
    trust_spread: float = row(0.12, "trust", 0, 0.3, ESTIMATE, OURS, "People differ by up to this from the customer's mean trust.")
    resistance_start: float = row(0.5, "share", 0, 1, ESTIMATE, OURS, "Most resistance of a person without any trust.")
    failed_project_resistance: float = row(0.25, "share", 0, 0.6, ESTIMATE, OURS, "Resistance added, relative to its start, by each failed project before.")
    influence_rate: float = row(0.04, "per day", 0.01, 0.1, ESTIMATE, "DeGroot 1974 (averaging over the network)", "Move towards the neighbours' opinion.")
    trust_workshop: float = row(0.07, "trust", 0.02, 0.15, ESTIMATE, OURS, "By a stakeholder workshop; each further one within a month gives half.")
    trust_missed_date: float = row(-0.06, "trust", -0.15, -0.02, ESTIMATE, OURS, "By each week past the announced date.")
    trust_postponement: float = row(-0.05, "trust", -0.1, -0.01, ESTIMATE, OURS, "By a postponement that is announced.")
    conventional_date_weight: float = row(0.25, "x", 0.05, 1, ESTIMATE, OURS, "Weight of a week's delay on trust in a project of months, relative to one of weeks.")
    trust_outage: float = row(-0.015, "trust", -0.05, 0, ESTIMATE, OURS, "By an outage that is noticed.")
    trust_demo: float = row(0.03, "trust", 0, 0.1, ESTIMATE, OURS, "By a test cycle with a pass rate of 1; loss below the neutral rate.")
    trust_escalation: float = row(-0.03, "trust", -0.1, 0, ESTIMATE, OURS, "Of department heads, by an escalation.")
    trust_rejection: float = row(-0.008, "trust", -0.03, 0, ESTIMATE, OURS, "By a change request turned down.")
    trust_roll_back: float = row(-0.2, "trust", -0.4, -0.1, ESTIMATE, OURS, "By a roll-back.")
    trust_dip_per_day: float = row(-0.04, "trust per day at full loss", -0.1, -0.01, ESTIMATE, OURS, "By each day of lost productivity.")
    trust_recovery: float = row(0.01, "per day", 0, 0.03, ESTIMATE, OURS, "Drift back to the initial trust.")
    overload_load: float = row(0.85, "share", 0.6, 1, ESTIMATE, OURS, "Load beyond which key users resist.")
    load_smoothing: float = row(0.2, "per day", 0.05, 0.5, ESTIMATE, OURS, "Weight of today in the moving average of key users' load (about a week).")
    overload_resistance: float = row(0.02, "per day", 0, 0.05, ESTIMATE, OURS, "Resistance of key users loaded beyond 85 %.")
    training_gain: float = row(0.62, "share of the gap", 0.3, 0.8, ESTIMATE, OURS, "Of the gap to full proficiency closed by one training wave.")
    training_hours_per_user: float = row(0.5, "crew effort hours", 0.1, 2, ESTIMATE, OURS, "Crew effort to train one user (groups of 12, 6-20 h each).")
    training_decay_per_day: float = row(0.012, "per day", 0.003, 0.03, LITERATURE, "forgetting curve, Ebbinghaus 1885; unused skills", "Proficiency lost before it is used.")
    training_without_material: float = row(0.5, "share", 0.3, 0.9, ESTIMATE, OURS, "Gain of a training wave before its material exists.")
    training_unbuilt_penalty: float = row(0.6, "share", 0, 1, ESTIMATE, OURS, "Gain lost when the trained process is not configured yet.")
    proficiency_start: float = row(0.12, "share", 0, 0.4, ESTIMATE, OURS, "Proficiency in the new system before training.")
    proficiency_by_use: float = row(0.02, "per day", 0.005, 0.05, ESTIMATE, OURS, "Of the gap, learned by using the live system.")
    usefulness_to_intention: float = row(0.505, "path", 0.4, 0.6, LITERATURE, KING_HE, "Standardised path.")
    ease_to_intention: float = row(0.186, "path", 0.1, 0.3, LITERATURE, KING_HE, "Standardised path.")
    ease_to_usefulness: float = row(0.479, "path", 0.3, 0.6, LITERATURE, KING_HE, "Standardised path.")
    bass_p: float = row(0.1, "per week", 0.02, 0.2, ESTIMATE, BASS, "Innovation: adoption by mandate.")
    bass_q: float = row(0.35, "per week", 0.2, 0.5, ESTIMATE, BASS, "Imitation.")
    adoption_compression_agentic: float = row(2.0, "x", 1, 3, ESTIMATE, OURS, "Hypercare of a six-week project has an assistant at every desk.")
    adoption_trust_floor: float = row(0.4, "share", 0.2, 0.8, ESTIMATE, OURS, "Willingness of users without any trust.")
    adoption_reach: float = row(1.7, "x", 1, 2.5, ESTIMATE, OURS, "Share of users that a willingness of 1 / this saturates; use is mandated.")
    survey_error: float = row(0.04, "standard error", 0.01, 0.1, ESTIMATE, OURS, "Of a pulse survey's means.")
    survey_days: float = row(5.0, "days", 5, 20, ESTIMATE, OURS, "Between two pulse surveys.")
    nps_slope: float = row(150.0, "points", 80, 220, ESTIMATE, OURS, "NPS between complete dissatisfaction and satisfaction; mean +5, sd 30.")
    nps_midpoint: float = row(0.52, "satisfaction", 0.3, 0.7, ESTIMATE, OURS, "Satisfaction at which the NPS is zero.")
    nps_error: float = row(6.0, "points", 0, 15, ESTIMATE, OURS, "Sampling error of the NPS.")
    # 12 cutover, go-live, hypercare
    cutover_hours: float = row(110.0, "effort hours", 40, 200, ESTIMATE, OURS, "Effort of a cutover at complexity 6.")
    cutover_free_days: float = row(3.0, "days", 1, 5, ESTIMATE, OURS, "A cutover longer than this stops the business.")
    unrehearsed_cutover: float = row(1.6, "x", 1.1, 3, ESTIMATE, OURS, "Effort of a cutover never rehearsed.")
    dip_base: float = row(0.07, "productivity", 0.02, 0.15, ESTIMATE, PANORAMA, "Loss at go-live with nothing wrong.")
    dip_defects: float = row(0.022, "per severity-weighted defect and sqrt(size)", 0.005, 0.05, ESTIMATE, OURS, "Loss by defects in production.")
    dip_data: float = row(1.0, "per share of bad records", 0.3, 3, ESTIMATE, OURS, "Loss by bad data.")
    dip_training: float = row(0.3, "per share of untrained users", 0.1, 0.6, ESTIMATE, OURS, "Loss by users who cannot.")
    dip_tolerance: float = row(0.2, "share of users", 0, 0.4, ESTIMATE, OURS, "Untrained users that colleagues can carry.")
    dip_interfaces: float = row(0.25, "per share of failing interfaces", 0.05, 0.5, ESTIMATE, OURS, "Loss by interfaces missing or down.")
    dip_coverage: float = row(1.2, "per share of the scope not built", 0.6, 2, ESTIMATE, OURS, "Loss by processes that are not there.")
    dip_sigma: float = row(0.25, "ln", 0, 0.6, ESTIMATE, OURS, "Spread of the depth.")
    dip_recovery_days: float = row(15.0, "days", 5, 60, ESTIMATE, PANORAMA, "Recovery of the base loss (conventional: twice).")
    dip_recovery_conventional: float = row(2.0, "x", 1, 4, ESTIMATE, PANORAMA, "Recovery of the base loss takes so much longer without an assistant at every desk.")
    dip_response: float = row(0.35, "per day", 0.1, 0.8, ESTIMATE, OURS, "Productivity follows the cause at this rate.")
    hypercare_release_loss: float = row(0.12, "productivity", 0.05, 0.25, ESTIMATE, OURS, "Loss at any site above which the crew is kept, where hypercare can be extended.")
    catastrophic_dip: float = row(0.45, "productivity", 0.3, 0.7, ESTIMATE, OURS, "A loss beyond this is a failed go-live.")
    recovered_dip: float = row(0.05, "productivity", 0.02, 0.1, ESTIMATE, OURS, "A loss below this is recovered.")
    # 13 cancellation
    steering_days_agentic: float = row(5.0, "days", 5, 10, ESTIMATE, OURS, "Steering committee cycle.")
    steering_days_conventional: float = row(20.0, "days", 10, 40, ESTIMATE, OURS, "Steering committee cycle.")
    cancellation_slope: float = row(0.35, "probability per steering", 0.1, 1, ESTIMATE, STANDISH, "At a forecast overrun of 100 % beyond tolerance and no support.")
    forecast_rate_floor: float = row(0.1, "x planned", 0.02, 0.5, ESTIMATE, OURS, "Least rate of work that a forecast assumes.")
    sponsor_turnover: float = row(0.015, "probability per month", 0.005, 0.03, ESTIMATE, "executive tenure of four to six years", "The sponsor leaves before the last go-live; the successor looks at the project anew, and takes any overrun for a full one.")
    sponsor_successor_trust: float = row(0.6, "x", 0.2, 1, ESTIMATE, OURS, "Trust of a new sponsor, relative to that with which the predecessor began: it is somebody else's project.")
    escalation_of_commitment: float = row(0.6, "share", 0, 0.9, LITERATURE, "Keil, Mann & Rai 2000 (30-40 % of IT projects escalate)", "Of the chance of a stop, what vanishes by the time that all of the planned work is done: nobody stops what is nearly finished.")
    cancellation_tolerance: float = row(0.35, "overrun", 0.05, 0.4, ESTIMATE, STANDISH, "Forecast overrun that a sponsor tolerates.")
    # 14 money
    agent_rate_usd: float = row(45.0, "USD per hour", 10, 120, ESTIMATE, OURS, "Cost of an AI crew member at work, its operators included.")
    consultant_rate_usd: float = row(150.0, "USD per hour", 90, 250, PUBLISHED, "market rates", "Cost of a consultant.")
    overtime_paid: float = row(1.3, "x", 1, 1.5, LITERATURE, "a rushed week of people is one of up to 60 hours", "Hours that consultants bill for a day under rush, relative to a normal one.")
    change_order_premium: float = row(0.5, "x contract rate", 0, 1.5, ESTIMATE, "practice: changes are priced outside the contract", "Billed for the effort of a change in conventional delivery, beside the time of the crew.")
    key_user_rate_usd: float = row(45.0, "USD per hour", 30, 80, ESTIMATE, OURS, "Cost of a key user.")
    environment_day_usd: float = row(150.0, "USD per day", 50, 500, ESTIMATE, OURS, "Cost of the systems.")
    intervention_usd: float = row(9000.0, "USD", 3000, 20000, ESTIMATE, OURS, "Cost of a manual intervention.")
    intervention_hours: float = row(40.0, "effort hours", 16, 80, ESTIMATE, OURS, "Work that the experts do in an intervention.")
    intervention_questions: float = row(3.0, "questions", 1, 6, ESTIMATE, OURS, "Questions that they settle.")
    workshop_usd: float = row(2500.0, "USD", 500, 8000, ESTIMATE, OURS, "Cost of a stakeholder workshop.")
    workshop_key_user_hours: float = row(2.0, "hours per key user", 1, 4, ESTIMATE, OURS, "Taken from that day.")
    workshop_answers: float = row(0.6, "probability", 0.3, 0.9, ESTIMATE, OURS, "That a pending question is settled in it.")
    escalation_factor: float = row(0.35, "x", 0.1, 0.7, ESTIMATE, OURS, "Remaining latency after an escalation.")
    capacity_usd: float = row(4000.0, "USD", 500, 15000, ESTIMATE, OURS, "Onboarding of a member.")
    contingency: float = row(0.25, "share", 0.1, 0.4, LITERATURE, "PMI practice", "Contingency in the budget.")
    outage_day_usd: float = row(1500.0, "USD per day", 200, 5000, ESTIMATE, OURS, "Cost of a system that is down.")
    downtime_day_usd: float = row(0.0003, "share of yearly revenue", 0, 0.004, ESTIMATE, OURS, "Cost to the project of a business day stopped by cutover.")
    # fmt: on


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    confidence: str
    description: str


CALIBRATION_FILE = Path(__file__).with_name("calibrated.yaml")
"""The values that ``golive calibrate`` has chosen, with their intervals; it writes this file."""

PRIOR: tuple[Parameter, ...] = tuple(
    Parameter(name=item.name, value=cast(float, item.default), **item.metadata)
    for item in dataclasses.fields(Parameters)
)
"""The table as it is without calibration, in the order of the mechanisms."""


def _calibrated(row: Parameter, estimate: ParameterEstimate) -> Parameter:
    """A row with its calibrated value; where one would have started stays in its source."""
    return dataclasses.replace(
        row,
        value=estimate.value,
        source=f"{row.source}; {row.value:g} before calibration",
        confidence=str(estimate.confidence),
    )


_CALIBRATION = load_parameter_file(CALIBRATION_FILE).parameters

PARAMETERS: tuple[Parameter, ...] = tuple(
    _calibrated(row, _CALIBRATION[row.name]) if row.name in _CALIBRATION else row for row in PRIOR
)
"""The table that worlds are made with."""

_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
_DEFAULTS = {name: estimate.value for name, estimate in _CALIBRATION.items()}


def parameters_with(overrides: Mapping[str, float]) -> Parameters:
    """The default parameters with some rows replaced.

    Args:
        overrides: value by parameter name.

    Raises:
        GoliveError: a name that is no parameter, or a value outside its row's range.
    """
    for name, value in overrides.items():
        known = _BY_NAME.get(name)
        if known is None:
            close = difflib.get_close_matches(name, _BY_NAME, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise GoliveError(f"parameters.{name}: {value!r}: no such parameter{hint}")
        if not known.low <= value <= known.high:
            raise GoliveError(
                f"parameters.{name}: {value!r}: expected {known.low:g}..{known.high:g} {known.unit}"
            )
    return Parameters(**{**_DEFAULTS, **overrides})
