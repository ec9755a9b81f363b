"""The speed of a suite is measured as it says; how fast it is, no test asserts."""

from __future__ import annotations

import pytest
import simpy

from golive.agents.registry import load_policy
from golive.core.garbage import settled_collector
from golive.scenarios.loader import load_scenario
from golive.trainers.regression import speed
from golive.trainers.regression.replay import record_replay, time_replay
from golive.trainers.regression.speed import measure_speed


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("furniture")


@pytest.fixture(scope="module")
def policy():
    return load_policy("plan_follower")


def test_a_bare_task_is_eight_events(monkeypatch):
    events = 0

    class Counting(simpy.Environment):
        def step(self):
            nonlocal events
            super().step()
            events += 1

    monkeypatch.setattr(simpy, "Environment", Counting)
    assert speed.tasks_per_second(1_000) > 0
    lanes = 2 * 5
    assert events == 1_000 * speed.EVENTS_PER_TASK + lanes


def test_a_replay_is_the_recorded_episode(scenario, policy):
    replay = record_replay(policy, scenario, 7)
    assert replay.days >= len(replay.decisions) > 5
    timing = time_replay(replay)
    assert timing.reset_seconds > 0
    assert timing.step_seconds > 0


def test_timing_another_episode_is_refused(scenario, policy):
    from dataclasses import replace

    replay = record_replay(policy, scenario, 7)
    with pytest.raises(RuntimeError, match="not the recorded one"):
        time_replay(replace(replay, digest="another"))


def test_the_collector_is_put_back():
    import gc

    found = gc.get_threshold()
    try:
        gc.set_threshold(700, 10, 10)
        with pytest.raises(KeyError), settled_collector():
            assert gc.get_threshold() != (700, 10, 10)
            raise KeyError
        assert gc.get_threshold() == (700, 10, 10)
    finally:
        gc.set_threshold(*found)


@pytest.mark.slow
def test_the_speed_report_is_consistent(scenario, policy):
    calls = []
    report = measure_speed(
        scenario,
        policy,
        first_seed=3_000_000,
        episodes=1,
        repetitions=2,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert calls == [(0, 2), (1, 2), (2, 2)]
    for interval in (report.steps_per_second, report.ratio, report.environment_steps_per_second):
        assert 0 <= interval.low < interval.estimate < interval.high
