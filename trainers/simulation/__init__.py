"""Simulation environments as profiles: many worlds at once, measured while they run."""

from .profile import (
    Failures,
    Profile,
    ReplicaPlan,
    load_profile,
    plan_replicas,
    profile_names,
    profile_schema,
)
from .run import Performance, SimulationResult, simulate_profile
from .sandbox import Sandbox

__all__ = [
    "Failures",
    "Performance",
    "Profile",
    "ReplicaPlan",
    "Sandbox",
    "SimulationResult",
    "load_profile",
    "plan_replicas",
    "profile_names",
    "profile_schema",
    "simulate_profile",
]
