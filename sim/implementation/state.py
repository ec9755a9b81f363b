"""The whole of the implementation world between two decisions: plain data and nothing else.

Fields are numbers, strings, booleans, lists and tuples of them, and the records below.
Enumerations are stored as integers. What a process needs to know tomorrow stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

STATE_VERSION = 4
"""Raised whenever the layout of the state changes; snapshots carry it."""


class PackageKind(IntEnum):
    """Purposes of a work package."""

    DISCOVERY = 0
    BUILD = 1
    """Configuration, report or enhancement."""
    CHANGE = 2
    """A change request or a requirement nobody had asked for."""
    INTERFACE = 3
    EXTRACT = 4
    MAP = 5
    CLEANSE = 6
    MOCK_LOAD = 7
    TEST_PREPARATION = 8
    TEST_CYCLE = 9
    CHECK = 10
    TRAINING_MATERIAL = 11
    TRAINING = 12
    REHEARSAL = 13
    CUTOVER = 14
    FIX = 15
    CHALLENGE = 16
    IMPORTED = 17
    RESPONSE = 18
    """Mends a disruption; ``subject`` is its index in ``WorldState.disruptions``."""
    QUICK_WIN = 19
    VALIDATION = 20
    LOCALISATION = 21


class Status(IntEnum):
    """States of a work package."""

    DORMANT = 0
    """Not known yet, or not ordered."""
    WAITING = 1
    READY = 2
    RUNNING = 3
    BLOCKED = 4
    DONE = 5


class DefectState(IntEnum):
    """States of a defect."""

    LATENT = 0
    OPEN = 1
    FIXED = 2


class Stage(IntEnum):
    """Stages that find a defect (they set the price of its fix)."""

    SIT = 0
    UAT = 1
    LIVE = 2


@dataclass(slots=True, kw_only=True)
class Package:
    """A work package. Hours are human-equivalent effort hours unless said otherwise."""

    id: int = 0
    """Its place among all packages; ``Backlog.append`` gives it."""
    name: str
    kind: int
    workstream: int
    site: int = 0
    department: int = -1
    """Index whose key users it needs; -1: nobody's."""
    subject: int = -1
    """Data object, interface, defect, requirement, cohort or check; of a requirement that a
    disruption brings: its index in ``WorldState.disruptions``; -1: none."""
    planned_hours: float
    remaining_hours: float
    key_user_hours: float = 0.0
    """Remaining hours of a key user (at people's speed)."""
    latest_finish_hour: float = 0.0
    """Working hour since kick-off by which it must end to keep the baseline date."""
    environment: int = -1
    exclusive: bool = False
    successors: list[int] = field(default_factory=list)
    open_predecessors: int = 0
    status: int = 1
    role_units: list[int] = field(default_factory=list)
    """Imported networks: members needed of each role, all at once; empty: any one member."""
    defect_mean: float = 0.0
    question_at: float = -1.0
    """Remaining effort at which its question comes up; -1: none."""
    errors: float = 0.0
    """Defect injection factor, weighted by the effort done under it."""
    careful: float = 0.0
    """Share of its effort done carefully, with reviews."""
    rushed: float = 0.0
    """Share of its effort done under rush."""
    done_hours: float = 0.0
    """Planned effort already done."""
    first_member: int = -1
    attempts: int = 0
    held: bool = False
    """Waits for an event (a mock load, a test cycle); counted in ``open_predecessors``."""
    in_baseline: bool = True
    retest_key_user_hours: float = 0.0
    """Of an acceptance check: what key users spend on it each further time."""
    order: int = 0
    """Wave or step in a chain, for kinds that have one."""


@dataclass(slots=True)
class Member:
    """A member of the crew."""

    id: int
    role: int
    joined_day: int
    assimilated_day: int
    last_workstream: int = -1
    last_package: int = -1
    useful_hours: float = 0.0
    rework_hours: float = 0.0
    waiting_hours: float = 0.0
    switching_hours: float = 0.0


@dataclass(slots=True)
class Defect:
    """A defect, from injection to fix."""

    key: int
    """Addresses its draws, whatever the order in which defects came up."""
    package: int
    severity: int
    state: int
    effort_hours: float
    """To fix at the requirement stage."""
    stage_found: int = -1
    found_live: bool = False
    surface_day: int = -1
    """Day on which it shows in production; -1: not in production."""
    interface: int = -1
    """The interface that fails by it; -1: none."""


@dataclass(slots=True)
class Question:
    """A question to the customer that stops a package."""

    package: int
    site: int
    department: int
    asked_hour: float
    due_hour: float


@dataclass(slots=True)
class DataObjectState:
    """A data object on its way into the new system; counts are records."""

    present: bool
    records: float
    visible: list[float]
    """Known errors by kind."""
    hidden: list[float]
    """Errors masked by others, by kind."""
    rotten: list[float] = field(default_factory=list)
    """Errors that load cleanly and no trial load shows, by kind."""
    stage: int = 0
    scope: list[float] = field(default_factory=list)
    """Known errors that the present cleansing package covers, by kind."""
    quality_start: float = 1.0
    measured_quality: float = 1.0
    measured_day: int = -1
    productivity: float = 1.0
    cleanse_package: int = -1


