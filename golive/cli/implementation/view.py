"""The command line's view of the implementation world: what it shows, reads and writes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import GoliveError
from ...core.tables import Table, right
from ..world_view import WorldView
from .simulation import ImplementationOptions

if TYPE_CHECKING:
    from ...scenarios.implementation.scenario import ImplementationScenario


class ImplementationView(WorldView):
    """The implementation world on the command line."""

    simulation = ImplementationOptions
    scenario_columns = ("delivery", right("weeks"), right("people"))

    def scenario_cells(self, scenario: ImplementationScenario) -> Sequence[object]:
        """Cells of who delivers, in how many weeks, to how many people."""
        plan = scenario.plan
        return (plan.delivery, plan.weeks, scenario.customer.employees)

    def scenario_page(self, scenario: ImplementationScenario) -> Iterator[Table | str]:
        """Customer, data, challenges, plan and family, table by table."""
        from .scenario_view import scenario_page

        return scenario_page(scenario)

    def drawn(self, scenario: ImplementationScenario, seed: int) -> ImplementationScenario:
        """The scenario with the customer of a seed and no family around it."""
        from ...core.random_streams import SEED_LIMIT
        from ...scenarios.implementation.family import draw_customer
        from ...scenarios.implementation.scenario import Variation

        if not 0 <= seed < SEED_LIMIT:
            raise GoliveError(f"--seed: {seed}: expected 0 or more and below 2**64")
        return scenario.model_copy(
            update={"customer": draw_customer(scenario, seed), "variation": Variation()}
        )

    def check(self, scenario: ImplementationScenario) -> None:
        """See that there are the parameters that the scenario changes."""
        from ...sim.implementation.parameters import parameters_with

        parameters_with(scenario.parameters)

    def schema(self, what: str) -> dict[str, Any]:
        """JSON Schema of a kind of file."""
        from ...scenarios.implementation.schema import json_schema

        return json_schema(what)

    def parameter_values(self, path: Path) -> dict[str, float]:
        """Value by name of a parameter file."""
        from ...sim.implementation.parameter_files import load_world_parameters

        return load_world_parameters(path).values()

    def family_members(self) -> Mapping[str, Sequence[str]]:
        """The policies that never adapt."""
        from ...agents.implementation.static import static_policies

        return {"static": [policy.name for policy in static_policies()]}

    def status(self, world: Any) -> str:
        """Work, defects, questions, sites and budget."""
        briefing = world.briefing()
        money = briefing.money
        done = sum(row.done_hours for row in briefing.workstreams)
        known = done + sum(row.remaining_hours for row in briefing.workstreams)
        live = sum(site.present and site.days_live >= 0 for site in briefing.sites)
        return (
            f"day {self.day(world):>3}: {done / known if known else 1.0:4.0%} of the known work "
            f"done, {sum(briefing.defects.open_by_severity)} defects open, "
            f"{briefing.questions.pending} questions pending, "
            f"{live} of {briefing.customer.sites} sites live, "
            f"{money.spent_usd / money.budget_usd:.0%} of the budget spent"
        )
