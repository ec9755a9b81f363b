"""Adapting pays: no plan that looks at the calendar alone reaches the expert, even in hindsight."""

from __future__ import annotations

import numpy as np
import pytest
from judging import lead, scores

from golive.agents.implementation.static import static_policies
from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.decision import Pace
from golive.sim.implementation.world import ImplementationWorld

NAMES = [policy.name for policy in static_policies()]


def test_there_are_more_than_a_hundred_and_each_is_one_of_its_kind():
    assert len(NAMES) == len(set(NAMES)) == 144


@pytest.mark.parametrize("name", NAMES[::17])
def test_a_static_policy_is_loaded_by_its_name(name):
    assert load_policy(name).name == name


@pytest.mark.parametrize("name", NAMES[::29])
def test_it_looks_at_the_calendar_and_orders_nothing_illegal(name):
    policy = load_policy(name)
    policy.reset(0)
    world = ImplementationWorld(load_scenario("furniture"), 2)
    paces = set()
    while not world.finished:
        decision = policy.decide(world.briefing(), world.legal())
        paces.add(decision.pace)
        world.advance(decision)
    assert len(paces) == 1
    assert paces <= set(Pace)
    assert world.scorecard().illegal_decisions == 0


SAMPLES = [
    pytest.param(12, 9, id="a sample"),
    pytest.param(1, 12, marks=pytest.mark.nightly, id="all of them"),
]
"""Every so-manieth policy on so many customers."""


@pytest.mark.parametrize(("every", "episodes"), SAMPLES)
def test_the_expert_beats_the_best_of_them_in_hindsight(every: int, episodes: int):
    """Chosen on the very seeds that it is judged on: no static policy could be luckier."""
    best = max(NAMES[::every], key=lambda name: scores("furniture", name, episodes).mean())
    difference = lead("furniture", "expert", best, episodes)
    assert difference.above(0.0), (best, difference)


@pytest.mark.parametrize(("every", "episodes"), SAMPLES)
def test_even_who_knows_the_best_static_policy_of_each_episode_does_worse(
    every: int, episodes: int
):
    """A plan may be lucky on one customer; an oracle that picks the luckiest is still no expert."""
    found = np.array([scores("furniture", name, episodes) for name in NAMES[::every]])
    expert = scores("furniture", "expert", episodes)
    assert expert.mean() > found.max(axis=0).mean()