@dataclass(slots=True)
class InterfaceState:
    """An interface to another system."""

    depends_on: int
    built: bool = False
    faulty: bool = False
    """Latent: would fail its test."""
    tested: bool = False
    failing: bool = False
    """Known."""
    failures: int = 0


@dataclass(slots=True)
class SiteState:
    """A site."""

    target_day: int
    planned_day: int
    status: int = 0
    live_day: int = -1
    cutover_start_day: int = -1
    first_live_day: int = -1
    loss: float = 0.0
    """Productivity lost now, 0..1."""
    deepest_loss: float = 0.0
    catastrophic_days: int = 0
    days_to_recover: int = -1
    base_loss: float = 0.0
    depth_factor: float = 1.0
    roll_backs: int = 0
    reconciliation: float = -1.0
    recovered_days: int = 0
    cut_over: bool = False
    """The cutover's work is done; production starts with the next window."""
    missed_windows: int = 0
    overrun_windows: int = 0
    """Of those, the ones that the business has paid for."""


@dataclass(slots=True)
class ReadingState:
    """Knowledge of a latent trait."""

    precision: float
    """Sum of 1 / error^2 over what was heard and read."""
    weighted: float
    """Sum of value / error^2."""
    day: int = 0
    """Of the last reading."""
    bought: int = 0


@dataclass(slots=True)
class DisruptionState:
    """A disruption to come, under way or over. Hours are working hours since kick-off."""

    kind: str
    severity: str
    place: int
    """System, site or department that it is about; -1: none."""
    onset_hour: float
    notice_hour: float
    """At the latest; an event may bring it to light before, and sets it."""
    recovery_hour: float
    """Hour at which it ends of itself; -1: only work ends it (then: at which it did)."""
    begun: bool = False
    noticed: bool = False
    recovered: bool = False
    number: int = 0
    """Addresses its draws."""
    amount: float = 0.0
    """Amount of it, in the kind's own unit."""
    names: list[str] = field(default_factory=list)
    injured: float = 0.0
    """Damage done at its onset, in the kind's own unit."""
    left: float = 0.0
    """Of that damage, what is left."""
    targets: list[int] = field(default_factory=list)
    """Packages, objects, interfaces or departments concerned, by the kind's own meaning."""
    values: list[float] = field(default_factory=list)
    """Further numbers of the kind's own."""
    responses: list[int] = field(default_factory=list)
    """Packages that mend it, by id."""
    holds: list[int] = field(default_factory=list)
    """Systems that it keeps down now."""


@dataclass(slots=True)
class OpponentState:
    """Deeds of the opponent: an entry per strike in each list."""

    spent: float = 0.0
    """Of its budget."""
    days: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    severities: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    """``DisruptionState.number`` of what it added."""


@dataclass(slots=True)
class PeopleState:
    """The customer's people, one entry per person or cohort in each list."""

    kind: list[int] = field(default_factory=list)
    site: list[int] = field(default_factory=list)
    department: list[int] = field(default_factory=list)
    size: list[float] = field(default_factory=list)
    trust: list[float] = field(default_factory=list)
    trust_start: list[float] = field(default_factory=list)
    resistance: list[float] = field(default_factory=list)
    proficiency: list[float] = field(default_factory=list)
    adoption: list[float] = field(default_factory=list)
    fatigue: list[float] = field(default_factory=list)
    neighbours: list[list[int]] = field(default_factory=list)


@dataclass(slots=True)
class Survey:
    """The last pulse survey."""

    day: int = 0
    trust: float = 0.0
    support: float = 0.0
    resistance: float = 0.0
    readiness: float = 0.0
    adoption: float = 0.0
    readiness_by_site: list[float] = field(default_factory=list)


@dataclass(slots=True)
class PoolState:
    """Key users of one department at one site."""

    site: int
    department: int
    count: int
    hours_per_day: float
    hours_left: float = 0.0
    load: float = 0.3
    used_today: float = 0.0


@dataclass(slots=True)
class WorkstreamTotals:
    """Running sums over a workstream's known packages."""

    planned: float = 0.0
    done: float = 0.0
    remaining: float = 0.0
    ready: int = 0
    ready_hours: float = 0.0
    waiting: int = 0
    blocked: int = 0
    blocked_hours: float = 0.0
    packages_done: int = 0
    packages: int = 0
    fixes: int = 0
    experience: float = 0.0
    effort_hours: float = 0.0
    """True effort spent, whatever had been planned."""
    baseline_hours: float = 0.0
    """Planned effort at kick-off, of what is known then and of the mock loads or test cycles."""
    last_done_day: int = -1
    """Day on which its last package was done; only before the last go-live."""


