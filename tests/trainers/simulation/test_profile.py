"""Profiles as data, and the replicas they mean."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario, load_suite
from golive.sim.implementation.world import ImplementationWorld
from golive.trainers.evaluation.gate_suites import load_gate
from golive.trainers.simulation import (
    load_profile,
    plan_replicas,
    profile_names,
    profile_schema,
)
from golive.trainers.simulation.profile import PROFILES, with_changes


def changed(name, **changes):
    return with_changes(load_profile(name), changes)


def levels_of(plans):
    """The scenarios that are met, each once."""
    return list({id(plan.scenario): plan.scenario for plan in plans}.values())


def test_the_three_environments_are_there():
    assert profile_names() == ("sandbox", "simulation", "staging")


@pytest.mark.parametrize("name", profile_names())
def test_the_shipped_profiles_fit_the_schema_and_can_be_planned(name):
    jsonschema.validate(yaml.safe_load((PROFILES / f"{name}.yaml").read_text()), profile_schema())
    replicas = plan_replicas(load_profile(name))
    assert [plan.number for plan in replicas] == list(range(load_profile(name).replicas))


def test_the_sandbox_is_one_replica_in_a_process_of_its_own():
    sandbox = load_profile("sandbox")
    assert (sandbox.replicas, sandbox.workers, sandbox.backend) == (1, 1, "process")


def test_the_simulation_is_a_hundred_customers_that_meet_every_edge_case():
    replicas = plan_replicas(load_profile("simulation"))
    assert len({plan.seed for plan in replicas}) == 100
    assert min(plan.seed for plan in replicas) == load_suite("furniture").splits["test"].start
    met = {row.kind for scenario in levels_of(replicas) for row in scenario.disruptions}
    assert set(load_gate().edge_cases.kinds) < met
    assert sum(scenario.opponent is not None for scenario in levels_of(replicas)) == 1
    [own] = load_scenario("furniture").disruptions
    assert all(own in scenario.disruptions for scenario in levels_of(replicas))


def test_staging_is_the_gates_customers_without_what_goes_wrong_from_outside():
    staging, gate = load_profile("staging"), load_gate()
    replicas = plan_replicas(staging)
    assert {scenario.name for scenario in levels_of(replicas)} == set(gate.scenarios)
    for scenario in levels_of(replicas):
        assert scenario.disruptions == ()
        assert scenario.opponent is None
        assert scenario.customer == load_scenario(scenario.name).customer
    per_scenario = staging.replicas // len(gate.scenarios)
    for name in gate.scenarios:
        seeds = [plan.seed for plan in replicas if plan.scenario.name == name]
        assert seeds == list(range(2_000_000, 2_000_000 + per_scenario))


def test_a_gate_with_its_failures_has_its_edge_cases():
    gate = load_gate()
    replicas = plan_replicas(changed("staging", failures="listed"))
    cases = len(gate.edge_cases.kinds) * len(gate.edge_cases.severities)
    assert len(levels_of(replicas)) == len(gate.scenarios) * (1 + cases)
    assert {plan.mix for plan in replicas} >= {"none", "corrupt_data:moderate"}


def test_a_suite_with_its_failures_has_its_mixes():
    profile = changed("sandbox", scenario=None, suite="adversarial", replicas=60)
    mixes = [mix.label for mix in load_suite("adversarial").edge_cases]
    replicas = plan_replicas(profile)
    furniture = [plan for plan in replicas if plan.scenario.name == "furniture"]
    assert [plan.mix for plan in furniture] == (mixes * 2)[: len(furniture)]
    for plan in replicas:
        assert (plan.scenario.opponent is not None) == plan.mix.startswith("opponent:")


def test_without_failures_no_disruption_is_met_and_the_luck_stays():
    calm = load_scenario("techmold").without_failures()
    world = ImplementationWorld(calm, 3)
    assert world.customer == ImplementationWorld(load_scenario("techmold"), 3).customer
    assert calm.customer.challenges == load_scenario("techmold").customer.challenges


def test_parameters_of_the_profile_give_way_to_the_scenarios():
    own = load_scenario("techmold").parameters["effort_reference_hours"]
    values = {"effort_reference_hours": 2000.0, "corrupt_data_profiled": 0.5, "question_rate": 1.0}
    profile = changed("sandbox", scenario="techmold", parameters=values)
    parameters = plan_replicas(profile)[0].scenario.parameters
    assert parameters["effort_reference_hours"] == own
    assert parameters["question_rate"] == 1.0


def test_a_users_file_names_its_scenario_beside_it(tmp_path):
    from golive.scenarios.loader import save_yaml

    save_yaml(load_scenario("furniture"), tmp_path / "mine.yaml")
    (tmp_path / "profile.yaml").write_text("name: mine\ntitle: Mine\nscenario: mine.yaml\n")
    profile = load_profile(tmp_path / "profile.yaml")
    assert plan_replicas(profile)[0].scenario.name == "furniture"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"suite": "furniture"}, "expected one of scenario, suite and gate, found scenario and su"),
        ({"scenario": None}, "expected one of scenario, suite and gate, found none of them"),
        ({"replicas": 0}, "replicas: 0: expected"),
        ({"acceleration": 0.0}, "acceleration: 0.0: expected"),
        ({"failures": "mixes"}, "mixes: expected some with failures: mixes, and none otherwise"),
        ({"mixes": [["corrupt_data"]]}, "mixes: expected some with failures: mixes"),
        ({"failures": "some"}, "failures: 'some'"),
        ({"backend": "cloud"}, "backend: 'cloud'"),
        ({"replica": 5}, "replica: "),
    ],
)
def test_what_contradicts_itself_is_refused(changes, message):
    with pytest.raises(GoliveError) as caught:
        changed("sandbox", **changes)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scenario": "furnitur"}, "no such scenario"),
        ({"scenario": None, "suite": "none-such"}, "no such suite"),
        (
            {"scenario": None, "suite": "furniture", "replicas": 10_001},
            "replicas: 10001: expected at most the 10000 seeds of furniture",
        ),
    ],
)
def test_what_is_not_there_is_refused(changes, message):
    with pytest.raises(GoliveError) as caught:
        plan_replicas(changed("sandbox", **changes))
    assert message in str(caught.value)


def test_an_unknown_profile_is_refused_with_those_there_are():
    with pytest.raises(GoliveError, match=r"'sandbx': expected a file that exists or one of sandb"):
        load_profile("sandbx")


def test_the_profile_in_the_documentation_is_valid(tmp_path):
    page = (Path(__file__).parents[3] / "docs" / "profiles.md").read_text("utf-8")
    [text] = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "two-markets.yaml").write_text(text, "utf-8")
    replicas = plan_replicas(load_profile(tmp_path / "two-markets.yaml"))
    assert {plan.mix for plan in replicas} == {
        "multilingual_requirements:critical",
        "offline",
    }
