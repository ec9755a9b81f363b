"""Scenarios of the implementation world, table by table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...core.tables import Table, right
from ...scenarios.implementation.challenges import (
    Challenge,
    CheckChallenge,
    DataChallenge,
    QuickWinChallenge,
    RequirementChallenge,
    WorkChallenge,
)

if TYPE_CHECKING:
    from ...scenarios.implementation.customer import Customer
    from ...scenarios.implementation.plan import Plan
    from ...scenarios.implementation.scenario import ImplementationScenario, Variation


def scenario_page(scenario: ImplementationScenario) -> Iterator[Table | str]:
    """Everything about a scenario, table by table."""
    customer = scenario.customer
    yield f"{scenario.title} ({scenario.name})"
    if scenario.description:
        yield f"{scenario.description}\n"
    yield _profile(customer)
    yield _sites(customer)
    yield _data(customer)
    yield _systems(customer)
    yield _requirements(customer)
    yield _challenges(customer.challenges)
    yield _plan(scenario.plan)
    yield _crew_and_rest(scenario)
    yield _variation(scenario.variation)


def _profile(customer: Customer) -> Table:
    product = customer.product
    depth = f"{product.bom_depth_min} to {product.bom_depth_max} levels"
    clean = _percent(product.clean_history_share)
    rows = [
        ("name", customer.name),
        ("industry", _words(customer.industry)),
        ("employees", f"{customer.employees:,}"),
        ("revenue", f"${customer.revenue_usd:,.0f} a year"),
        ("complexity", f"{customer.complexity} of 10"),
        ("data quality", _percent(customer.data_quality)),
        ("trust in the project", _percent(customer.trust)),
        ("failed projects before", customer.previous_failed_projects),
        ("departments", ", ".join(customer.departments)),
        ("SKUs", f"{product.skus:,}"),
        ("bills of materials", f"{depth}, {product.bom_lines_mean:g} lines on average"),
        ("custom orders", _percent(product.custom_order_share)),
        ("stock locations", product.stock_locations),
        ("machines", product.machines),
        ("history", f"{product.history_years:g} years, {clean} clean"),
    ]
    return Table("Customer", ("what", "value"), rows)


def _sites(customer: Customer) -> Table:
    rows = [
        (one.name, one.country, one.language, one.currency, one.time_zone, one.employees)
        for one in customer.sites
    ]
    headings = ("site", "country", "language", "currency", "time zone", right("employees"))
    return Table("Sites", headings, rows)


def _data(customer: Customer) -> Table:
    rows = [
        (
            _words(item.kind),
            f"{item.records:,}",
            ", ".join(f"{_words(k)} {_percent(v)}" for k, v in item.error_rates.items()),
            _percent(item.masked_share),
        )
        for item in customer.data_objects
    ]
    return Table("Data", ("object", right("records"), "errors", "hidden until a mock load"), rows)


def _systems(customer: Customer) -> Table:
    rows = []
    for system in customer.legacy_systems:
        interfaces = [
            f"{interface.name} ({interface.size})"
            for interface in customer.interfaces
            if interface.system == system.name
        ]
        rows.append(
            (
                system.name + ("" if system.replaced else " (stays)"),
                _words(system.kind),
                f"{system.age_years:g} years",
                _percent(system.documentation),
                "\n".join(interfaces),
            )
        )
    headings = ("system", "kind", "age", "documented", "interfaces")
    return Table("Systems and interfaces", headings, rows)


def _requirements(customer: Customer) -> Table:
    rows = []
    for item in customer.requirements:
        notes = [] if item.known else ["nobody knows yet"]
        notes += [] if item.mandatory else ["optional"]
        hours, ambiguity = f"{item.effort_hours:g}", _percent(item.ambiguity)
        rows.append((item.name, item.kind, item.department, hours, ambiguity, ", ".join(notes)))
    headings = ("requirement", "kind", "department", right("hours"), "ambiguity", "")
    return Table("Requirements", headings, rows)


def _challenges(challenges: Sequence[Challenge]) -> Table:
    rows = [
        (one.week, one.name, _effect(one)) for one in sorted(challenges, key=lambda one: one.week)
    ]
    return Table("Challenges", (right("week"), "challenge", "effect"), rows)


def _effect(challenge: Challenge) -> str:
    """The effect of a challenge on the simulated world, in words."""
    if isinstance(challenge, WorkChallenge):
        held = f"; holds up {', '.join(challenge.holds_up)}" if challenge.holds_up else ""
        return (
            f"{challenge.effort_hours:g} h of {challenge.workstream} and "
            f"{challenge.key_user_hours:g} h of {challenge.department}'s key users{held}"
        )
    if isinstance(challenge, DataChallenge):
        kind, data = _words(challenge.error_kind), _words(challenge.data_object)
        return f"{_percent(challenge.rate)} of {data}: {kind}"
    if isinstance(challenge, RequirementChallenge):
        built = challenge.requirement
        return f"{built.effort_hours:g} h of {built.kind} for {built.department}"
    if isinstance(challenge, QuickWinChallenge):
        return (
            f"{challenge.effort_hours:g} h of {challenge.workstream} win "
            f"{challenge.department} over: trust +{_percent(challenge.trust_gain)}"
        )
    return _check(challenge)


def _check(challenge: CheckChallenge) -> str:
    users = f" with {challenge.users} users" if challenge.users else ""
    return (
        f"must pass {_words(challenge.check)}{users}, {challenge.effort_hours:g} h, "
        f"at most {_percent(challenge.tolerance)} may fail"
    )


def _plan(plan: Plan) -> Table:
    rows = [
        (f"{phase.first_week} to {phase.last_week}", phase.name, ", ".join(phase.workstreams))
        for phase in plan.phases
    ]
    title = f"Plan: {plan.delivery}, {plan.weeks} weeks"
    return Table(title, ("weeks", "phase", "workstreams"), rows)


def _crew_and_rest(scenario: ImplementationScenario) -> Table:
    plan = scenario.plan
    days = f"{plan.hours_per_day:g} hours a day, {plan.days_per_week} days a week"
    budget = "from the plan" if plan.budget_usd is None else f"${plan.budget_usd:,.0f}"
    rows = [
        ("crew", ", ".join(f"{members.units} {_words(members.role)}" for members in plan.crew)),
        ("calendar", f"{days}, a decision every {plan.days_per_decision} working days"),
        ("hypercare", f"{plan.hypercare_weeks} weeks"),
        ("postponements", f"at most {plan.max_postponements} weeks"),
        ("data gate", _percent(plan.data_gate)),
        ("reconciliation gate", _percent(plan.reconciliation_gate)),
        ("adoption threshold", _percent(plan.adoption_threshold)),
        ("budget", budget),
    ]
    rows += [
        (f"go-live at the end of week {wave.week}", ", ".join(wave.sites)) for wave in plan.waves
    ]
    for disruption in scenario.disruptions:
        chance = _percent(disruption.probability)
        rows.append(("may happen", f"{_words(disruption.kind)}, {disruption.severity}, {chance}"))
    rows += [(f"parameter {name}", f"{value:g}") for name, value in scenario.parameters.items()]
    return Table("Terms", ("what", "value"), rows)


def _variation(variation: Variation) -> Table:
    given = variation.model_dump(exclude_defaults=True)
    rows = [(_words(name), f"{value:g}") for name, value in given.items()]
    nothing = [("nothing", "every seed has this customer")]
    title = "Family of customers that seeds draw"
    return Table(title, ("what varies", "value"), rows or nothing)


def _words(name: str) -> str:
    return str(name).replace("_", " ")


def _percent(share: float) -> str:
    return f"{100.0 * share:.3g} %"
