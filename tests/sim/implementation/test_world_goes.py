"""A world goes when nobody holds it any more: nothing of it waits for the garbage collector."""

from __future__ import annotations

import gc
import weakref

import pytest

import golive
from golive.core.errors import GoliveError
from golive.envs.environment import WorldEnv
from golive.sim.implementation.world import ImplementationWorld


def test_steps_and_resets_leave_no_garbage() -> None:
    environment = WorldEnv("furniture", seeding="episode")
    for seed in (1, 2):  # what is made once is made in the first round
        _, info = environment.reset(seed=seed)
        gc.collect()
        gc.disable()
        try:
            ended = False
            while not ended:
                action = [0] * len(environment.action_space.nvec)
                _, _, ended, _, info = environment.step(action)
            environment.reset(seed=3)
        finally:
            gc.enable()
        found = gc.collect()
    assert info["scorecard"]
    assert found == 0


def test_a_world_goes_in_the_middle_of_an_episode() -> None:
    world = golive.build_world("furniture", seed=5)
    expert = golive.load_policy("expert")
    for _ in range(5):
        world.advance(expert.decide(world.briefing(), world.legal()))
    people = weakref.ref(world.mechanisms.people.model)
    gc.disable()
    try:
        del world
        assert people() is None
    finally:
        gc.enable()


def test_a_world_that_could_not_be_made_goes_too() -> None:
    with pytest.raises(GoliveError, match="seed"):
        ImplementationWorld("furniture", -1)
