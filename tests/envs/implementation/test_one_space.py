"""Every scenario has the same spaces, so that one policy can manage all of them."""

from __future__ import annotations

import numpy as np
import pytest

from golive.envs.environment import WorldEnv
from golive.envs.implementation.encoding import ENCODER, GROUP_SHAPES, encode_flat
from golive.scenarios.loader import load_scenario, scenario_names
from golive.sim.implementation.world import ImplementationWorld

SCENARIOS = scenario_names("implementation")


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_the_same_spaces(name: str) -> None:
    reference, other = WorldEnv(scenario="furniture"), WorldEnv(scenario=name)
    assert other.observation_space == reference.observation_space
    assert other.action_space == reference.action_space
    reference.reset(seed=1)
    observation, _ = other.reset(seed=1)
    assert reference.observation_space.contains(observation)
    assert other.action_masks().shape == reference.action_masks().shape


@pytest.mark.parametrize("name", SCENARIOS)
def test_absent_sites_are_rows_of_zeros(name: str) -> None:
    scenario = load_scenario(name)
    briefing = ImplementationWorld(scenario, 0).briefing()
    rows = ENCODER.by_group(encode_flat(briefing))["sites"].reshape(GROUP_SHAPES["sites"])
    present = len(scenario.customer.sites)
    assert np.all(rows[:present, 0] == 1.0)  # planned
    assert not np.any(rows[present:])
