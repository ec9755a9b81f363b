"""A sandbox: a world in a process of its own."""

from __future__ import annotations

import os

import pytest

from golive.agents.registry import load_policy
from golive.core.errors import GoliveError
from golive.core.execution import TaskError, WorkerLost
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.world import ImplementationWorld
from golive.trainers.simulation import Sandbox


class Deadly:
    """Ends the process it decides in, unless told what to do."""

    name = "deadly"

    def reset(self, seed):
        pass

    def decide(self, briefing, legal):
        os._exit(9)


def test_a_sandbox_is_the_world_it_stands_for_and_can_be_reset():
    world = ImplementationWorld(load_scenario("furniture"), 5)
    expert = load_policy("expert")
    expert.reset(5)
    with Sandbox("sandbox", 5) as sandbox:
        first = sandbox.briefing()
        assert first == world.briefing()
        decision = expert.decide(world.briefing(), world.legal())
        world.advance(decision)
        assert sandbox.advance(decision) == world.briefing()
        assert sandbox.snapshot() == world.snapshot()
        world.advance(expert.decide(world.briefing(), world.legal()))
        sandbox.reset()
        sandbox.advance()
        sandbox.advance()
        assert sandbox.digest() == world.digest()
        assert sandbox.scorecard() == world.scorecard()
        assert not sandbox.finished
        assert sandbox.reset() == first
        assert sandbox.reset(6) != first
        with pytest.raises(TaskError, match="AttributeError"):
            sandbox.advance("nonsense")


def test_what_kills_a_sandbox_harms_nobody():
    with Sandbox(load_scenario("furniture"), policy=Deadly()) as sandbox:
        first = sandbox.briefing()
        with pytest.raises(WorkerLost, match="exit code 9"):
            sandbox.advance()
        assert sandbox.reset() == first
        assert sandbox.legal() is not None
        sandbox.close()


@pytest.mark.parametrize(
    ("profile", "policy", "message"),
    [("sandbx", None, "profile: 'sandbx'"), ("sandbox", "expart", "policy: 'expart'")],
)
def test_what_is_not_there_is_refused(profile, policy, message):
    with pytest.raises(GoliveError, match=message):
        Sandbox(profile, policy=policy)
