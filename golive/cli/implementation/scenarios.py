"""Scenarios of the implementation world, as its own commands take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.errors import GoliveError

if TYPE_CHECKING:
    from ...scenarios.implementation.scenario import ImplementationScenario


def own_scenario(name: str) -> ImplementationScenario:
    """The scenario of a name or file.

    Raises:
        GoliveError: there is none, it is not valid, or it is another world's.
    """
    from ...scenarios.implementation.scenario import ImplementationScenario
    from ...scenarios.loader import load_scenario

    found = load_scenario(name)
    if not isinstance(found, ImplementationScenario):
        raise GoliveError(f"{name}: of world {found.world}: expected one of world implementation")
    return found
