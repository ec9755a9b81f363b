"""Bounds: routers that look into the world, where others read briefings."""

from __future__ import annotations

import numpy as np

from ...core.errors import GoliveError
from ...scenarios.gateway.vocabulary import CompanyTrait
from ...sim.gateway.briefing import Briefing, TaskView
from ...sim.gateway.company import trait_of
from ...sim.gateway.decision import Decision, LegalDecisions
from ...sim.gateway.world import GatewayWorld
from ...sim.protocol import AnyWorld
from .expert import Expert, Weights, changed_weights, shipped_weights
from .signs import Signs, Values


class _Insider(Expert):
    """A dispatcher that is given the world."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self._world: GatewayWorld | None = None

    def attach(self, world: AnyWorld) -> None:
        """Decide in this world from now on."""
        if not isinstance(world, GatewayWorld):
            raise GoliveError(f"policy: {self.name}: expected a gateway world")
        self._world = world
        self.weights = self.informed()

    @property
    def world(self) -> GatewayWorld:
        """The world that it decides in.

        Raises:
            GoliveError: it was not given one.
        """
        if self._world is None:
            raise GoliveError(f"policy: {self.name}: expected the world itself, not only briefings")
        return self._world

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The way of the highest value, by what it knows of the world.

        Raises:
            GoliveError: it was not given one.
        """
        _ = self.world
        return super().decide(briefing, legal)

    def informed(self) -> Weights:
        """The weights, with what is known of the company."""
        law, weights = self.world.context.law, shipped_weights()
        return changed_weights(
            weights,
            half_life_hours=law.half_life_hours,
            harm=0.4 * law.harm,
            vague=law.vague_penalty,
            ask_from_usd=40.0 / law.vague_penalty,
            split_from_hours=2.0 if law.joint > 0.9 else 40.0,
        )


class TraitReader(_Insider):
    """Knows what the company is like, and nothing else that others do not: what that is worth."""

    def __init__(self) -> None:
        super().__init__("trait_reader")

    def informed(self) -> Weights:
        """The weights as the company's traits call for."""
        known = super().informed()
        state = self.world.context.state
        labels = 1.0 + trait_of(state, CompanyTrait.LABELS)
        candour = 1.0 + trait_of(state, CompanyTrait.CANDOUR)
        special = 1.0 + 0.8 * trait_of(state, CompanyTrait.SPECIALISATION)
        return changed_weights(
            known,
            label=known.label * labels,
            confidence=known.confidence * 2.0 * candour,
            home=known.home * special,
            record=known.record * (2.0 - special),
        )


class Oracle(_Insider):
    """Knows every agent's chance at the task on the table."""

    def __init__(self) -> None:
        super().__init__("oracle")

    def chances(self, briefing: Briefing, task: TaskView, signs: Signs) -> Values:
        """True chance of success of each agent, float64 (agents,)."""
        return np.array(self.world.context.success(self.world.context.state.tasks[task.id]))
