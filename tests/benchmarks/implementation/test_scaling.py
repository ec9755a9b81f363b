"""Larger customers have more of everything, and a row each in the report."""

from __future__ import annotations

import pytest

from benchmarks.implementation.scaling import enlarged, enlarged_scenario, measure_scaling
from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario
from golive.sim.worlds import build_world


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("furniture")


def test_an_enlarged_customer_is_valid_and_has_more_of_everything(scenario):
    customer = scenario.customer
    large = enlarged(customer, 4)
    assert type(large).model_validate(large.model_dump()) == large
    assert large.employees == 4 * customer.employees
    assert len(large.sites) == 4 * len(customer.sites)
    assert len(large.requirements) == 4 * len(customer.requirements)
    assert enlarged(customer, 1) is customer


def test_an_enlarged_scenario_has_more_packages(scenario):
    def packages(factor):
        large = enlarged_scenario(scenario, factor)
        briefing = build_world(large, 1, customer=large.customer).briefing()
        return sum(workstream.packages_total for workstream in briefing.workstreams)

    assert packages(4) > packages(2) > packages(1)


@pytest.mark.slow
def test_the_scaling_report_has_a_row_per_size(scenario):
    policy = load_policy("plan_follower")
    report = measure_scaling(
        scenario, policy, first_seed=3_000_000, episodes=1, repetitions=2, factors=(1, 2)
    )
    assert [row.factor for row in report.rows] == [1, 2]
    assert report.rows[1].packages > report.rows[0].packages
    assert report.rows[1].employees == 2 * report.rows[0].employees
    assert report.exponent.low <= report.exponent.estimate <= report.exponent.high
