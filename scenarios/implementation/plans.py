"""Plans that suit a customer, so that a generated customer becomes a whole scenario."""

from __future__ import annotations

import re
import unicodedata
from math import ceil

from . import assumptions as a
from .catalogue import CHALLENGE_WEEKS
from .challenge_weeks import with_challenges_in_plan
from .customer import (
    LEAST_DATA_QUALITY,
    MOST_COMPLEXITY,
    MOST_FAILED_PROJECTS,
    MOST_INTEGRATIONS,
    Customer,
)
from .disruption import Disruption
from .plan import DAYS_PER_DECISION, CrewMembers, Phase, Plan, Wave
from .scenario import ImplementationScenario, Variation
from .vocabulary import Delivery, DisruptionKind, Role, Severity, Workstream

AGENTIC_WEEKS = 6
"""Weeks to the pilot's go-live of a mid-sized firm."""
AGENTIC_WEEKS_PER_COMPLEXITY = 0.5
"""Further weeks per point of complexity above ``PLAIN_COMPLEXITY`` (estimate)."""
PLAIN_COMPLEXITY = 6
AGENTIC_WEEKS_MEDIUM, AGENTIC_WEEKS_LARGE = 2, 4
"""Further weeks of firms from 250 and from 1,000 people (estimate)."""
CONVENTIONAL_MONTHS = {"small": 7, "moderate": 12, "medium": 18, "large": 30}
"""Median duration by size: calibration B (estimate on published)."""
WEEKS_PER_MONTH = 52.0 / 12.0
WAVE_WEEKS = {Delivery.AGENTIC: 2, Delivery.CONVENTIONAL: 8}
"""Weeks between the go-lives of two sites (estimate)."""
HYPERCARE_WEEKS = {Delivery.AGENTIC: 4, Delivery.CONVENTIONAL: 8}
AGENTIC_POSTPONEMENTS = 4
CONVENTIONAL_POSTPONEMENTS = 2.0
"""Share of the pilot's weeks that go-live can be moved by: nothing but patience, money and the
sponsor ends a conventional project; three times the plan is where a survey would call it failed."""
MOST_POSTPONEMENTS = 208
HYPERCARE_EXTENSION_WEEKS = {Delivery.AGENTIC: 0, Delivery.CONVENTIONAL: 26}
"""Consultants stay until the system runs, for half a year at most (estimate)."""
OUTAGE_PROBABILITY = 0.5
"""That the project meets an environment outage (estimate)."""
_OUTAGE = Disruption(
    kind=DisruptionKind.ENVIRONMENT_OUTAGE,
    severity=Severity.MODERATE,
    probability=OUTAGE_PROBABILITY,
)
# How far a generated scenario's family reaches around its customer (estimates: wide enough that no
# policy can learn one customer by heart, narrow enough that it stays the same kind of firm).
SIZE_SPREAD, REVENUE_SPREAD, EFFORT_SPREAD, ERROR_RATE_SPREAD = 0.20, 0.15, 0.20, 0.25
SHARE_REACH = 0.15
"""Data quality and trust reach this far to either side."""
COMPLEXITY_REACH, INTEGRATIONS_REACH, FAILED_REACH = 1, 2, 1
CHALLENGE_PRESENT, REQUIREMENT_PRESENT = 0.9, 0.8

_BUILD = (Workstream.CONFIGURATION, Workstream.CUSTOMISATION, Workstream.INTEGRATION)
_PHASES: tuple[tuple[str, float, tuple[Workstream, ...]], ...] = (
    ("Discovery", 1 / 6, (Workstream.DISCOVERY,)),
    ("Data migration", 3 / 6, (Workstream.DATA, Workstream.CONFIGURATION)),
    ("Configuration and customisation", 5 / 6, (*_BUILD, Workstream.DATA)),
    ("Testing and go-live", 1.0, (Workstream.TESTING, Workstream.TRAINING, Workstream.CUTOVER)),
)
_ROLL_OUT = (Workstream.DATA, Workstream.TRAINING, Workstream.TESTING, Workstream.CUTOVER)


def scenario_for(
    customer: Customer, delivery: Delivery, name: str | None = None
) -> ImplementationScenario:
    """A scenario of a customer whose challenges count in a six-week plan.

    Args:
        customer: as the generator makes it.
        delivery: who delivers; decides the length of the plan and how often is decided.
        name: slug of the scenario; by default made from the customer's name.
    """
    pilot_week = _pilot_weeks(customer, delivery)
    moved = with_challenges_in_plan(customer, CHALLENGE_WEEKS, pilot_week)
    industry = str(customer.industry).replace("_", " ")
    sites = len(customer.sites)
    return ImplementationScenario(
        name=slug(customer.name) if name is None else name,
        title=f"{customer.name}, {delivery} delivery",
        description=(
            f"Generated customer: {industry}, {customer.employees} employees at {sites} "
            f"site{'s' if sites > 1 else ''}, complexity {customer.complexity}, "
            f"{customer.integrations} integrations."
        ),
        customer=moved,
        variation=variation_around(customer),
        plan=plan_for(customer, delivery),
        disruptions=(_OUTAGE,),
    )


