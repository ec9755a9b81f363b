"""Adaptation: a policy that learns is taught, one that does not is taken as it is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from gate_examples import adaptation_of, small_gate

from golive.agents.learned import current_interface
from golive.agents.policy_file import NetworkRecord, PolicyFile, TrainingRecord, write_policy_file
from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.adaptation import (
    Course,
    fine_tuning_configuration,
    measure_adaptation,
)
from golive.trainers.evaluation.gate import _course
from golive.trainers.evaluation.plan import make_entrants

SETTINGS = small_gate(
    adaptation={
        "scenarios": ["furniture", "textile-knitting"],
        "iterations": 2,
        "episodes": 2,
        "n_envs": 2,
        "ppo": {"n_steps": 16, "batch_size": 32, "n_epochs": 1},
    }
).adaptation
SEEDS = range(5, 7)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A policy with random weights, said to be trained on furniture."""
    interface = current_interface(world_kind("implementation"))
    network = NetworkRecord((8,), "relu")
    rng = np.random.default_rng(0)
    layers = tuple(
        (rng.normal(size=shape).astype("f4"), np.zeros(shape[0], "f4"))
        for shape in network.layer_shapes(interface.observation_size, sum(interface.action_sizes))
    )
    record = TrainingRecord("0.1.0", "furniture", 0, 1000, None, 0, "")
    path = tmp_path_factory.mktemp("policy") / "mine.policy"
    write_policy_file(path, PolicyFile(interface, network, record, layers))
    return path


def course(old=True):
    furniture = load_scenario("furniture")
    knitting = load_scenario("textile-knitting")
    return Course("textile-knitting", knitting, SEEDS, (furniture, SEEDS) if old else None)


def test_a_policy_that_learns_is_taught_and_judged_after_every_iteration(file):
    (entrant,) = make_entrants([str(file)])
    told = []
    found = measure_adaptation(
        entrant,
        file,
        course(),
        SETTINGS,
        level=0.95,
        progress=lambda *counts: told.append(counts),
    )
    assert found.learns
    assert found.made == 2
    assert len(found.curve) == 3
    assert found.iteration_steps == 32
    assert (found.scenario, found.old_scenario) == ("textile-knitting", "furniture")
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(("policy", "iterations"), [("expert", 0), ("do_nothing", math.inf)])
def test_a_policy_that_does_not_learn_is_taken_as_it_is(policy, iterations):
    (entrant,) = make_entrants([policy])
    found = measure_adaptation(entrant, None, course(old=False), SETTINGS, level=0.95)
    assert not found.learns
    assert found.made == 0
    assert found.iterations == iterations
    assert found.retention.low == 1.0


def test_iterations_have_an_interval_from_that_of_the_score():
    found = adaptation_of(0.5, 0.94, 0.96, 0.99, width=0.02)
    assert (found.fewest, found.iterations, found.most) == (1, 2, 3)


def test_the_tuning_takes_the_policys_own_network(file):
    found = fine_tuning_configuration(file, "textile-knitting", SETTINGS, 1)
    assert found.ppo.net_arch == (8,)
    assert found.ppo.activation == "relu"
    assert found.rollout_steps == 32
    assert found.total_steps == 64
    assert found.environment.scenario == "textile-knitting"


def test_the_new_scenario_is_one_that_it_was_not_trained_on(file):
    gate = small_gate(adaptation={"scenarios": ["furniture", "textile-knitting"], "episodes": 2})
    assert _course(gate, file).name == "textile-knitting"
    assert _course(gate, file).old[0].name == "furniture"
    assert _course(gate, None).name == "furniture"
    with pytest.raises(GoliveError, match=r"adaptation\.scenarios: furniture: expected one that"):
        _course(small_gate(adaptation={"scenarios": ["furniture"]}), file)
