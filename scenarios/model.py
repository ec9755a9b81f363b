"""All records of scenario files in one place."""

from __future__ import annotations

from .challenges import (
    Challenge,
    CheckChallenge,
    DataChallenge,
    RequirementChallenge,
    WorkChallenge,
)
from .customer import Customer, DataObject, Interface, LegacySystem, Product, Site
from .plan import CrewMembers, Phase, Plan, Wave
from .planned_work import PlannedPackage
from .requirements import Requirement
from .scenario import Disruption, Scenario, SeedRange, Suite, Variation

__all__ = [
    "Challenge",
    "CheckChallenge",
    "CrewMembers",
    "Customer",
    "DataChallenge",
    "DataObject",
    "Disruption",
    "Interface",
    "LegacySystem",
    "Phase",
    "Plan",
    "PlannedPackage",
    "Product",
    "Requirement",
    "RequirementChallenge",
    "Scenario",
    "SeedRange",
    "Site",
    "Suite",
    "Variation",
    "Wave",
    "WorkChallenge",
]
