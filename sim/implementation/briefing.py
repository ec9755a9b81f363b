"""Everything that a programme manager may know in the morning. Nothing here is latent truth.

Every count is what has been found, every quality what was last measured (with its age),
every mood what the last survey said (with its age and standard error). The records are named
tuples: they are made every day, five times as fast as frozen dataclasses.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from ...scenarios.implementation.vocabulary import (
    AcceptanceCheckKind,
    DataObjectKind,
    Department,
    DisruptionKind,
    Severity,
)

DEPARTMENTS: tuple[Department, ...] = tuple(Department)
DATA_OBJECTS: tuple[DataObjectKind, ...] = tuple(DataObjectKind)
CHECKS: tuple[AcceptanceCheckKind, ...] = tuple(AcceptanceCheckKind)
SITE_SLOTS = 5
"""Most sites a scenario can have (observations are padded to it)."""
NEVER = -1
"""Age or day of something that has not happened."""


class DefectSeverity(IntEnum):
    """Severity of a defect."""

    MINOR = 0
    MAJOR = 1
    CRITICAL = 2


class SiteStatus(IntEnum):
    """Steps of a site on its way into production."""

    PLANNED = 0
    CUTOVER = 1
    LIVE = 2
    STABLE = 3


class SystemEnvironment(IntEnum):
    """The three systems work is done on."""

    SANDBOX = 0
    TEST = 1
    PRODUCTION = 2


class DataStage(IntEnum):
    """Steps in which a data object's migration is prepared."""

    UNTOUCHED = 0
    EXTRACTED = 1
    MAPPED = 2


class CalendarStatus(NamedTuple):
    """The project in time (days are working days from kick-off, 0-based)."""

    day: int
    planned_go_live_day: int
    """Day of the baseline plan for the last site's go-live."""
    target_go_live_day: int
    """Planned day of the next go-live, postponements included."""
    last_day: int
    """The episode ends here at the latest."""
    hours_per_day: float
    days_per_decision: int
    hypercare_day: int
    """Days since the last site went live; ``NEVER`` before."""
    hypercare_days: int
    planned_focus: tuple[bool, ...]
    """Per workstream whether the phase plan has it this week."""
    postponements: int
    postponements_left: int
    days_to_steering: int
    next_window_day: int
    """Next day on which production can start."""
    agreed_go_live_day: int
    """Go-live that the sponsor has agreed to: the plan's, or that of the last new plan."""


class WorkstreamStatus(NamedTuple):
    """Known work of one workstream. Hours are human-equivalent effort hours as last estimated."""

    planned_hours: float
    """Estimated effort of all known packages, done or not; grows with what is found."""
    done_hours: float
    remaining_hours: float
    """Estimated effort of all known open packages and fixes."""
    ready_packages: int
    """Can be worked on now (in progress ones included)."""
    ready_hours: float
    waiting_packages: int
    """Predecessors are open."""
    blocked_packages: int
    """Stopped on a question only the customer can answer."""
    blocked_hours: float
    packages_done: int
    packages_total: int
    """Known packages, fixes included."""
    fix_packages: int
    """Open known defects waiting for their fix here."""
    slack_days: float
    """Target go-live day minus the day its critical open package must end at the latest
    to keep it, minus today; negative is late."""


class RoleStatus(NamedTuple):
    """One role of the crew."""

    units: float
    """Members, newcomers counted as productive as they are."""
    newcomers: int
    useful_hours: float
    """Since the last decision: on packages for the first time."""
    rework_hours: float
    waiting_hours: float
    switching_hours: float
    focus: int
    """Last ordered focus (workstream index or ``NO_FOCUS``)."""
    skill: tuple[float, ...]
    """Speed per workstream relative to a specialist, learning included."""


class DefectStatus(NamedTuple):
    """Known defects."""

    open_by_severity: tuple[int, int, int]
    found: int
    fixed: int
    open_tickets: int
    """Open defects that production reported."""


class TestStatus(NamedTuple):
    """Test cycles and acceptance checks."""

    cycles_done: int
    cycle_pending: bool
    """Ordered and not finished."""
    last_cycle_age_days: int
    last_cycle_pass_rate: float
    last_cycle_defects: int
    built_hours_since_cycle: float
    """Effort of build packages and fixes finished since, so not yet covered by a test."""
    checks_required: tuple[bool, ...]
    """Per ``AcceptanceCheckKind``."""
    checks_passed: tuple[bool, ...]
    built_hours_since_acceptance: float
    """Effort finished since acceptance was passed; too much of it, and acceptance lapses."""

    @property
    def accepted(self) -> bool:
        """True when every required check is passed."""
        checks = zip(self.checks_required, self.checks_passed, strict=True)
        return all(passed for needed, passed in checks if needed)


class DataObjectStatus(NamedTuple):
    """One data object, as last measured."""

    present: bool
    records: int
    stage: DataStage
    measured_quality: float
    """Share of records without a known error; the customer's own word before the first profile."""
    measurement_age_days: int
    cleansing_hours: float
    """Estimated hours to mend the known errors."""


