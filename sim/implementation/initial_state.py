"""The world on the morning of kick-off: everything that (scenario, customer, seed) decides."""

from __future__ import annotations

from ...core.arithmetic import plain_sum
from ...core.distributions import lognormal_table
from ...core.random_streams import RandomStreams
from ...scenarios.implementation.challenges import DataChallenge
from ...scenarios.implementation.customer import Customer, DataObject
from ...scenarios.implementation.plan import Plan
from ...scenarios.implementation.scenario import ImplementationScenario
from ...scenarios.implementation.vocabulary import Workstream
from ..events import EventRecorder
from . import draws
from .briefing import CHECKS, DATA_OBJECTS, DEPARTMENTS
from .context import Context
from .decision import NO_FOCUS, ROLE_COUNT, ROLES, WORKSTREAM_COUNT, WORKSTREAMS
from .effort import employees_by_department, key_users_of
from .migration import ERROR_KINDS
from .money import PLANNED_MOCK_LOADS, PLANNED_TEST_CYCLES, baseline_hours, budget_usd
from .network_builder import NetworkBuilder
from .parameters import Parameters
from .people import PersonKind
from .project_facts import ProjectFacts
from .schedule import PlanDays
from .state import (
    DataObjectState,
    InterfaceState,
    Member,
    Package,
    PackageKind,
    PeopleState,
    PoolState,
    SiteState,
    Status,
    WorkstreamTotals,
    WorldState,
)
from .trait_effects import TraitEffects

_DATA = WORKSTREAMS.index(Workstream.DATA)
_TESTING = WORKSTREAMS.index(Workstream.TESTING)


def initial_context(
    scenario: ImplementationScenario,
    customer: Customer,
    parameters: Parameters,
    seed: int,
    schedule: PlanDays,
    events: EventRecorder,
) -> Context:
    """The context of a new episode, its state filled."""
    streams = RandomStreams(seed)
    plan = scenario.plan
    facts = ProjectFacts(customer, plan, parameters, streams, schedule)
    builder = NetworkBuilder(facts)
    packages = builder.build()
    checks = {package.subject for package in packages if package.kind == PackageKind.CHECK}
    state = WorldState(
        packages=packages,
        totals=_totals(packages),
        members=_members(plan),
        objects=_objects(customer, packages, parameters, streams),
        interfaces=_interfaces(customer),
        sites=[SiteState(target_day=day, planned_day=day) for day in schedule.site_days],
        pools=_pools(customer, plan, parameters),
        focus=[NO_FOCUS] * ROLE_COUNT,
        last_day=schedule.last_day,
        project_factor=builder.network.project_factor,
        technical_failure=parameters.technical_failure,
        rehearsed=[False] * len(customer.sites),
        creep_days=builder.creep_days,
        requested_hours=builder.requested_hours,
        checks_required=[index in checks for index in range(len(CHECKS))],
    )
    _people(state.people, customer, parameters, streams)
    context = Context(scenario, customer, parameters, streams, state, events)
    _set_baseline(context, facts)
    return context


def _set_baseline(context: Context, facts: ProjectFacts) -> None:
    """Set the baseline of effort and money, trial loads and test cycles included."""
    state, parameters, schedule = context.state, context.parameters, facts.schedule
    size = facts.effort.total_hours / parameters.effort_reference_hours
    cycle, load = parameters.test_cycle_hours * size, parameters.mock_load_hours * size
    state.baseline_hours = baseline_hours(state.packages, cycle, load)
    for totals in state.totals:
        totals.baseline_hours = totals.planned
    state.totals[_DATA].baseline_hours += PLANNED_MOCK_LOADS * load
    state.totals[_TESTING].baseline_hours += PLANNED_TEST_CYCLES * cycle
    days = schedule.planned_go_live_day + schedule.hypercare_days
    state.budget_usd = budget_usd(context, days, state.members)
    state.next_steering_day = int(
        context.by_delivery(parameters.steering_days_agentic, parameters.steering_days_conventional)
    )


def _members(plan: Plan) -> list[Member]:
    members: list[Member] = []
    units = {row.role: row.units for row in plan.crew}
    for index, role in enumerate(ROLES):
        for _ in range(units.get(role, 0)):
            members.append(Member(id=len(members), role=index, joined_day=0, assimilated_day=0))
    return members


def _totals(packages: list[Package]) -> list[WorkstreamTotals]:
    totals = [WorkstreamTotals() for _ in range(WORKSTREAM_COUNT)]
    dormant, ready = int(Status.DORMANT), int(Status.READY)
    for package in packages:
        if package.status == dormant:
            continue
        row = totals[package.workstream]
        row.packages += 1
        row.planned += package.planned_hours
        row.remaining += package.planned_hours
        if package.status == ready:
            row.ready += 1
            row.ready_hours += package.planned_hours
        else:
            row.waiting += 1
    return totals


