"""Small gateway worlds, and policies that play them."""

from __future__ import annotations

from typing import Any

from golive.core.random_streams import RandomStreams, purpose
from golive.scenarios.gateway.scenario import GatewayScenario
from golive.sim.gateway.briefing import Briefing
from golive.sim.gateway.decision import Decision, LegalDecisions, Way, decision_of
from golive.sim.gateway.world import GatewayWorld

_LOT = purpose("tests/gateway lot")


def small(**fields: Any) -> GatewayScenario:
    """A week of few tasks and few agents."""
    given: dict[str, Any] = {
        "name": "small",
        "title": "A small desk",
        "weeks": 1,
        "tasks_per_week": 60,
        "pool": {"generated": True, "fewest": 12, "most": 12},
        "requesters": 12,
        **fields,
    }
    return GatewayScenario.model_validate(given)


class ByLot:
    """Any legal choice, all alike."""

    name = "lot"

    def __init__(self, lots: int = 0) -> None:
        self._luck = RandomStreams(lots)

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """Draw one."""
        choices = [slot for slot, allowed in enumerate(legal.agents) if allowed]
        others = [Way.PERSON]
        others += [Way.ASK] * legal.ask + [Way.SPLIT] * legal.split + [Way.WAIT] * legal.wait
        place = int(self._luck.uniform(_LOT, briefing.decision) * (len(choices) + len(others)))
        if place < len(choices):
            return decision_of(choices[place])
        return Decision(others[place - len(choices)])


def played(world: GatewayWorld, policy: Any, most: int = 10**9) -> GatewayWorld:
    """The world after an episode, or some decisions of one."""
    while not world.finished and most > 0:
        world.advance(policy.decide(world.briefing(), world.legal()))
        most -= 1
    return world