class MigrationStatus(NamedTuple):
    """The data migration as a whole."""

    objects: tuple[DataObjectStatus, ...]
    """In the order of ``DataObjectKind``."""
    mock_loads_done: int
    mock_load_pending: bool
    last_mock_load_age_days: int
    last_mock_load_success: float
    gate: float
    """Success a mock load must reach for the data gate."""
    reconciliation_gate: float
    """Share of migrated value that must agree with the legacy system at cutover."""


class QuestionStatus(NamedTuple):
    """Questions to the customer."""

    pending: int
    oldest_age_days: float
    mean_age_days: float
    answered: int
    assumptions: int
    """Questions that grew so old that the crew assumed an answer."""


class KeyUserStatus(NamedTuple):
    """Key users of one department (all sites together)."""

    hours_per_day: float
    load: float
    """Used share of their project hours, moving average over about a week."""
    pending_questions: int


class PeopleStatus(NamedTuple):
    """Answers of the last pulse survey (0..1, with sampling error), and its age."""

    trust: float
    sponsor_support: float
    resistance: float
    readiness: float
    """Trained and able, weighted by head count."""
    adoption: float
    survey_age_days: int
    standard_error: float


class MoneyStatus(NamedTuple):
    """Budget in USD."""

    budget_usd: float
    spent_usd: float
    spent_last_period_usd: float
    planned_to_date_usd: float
    reading_usd: float
    """Price of a reading."""
    benefit_day_usd: float
    """Benefit that the plan's business case expects of a day in full use."""


class SystemStatus(NamedTuple):
    """One of the three systems."""

    up: bool
    """As reported; an outage counts once noticed."""
    busy: bool
    """Taken exclusively by a mock load or a test cycle."""


class ReportedDisruption(NamedTuple):
    """A disruption that has been noticed and not yet recovered from."""

    kind: DisruptionKind | str
    """Another package's edge case is a plain name."""
    severity: Severity
    day_noticed: int
    response_hours: float
    """Estimated effort left of the packages that mend it; 0: none is known."""


class InterfaceStatus(NamedTuple):
    """Interfaces to other systems."""

    total: int
    built: int
    tested: int
    failing: int


class SiteReport(NamedTuple):
    """One site."""

    present: bool
    status: SiteStatus
    target_go_live_day: int
    days_live: int
    reported_productivity: float
    """Output relative to before the project; 1.0 before go-live."""
    rolled_back: int
    wave: int
    """Sites of the same wave go live together; the first is 0."""
    readiness: float
    """Trained and able, by head count, in the last survey."""
    scope_done: float
    """Share of what the site needs (the core, its own, its localisation) that is done."""
    own_hours: float
    """Estimated effort left of the site's own work before its cutover."""
    time_zone_hours: float
    """Hours by which its clock is ahead of the pilot's."""


class ManagementStatus(NamedTuple):
    """Moves made so far and standing orders."""

    change_freeze: bool
    workshops: int
    escalations: int
    training_waves: int
    training_pending: int
    interventions: int
    capacity_added: int
    changes_requested: int
    changes_rejected: int
    days_since_workshop: int
    days_since_escalation: int
    illegal_decisions: int
    readings_bought: int
    readings_pending: tuple[bool, ...]
    """Per kind of reading (in the order of their moves) whether its report is awaited."""
    rebaselines: int


class InsightStatus(NamedTuple):
    """Estimate of a trait of the customer that nobody states (see ``Traits``)."""

    value: float
    """Estimate, -1..1 as a rule: what was heard at kick-off and what readings said, weighted."""
    error: float
    """Standard error of the estimate."""
    age_days: int
    """Since the last reading; since kick-off without any."""
    readings: int
    """Bought so far."""


class CustomerProfile(NamedTuple):
    """The customer as its contract describes it."""

    industry: int
    """Index in ``Industry``."""
    agentic: bool
    employees: int
    sites: int
    complexity: int
    stated_data_quality: float
    integrations: int
    custom_requirements: int
    previous_failed_projects: int
    departments: tuple[bool, ...]
    standards: int
    """Standards whose validation go-live waits for."""
    languages: int
    countries: int
    currencies: int


class Briefing(NamedTuple):
    """Everything that a programme manager may know at a decision point."""

    calendar: CalendarStatus
    workstreams: tuple[WorkstreamStatus, ...]
    roles: tuple[RoleStatus, ...]
    defects: DefectStatus
    tests: TestStatus
    migration: MigrationStatus
    questions: QuestionStatus
    key_users: tuple[KeyUserStatus, ...]
    people: PeopleStatus
    money: MoneyStatus
    systems: tuple[SystemStatus, ...]
    disruptions: tuple[ReportedDisruption, ...]
    interfaces: InterfaceStatus
    sites: tuple[SiteReport, ...]
    """Padded to ``SITE_SLOTS``."""
    management: ManagementStatus
    customer: CustomerProfile
    insights: tuple[InsightStatus, ...]
    """In the order of ``TRAITS``."""
    further: Mapping[str, float] = {}
    """Numbers that mechanisms of other packages tell, as ``mechanism.name``."""