@dataclass(slots=True, kw_only=True)
class WorldState:
    """Everything that the future depends on."""

    day: int = 0
    packages: list[Package]
    totals: list[WorkstreamTotals]
    members: list[Member]
    defects: list[Defect] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    objects: list[DataObjectState] = field(default_factory=list)
    interfaces: list[InterfaceState] = field(default_factory=list)
    sites: list[SiteState]
    disruptions: list[DisruptionState] = field(default_factory=list)
    people: PeopleState = field(default_factory=PeopleState)
    survey: Survey = field(default_factory=Survey)
    pools: list[PoolState] = field(default_factory=list)
    focus: list[int]
    pace: int = 1
    finished: bool = False
    cancelled: bool = False
    survival: float = 1.0
    """Chance that no steering committee has stopped the project so far."""
    sunk_usd: float = 0.0
    """Money spent by then times the chance of having been stopped then, summed over committees."""
    stopped_day: int = -1
    """Day on which this episode's draw stops it, ``cancelled`` from then on; -1: it does not."""
    stopped_usd: float = 0.0
    """Money spent by that day."""
    vendor_changes: int = 0
    """Crews that were replaced because the sponsor had lost patience with them."""
    lost_days: float = 0.0
    """Days of production lost so far, those in season counted by their price."""
    agreed_day: int = -1
    """Go-live that was agreed anew with the sponsor; -1: the plan's."""
    agreed_usd: float = -1.0
    """Budget that was agreed anew; -1: the plan's."""
    rebaselines: int = 0
    broken_dates: int = 0
    """Weeks that an announced go-live went by without a word before."""
    built_since_acceptance: float = 0.0
    """Effort finished since acceptance began to be passed."""
    acceptance_lapses: int = 0
    readings: list[ReadingState] = field(default_factory=list)
    """One for each trait, in the order of ``TRAITS``."""
    ordered_readings: list[list[int]] = field(default_factory=list)
    """Move and day of its report."""
    readings_bought: int = 0
    last_day: int = 0
    hypercare_start: int = -1
    hypercare_extensions: int = 0
    """Weeks that hypercare was extended by, since a site did not run yet."""
    postponements: int = 0
    next_site: int = 0
    environment_busy: list[int] = field(default_factory=lambda: [-1, -1, -1])
    """Package that holds each system exclusively; -1: none."""
    environment_up: list[bool] = field(default_factory=lambda: [True, True, True])
    project_factor: float = 1.0
    pressure: float = 0.0
    crew_fatigue: float = 0.0
    budget_usd: float = 0.0
    spent_usd: float = 0.0
    spent_last_period_usd: float = 0.0
    baseline_hours: float = 0.0
    added_hours: float = 0.0
    questions_asked: int = 0
    questions_answered: int = 0
    assumptions: int = 0
    defects_found: int = 0
    defects_fixed: int = 0
    triaged: list[int] = field(default_factory=list)
    """Fixes of what was found today, which begin tomorrow."""
    open_by_severity: list[int] = field(default_factory=lambda: [0, 0, 0])
    open_tickets: int = 0
    removed_in_build: int = 0
    cycles_done: int = 0
    cycle_package: int = -1
    last_cycle_day: int = -1
    last_cycle_pass_rate: float = 0.0
    last_cycle_defects: int = 0
    built_since_cycle: float = 0.0
    mock_loads_done: int = 0
    mock_load_package: int = -1
    last_mock_load_day: int = -1
    last_mock_load_success: float = 0.0
    technical_failure: float = 0.0
    rehearsed: list[bool] = field(default_factory=list)
    checks_required: list[bool] = field(default_factory=lambda: [False] * 5)
    checks_passed: list[bool] = field(default_factory=lambda: [False] * 5)
    change_freeze: bool = False
    workshops: int = 0
    escalations: int = 0
    training_waves: int = 0
    training_pending: int = 0
    interventions: int = 0
    capacity_added: int = 0
    changes_requested: int = 0
    changes_rejected: int = 0
    workshop_day: int = -1
    escalation_day: int = -1
    illegal_decisions: int = 0
    steerings: int = 0
    sponsors: int = 1
    """Number of sponsors so far."""
    sponsor_is_new: bool = False
    """Has not sat in a steering committee yet."""
    next_steering_day: int = 0
    creep_days: list[float] = field(default_factory=list)
    """Days at which change requests come up, in order."""
    creep_next: int = 0
    requested_hours: float = 0.0
    """Effort of changes that is usually requested by the planned go-live."""
    data_gate_passed: bool = False
    acceptance_at_go_live: bool = False
    defects_live: int = 0
    """Known or latent defects that went into production."""
    data_quality_go_live: float = -1.0
    hours_total: float = 0.0
    overtime_cutover_days: int = 0
    disruption_rows: int = 0
    """Rows drawn so far, those that did not happen included: the next one's number."""
    opponent: OpponentState | None = None
    """None where the scenario has no opponent."""
    further: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Memory of mechanisms of other packages, by their names."""
