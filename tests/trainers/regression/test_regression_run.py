"""What a bench suite measures: what the environment pays, learned policies, by any workers."""

from __future__ import annotations

import json
from contextlib import contextmanager

import gymnasium
import numpy as np
import pytest

from golive.agents.learned import current_interface
from golive.agents.policy_file import NetworkRecord, PolicyFile, TrainingRecord, write_policy_file
from golive.agents.registry import load_policy
from golive.cli.app import run
from golive.scenarios.loader import load_scenario
from golive.sim.worlds import world_kind
from golive.trainers.regression.run import paid_episode, run_suite
from golive.trainers.regression.suite import load_bench_suite

KIND = world_kind("implementation")
SEED = 3_000_000
MISSION = {
    "implementation_success",
    "timeline_accuracy",
    "customer_satisfaction",
    "data_quality_improvement",
    "error_prevention",
    "manual_intervention",
    "business_value",
}
SUITE = """
name: learned
title: A learned policy
scenarios: [{scenario: furniture}]
seeds: {start: 3_000_000, stop: 3_000_002}
policies: [ours=agent.policy]
tolerances: {learned_score: 0.01}
"""


def write_policy(path, seed: int = 0) -> None:
    """A network of random weights: it decides, though not well."""
    interface, network = current_interface(KIND), NetworkRecord((8,), "tanh")
    generator = np.random.default_rng(seed)
    shapes = network.layer_shapes(interface.observation_size, sum(interface.action_sizes))
    layers = tuple(
        (generator.normal(size=s).astype(np.float32), generator.normal(size=s[0]).astype("f4"))
        for s in shapes
    )
    record = TrainingRecord("0.1.0", "furniture", 0, 0, None, 0, "seed: 0\n")
    write_policy_file(path, PolicyFile(interface, network, record, layers))


@pytest.mark.parametrize("name", ["plan_follower", "intervene_every_day"])
def test_reward_terms_are_what_the_environment_pays(name):
    scenario, policy = load_scenario("furniture"), load_policy(name)
    found = paid_episode(policy, scenario, SEED)
    environment = gymnasium.make("golive/Implementation-v1", scenario=scenario).unwrapped
    environment.reset(options={"episode_seed": SEED})
    policy.reset(SEED)
    paid = dict.fromkeys(MISSION, 0.0)
    ended = False
    while not ended:
        action = KIND.language.action(policy.decide(environment.briefing, environment.legal()))
        _, _, ended, _, information = environment.step(action)
        for term in paid:
            paid[term] += information["reward_terms"][term]
    assert found.figures == paid
    assert found.digest == environment.world.digest()
    assert found.scorecard.as_dict() == information["scorecard"]


def test_the_figures_do_not_depend_on_the_number_of_workers(tmp_path):
    write_policy(tmp_path / "agent.policy")
    (tmp_path / "bench.yaml").write_text(SUITE + "baselines: [plan_follower]\n", "utf-8")
    loaded = load_bench_suite(str(tmp_path / "bench.yaml"))
    calls: list[tuple[int, int]] = []
    alone = run_suite(loaded, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert run_suite(loaded, workers=2) == alone


@pytest.fixture
def learned(tmp_path):
    """A suite with a learned policy that has a baseline; gives the command and the file."""
    write_policy(tmp_path / "agent.policy")
    (tmp_path / "bench.yaml").write_text(SUITE, "utf-8")
    path = tmp_path / "baseline.json"
    command = ["bench", "--suite", str(tmp_path / "bench.yaml"), "--against", str(path)]
    command += ["--workers", "1"]
    assert run([*command, "--update", "--reason", "x"]) == 0
    return command, path


def moved_by(path, amount: float) -> None:
    content = json.loads(path.read_text("utf-8"))
    cell = content["figures"]["scenarios"]["furniture"]["policies"]["ours"]
    cell["scores"] = [score + amount for score in cell["scores"]]
    cell["mean_score"] = sum(cell["scores"]) / 2
    cell["digests"][0] = "0" * 32
    path.write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(("amount", "code"), [(0.009, 0), (0.011, 1), (-0.2, 0)])
def test_a_learned_policy_may_fall_within_its_tolerance(learned, capsys, amount, code):
    command, path = learned
    moved_by(path, amount)
    assert run(command) == code
    out = capsys.readouterr().out
    assert "Learned policies" in out
    assert "no" in out
    assert ("less 0.01" in out) == bool(code)
    assert ("Moved metrics" in out) == bool(code)


def test_a_replaced_policy_file_is_named(learned, capsys):
    command, path = learned
    write_policy(path.parent / "agent.policy", seed=1)
    run(command)
    assert "furniture: ours: the policy's file is not the baseline's" in capsys.readouterr().out


def test_ctrl_c_stops_it_in_a_line_and_writes_nothing(tmp_path, monkeypatch, capsys):
    from golive.trainers.evaluation import progress

    @contextmanager
    def interrupting(_description):
        def show(done: int, _total: int) -> None:
            if done == 3:
                raise KeyboardInterrupt

        yield show

    monkeypatch.setattr(progress, "counting_bar", interrupting)
    text = SUITE.replace("policies: [ours=agent.policy]", "baselines: [plan_follower]")
    suite = tmp_path / "bench.yaml"
    suite.write_text(text.replace("3_000_002", "3_000_900"), "utf-8")
    command = ["bench", "--suite", str(suite), "--against", str(tmp_path / "baseline.json")]
    assert run([*command, "--update", "--reason", "x", "--workers", "2"]) == 130
    assert capsys.readouterr().err.strip() == "interrupted"
    assert [path.name for path in tmp_path.iterdir()] == ["bench.yaml"]
