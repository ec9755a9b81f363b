"""A change of an agent is noticed, seldom where there is none, and then learned."""

from __future__ import annotations

import numpy as np
import pytest

from golive.agents.gateway.kind import KIND
from golive.agents.gateway.watchful import Watch
from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run


def heard(watch: Watch, chance: float, tasks: int, seed: int) -> int | None:
    """Task at which a change is noticed, of an agent that the law gives even odds."""
    luck = np.random.default_rng(seed)
    for task in range(tasks):
        if watch.hear(0.0, float(luck.random() < chance), 1.0):
            return task
    return None


def test_an_agent_that_is_what_it_was_is_seldom_taken_for_changed():
    alarms = [heard(Watch(), 0.5, 200, seed) for seed in range(100)]
    assert sum(alarm is not None for alarm in alarms) <= 5


@pytest.mark.parametrize(("chance", "sign"), [(0.1, -1.0), (0.9, 1.0)])
def test_a_change_is_noticed_soon_and_learned(chance, sign):
    found, offsets = [], []
    for seed in range(50):
        watch = Watch()
        assert watch.offset == 0.0
        alarm = heard(watch, chance, 200, seed)
        assert alarm is not None
        found.append(alarm)
        heard(watch, chance, 60, seed + 1_000)
        offsets.append(watch.offset)
    assert np.median(found) < 40
    assert np.mean(offsets) == pytest.approx(sign * 2.2, abs=0.5)  # logits of 0.9


def test_the_router_says_when_it_noticed_and_forgets_it_for_the_next_episode():
    policy = load_policy("watchful", KIND)
    quiet = load_scenario("office").model_copy(update={"tasks_per_week": 80, "weeks": 1})
    first = run(
        KIND,
        policy,
        quiet,
        2,
    )
    again = run(
        KIND,
        policy,
        quiet,
        2,
    )
    assert first.digest == again.digest
    hours = [hour for hour, _ in policy.alarms]
    assert hours == sorted(hours)
