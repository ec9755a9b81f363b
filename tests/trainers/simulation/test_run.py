"""All replicas of a profile at once: the episodes are those run one by one, whoever dies."""

from __future__ import annotations

import os
import signal
import time
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from golive.agents.registry import load_policy
from golive.sim.episodes import run_episode
from golive.trainers.simulation import load_profile, plan_replicas, run, simulate_profile
from golive.trainers.simulation.profile import with_changes

FIRST_SEED = 2_000_000


class Scripted:
    """The idle policy, until something happens to it at one customer's decision."""

    name = "scripted"

    def __init__(self, seed, decision, happens):
        self._where = (seed, decision)
        self._happens = happens
        self._idle = load_policy("do_nothing")

    def reset(self, seed):
        self._idle.reset(seed)
        self._seed, self._decisions = seed, 0

    def decide(self, briefing, legal):
        if (self._seed, self._decisions) == self._where:
            self._happens()
        self._decisions += 1
        return self._idle.decide(briefing, legal)


class DiesOnce:
    """Kills its process, the first time."""

    def __init__(self, mark: Path):
        self._mark = mark

    def __call__(self):
        if not self._mark.exists():
            self._mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def dies():
    os._exit(3)


def fails():
    raise ArithmeticError("no idea")


def profile(**changes):
    """A few of the simulation's replicas: nothing special, and some edge cases."""
    few = {"replicas": 3, "workers": 2, "policy": "do_nothing", "metrics_seconds": 0.0}
    return with_changes(load_profile("simulation"), few | changes)


@pytest.fixture(scope="module")
def one_by_one() -> list[dict[str, object]]:
    """The rows as episodes run one after the other give them."""
    replicas = plan_replicas(profile())
    rows = []
    for plan in replicas:
        policy = load_policy("do_nothing")
        episode = run_episode(policy, plan.scenario, plan.seed)
        rows.append(
            {
                "replica": plan.number,
                "scenario": "furniture",
                "mix": plan.mix,
                "seed": plan.seed,
                "policy": policy.name,
                "decisions": episode.decisions,
                "digest": episode.digest,
                **episode.scorecard.as_dict(),
            }
        )
    return rows


@pytest.fixture(scope="module")
def in_processes():
    return simulate_profile(profile())


def rows_of(result):
    return result.results.drop("customer").to_dicts()


def test_two_processes_give_the_rows_of_episodes_run_one_by_one(in_processes, one_by_one):
    assert rows_of(in_processes) == one_by_one
    assert in_processes.poisoned == ()
    assert in_processes.results["customer"].n_unique() == 3
    assert [row["mix"] for row in one_by_one] == [
        "none",
        "corrupt_data:critical",
        "missing_requirements:critical",
    ]


def test_this_process_gives_them_too(one_by_one):
    assert rows_of(simulate_profile(profile(backend="serial"))) == one_by_one


def test_the_metrics_count_every_step_once(in_processes, one_by_one):
    metrics, performance = in_processes.metrics, in_processes.performance
    steps = sum(row["decisions"] for row in one_by_one)
    assert performance.world_steps == metrics["world_steps"][-1] == steps
    assert performance.simulated_days == sum(row["days"] for row in one_by_one)
    assert metrics["round"].to_list() == list(range(1, metrics.height + 1))
    assert metrics.height == max(row["decisions"] for row in one_by_one)
    assert metrics["world_steps"][0] == metrics["running"][0] == performance.most_running == 3
    assert (metrics["running"] + metrics["finished"]).unique().to_list() == [3]
    assert metrics["clock_hours"].to_list() == [8.0 * day for day in range(metrics.height)]
    assert metrics["wall_seconds"].is_sorted()
    walls = pl.concat([pl.Series([0.0]), metrics["wall_seconds"]])
    assert metrics["steps_per_second"].sum() > 0.0
    rates = metrics["world_steps"].diff()[1:] / walls.diff()[2:]
    assert metrics["steps_per_second"].to_list()[1:] == pytest.approx(rates.to_list())
    assert performance.peak_resident_mb == metrics["resident_mb"].max() > 50.0
    assert (performance.restarts, performance.processes) == (0, 2)


