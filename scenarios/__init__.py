"""Scenarios and suites of every world: validated data of what is simulated.

The names are imported when first used, so that a command line that only needs the words of the
field or an error class does not wait for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.lazy_names import lazy_names

if TYPE_CHECKING:
    from .loader import (
        load_scenario,
        load_suite,
        load_suite_split,
        save_yaml,
        scenario_names,
        suite_names,
        suite_scenarios,
        to_yaml,
    )
    from .scenario import Mix, Scenario
    from .suite import SeedRange, Split, Suite

__all__ = [
    "Mix",
    "Scenario",
    "SeedRange",
    "Split",
    "Suite",
    "load_scenario",
    "load_suite",
    "load_suite_split",
    "save_yaml",
    "scenario_names",
    "suite_names",
    "suite_scenarios",
    "to_yaml",
]

__getattr__ = lazy_names(
    __name__,
    loader="load_scenario load_suite load_suite_split save_yaml scenario_names suite_names "
    "suite_scenarios to_yaml",
    scenario="Mix Scenario",
    suite="SeedRange Split Suite",
)
