from __future__ import annotations

import pytest

from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run_episode
from golive.sim.implementation.event_logs.log import EventLog, project_of_frame


@pytest.fixture(scope="session")
def past() -> EventLog:
    """Twelve recorded projects under the default parameters."""
    scenario, policy = load_scenario("furniture"), load_policy("expert")
    projects = []
    for seed in range(4_000_000, 4_000_012):
        world = run_episode(policy, scenario, seed, record=True).world
        assert world is not None
        projects.append(project_of_frame(world.events(), str(seed)))
    return EventLog(tuple(projects))
