"""The migration as every world: the conformance check, the environment, the policies."""

from __future__ import annotations

from statistics import fmean

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env
from migration_samples import library_scenario

import golive
from golive.agents.migration.expert import RANGES, Expert, Parameters, shipped_parameters
from golive.agents.migration.kind import KIND
from golive.agents.migration.oracle import TraitReader
from golive.core.errors import GoliveError
from golive.envs.registration import register_environments
from golive.sim.check_world import check_world
from golive.sim.episodes import run

SCENARIO = library_scenario("workshop-data")


def test_the_conformance_check_is_green() -> None:
    for finding in check_world(golive.world_kind("migration"), seeds=2):
        assert finding.passed, f"{finding.name}: {finding.detail}"


def test_gymnasium_finds_nothing_wrong() -> None:
    register_environments()
    environment = gymnasium.make("golive/Migration-v0")
    check_env(environment.unwrapped, skip_render_check=True)
    assert environment.spec is not None
    assert environment.spec.max_episode_steps == KIND.most_decisions + 1


def test_probes_lose_to_every_baseline_but_the_least() -> None:
    seeds = range(3)
    scores = {
        name: fmean(
            KIND.score_of(run(KIND, KIND.policies[name](), SCENARIO, seed).scorecard)
            for seed in seeds
        )
        for name in ("expert", "merge_proven", *KIND.probes)
    }
    for probe in KIND.probes:
        assert scores[probe] < scores["expert"]


def test_parameters_lie_within_their_ranges() -> None:
    parameters = shipped_parameters()
    for name, (least, most) in RANGES.items():
        assert least <= getattr(parameters, name) <= most
    assert set(RANGES) == set(Parameters.__dataclass_fields__)


def test_the_oracle_wants_the_world() -> None:
    world = KIND.build(SCENARIO, 0)
    with pytest.raises(GoliveError):
        TraitReader().decide(world.briefing(), world.legal())
    with pytest.raises(GoliveError):
        TraitReader().attach(object())  # type: ignore[arg-type]


def test_the_expert_is_the_same_twice() -> None:
    cards = [run(KIND, Expert(), SCENARIO, 4).scorecard for _ in range(2)]
    assert cards[0] == cards[1]
