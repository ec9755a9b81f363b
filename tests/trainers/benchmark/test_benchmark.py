"""Benchmarks measure what they say; how fast it is, no test asserts."""

from __future__ import annotations

import pytest
import simpy

from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario
from golive.trainers.benchmark import bare_loop
from golive.trainers.benchmark.decisions import judge_decisions
from golive.trainers.benchmark.replay import record_replay, settled_collector, time_replay
from golive.trainers.benchmark.scaling import enlarged, enlarged_scenario, measure_scaling
from golive.trainers.benchmark.speed import measure_speed


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
    assert bare_loop.tasks_per_second(1_000) > 0
    lanes = 2 * 5
    assert events == 1_000 * bare_loop.EVENTS_PER_TASK + lanes


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

    before = gc.get_threshold()
    with pytest.raises(KeyError), settled_collector():
        assert gc.get_threshold() != before
        raise KeyError
    assert gc.get_threshold() == before


def test_an_enlarged_customer_is_valid_and_has_more_of_everything(scenario):
    customer = scenario.customer
    large = enlarged(customer, 4)
    assert type(large).model_validate(large.model_dump()) == large
    assert large.employees == 4 * customer.employees
    assert len(large.sites) == 4 * len(customer.sites)
    assert len(large.requirements) == 4 * len(customer.requirements)
    assert enlarged(customer, 1) is customer


def test_an_enlarged_scenario_has_more_packages(scenario, policy):
    from golive.sim.implementation.world import ImplementationWorld

    def packages(factor):
        large = enlarged_scenario(scenario, factor)
        briefing = ImplementationWorld(large, 1, customer=large.customer).briefing()
        return sum(workstream.packages_total for workstream in briefing.workstreams)

    assert packages(4) > packages(2) > packages(1)


@pytest.mark.slow
def test_the_speed_report_is_consistent(scenario, policy):
    calls = []
    report = measure_speed(
        scenario,
        policy,
        first_seed=3_000_000,
        episodes=1,
        repetitions=3,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert calls == [(0, 3), (1, 3), (2, 3), (3, 3)]
    for interval in (report.steps_per_second, report.ratio, report.environment_steps_per_second):
        assert 0 < interval.low <= interval.estimate <= interval.high


@pytest.mark.slow
def test_the_scaling_report_has_a_row_per_size(scenario, policy):
    report = measure_scaling(
        scenario, policy, first_seed=3_000_000, episodes=1, repetitions=2, factors=(1, 2)
    )
    assert [row.factor for row in report.rows] == [1, 2]
    assert report.rows[1].packages > report.rows[0].packages
    assert report.rows[1].employees == 2 * report.rows[0].employees
    assert report.exponent.low <= report.exponent.estimate <= report.exponent.high


def test_the_hindsight_best_static_policy_is_the_one_with_the_best_mean():
    import polars as pl

    from golive.trainers.evaluation import EvaluationPlan, EvaluationResult

    scores = {"adapting": [0.5, 0.7, 0.6], "one": [0.4, 0.6, 0.4], "two": [0.9, 0.1, 0.2]}
    rows = [
        {"policy": name, "scenario": "s", "seed": seed, "go_live_score": value}
        for name, values in scores.items()
        for seed, value in enumerate(values)
    ]
    plan = EvaluationPlan(tuple(scores), ("",) * 3, ("s",), ("",), 0, 3)
    report = judge_decisions(EvaluationResult(plan, pl.DataFrame(rows)), "adapting", ["one", "two"])
    assert report.best_static == "one"
    assert report.static_count == 2
    assert report.difference.estimate == pytest.approx((0.1 + 0.1 + 0.2) / 3)
    assert report.decisions_matter
