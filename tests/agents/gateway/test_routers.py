from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from golive.agents.gateway.adaptive import FEATURES, Adaptive, features_of, shipped_law
from golive.agents.gateway.expert import RANGES, Expert, Weights, shipped_weights
from golive.agents.gateway.oracle import Oracle
from golive.agents.gateway.signs import signs_of
from golive.core.errors import GoliveError
from golive.scenarios.gateway.scenario import GatewayScenario
from golive.scenarios.gateway.vocabulary import CompanyTrait
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run
from golive.sim.gateway.decision import Way
from golive.sim.worlds import build_world, world_kind

KIND = world_kind("gateway")


def _met(**fields: object) -> GatewayScenario:
    scenario = load_scenario("office")
    return scenario.model_validate({**scenario.model_dump(), **fields})


def test_every_policy_plays_an_episode_to_its_end() -> None:
    for name in KIND.policies:
        card = run(KIND, KIND.policies[name](), load_scenario("busy-desk"), 1).scorecard
        assert 0.0 <= card.gateway_score <= 1.0
        assert card.illegal_decisions == 0


def test_the_weights_lie_in_the_ranges_of_their_search() -> None:
    weights = shipped_weights()
    assert set(RANGES) == set(Weights.__dataclass_fields__)
    for name, (low, high) in RANGES.items():
        assert low <= getattr(weights, name) <= high


def test_the_adaptive_dispatcher_finds_out_whether_confidence_is_knowledge() -> None:
    place = FEATURES.index("confidence")
    learned = []
    for value in (-1.0, 1.0):
        scenario = _met(traits={CompanyTrait.CANDOUR.value: value})
        ends = []
        for seed in range(3):
            policy = Adaptive()
            run(KIND, policy, scenario, seed)
            ends.append(policy.mean[place])
        learned.append(np.mean(ends))
    assert learned[1] > learned[0] + 0.3


def test_it_forgets_a_company_with_the_episode() -> None:
    policy, fresh = Adaptive(), Adaptive()
    run(KIND, policy, load_scenario("busy-desk"), 3)
    assert not np.array_equal(policy.mean, fresh.mean)
    policy.reset(0)
    assert np.array_equal(policy.mean, fresh.mean)
    assert np.array_equal(policy.covariance, fresh.covariance)


def test_the_law_it_begins_with_is_one() -> None:
    mean, covariance = shipped_law()
    assert mean.shape == (len(FEATURES),)
    assert np.allclose(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > 0.0


def test_vague_tasks_of_worth_are_asked_about_and_signs_know_the_pool() -> None:
    world = build_world(_met(vague_share=1.0), 0)
    weights = Weights(**{**{f: getattr(shipped_weights(), f) for f in RANGES}, "ask_from_usd": 0.0})
    assert Expert(weights).decide(world.briefing(), world.legal()).way == Way.ASK
    signs = signs_of(world.briefing(), world.legal(), 4.0)
    assert features_of(world.briefing().task, signs).shape == (59, len(FEATURES))
    assert (signs.fee_usd > 0.0).all()


def test_an_oracle_wants_the_world_itself() -> None:
    world = build_world("busy-desk", 0)
    with pytest.raises(GoliveError, match="expected the world itself"):
        Oracle().decide(world.briefing(), world.legal())


def test_shipped_files_say_how_they_were_made() -> None:
    folder = Path(__file__).parents[3] / "agents" / "gateway"
    assert "benchmarks.gateway.prior" in (folder / "adaptive.yaml").read_text()
