"""What is simulated, as validated data: customers, plans, scenarios, suites, generators.

The names are imported when first used, so that a command line that only needs the words of the
field or an error class does not wait for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from .edge_cases import EDGE_CASES, parse_edge_case, with_edge_cases
    from .errors import GoliveError
    from .family import draw_customer
    from .generator import CustomerGenerator
    from .loader import (
        load_plan,
        load_scenario,
        load_suite,
        load_suite_split,
        save_yaml,
        scenario_names,
        suite_names,
        to_yaml,
    )
    from .plan import CrewMembers, Phase, Plan, Wave
    from .planned_work import PlannedPackage
    from .plans import scenario_for
    from .random_streams import RandomStreams, purpose
    from .requirements import Requirement
    from .scenario import Disruption, Scenario, SeedRange, Suite, Variation
    from .schema import json_schema
    from .vocabulary import Delivery, Industry, Split

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
    "GoliveError",
    "Industry",
    "Interface",
    "LegacySystem",
    "Phase",
    "Plan",
    "PlannedPackage",
    "Product",
    "QuickWinChallenge",
    "RandomStreams",
    "Requirement",
    "RequirementChallenge",
    "Scenario",
    "SeedRange",
    "Site",
    "Split",
    "Suite",
    "Variation",
    "Wave",
    "WorkChallenge",
    "draw_customer",
    "json_schema",
    "load_plan",
    "load_scenario",
    "load_suite",
    "load_suite_split",
    "parse_edge_case",
    "purpose",
    "save_yaml",
    "scenario_for",
    "scenario_names",
    "suite_names",
    "to_yaml",
    "with_edge_cases",
]

_HOMES = {
    "challenges": (
        "Challenge",
        "CheckChallenge",
        "DataChallenge",
        "QuickWinChallenge",
        "RequirementChallenge",
        "WorkChallenge",
    ),
    "customer": (
        "Customer",
        "DataObject",
        "Interface",
        "LegacySystem",
        "Product",
        "Site",
    ),
    "edge_cases": (
        "EDGE_CASES",
        "parse_edge_case",
        "with_edge_cases",
    ),
    "errors": ("GoliveError",),
    "family": ("draw_customer",),
    "generator": ("CustomerGenerator",),
    "loader": (
        "load_plan",
        "load_scenario",
        "load_suite",
        "load_suite_split",
        "save_yaml",
        "scenario_names",
        "suite_names",
        "to_yaml",
    ),
    "plan": (
        "CrewMembers",
        "Phase",
        "Plan",
        "Wave",
    ),
    "planned_work": ("PlannedPackage",),
    "plans": ("scenario_for",),
    "random_streams": (
        "RandomStreams",
        "purpose",
    ),
    "requirements": ("Requirement",),
    "scenario": (
        "Disruption",
        "Scenario",
        "SeedRange",
        "Suite",
        "Variation",
    ),
    "schema": ("json_schema",),
    "vocabulary": (
        "Delivery",
        "Industry",
        "Split",
    ),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import the module that a public name lives in."""
        from importlib import import_module

        for home, names in _HOMES.items():
            if name in names:
                value = getattr(import_module(f".{home}", __name__), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
