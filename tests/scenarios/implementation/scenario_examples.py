"""Small valid records that tests start from."""

from __future__ import annotations

from golive.scenarios.implementation.customer import (
    Customer,
    DataObject,
    Interface,
    LegacySystem,
    Product,
    Site,
)
from golive.scenarios.implementation.plan import CrewMembers, Phase, Plan
from golive.scenarios.implementation.requirements import Requirement
from golive.scenarios.implementation.scenario import ImplementationScenario, Variation
from golive.scenarios.implementation.vocabulary import (
    DataErrorKind,
    DataObjectKind,
    Delivery,
    Department,
    Industry,
    InterfaceSize,
    LegacyKind,
    RequirementKind,
    Role,
    Workstream,
)


def small_customer(**changes: object) -> Customer:
    """A customer with two sites, one object, one requirement and two interfaces."""
    fields: dict[str, object] = {
        "name": "Small",
        "industry": Industry.FURNITURE,
        "employees": 30,
        "revenue_usd": 5e6,
        "complexity": 4,
        "data_quality": 0.6,
        "trust": 0.5,
        "sites": (_site("North", 20), _site("South", 10)),
        "departments": (Department.SALES, Department.PRODUCTION),
        "product": Product(
            skus=100,
            bom_depth_min=2,
            bom_depth_max=4,
            bom_lines_mean=12.0,
            custom_order_share=0.5,
            stock_locations=1,
            machines=5,
            history_years=3.0,
            clean_history_share=0.6,
        ),
        "legacy_systems": (
            LegacySystem(name="Books", kind=LegacyKind.ACCOUNTING, age_years=5, documentation=0.5),
        ),
        "data_objects": (
            DataObject(
                kind=DataObjectKind.ITEMS,
                records=100,
                error_rates={DataErrorKind.DUPLICATE: 0.1},
                masked_share=0.2,
            ),
        ),
        "requirements": (
            Requirement(
                name="Quote",
                kind=RequirementKind.ENHANCEMENT,
                department=Department.SALES,
                effort_hours=20,
                ambiguity=0.4,
            ),
        ),
        "interfaces": (
            Interface(name="Ledger", system="Books", size=InterfaceSize.SMALL),
            Interface(
                name="Payroll", system="Books", size=InterfaceSize.MEDIUM, depends_on="Ledger"
            ),
        ),
    }
    return Customer.model_validate({**fields, **changes})


def _site(name: str, employees: int) -> Site:
    return Site(
        name=name,
        country="US",
        language="en",
        currency="USD",
        time_zone="America/Chicago",
        employees=employees,
    )


def small_plan(**changes: object) -> Plan:
    """A plan of four weeks in one phase with a crew of one."""
    fields: dict[str, object] = {
        "delivery": Delivery.AGENTIC,
        "weeks": 4,
        "phases": (
            Phase(name="All", first_week=1, last_week=4, workstreams=(Workstream.DISCOVERY,)),
        ),
        "crew": (CrewMembers(role=Role.ORCHESTRATOR, units=1),),
    }
    return Plan.model_validate({**fields, **changes})


def small_scenario(**changes: object) -> ImplementationScenario:
    """The small customer with the small plan and no family."""
    fields: dict[str, object] = {
        "name": "small",
        "title": "Small",
        "customer": small_customer(),
        "variation": Variation(),
        "plan": small_plan(),
    }
    return ImplementationScenario.model_validate({**fields, **changes})