def plan_for(customer: Customer, delivery: Delivery) -> Plan:
    """A plan by the customer's size, complexity and sites; the pilot goes live first."""
    pilot_week = _pilot_weeks(customer, delivery)
    step = WAVE_WEEKS[delivery]
    weeks = pilot_week + step * (len(customer.sites) - 1)
    waves = tuple(
        Wave(sites=(site.name,), week=pilot_week + step * index)
        for index, site in enumerate(customer.sites)
    )
    return Plan(
        delivery=delivery,
        weeks=weeks,
        phases=_phases(pilot_week, weeks),
        crew=_crew(customer),
        days_per_decision=DAYS_PER_DECISION[delivery],
        hypercare_weeks=HYPERCARE_WEEKS[delivery],
        hypercare_extension_weeks=HYPERCARE_EXTENSION_WEEKS[delivery],
        max_postponements=postponements(pilot_week, delivery),
        waves=waves if len(waves) > 1 else (),
    )


def variation_around(customer: Customer) -> Variation:
    """A family of customers a little smaller, bigger, cleaner or dirtier than this one."""
    quality, trust = customer.data_quality, customer.trust
    complexity, integrations = customer.complexity, customer.integrations
    return Variation(
        employees_spread=SIZE_SPREAD,
        revenue_spread=REVENUE_SPREAD,
        skus_spread=SIZE_SPREAD,
        records_spread=SIZE_SPREAD,
        error_rate_spread=ERROR_RATE_SPREAD,
        effort_spread=EFFORT_SPREAD,
        data_quality_min=round(max(LEAST_DATA_QUALITY, quality - SHARE_REACH), 3),
        data_quality_max=round(min(1.0, quality + SHARE_REACH), 3),
        complexity_min=max(1, complexity - COMPLEXITY_REACH),
        complexity_max=min(MOST_COMPLEXITY, complexity + COMPLEXITY_REACH),
        trust_min=round(max(0.0, trust - SHARE_REACH), 3),
        trust_max=round(min(1.0, trust + SHARE_REACH), 3),
        integrations_min=max(0, integrations - INTEGRATIONS_REACH),
        integrations_max=min(MOST_INTEGRATIONS, integrations + INTEGRATIONS_REACH),
        previous_failed_projects_max=min(
            MOST_FAILED_PROJECTS, customer.previous_failed_projects + FAILED_REACH
        ),
        optional_challenge_probability=CHALLENGE_PRESENT,
        optional_requirement_probability=REQUIREMENT_PRESENT,
    )


def slug(text: str) -> str:
    """Text as lower-case letters, digits and single hyphens, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:80].strip("-") or "customer"


def _pilot_weeks(customer: Customer, delivery: Delivery) -> int:
    """Weeks from kick-off to the go-live of the first site."""
    size = a.size_class(customer.employees)
    if delivery is Delivery.CONVENTIONAL:
        return round(CONVENTIONAL_MONTHS[size] * WEEKS_PER_MONTH)
    further = max(0, customer.complexity - PLAIN_COMPLEXITY) * AGENTIC_WEEKS_PER_COMPLEXITY
    further += {"medium": AGENTIC_WEEKS_MEDIUM, "large": AGENTIC_WEEKS_LARGE}.get(size, 0)
    return AGENTIC_WEEKS + ceil(further)


def postponements(pilot_week: int, delivery: Delivery) -> int:
    """Weeks that go-live can be moved by in all."""
    if delivery is Delivery.AGENTIC:
        return AGENTIC_POSTPONEMENTS
    return min(MOST_POSTPONEMENTS, round(CONVENTIONAL_POSTPONEMENTS * pilot_week))


def _phases(pilot_week: int, weeks: int) -> tuple[Phase, ...]:
    phases: list[Phase] = []
    first = 1
    for name, end, workstreams in _PHASES:
        last = int(end * pilot_week)
        phases.append(Phase(name=name, first_week=first, last_week=last, workstreams=workstreams))
        first = last + 1
    if weeks > pilot_week:
        rest = Phase(name="Roll-out", first_week=first, last_week=weeks, workstreams=_ROLL_OUT)
        phases.append(rest)
    return tuple(phases)


def _crew(customer: Customer) -> tuple[CrewMembers, ...]:
    """One of each role; bigger firms get more hands for data and configuration."""
    more = {"medium": 1, "large": 2}.get(a.size_class(customer.employees), 0)
    growing = (Role.DATA_MIGRATION, Role.CONFIGURATION)
    return tuple(
        CrewMembers(role=role, units=1 + (more if role in growing else 0)) for role in Role
    )
