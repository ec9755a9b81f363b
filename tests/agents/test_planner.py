"""The planner: no worse than what it rolls out, and refused where it has no world to look into."""

from __future__ import annotations

import json

import numpy as np
import pytest

from golive.agents.implementation.expert import Expert
from golive.agents.implementation.probes import DoNothing
from golive.agents.planner import Planner, best_by_halving, most_candidates
from golive.agents.registry import load_policy
from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import begin_episode, run_episode
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.policy import Policy, WorldPolicy
from golive.sim.worlds import world_kind
from golive.trainers.datasets.playing import play_episode

SCENARIO = load_scenario("furniture")
KIND = world_kind("implementation")
TINY = 4


class Remembering:
    """The expert, but it counts its decisions since it was reset."""

    name = "remembering"

    def __init__(self):
        self.asked = -1
        self._expert = Expert()

    def reset(self, seed):
        self.asked = 0

    def decide(self, briefing, legal):
        self.asked += 1
        return self._expert.decide(briefing, legal)


def late(seed=3):
    """A world a little before its go-live."""
    world, expert = ImplementationWorld(SCENARIO, seed), Expert()
    for _ in range(20):
        world.advance(expert.decide(world.briefing(), world.legal()))
    return world


def mornings(policy, world, count=12):
    """A policy's decisions on some mornings."""
    begin_episode(policy, world)
    decisions = []
    for _ in range(count):
        decisions.append(policy.decide(world.briefing(), world.legal()))
        world.advance(decisions[-1])
    return decisions


def test_only_the_planner_asks_for_the_world():
    assert isinstance(Planner(KIND), Policy)
    assert isinstance(Planner(KIND), WorldPolicy)
    assert not any(isinstance(load_policy(name), WorldPolicy) for name in (*KIND.policies,))


def test_the_planner_is_deterministic_and_is_not_the_expert():
    policy = Planner(KIND, TINY)
    once = mornings(policy, late())
    mornings(policy, late(4), 1)  # nothing of it is remembered
    assert mornings(policy, late()) == once
    assert mornings(Expert(), late()) != once


@pytest.mark.parametrize("budget", [1, 3])
def test_with_a_budget_too_small_it_is_the_expert(budget):
    expert = run_episode(Expert(), SCENARIO, 3)
    assert run_episode(Planner(KIND, budget), SCENARIO, 3).digest == expert.digest


def test_it_does_not_know_the_true_future():
    """Two worlds in one state whose futures differ get one decision if the episode is the same."""
    world = late()
    decisions = []
    for seed in (11, 12):
        other = ImplementationWorld.restore(world.snapshot(), seed=seed)
        planner = Planner(KIND, 12)
        planner.reset(3)
        planner.attach(other)
        decisions.append(planner.decide(other.briefing(), other.legal()))
    assert decisions[0] == decisions[1]


@pytest.mark.parametrize("seed", [3, 4])
def test_with_hindsight_it_never_does_worse_than_the_policy_it_rolls_out(seed):
    policy = DoNothing if seed == 4 else Expert
    usual = run_episode(policy(), SCENARIO, seed).scorecard.go_live_score
    best = run_episode(Planner(KIND, 3, hindsight=True, policy=policy), SCENARIO, seed)
    assert best.scorecard.go_live_score >= usual
    assert best.scorecard.go_live_score > usual + 0.001 or policy is DoNothing
    assert best.scorecard.illegal_decisions == 0


def test_the_policy_that_decides_is_not_the_one_that_is_rolled_out():
    made = []

    def make():
        made.append(Remembering())
        return made[-1]

    planner = Planner(KIND, TINY, policy=make)
    world = ImplementationWorld(SCENARIO, 3)
    begin_episode(planner, world)
    for number in range(1, 4):
        world.advance(planner.decide(world.briefing(), world.legal()))
        assert made[0].asked == number


def test_without_its_world_it_says_what_is_missing():
    world = ImplementationWorld(SCENARIO, 3)
    planner = Planner(KIND, TINY)
    with pytest.raises(GoliveError, match="planner:4: expected the world itself"):
        planner.decide(world.briefing(), world.legal())
    begin_episode(planner, ImplementationWorld(SCENARIO, 4))
    with pytest.raises(GoliveError, match="expected the world itself"):
        planner.decide(world.briefing(), world.legal())
    begin_episode(planner, world)
    planner.reset(3)
    with pytest.raises(GoliveError, match="expected the world itself"):
        planner.decide(world.briefing(), world.legal())


