"""What is simulated, as validated data: customers, plans, scenarios, suites, generators."""

from __future__ import annotations

from .errors import GoliveError
from .family import draw_customer
from .generator import CustomerGenerator
from .loader import (
    load_scenario,
    load_suite,
    load_suite_split,
    save_yaml,
    scenario_names,
    suite_names,
    to_yaml,
)
from .model import (
    Challenge,
    CheckChallenge,
    CrewMembers,
    Customer,
    DataChallenge,
    DataObject,
    Disruption,
    Interface,
    LegacySystem,
    Phase,
    Plan,
    Product,
    Requirement,
    RequirementChallenge,
    Scenario,
    SeedRange,
    Site,
    Suite,
    Variation,
    Wave,
    WorkChallenge,
)
from .plans import scenario_for
from .random_streams import RandomStreams, purpose
from .schema import json_schema
from .vocabulary import Delivery, Industry, Split

__all__ = [
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
    "Product",
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
    "load_scenario",
    "load_suite",
    "load_suite_split",
    "purpose",
    "save_yaml",
    "scenario_for",
    "scenario_names",
    "suite_names",
    "to_yaml",
]
