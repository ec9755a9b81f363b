"""Mechanism 2: effort is lognormal per workstream, with a factor that a project shares."""

from __future__ import annotations

from itertools import combinations
from math import exp, log
from statistics import correlation, fmean, stdev

import pytest
from world_helpers import furniture, with_parameters

from golive.core.random_streams import RandomStreams
from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation.decision import WORKSTREAMS
from golive.sim.implementation.network_builder import NetworkBuilder
from golive.sim.implementation.parameters import parameters_with
from golive.sim.implementation.project_facts import ProjectFacts
from golive.sim.implementation.schedule import PlanDays
from golive.sim.implementation.state import Package, PackageKind

SEEDS = range(150)


def networks(**parameters: float) -> list[list[Package]]:
    scenario = with_parameters(furniture(), **parameters)
    schedule = PlanDays.of(scenario.plan, scenario.customer)
    table = parameters_with(scenario.parameters)
    return [
        NetworkBuilder(
            ProjectFacts(scenario.customer, scenario.plan, table, RandomStreams(seed), schedule)
        ).build()
        for seed in SEEDS
    ]


def log_ratio(package: Package) -> float:
    return log(package.remaining_hours / package.planned_hours)


@pytest.fixture(scope="module")
def shared() -> list[list[Package]]:
    return networks()


@pytest.fixture(scope="module")
def unshared() -> list[list[Package]]:
    return networks(effort_sigma_project=0.0)


def column(drawn: list[list[Package]], workstream: Workstream, number: int = 0) -> list[float]:
    """Log of true over planned effort of one package, over the seeds."""
    index = WORKSTREAMS.index(workstream)
    ids = [p.id for p in drawn[0] if p.workstream == index and p.kind != PackageKind.CLEANSE]
    return [log_ratio(packages[ids[number]]) for packages in drawn]


def mean_correlation(drawn: list[list[Package]]) -> float:
    """Of the first five packages of discovery."""
    columns = [column(drawn, Workstream.DISCOVERY, number) for number in range(5)]
    return fmean(correlation(one, other) for one, other in combinations(columns, 2))


@pytest.mark.parametrize("workstream", list(Workstream))
def test_spread_of_a_workstream_is_its_parameter(workstream, unshared):
    ids = [
        p.id
        for p in unshared[0]
        if p.workstream == WORKSTREAMS.index(workstream) and p.kind != PackageKind.CHANGE
    ]
    values = [log_ratio(packages[i]) for packages in unshared for i in ids]
    sigma = getattr(parameters_with({}), f"effort_sigma_{workstream.value}")
    assert stdev(values) == pytest.approx(sigma, rel=0.12)
    assert fmean(values) == pytest.approx(0.0, abs=0.05)


def test_lognormal_effort_is_skewed_to_the_right(unshared):
    values = [exp(value) for value in column(unshared, Workstream.CUSTOMISATION)]
    assert fmean(values) > sorted(values)[len(values) // 2]


def test_packages_of_a_project_are_positively_correlated(shared):
    pairs = [
        (Workstream.DISCOVERY, Workstream.TRAINING),
        (Workstream.CONFIGURATION, Workstream.TESTING),
        (Workstream.DISCOVERY, Workstream.CONFIGURATION),
    ]
    for one, other in pairs:
        assert correlation(column(shared, one), column(shared, other)) > 0.08
    expected = 0.08**2 / (0.08**2 + 0.2**2)
    found = fmean(
        correlation(
            column(shared, Workstream.DISCOVERY, i), column(shared, Workstream.DISCOVERY, j)
        )
        for i in range(5)
        for j in range(i)
    )
    assert found == pytest.approx(expected, abs=0.06)


def test_without_the_shared_factor_they_are_not(unshared):
    assert abs(mean_correlation(unshared)) < 0.08


def test_whole_projects_spread_more_when_packages_go_together(shared, unshared):
    def spread(drawn: list[list[Package]]) -> float:
        totals = [sum(p.remaining_hours for p in packages if p.in_baseline) for packages in drawn]
        return stdev([log(total) for total in totals])

    assert spread(shared) > 2.0 * spread(unshared)
