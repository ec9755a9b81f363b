"""Policies that look into the world, where others read briefings: what knowing is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...core.errors import GoliveError
from ...sim.migration.briefing import Briefing, TableView
from ...sim.migration.decision import TABLES, Decision, LegalDecisions
from ...sim.migration.traits import Trait
from ...sim.migration.world import MigrationWorld
from ...sim.protocol import AnyWorld, Snapshot
from .expert import Expert, Parameters, changed_parameters, shipped_parameters

_NEVER, _ALWAYS = 1e9, -1e9


class TraitReader(Expert):
    """The expert, told what the customer is like and how its tables write dates."""

    def __init__(self, parameters: Parameters | None = None, name: str = "trait_reader") -> None:
        super().__init__(parameters, name)
        self._told = parameters
        self._world: MigrationWorld | None = None

    def attach(self, world: AnyWorld) -> None:
        """Decide in this world from now on."""
        if not isinstance(world, MigrationWorld):
            raise GoliveError(f"policy: {self.name}: expected a migration world")
        self._world = world
        self.parameters = self._told or changed_parameters(**knowing(world))

    @property
    def world(self) -> MigrationWorld:
        """The world that it decides in.

        Raises:
            GoliveError: it was not given one.
        """
        if self._world is None:
            raise GoliveError(f"policy: {self.name}: expected the world itself, not only briefings")
        return self._world

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The expert's decision, by the truth of what it would have to guess."""
        if self.world.finished:
            raise RuntimeError("the episode is over")
        return super().decide(briefing, legal)

    def days_first(self, briefing: Briefing, table: TableView) -> bool | None:
        """The order of a table's dates as it is."""
        slot = briefing.tables.index(table)
        order: str = self.world.ground.truth.habits[TABLES[slot]].date_format.order
        return order == "dmy"


def knowing(world: MigrationWorld) -> dict[str, float]:
    """Parameters that follow from a customer's traits."""
    traits = world.state.traits
    return {
        "restless_rows": 0.0 if traits[Trait.RESTLESS] > 0 else _NEVER,
        "most_wrong": 0.0 if traits[Trait.GUESSING] > 0 else 1.0,
        "merge_to_alike": _ALWAYS if traits[Trait.SISTERS] > 0 else _NEVER,
        "sign_refused": 0.05 if traits[Trait.STRICT_OWNER] > 0 else 0.25,
        "sign_lax": 0.05 if traits[Trait.STRICT_OWNER] > 0 else 0.25,
        "remap_from_wrong_dates": _NEVER,
    }


WAYS: Mapping[str, tuple[float, ...]] = {
    "hand_readings": (0.0, 1.0, 2.0, 3.0),
    "hand_from_found": (0.03, 0.1, 0.2),
    "freeze_left": (0.1, 0.3, 0.7),
    "mock_left": (0.0, 0.4),
    "most_gap_questions": (0.0, 2.0, 6.0),
    "merge_to_alike": (_ALWAYS, _NEVER),
    "bold_to_alike": (_ALWAYS, _NEVER),
}
"""Ways that are tried one after another, each kept if the episode ends better with it."""


class Oracle:
    """Lives the episode some twenty times before it begins, and chooses the way that ends best.

    It knows the luck to come, and the customer's traits where they help, which nobody does: what it
    reaches bounds what choosing among ways of the rules expert is worth, and no policy from above.
    """

    name = "oracle"

    def __init__(self) -> None:
        self._way: Expert | None = None

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def attach(self, world: AnyWorld) -> None:
        """Try the ways in copies of this world, and decide in it from now on."""
        if not isinstance(world, MigrationWorld):
            raise GoliveError(f"policy: {self.name}: expected a migration world")
        begin = world.snapshot()
        blind, knows = shipped_parameters(), changed_parameters(**knowing(world))
        scores = [self._score(begin, Expert(blind)), self._score(begin, TraitReader(knows))]
        maker: type[Expert]
        maker, best = (Expert, blind) if scores[0] >= scores[1] else (TraitReader, knows)
        most = max(scores)
        for name, values in WAYS.items():
            for value in values:
                tried = replace(best, **{name: value})
                if tried == best:
                    continue
                score = self._score(begin, maker(tried))
                if score > most:
                    best, most = tried, score
        self._way = maker(best, self.name)
        if isinstance(self._way, TraitReader):
            self._way.attach(world)

    @staticmethod
    def _score(begin: Snapshot, policy: Expert) -> float:
        world = MigrationWorld.restore(begin)
        if isinstance(policy, TraitReader):
            policy.attach(world)
        while not world.finished:
            world.advance(policy.decide(world.briefing(), world.legal()))
        return world.scorecard().migration_score

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The decision of the way that ends best."""
        if self._way is None:
            raise GoliveError(f"policy: {self.name}: expected the world itself, not only briefings")
        return self._way.decide(briefing, legal)
