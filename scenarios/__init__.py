"""What is simulated, as validated data: customers, plans, scenarios, suites, generators."""

from __future__ import annotations

from .errors import GoliveError
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
from .random_streams import RandomStreams, purpose

__all__ = [
    "Challenge",
    "CheckChallenge",
    "CrewMembers",
    "Customer",
    "DataChallenge",
    "DataObject",
    "Disruption",
    "GoliveError",
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
    "Suite",
    "Variation",
    "Wave",
    "WorkChallenge",
    "purpose",
]
