"""The observation as a table: every index with its name, unit, scale, bounds and meaning.

Everything else about the observation is made from this table: the bounds of the spaces, the
names, the groups of the ``Dict`` variant and the table in ``docs/environment.md``.
``encoding.py`` gathers the raw values in exactly this order.

Scales make a usual value about 1, which is what networks learn best from; bounds are twice or
three times that, so that a rare extreme is still told from a usual value and cannot drown the
others. Both are part of the environment's version: a change of one makes old policies blind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...core.registry import Registry
from ...scenarios.implementation.vocabulary import DisruptionKind, Industry
from ...sim.implementation.briefing import (
    CHECKS,
    DATA_OBJECTS,
    DEPARTMENTS,
    SITE_SLOTS,
    Briefing,
    SiteStatus,
    SystemEnvironment,
)
from ...sim.implementation.decision import ROLES, WORKSTREAMS
from ...sim.numbers import Column, Feature, Group, Transform

_ONE_ROW = ("",)


# Counts run from none to hundreds, and one more of three means more than one more of a hundred.
def _count(name: str, description: str, scale: float = 4.0) -> Column:
    """A count without upper bound, on a logarithmic scale (4 is a count of about 54)."""
    return Column(name, description, 0.0, 2.0, scale, Transform.LOGARITHM)


# Half of the freshness is gone after a working week; linear ages would have no bound, and "never"
# would have to be some age.
def _freshness(name: str, description: str, scale_days: float = 5.0) -> Column:
    """An age in days: 1 is today, 0 never."""
    return Column(name, description, 0.0, 1.0, scale_days, Transform.FRESHNESS)


def _flag(name: str, description: str) -> Column:
    return Column(name, description)


CALENDAR = Group(
    "calendar",
    _ONE_ROW,
    (
        Column("elapsed", "day over the last possible day"),
        Column("planned_progress", "day over the planned go-live day", 0.0, 3.0),
        Column(
            "time_to_target",
            "target go-live day minus today over the planned duration",
            -2.0,
            2.0,
        ),
        Column("days_to_target", "target go-live day minus today, days", -1.0, 1.0, 10.0),
        Column(
            "postponed", "target go-live day minus planned one over the planned duration", -1.0, 2.0
        ),
        Column("days_per_decision", "working days between two decisions", 0.0, 4.0, 5.0),
        Column("hours_per_day", "working hours a day", 0.0, 3.0, 8.0),
        _flag("in_hypercare", "1 when the last site is live"),
        Column("hypercare_progress", "days since the last go-live over hypercare's length"),
        Column("postponements", "postponements so far", 0.0, 2.0, 4.0),
        Column("postponements_left", "postponements left", 0.0, 2.0, 4.0),
        Column("days_to_steering", "days to the next steering committee", 0.0, 1.0, 20.0),
        *(
            _flag(f"planned_{workstream}", f"1 when the phase plan has {workstream} this week")
            for workstream in WORKSTREAMS
        ),
    ),
)

WORKSTREAM_GROUP = Group(
    "workstreams",
    tuple(WORKSTREAMS),
    (
        Column("planned", "planned hours over all planned hours"),
        Column("done", "hours done over hours done and remaining"),
        Column("remaining", "remaining hours over all planned hours", 0.0, 2.0, 0.5),
        Column("ready", "ready hours over all planned hours", 0.0, 2.0, 0.25),
        Column("blocked", "blocked hours over all planned hours", 0.0, 2.0, 0.1),
        _count("ready_packages", "packages that can be worked on now"),
        _count("waiting_packages", "packages whose predecessors are open"),
        _count("blocked_packages", "packages stopped on a question"),
        _count("fix_packages", "known defects waiting for their fix"),
        Column("packages_done", "packages done over known packages"),
        Column("slack", "days its critical package may still slip", -2.0, 2.0, 20.0),
    ),
)

ROLE_GROUP = Group(
    "roles",
    tuple(ROLES),
    (
        Column("units", "members, newcomers as productive as they are", 0.0, 2.0, 4.0),
        Column("newcomers", "members still learning the ropes", 0.0, 2.0, 2.0),
        Column("useful", "useful hours since the last decision over hours available"),
        Column("rework", "rework hours likewise"),
        Column("waiting", "waiting hours likewise"),
        Column("switching", "switching hours likewise"),
        *(
            _flag(f"focus_{workstream}", f"1 when its focus is {workstream}")
            for workstream in WORKSTREAMS
        ),
        _flag("focus_none", "1 when it stands down"),
        *(
            Column(f"skill_{workstream}", f"speed in {workstream}, specialist = 1", 0.0, 2.0)
            for workstream in WORKSTREAMS
        ),
    ),
)

DEFECT_GROUP = Group(
    "defects",
    _ONE_ROW,
    (
        _count("open_minor", "known open minor defects"),
        _count("open_major", "known open major defects"),
        _count("open_critical", "known open critical defects"),
        _count("found", "defects found so far"),
        Column("fixed", "defects fixed over defects found (1 when none)"),
        _count("open_tickets", "open tickets from production"),
    ),
)

TEST_GROUP = Group(
    "tests",
    _ONE_ROW,
    (
        Column("cycles", "test cycles done", 0.0, 2.0, 5.0),
        _flag("cycle_pending", "1 when one is ordered and not finished"),
        _freshness("last_cycle", "age of the last test cycle, days"),
        Column("pass_rate", "pass rate of the last test cycle"),
        _count("cycle_defects", "defects the last test cycle found"),
        Column(
            "untested", "hours built since the last cycle over all planned hours", 0.0, 2.0, 0.25
        ),
        *(_flag(f"required_{check}", f"1 when {check} must be passed") for check in CHECKS),
        *(_flag(f"passed_{check}", f"1 when {check} is passed") for check in CHECKS),
    ),
)

DATA_GROUP = Group(
    "data_objects",
    tuple(DATA_OBJECTS),
    (
        _flag("present", "1 when the customer has it"),
        Column("records", "records to migrate", 0.0, 2.0, 10.0, Transform.LOGARITHM),
        Column("stage", "0 untouched, 1 extracted, 2 mapped", 0.0, 1.0, 2.0),
        Column("quality", "share of records without a known error, as last measured"),
        _freshness("measured", "age of that measurement, days"),
        Column("cleansing", "hours to mend known errors over all planned hours", 0.0, 2.0, 0.1),
    ),
)

MIGRATION_GROUP = Group(
    "migration",
    _ONE_ROW,
    (
        Column("mock_loads", "mock loads done", 0.0, 2.0, 5.0),
        _flag("mock_load_pending", "1 when one is ordered and not finished"),
        _freshness("last_mock_load", "age of the last mock load, days"),
        Column("success", "share of records the last mock load loaded"),
        Column("gate", "share it must reach for the data gate"),
        Column("reconciliation_gate", "share of value that must reconcile at cutover"),
        Column("margin", "last success minus the gate (-1 when never loaded)", -1.0, 1.0, 0.2),
    ),
)

QUESTION_GROUP = Group(
    "questions",
    _ONE_ROW,
    (
        _count("pending", "questions that wait for the customer"),
        Column("oldest", "age of the oldest, days", 0.0, 2.0, 10.0),
        Column("mean_age", "mean age, days", 0.0, 2.0, 10.0),
        _count("answered", "questions answered"),
        _count("assumptions", "questions answered by an assumption"),
    ),
)

KEY_USER_GROUP = Group(
    "key_users",
    tuple(DEPARTMENTS),
    (
        Column("hours_per_day", "key-user hours for the project a day", 0.0, 2.0, 8.0),
        Column("load", "share of them used lately", 0.0, 2.0),
        _count("pending", "questions that wait for this department"),
    ),
)

PEOPLE_GROUP = Group(
    "people",
    _ONE_ROW,
    (
        Column("trust", "trust in the last survey"),
        Column("sponsor_support", "the sponsor's support in the last survey"),
        Column("resistance", "resistance in the last survey"),
        Column("readiness", "trained and able, by head count, in the last survey"),
        Column("adoption", "adoption in the last survey"),
        _freshness("survey", "age of the survey, days"),
        Column("standard_error", "its standard error", 0.0, 1.0, 0.2),
    ),
)

MONEY_GROUP = Group(
    "money",
    _ONE_ROW,
    (
        Column("spent", "spent over budget", 0.0, 3.0),
        Column("planned", "planned to date over budget", 0.0, 3.0),
        Column("spent_last_period", "spent since the last decision over budget", 0.0, 2.0, 0.1),
        Column("overspend", "spent minus planned to date over budget", -1.0, 2.0),
    ),
)

SYSTEM_GROUP = Group(
    "systems",
    tuple(system.name.lower() for system in SystemEnvironment),
    (
        _flag("up", "1 when it is up, as reported"),
        _flag("busy", "1 when a mock load or test cycle has it"),
    ),
)

DISRUPTION_GROUP = Group(
    "disruptions",
    _ONE_ROW,
    (
        Column("active", "disruptions reported and not recovered from", 0.0, 2.0, 3.0),
        Column("days", "days since the oldest of them was noticed", 0.0, 2.0, 10.0),
        Column("response_hours", "known effort left to mend them, hours", 0.0, 3.0, 200.0),
        *(
            Column(f"severity_{kind}", f"severity of {kind}, 1 mild to 4 brutal", 0.0, 1.0, 4.0)
            for kind in DisruptionKind
        ),
    ),
)

INTERFACE_GROUP = Group(
    "interfaces",
    _ONE_ROW,
    (
        Column("total", "interfaces to other systems", 0.0, 1.0, 15.0),
        Column("built", "built over all (1 when none)"),
        Column("tested", "tested over all (1 when none)"),
        Column("failing", "failing over all (0 when none)"),
    ),
)

SITE_GROUP = Group(
    "sites",
    tuple(f"site_{slot}" for slot in range(1, SITE_SLOTS + 1)),
    (
        _flag("present", "1 when there is such a site"),
        *(
            _flag(status.name.lower(), f"1 when it is {status.name.lower()}")
            for status in SiteStatus
        ),
        Column("days_to_go_live", "target go-live day minus today, days", -1.0, 2.0, 20.0),
        Column("days_live", "days since its go-live", 0.0, 2.0, 20.0),
        Column("productivity", "output relative to before the project", 0.0, 1.5),
        Column("rolled_back", "times it was rolled back", 0.0, 1.0, 3.0),
        Column("wave", "sites of the same wave go live together; the first is 0", 0.0, 1.0, 4.0),
        Column("readiness", "its users trained and able, by head count, in the last survey"),
        Column("scope_done", "done of what it needs: the core, its own work, its localisation"),
        Column("own_work", "estimated hours left of its own work over all planned", 0.0, 2.0, 0.2),
        Column("time_zone", "hours its clock is ahead of the first site's", -1.5, 1.5, 12.0),
    ),
)

MANAGEMENT_GROUP = Group(
    "management",
    _ONE_ROW,
    (
        _flag("change_freeze", "1 when changes are frozen"),
        Column("workshops", "stakeholder workshops held", 0.0, 2.0, 5.0),
        Column("escalations", "escalations to the sponsor", 0.0, 2.0, 5.0),
        Column("training_waves", "training waves held", 0.0, 2.0, 5.0),
        Column("training_pending", "training waves ordered and not held", 0.0, 2.0, 2.0),
        Column("interventions", "manual interventions", 0.0, 2.0, 5.0),
        Column("capacity_added", "members added", 0.0, 2.0, 4.0),
        _count("changes_requested", "change requests"),
        Column("changes_rejected", "rejected over requested change requests (0 when none)"),
        _freshness("last_workshop", "days since the last workshop"),
        _freshness("last_escalation", "days since the last escalation"),
        _count("illegal_decisions", "illegal parts of decisions so far"),
    ),
)

CUSTOMER_GROUP = Group(
    "customer",
    _ONE_ROW,
    (
        *(_flag(f"industry_{industry}", f"1 when it is in {industry}") for industry in Industry),
        _flag("agentic", "1 when AI agents deliver, 0 when consultants do"),
        Column("employees", "employees", 0.0, 2.0, 8.0, Transform.LOGARITHM),
        Column("sites", "sites", 0.0, 1.0, float(SITE_SLOTS)),
        Column("complexity", "complexity 1..10", 0.0, 1.0, 10.0),
        Column("stated_data_quality", "data quality as the customer sees it"),
        Column("integrations", "integrations", 0.0, 1.0, 15.0),
        _count("custom_requirements", "custom requirements"),
        Column("failed_projects", "earlier ERP projects that failed", 0.0, 1.0, 5.0),
        *(
            _flag(f"department_{department}", f"1 when it has {department}")
            for department in DEPARTMENTS
        ),
        Column("standards", "standards that demand validation", 0.0, 2.0, 4.0),
        Column("languages", "languages spoken at its sites", 0.0, 1.0, float(SITE_SLOTS)),
        Column("countries", "countries of its sites", 0.0, 1.0, float(SITE_SLOTS)),
        Column("currencies", "currencies of its sites", 0.0, 1.0, float(SITE_SLOTS)),
    ),
)


@dataclass(frozen=True)
class FurtherFeature:
    """A column that another package adds to the observation.

    Attributes:
        value: the raw value, from what is known.
        description: what it is, with its unit.
        low, high, scale, transform: as of a ``Column``.
    """

    value: Callable[[Briefing], float]
    description: str
    low: float = 0.0
    high: float = 1.0
    scale: float = 1.0
    transform: Transform = Transform.LINEAR


FURTHER_FEATURES: Registry[FurtherFeature] = Registry("golive.implementation.features", "feature")
"""Columns of other packages, by name; together they are the group ``further``, the last one."""


def further_features() -> tuple[tuple[str, FurtherFeature], ...]:
    """Columns of other packages that are installed now."""
    return tuple((name, FURTHER_FEATURES[name]) for name in FURTHER_FEATURES)


def groups_with(further: tuple[tuple[str, FurtherFeature], ...]) -> tuple[Group, ...]:
    """The observation's groups, those of other packages' columns included."""
    columns = tuple(
        Column(name, one.description, one.low, one.high, one.scale, one.transform)
        for name, one in further
    )
    return (*GROUPS, Group("further", _ONE_ROW, columns)) if columns else GROUPS


GROUPS: tuple[Group, ...] = (
    CALENDAR,
    WORKSTREAM_GROUP,
    ROLE_GROUP,
    DEFECT_GROUP,
    TEST_GROUP,
    DATA_GROUP,
    MIGRATION_GROUP,
    QUESTION_GROUP,
    KEY_USER_GROUP,
    PEOPLE_GROUP,
    MONEY_GROUP,
    SYSTEM_GROUP,
    DISRUPTION_GROUP,
    INTERFACE_GROUP,
    SITE_GROUP,
    MANAGEMENT_GROUP,
    CUSTOMER_GROUP,
)
"""The observation's groups in order, golive's own."""

FEATURES: tuple[Feature, ...] = tuple(feature for group in GROUPS for feature in group.features())
"""One entry per index of the flat observation."""

OBSERVATION_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
OBSERVATION_SIZE = len(FEATURES)
