"""Implementations: customers, plans, scenarios, what may go wrong, generators.

The names are imported when first used, so that a command line that only needs the words of the
field or an error class does not wait for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.lazy_names import lazy_names

if TYPE_CHECKING:
    from .challenges import (
        Challenge,
        CheckChallenge,
        DataChallenge,
        QuickWinChallenge,
        RequirementChallenge,
        WorkChallenge,
    )
    from .customer import Customer, DataObject, Interface, LegacySystem, Product, Site
    from .disruption import Disruption
    from .edge_cases import EDGE_CASES, parse_edge_case, with_edge_cases
    from .family import draw_customer
    from .generator import CustomerGenerator
    from .importers.to_plan import import_plan
    from .plan import CrewMembers, Phase, Plan, Wave
    from .planned_work import PlannedPackage
    from .plans import scenario_for
    from .references import load_plan
    from .requirements import Requirement
    from .scenario import ImplementationScenario, Variation
    from .schema import json_schema
    from .vocabulary import Delivery, Industry

__all__ = [
    "EDGE_CASES",
    "Challenge",
    "CheckChallenge",
    "CrewMembers",
    "Customer",
    "CustomerGenerator",
    "DataChallenge",
    "DataObject",
    "Delivery",
    "Disruption",
    "ImplementationScenario",
    "Industry",
    "Interface",
    "LegacySystem",
    "Phase",
    "Plan",
    "PlannedPackage",
    "Product",
    "QuickWinChallenge",
    "Requirement",
    "RequirementChallenge",
    "Site",
    "Variation",
    "Wave",
    "WorkChallenge",
    "draw_customer",
    "import_plan",
    "json_schema",
    "load_plan",
    "parse_edge_case",
    "scenario_for",
    "with_edge_cases",
]

__getattr__ = lazy_names(
    __name__,
    challenges="Challenge CheckChallenge DataChallenge QuickWinChallenge RequirementChallenge "
    "WorkChallenge",
    customer="Customer DataObject Interface LegacySystem Product Site",
    disruption="Disruption",
    edge_cases="EDGE_CASES parse_edge_case with_edge_cases",
    family="draw_customer",
    generator="CustomerGenerator",
    **{"importers.to_plan": "import_plan"},
    plan="CrewMembers Phase Plan Wave",
    planned_work="PlannedPackage",
    plans="scenario_for",
    references="load_plan",
    requirements="Requirement",
    scenario="ImplementationScenario Variation",
    schema="json_schema",
    vocabulary="Delivery Industry",
)
