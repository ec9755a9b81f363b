"""Bounds: policies that look into the world, where others read briefings."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.errors import GoliveError
from ...sim.migration.briefing import Briefing, TableView
from ...sim.migration.decision import TABLES, Decision, LegalDecisions, Work
from ...sim.migration.traits import Trait
from ...sim.migration.world import MigrationWorld
from ...sim.protocol import AnyWorld
from .expert import Expert, changed_parameters


class TraitReader(Expert):
    """The expert, told what the customer is like and how its tables write dates."""

    def __init__(self) -> None:
        super().__init__(name="trait_reader")
        self._world: MigrationWorld | None = None

    def attach(self, world: AnyWorld) -> None:
        """Decide in this world from now on."""
        if not isinstance(world, MigrationWorld):
            raise GoliveError(f"policy: {self.name}: expected a migration world")
        self._world = world
        restless = self._has(Trait.RESTLESS)
        self.parameters = changed_parameters(
            restless_rows=0.0 if restless else 1e9,
            mock_left=0.0,
            most_wrong=0.0 if self._has(Trait.GUESSING) else 1.0,
            bold_from_sign=1e9 if self._has(Trait.SISTERS) else -1e9,
            sign_refused=0.02 if self._has(Trait.STRICT_OWNER) else 0.12,
        )

    @property
    def world(self) -> MigrationWorld:
        """The world that it decides in.

        Raises:
            GoliveError: it was not given one.
        """
        if self._world is None:
            raise GoliveError(f"policy: {self.name}: expected the world itself, not only briefings")
        return self._world

    def _has(self, trait: Trait) -> bool:
        return self.world.state.traits[trait] > 0

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The expert's decision, by the truth of what it would have to guess."""
        if self._world is None:
            raise GoliveError(f"policy: {self.name}: expected the world itself, not only briefings")
        return super().decide(briefing, legal)

    def _reading(self, briefing: Briefing, slot: int) -> Iterator[Decision]:
        table = briefing.tables[slot]
        if not (table.done[Work.READ_DAYS_FIRST] or table.done[Work.READ_MONTHS_FIRST]):
            first = self._days_come_first(table, slot)
            yield Decision(Work.READ_DAYS_FIRST if first else Work.READ_MONTHS_FIRST, slot)

    def _days_come_first(self, table: TableView, slot: int) -> bool:
        order: str = self.world.ground.truth.habits[TABLES[slot]].date_format.order
        return order == "dmy"
