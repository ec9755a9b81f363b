"""No index of the observation is the same in every episode of every programme."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from golive.agents.implementation.expert import Expert
from golive.agents.implementation.kind import KIND
from golive.agents.registry import load_policy
from golive.envs.implementation.encoding import encode_flat
from golive.envs.implementation.features import OBSERVATION_NAMES
from golive.scenarios.implementation.vocabulary import DisruptionKind
from golive.scenarios.loader import load_scenario, scenario_names
from golive.sim.episodes import begin_episode
from golive.sim.implementation.briefing import Briefing
from golive.sim.implementation.decision import Decision, LegalDecisions, Move
from golive.sim.implementation.world import ImplementationWorld

EDGE_CASES = tuple(
    f"{kind}:critical" for kind in DisruptionKind if kind is not DisruptionKind.ENVIRONMENT_OUTAGE
)


class Hasty(Expert):
    """The expert, but live as soon as may be and back again at the first trouble."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        decision = super().decide(briefing, legal)
        fresh = any(site.days_live >= 0 and not site.rolled_back for site in briefing.sites)
        for move, wanted in ((Move.ROLL_BACK, fresh), (Move.GO_LIVE, True)):
            if wanted and legal.move[move]:
                return replace(decision, move=move)
        return decision


class Careless:
    """Gives orders by lot, legal or not."""

    def reset(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        focus = tuple(int(choice) for choice in self._generator.integers(0, 9, 5))
        return Decision(focus, move=Move(int(self._generator.integers(len(Move)))))


def observed(scenario: str, seed: int, policy: str, mix: tuple[str, ...]) -> np.ndarray:
    """Every observation of an episode, a row each."""
    loaded = load_scenario(scenario)
    loaded = loaded.mix.of(mix, None).met(loaded) if mix else loaded
    world = ImplementationWorld(loaded, seed)
    own = {"hasty": Hasty, "careless": Careless}
    player = own[policy]() if policy in own else load_policy(policy, KIND)
    begin_episode(player, world)
    rows = [encode_flat(world.briefing())]
    while not world.finished:
        world.advance(player.decide(world.briefing(), world.legal()))
        rows.append(encode_flat(world.briefing()))
    return np.array(rows)


EPISODES = [
    *((scenario, 1, "random", ()) for scenario in scenario_names("implementation")),
    *(("furniture", 2, "expert", EDGE_CASES), ("furniture", 3, "careless", ())),
    *(("global-electric", seed, "expert", ()) for seed in (4, 5)),
    *(("global-electric", seed, "hasty", ()) for seed in (7, 10)),
]


@pytest.fixture(scope="module")
def varied() -> np.ndarray:
    rows = [observed(*episode) for episode in EPISODES]
    lowest = np.min([one.min(axis=0) for one in rows], axis=0)
    highest = np.max([one.max(axis=0) for one in rows], axis=0)
    return lowest < highest


def test_every_feature_varies(varied: np.ndarray) -> None:
    assert [name for name, live in zip(OBSERVATION_NAMES, varied, strict=True) if not live] == []
