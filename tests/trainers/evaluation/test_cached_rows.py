"""Evaluating twice: the same rows, and nothing simulated that has not changed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from synthetic import SyntheticPolicy, run_synthetic

from golive.agents.policy_file import (
    InterfaceRecord,
    NetworkRecord,
    PolicyFile,
    TrainingRecord,
    write_policy_file,
)
from golive.agents.registry import load_policy
from golive.core.execution.cache import ResultCache
from golive.core.records import changed
from golive.scenarios.loader import load_scenario
from golive.sim import episodes
from golive.trainers.evaluation import cached_rows, evaluate
from golive.trainers.evaluation.cached_rows import CachedRows
from golive.trainers.evaluation.episode_rows import EpisodeTask
from golive.trainers.evaluation.keeper import Existing, RowKeeper
from golive.trainers.evaluation.plan import Entrant, make_entrants, make_plan

POLICIES = ["plan_follower", "do_nothing"]
SCENARIO = load_scenario("furniture")


@pytest.fixture
def cache():
    with ResultCache(warn=pytest.fail) as cache:
        yield cache


@pytest.fixture
def simulated(monkeypatch):
    """Counts the episodes that are really begun, by policy."""
    counts = Counter()
    begin = episodes.begin_episode

    def counted(policy, world, observers=()):
        counts[policy.name] += 1
        begin(policy, world, observers)

    monkeypatch.setattr(episodes, "begin_episode", counted)
    return counts


def run(cache, policies=POLICIES, scenario=SCENARIO, **changes):
    arguments = {"first_seed": 5, "episodes": 2, "backend": "serial", "cache": cache}
    return evaluate(policies, [scenario], **(arguments | changes))


def test_the_second_time_nothing_is_simulated_and_the_rows_are_the_same(cache, simulated):
    plain = run(None)
    simulated.clear()
    first = run(cache)
    assert simulated.total() == 4
    second = run(cache, progress=lambda done, total: simulated.update({f"told {done}": 1}))
    assert simulated == {"plan_follower": 2, "do_nothing": 2, "told 4": 1}
    for result in (first, second):
        assert result.plan == plain.plan
        assert result.rows.schema == plain.rows.schema
        assert result.rows.equals(plain.rows, null_equal=True)


def test_only_what_is_new_is_simulated(cache, simulated):
    run(cache)
    simulated.clear()
    run(cache, episodes=3)
    assert simulated == {"plan_follower": 1, "do_nothing": 1}
    run(cache, policies=[*POLICIES, "random"])
    assert simulated["random"] == 2
    assert simulated.total() == 4


def test_a_label_is_each_evaluations_own(cache, simulated):
    first = run(cache, policies=["plan_follower"])
    again = run(cache, policies=["mine=plan_follower"])
    assert simulated.total() == 2
    assert again.rows["policy"].unique().to_list() == ["mine"]
    assert again.rows.drop("policy").equals(first.rows.drop("policy"), null_equal=True)


@pytest.mark.parametrize(
    "other",
    [
        changed(SCENARIO, parameters={"trust_dip_per_day": -0.05}),
        changed(SCENARIO, name="furniture-two"),
        changed(SCENARIO, customer=changed(SCENARIO.customer, name="Other")),
    ],
    ids=["parameter", "name", "customer"],
)
def test_another_scenario_is_simulated(cache, simulated, other):
    run(cache, policies=["do_nothing"])
    run(cache, policies=["do_nothing"], scenario=other)
    assert simulated.total() == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source_digest", lambda: "another"),
        ("ROW_FORMAT", 2),
        ("installed_versions", lambda *_: {"golive": "9"}),
    ],
)
def test_other_code_and_other_versions_are_simulated(cache, simulated, monkeypatch, name, value):
    run(cache, policies=["do_nothing"])
    monkeypatch.setattr(cached_rows, name, value)
    run(cache, policies=["do_nothing"])
    assert simulated.total() == 4


def test_an_interrupted_evaluation_leaves_what_it_finished(cache, simulated):
    def stop(done, _total):
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(cache, progress=stop)
    begun = simulated.total()
    assert 2 <= begun < 4
    run(cache)
    assert simulated.total() == 4


def test_rows_of_a_directory_are_not_asked_for_again(cache, simulated, tmp_path):
    run(None, directory=tmp_path)
    run(cache, directory=tmp_path, existing=Existing.RESUME)
    assert simulated.total() == 4
    assert cache.hits + cache.misses == 0


def test_policies_given_as_objects_and_other_worlds_are_not_cached(cache, policies, scenarios):
    arguments = {"first_seed": 0, "episodes": 2, "backend": "serial", "run": run_synthetic}
    evaluate(policies, scenarios, cache=cache, **arguments)
    named = [Entrant("do_nothing", "do_nothing")]
    evaluate(named, scenarios, cache=cache, **(arguments | {"run": synthetic_by_name}))
    run(cache, policies=[load_policy("do_nothing")])
    assert cache.statistics().entries == 0
    assert cache.hits + cache.misses == 0


def synthetic_by_name(_policy, scenario, seed):
    return run_synthetic(SyntheticPolicy("x", 0.0), scenario, seed)


def policy_file(path, seed: int):
    """A file that is hashed, not loaded: what it decides does not matter here."""
    network = NetworkRecord((2,), "relu")
    rng = np.random.default_rng(seed)
    layers = tuple(
        (rng.normal(size=shape).astype("f4"), np.zeros(shape[0], "f4"))
        for shape in network.layer_shapes(3, 4)
    )
    record = TrainingRecord("0.1.0", "furniture", seed, 1, None, 0, "")
    interface = InterfaceRecord("golive/Implementation-v1", 3, "0", (4,))
    write_policy_file(path, PolicyFile(interface, network, record, layers))
    return str(path)


ROW = {"policy": "x", "scenario": "furniture", "seed": 5, "decisions": 3, "digest": "a", "s": 0.5}
ROWS = pl.DataFrame([ROW])


def asked(cache, spec, entrants=None):
    """What the cache knows of the episode of a policy; and the rows to put more into it."""
    entrants = entrants or make_entrants([f"x={spec}"])
    plan = make_plan(entrants, [SCENARIO], first_seed=5, episodes=1)
    rows, keeper = CachedRows(cache, plan, entrants), RowKeeper(plan, None, Existing.REFUSE)
    rows.fill(keeper)
    return keeper.count, rows


def keep(rows) -> None:
    rows.put(ROWS)
    rows.flush()


def test_a_policy_file_is_known_by_its_content_wherever_it_lies(cache, tmp_path):
    one = policy_file(tmp_path / "one.policy", seed=1)
    found, rows = asked(cache, one)
    keep(rows)
    assert found == 0
    assert asked(cache, one)[0] == 1
    (tmp_path / "run").mkdir()
    policy_file(tmp_path / "run" / "best.policy", seed=1)
    assert asked(cache, str(tmp_path / "run"))[0] == 1
    policy_file(tmp_path / "one.policy", seed=2)
    assert asked(cache, one)[0] == 0


def test_a_wrapped_policys_file_counts_and_so_does_the_wrapper(cache, tmp_path):
    file = policy_file(tmp_path / "one.policy", seed=1)
    keep(asked(cache, f"noisy:{file}:0.1")[1])
    assert asked(cache, f"noisy:{file}:0.1")[0] == 1
    assert asked(cache, f"noisy:{file}:0.2")[0] == 0
    assert asked(cache, file)[0] == 0
    policy_file(tmp_path / "one.policy", seed=2)
    assert asked(cache, f"noisy:{file}:0.1")[0] == 0


@pytest.mark.parametrize("change", [lambda file: policy_file(file, seed=2), lambda f: f.unlink()])
def test_rows_of_a_file_that_changed_meanwhile_are_not_kept(cache, tmp_path, change):
    path = tmp_path / "one.policy"
    policy_file(path, seed=1)
    _, rows = asked(cache, str(path))
    rows.put(ROWS)
    change(path)
    rows.flush()
    assert cache.statistics().entries == 0
    policy_file(path, seed=1)
    assert asked(cache, str(path))[0] == 0


def test_an_entrant_whose_file_was_not_hashed_is_not_cached(cache, tmp_path):
    file = policy_file(tmp_path / "one.policy", seed=1)
    keep(asked(cache, file, [Entrant("x", file)])[1])
    assert cache.statistics().entries == 0


def test_a_row_of_another_seed_is_no_hit(cache):
    _, rows = asked(cache, "expert")
    cache.put_many({rows._key(EpisodeTask(0, 0, 5)): ROW | {"seed": 6}})
    assert asked(cache, "expert")[0] == 0


def test_rows_are_handed_over_while_the_evaluation_runs(cache, monkeypatch):
    monkeypatch.setattr(cached_rows, "_SECONDS_BETWEEN_PUTS", 0.0)
    _, rows = asked(cache, "expert")
    rows.put(ROWS)
    assert cache.statistics().entries == 1
    assert asked(cache, "expert")[0] == 1