def _objects(
    customer: Customer, packages: list[Package], parameters: Parameters, streams: RandomStreams
) -> list[DataObjectState]:
    by_kind = {item.kind: item for item in customer.data_objects if item.records > 0}
    cleansing = {
        package.subject: package.id for package in packages if package.kind == PackageKind.CLEANSE
    }
    spread = lognormal_table(parameters.cleanse_sigma)
    rot_share = TraitEffects.of(customer, parameters).rot_share
    states = []
    for index, kind in enumerate(DATA_OBJECTS):
        item = by_kind.get(kind)
        if item is None:
            zeros = [0.0] * len(ERROR_KINDS)
            states.append(DataObjectState(False, 0.0, zeros, list(zeros), list(zeros)))
            continue
        state = _object(item, customer, rot_share)
        state.cleanse_package = cleansing.get(index, -1)
        state.productivity = spread.at(streams.uniform(draws.CLEANSE_PRODUCTIVITY, index))
        states.append(state)
    return states


def _object(item: DataObject, customer: Customer, rot_share: float) -> DataObjectState:
    rates = dict(item.error_rates)
    for challenge in customer.challenges:
        if isinstance(challenge, DataChallenge) and challenge.data_object is item.kind:
            known = rates.get(challenge.error_kind, 0.0)
            rates[challenge.error_kind] = max(known, challenge.rate)
    errors = [rates.get(kind, 0.0) * item.records for kind in ERROR_KINDS]
    quality = max(0.0, 1.0 - plain_sum(errors) / item.records)
    sound = 1.0 - rot_share
    return DataObjectState(
        present=True,
        records=float(item.records),
        visible=[count * sound * (1.0 - item.masked_share) for count in errors],
        hidden=[count * sound * item.masked_share for count in errors],
        rotten=[count * rot_share for count in errors],
        quality_start=quality,
        measured_quality=customer.data_quality,
    )


def _interfaces(customer: Customer) -> list[InterfaceState]:
    names = [interface.name for interface in customer.interfaces]
    return [
        InterfaceState(depends_on=-1 if item.depends_on is None else names.index(item.depends_on))
        for item in customer.interfaces
    ]


def _pools(customer: Customer, plan: Plan, parameters: Parameters) -> list[PoolState]:
    hours = parameters.key_user_hours_per_week / plan.days_per_week
    pools = []
    for index, site in enumerate(customer.sites):
        heads = employees_by_department(customer, site, parameters)
        for name in customer.departments:
            count = key_users_of(heads[name], parameters)
            pools.append(PoolState(index, DEPARTMENTS.index(name), count, count * hours))
    return pools


def _people(
    people: PeopleState, customer: Customer, parameters: Parameters, streams: RandomStreams
) -> None:
    """Sponsor first, then per site and department: head, key users, end users."""

    failures = customer.previous_failed_projects
    burnt = 1.0 + parameters.failed_project_resistance * failures

    def add(kind: PersonKind, site: int, department: int, size: float) -> int:
        index = len(people.kind)
        spread = parameters.trust_spread * (2.0 * streams.uniform(draws.PERSON_TRUST, index) - 1.0)
        trust = min(1.0, max(0.0, customer.trust + spread))
        reluctance = streams.uniform(draws.PERSON_RESISTANCE, index)
        people.kind.append(int(kind))
        people.site.append(site)
        people.department.append(department)
        people.size.append(size)
        people.trust.append(trust)
        people.trust_start.append(trust)
        start = (1.0 - trust) * parameters.resistance_start * reluctance
        people.resistance.append(min(1.0, start * burnt))
        people.proficiency.append(parameters.proficiency_start)
        people.adoption.append(0.0)
        people.fatigue.append(0.0)
        people.neighbours.append([])
        return index

    sponsor = add(PersonKind.SPONSOR, 0, -1, 1.0)
    for site_index, site in enumerate(customer.sites):
        heads = employees_by_department(customer, site, parameters)
        previous = -1
        for name in customer.departments:
            department = DEPARTMENTS.index(name)
            users = heads[name] * parameters.user_share
            count = float(key_users_of(heads[name], parameters))
            head = add(PersonKind.HEAD, site_index, department, 1.0)
            key = add(PersonKind.KEY_USER, site_index, department, count)
            cohort = add(PersonKind.COHORT, site_index, department, max(1.0, users - count))
            links = [(sponsor, head), (head, key), (head, cohort), (key, cohort)]
            if previous >= 0:
                links.append((previous, head))
            for one, other in links:
                people.neighbours[one].append(other)
                people.neighbours[other].append(one)
            previous = head