def test_a_host_that_is_killed_is_begun_anew_and_nothing_changes(tmp_path, one_by_one):
    policy = Scripted(FIRST_SEED, 7, DiesOnce(tmp_path / "died"))
    result = simulate_profile(profile(), policy=policy)
    assert result.performance.restarts == 1
    assert result.metrics["restarts"].to_list()[6:9] == [0, 1, 1]
    assert result.poisoned == ()
    expected = [row | {"policy": "scripted"} for row in one_by_one]
    assert rows_of(result) == expected
    assert result.performance.world_steps == sum(row["decisions"] for row in one_by_one)


def test_a_replica_that_kills_its_host_every_time_takes_only_its_host_along(
    monkeypatch, one_by_one
):
    monkeypatch.setattr(run, "MOST_RESTARTS", 0)
    result = simulate_profile(profile(), policy=Scripted(FIRST_SEED, 2, dies))
    assert [row["digest"] for row in rows_of(result)] == [one_by_one[1]["digest"]]
    assert [episode.seed for episode in result.poisoned] == [FIRST_SEED, FIRST_SEED + 2]
    assert "died (exit code 3" in result.poisoned[0].error
    assert "after 0 restarts, with 2 replicas in it" in result.poisoned[0].error


def test_a_replica_that_raises_is_reported_and_the_others_go_on(tmp_path, one_by_one):
    policy = Scripted(FIRST_SEED + 1, 4, fails)
    result = simulate_profile(profile(workers=1), policy=policy)
    assert [row["digest"] for row in rows_of(result)] == [
        one_by_one[0]["digest"],
        one_by_one[2]["digest"],
    ]
    [episode] = result.poisoned
    assert str(episode) == (
        "scripted on furniture+corrupt_data:critical, seed 2000001, decision 5: "
        "ArithmeticError: no idea"
    )
    assert "in fails" in episode.details
    assert episode.snapshot is not None
    assert episode.snapshot.payload["state"]["day"] == 4
    result.save(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "metrics.parquet",
        "poisoned",
        "poisoned.json",
        "profile.yaml",
        "results.parquet",
    ]
    assert pl.read_parquet(tmp_path / "out" / "results.parquet").equals(result.results)
    assert load_profile(tmp_path / "out" / "profile.yaml") == result.profile


def test_when_all_replicas_fail_there_is_no_row():
    policy = Scripted(FIRST_SEED, 0, fails)
    result = simulate_profile(profile(replicas=1, backend="serial"), policy=policy)
    assert result.results.is_empty()
    assert len(result.poisoned) == 1


def test_time_may_be_held_to_the_clock(one_by_one):
    hours = 8.0 * (one_by_one[0]["decisions"] - 1)
    acceleration = hours * 3600.0 / 1.5
    started = time.monotonic()
    result = simulate_profile(profile(replicas=1, backend="serial", acceleration=acceleration))
    assert time.monotonic() - started >= 1.5
    assert result.performance.acceleration <= acceleration


def test_replicas_of_different_calendars_keep_to_the_same_days(tmp_path):
    suite = tmp_path / "both.suite.yaml"
    suite.write_text(
        "name: both\ntitle: Both\nscenarios: [furniture, furniture-conventional]\n"
        "splits: {test: {start: 0, stop: 10}}\n"
    )
    changes = {"suite": str(suite), "replicas": 2, "failures": "none", "mixes": []}
    seen = []
    result = simulate_profile(profile(backend="serial", **changes), progress=seen.append)
    stepped = [0, *(row.world_steps for row in seen)]
    per_round = [after - before for before, after in pairwise(stepped)]
    assert per_round[:11] == [2, 1, 1, 1, 1, 2, 1, 1, 1, 1, 2]
    assert result.results["scenario"].to_list() == ["furniture", "furniture-conventional"]
