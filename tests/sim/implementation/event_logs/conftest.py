from __future__ import annotations

import pytest

from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run
from golive.sim.implementation.event_logs.log import EventLog, project_of_frame
from golive.sim.worlds import kind_of


@pytest.fixture(scope="session")
def log() -> EventLog:
    """Two recorded projects."""
    scenario, policy = load_scenario("furniture"), load_policy("expert")
    projects = []
    for seed in (0, 1):
        world = run(kind_of(scenario), policy, scenario, seed, record=True).world
        assert world is not None
        projects.append(project_of_frame(world.events(), f"furniture {seed}"))
    return EventLog(tuple(projects))
