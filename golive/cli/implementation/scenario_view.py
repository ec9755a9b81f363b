"""Scenarios and suites as tables for the console."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

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
    from ...scenarios.suite import Suite


def scenario_table(scenarios: Iterable[ImplementationScenario]) -> Table:
    """One line for each scenario."""
    columns = ("scenario", "title", "delivery", "weeks", "people")
    table = _table("Scenarios", columns, names_first=True)
    for scenario in scenarios:
        customer = scenario.customer
        _row(
            table,
            scenario.name,
            scenario.title,
            scenario.plan.delivery,
            scenario.plan.weeks,
            customer.employees,
        )
    return table


def suite_table(suites: Iterable[Suite]) -> Table:
    """One line for each suite."""
    table = _table("Suites", ("suite", "title", "scenarios", "seeds"), names_first=True)
    for suite in suites:
        seeds = "\n".join(
            f"{split}: {r.start:,} to {r.stop - 1:,}" for split, r in suite.splits.items()
        )
        shown = [name.rsplit("/", 1)[-1] for name in suite.scenarios[:8]]
        more = len(suite.scenarios) - len(shown)
        _row(
            table,
            suite.name,
            suite.title,
            "\n".join(shown) + (f"\nand {more} more" if more > 0 else ""),
            seeds,
        )
    return table


def scenario_page(scenario: ImplementationScenario) -> Iterator[Table | str]:
    """Everything about a scenario, table by table."""
    customer = scenario.customer
    yield f"[bold]{escape(scenario.title)}[/bold] ({scenario.name})"
    if scenario.description:
        yield f"{escape(scenario.description)}\n"
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
    table = _table("Customer", ("what", "value"))
    _row(table, "name", customer.name)
    _row(table, "industry", _words(customer.industry))
    _row(table, "employees", f"{customer.employees:,}")
    _row(table, "revenue", f"${customer.revenue_usd:,.0f} a year")
    _row(table, "complexity", f"{customer.complexity} of 10")
    _row(table, "data quality", _percent(customer.data_quality))
    _row(table, "trust in the project", _percent(customer.trust))
    _row(table, "failed projects before", customer.previous_failed_projects)
    _row(table, "departments", ", ".join(customer.departments))
    _row(table, "SKUs", f"{product.skus:,}")
    depth = f"{product.bom_depth_min} to {product.bom_depth_max} levels"
    _row(table, "bills of materials", f"{depth}, {product.bom_lines_mean:g} lines on average")
    _row(table, "custom orders", _percent(product.custom_order_share))
    _row(table, "stock locations", product.stock_locations)
    _row(table, "machines", product.machines)
    clean = _percent(product.clean_history_share)
    _row(table, "history", f"{product.history_years:g} years, {clean} clean")
    return table


def _sites(customer: Customer) -> Table:
    table = _table("Sites", ("site", "country", "language", "currency", "time zone", "employees"))
    for site in customer.sites:
        _row(
            table,
            site.name,
            site.country,
            site.language,
            site.currency,
            site.time_zone,
            site.employees,
        )
    return table


def _data(customer: Customer) -> Table:
    table = _table("Data", ("object", "records", "errors", "hidden until a mock load"))
    for item in customer.data_objects:
        errors = ", ".join(f"{_words(k)} {_percent(v)}" for k, v in item.error_rates.items())
        _row(table, _words(item.kind), f"{item.records:,}", errors, _percent(item.masked_share))
    return table


def _systems(customer: Customer) -> Table:
    table = _table("Systems and interfaces", ("system", "kind", "age", "documented", "interfaces"))
    for system in customer.legacy_systems:
        interfaces = [
            f"{interface.name} ({interface.size})"
            for interface in customer.interfaces
            if interface.system == system.name
        ]
        _row(
            table,
            system.name + ("" if system.replaced else " (stays)"),
            _words(system.kind),
            f"{system.age_years:g} years",
            _percent(system.documentation),
            "\n".join(interfaces),
        )
    return table


def _requirements(customer: Customer) -> Table:
    table = _table("Requirements", ("requirement", "kind", "department", "hours", "ambiguity", ""))
    for item in customer.requirements:
        notes = [] if item.known else ["nobody knows yet"]
        notes += [] if item.mandatory else ["optional"]
        _row(
            table,
            item.name,
            item.kind,
            item.department,
            f"{item.effort_hours:g}",
            _percent(item.ambiguity),
            ", ".join(notes),
        )
    return table


def _challenges(challenges: Sequence[Challenge]) -> Table:
    table = _table("Challenges", ("week", "challenge", "effect"))
    for challenge in sorted(challenges, key=lambda one: one.week):
        _row(table, challenge.week, challenge.name, _effect(challenge))
    return table


def _effect(challenge: Challenge) -> str:
    """What a challenge does to the simulated world, in words."""
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
    table = _table(f"Plan: {plan.delivery}, {plan.weeks} weeks", ("weeks", "phase", "workstreams"))
    for phase in plan.phases:
        _row(
            table,
            f"{phase.first_week} to {phase.last_week}",
            phase.name,
            ", ".join(phase.workstreams),
        )
    return table


def _crew_and_rest(scenario: ImplementationScenario) -> Table:
    plan = scenario.plan
    table = _table("Terms", ("what", "value"))
    crew = ", ".join(f"{members.units} {_words(members.role)}" for members in plan.crew)
    _row(table, "crew", crew)
    days = f"{plan.hours_per_day:g} hours a day, {plan.days_per_week} days a week"
    _row(table, "calendar", f"{days}, a decision every {plan.days_per_decision} working days")
    _row(table, "hypercare", f"{plan.hypercare_weeks} weeks")
    _row(table, "postponements", f"at most {plan.max_postponements} weeks")
    _row(table, "data gate", _percent(plan.data_gate))
    _row(table, "reconciliation gate", _percent(plan.reconciliation_gate))
    _row(table, "adoption threshold", _percent(plan.adoption_threshold))
    budget = "from the plan" if plan.budget_usd is None else f"${plan.budget_usd:,.0f}"
    _row(table, "budget", budget)
    for wave in plan.waves:
        _row(table, f"go-live at the end of week {wave.week}", ", ".join(wave.sites))
    for disruption in scenario.disruptions:
        chance = _percent(disruption.probability)
        _row(table, "may happen", f"{_words(disruption.kind)}, {disruption.severity}, {chance}")
    for name, value in scenario.parameters.items():
        _row(table, f"parameter {name}", f"{value:g}")
    return table


def _variation(variation: Variation) -> Table:
    table = _table("Family of customers that seeds draw", ("what varies", "value"))
    given = variation.model_dump(exclude_defaults=True)
    for name, value in given.items():
        _row(table, _words(name), f"{value:g}")
    if not given:
        _row(table, "nothing", "every seed has this customer")
    return table


def _table(title: str, columns: Sequence[str], *, names_first: bool = False) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, no_wrap=index == 0 and names_first)
    return table


def _row(table: Table, *cells: object) -> None:
    table.add_row(*(escape(str(cell)) for cell in cells))


def _words(name: str) -> str:
    return str(name).replace("_", " ")


def _percent(share: float) -> str:
    return f"{100.0 * share:.3g} %"
