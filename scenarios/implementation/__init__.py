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
    "json_schema",
    "load_plan",
    "parse_edge_case",
    "scenario_for",
    "with_edge_cases",
]

__getattr__ = lazy_names(
    __name__,
    {
        "Challenge": "challenges",
        "CheckChallenge": "challenges",
        "DataChallenge": "challenges",
        "QuickWinChallenge": "challenges",
        "RequirementChallenge": "challenges",
        "WorkChallenge": "challenges",
        "Customer": "customer",
        "DataObject": "customer",
        "Interface": "customer",
        "LegacySystem": "customer",
        "Product": "customer",
        "Site": "customer",
        "Disruption": "disruption",
        "EDGE_CASES": "edge_cases",
        "parse_edge_case": "edge_cases",
        "with_edge_cases": "edge_cases",
        "draw_customer": "family",
        "CustomerGenerator": "generator",
        "CrewMembers": "plan",
        "Phase": "plan",
        "Plan": "plan",
        "Wave": "plan",
        "PlannedPackage": "planned_work",
        "scenario_for": "plans",
        "load_plan": "references",
        "Requirement": "requirements",
        "ImplementationScenario": "scenario",
        "Variation": "scenario",
        "json_schema": "schema",
        "Delivery": "vocabulary",
        "Industry": "vocabulary",
    },
)