def test_demonstrations_show_it_the_world():
    expert = run_episode(Expert(), SCENARIO, 3)
    reward = KIND.reward_language.reward("score")
    demonstration = play_episode(KIND.build(SCENARIO, 3), Planner(KIND, 1), reward)
    assert demonstration.scorecard == expert.scorecard.as_dict()


def test_it_is_listed_but_in_no_table_by_default(capsys):
    assert "planner" not in KIND.baselines
    assert "planner" not in (*KIND.policies,)
    assert run(["policies"]) == 0
    printed = capsys.readouterr()
    assert ["planner", "bound"] in [line.split() for line in printed.out.splitlines()]
    assert "a bound looks into the world" in printed.err


@pytest.mark.parametrize(
    "spec", ["planner", "planner:128", "planner:128:hindsight", "planner:64:hindsight"]
)
def test_it_loads_under_its_name(spec):
    assert load_policy(spec).name == spec


@pytest.mark.parametrize(
    "spec", ["planner:", "planner:many", "planner:-1", "planner:8:foresight", "planner:0"]
)
def test_a_wrong_budget_is_refused(spec):
    with pytest.raises(GoliveError, match=r"expected (planner|at least 1)"):
        load_policy(spec)


def test_the_command_line_runs_it(capsys):
    assert run(["simulate", "furniture", "--policy", "planner:1", "--seed", "3", "--json"]) == 0
    simulated = capsys.readouterr().out
    assert run(["simulate", "furniture", "--policy", "expert", "--seed", "3", "--json"]) == 0
    assert simulated.replace("planner:1", "expert") == capsys.readouterr().out
    arguments = ["--policies", "planner:1", "--suite", "furniture", "--episodes", "1"]
    assert run(["evaluate", *arguments, "--workers", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ranking"] == ["planner:1"]


class Bandit:
    """Candidates with known means and noise that candidates share in part; counts the calls."""

    def __init__(self, means, noise, seed=0):
        self.means = means
        self.noise = noise
        self.calls = 0
        self.seen = set()
        self._seed = seed

    def __call__(self, candidate, future):
        self.calls += 1
        assert (candidate, future) not in self.seen
        self.seen.add((candidate, future))
        common = np.random.default_rng([self._seed, future]).normal(0.0, 1.0)
        own = np.random.default_rng([self._seed, future, candidate + 1]).normal(0.0, self.noise)
        return self.means[candidate] + common + own


@pytest.mark.parametrize("budget", [4, 8, 16, 30, 64, 128, 300])
def test_halving_keeps_to_its_budget_and_tries_nothing_twice(budget):
    bandit = Bandit(np.linspace(0.0, 0.1, most_candidates(budget)), 0.1)
    best_by_halving(bandit, most_candidates(budget), budget)
    assert 0.7 * budget <= bandit.calls <= budget


def test_more_budget_compares_more_candidates():
    counts = [most_candidates(budget) for budget in (1, 3, 4, 16, 64, 128)]
    assert counts[:3] == [1, 1, 2]
    assert counts == sorted(counts)
    assert counts[-1] > counts[-2] > 4


def test_halving_finds_the_best_where_it_stands_out():
    for seed in range(20):
        bandit = Bandit([0.0, 0.1, 0.5, 0.2, -0.3, 0.0], 0.05, seed)
        assert best_by_halving(bandit, 6, 64) == 2


def test_halving_stays_with_the_first_where_nothing_is_better():
    left = [best_by_halving(Bandit([0.0] * 6, 0.1, seed), 6, 64) != 0 for seed in range(200)]
    assert np.mean(left) < 0.25  # one standard error is exceeded by chance in 16 of 100
    worse = Bandit([0.0, -0.1, -0.2, -0.1, -0.3, -0.1], 0.01)
    assert best_by_halving(worse, 6, 64) == 0


def test_a_gain_without_noise_is_taken_unless_it_is_not_worth_it():
    assert best_by_halving(Bandit([0.0, 0.001], 0.0), 2, 8) == 1
    assert best_by_halving(Bandit([0.0, 0.0001], 0.0), 2, 8) == 0
