"""Workers that die, episodes that fail, a driver that is killed: all real processes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from deadly import Square, fail_to_load, kill_this_process

from golive.agents.implementation.probes import DoNothing
from golive.core.execution import TaskError, map_chunks, map_tasks
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.world import ImplementationWorld
from golive.trainers.evaluation import evaluate
from golive.trainers.evaluation.poisoned import SNAPSHOT_DIRECTORY


def test_workers_that_are_killed_cost_nothing_but_time(tmp_path):
    seen = []
    results = map_tasks(
        Square(tmp_path, frozenset({3, 40, 41}), times=1),
        range(60),
        workers=2,
        on_result=lambda index, _: seen.append(index),
    )
    assert results == [value * value for value in range(60)]
    assert sorted(seen) == list(range(60))
    assert {path.name for path in tmp_path.iterdir()} == {"3", "40", "41"}


def test_a_task_that_kills_every_worker_is_reported_and_the_others_are_done(tmp_path):
    lost, done = {}, []
    chunks = map_chunks(
        Square(tmp_path, frozenset({7}), times=99),
        range(30),
        pack=list,
        workers=2,
        on_lost=lost.__setitem__,
    )
    for indices, results in chunks:
        assert results == [index * index for index in indices]
        done += indices
    assert sorted(done) == [index for index in range(30) if index != 7]
    assert list(lost) == [7]
    assert "a worker process died (exit code -9" in lost[7]


def test_without_anybody_to_tell_it_is_an_error_that_names_the_task(tmp_path):
    with pytest.raises(TaskError, match="number 7: a worker process died"):
        map_tasks(
            Square(tmp_path, frozenset({7}), times=99),
            range(30),
            workers=2,
            name_of=lambda task: f"number {task}",
        )


class NeverUnpickled:
    def __reduce__(self):
        return (fail_to_load, ())

    def __call__(self, task):
        raise NotImplementedError


def test_work_that_no_worker_can_load_is_an_error_and_not_a_hang():
    with pytest.raises(TaskError, match="this machine lacks a library"):
        map_tasks(NeverUnpickled(), range(4), workers=2)


class Faulty(DoNothing):
    """Fails on its sixth decision for one customer."""

    name = "faulty"

    def __init__(self, seed: int, *, deadly: bool = False) -> None:
        self._bad_seed = seed
        self._deadly = deadly
        self._decisions_until_failure = -1

    def reset(self, seed):
        self._decisions_until_failure = 5 if seed == self._bad_seed else -1

    def decide(self, briefing, legal):
        if self._decisions_until_failure == 0:
            if self._deadly:
                kill_this_process()
            raise ZeroDivisionError("no hours left to share")
        self._decisions_until_failure -= 1
        return super().decide(briefing, legal)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("furniture")


def faulty_evaluation(scenario, directory, *, deadly):
    return evaluate(
        [DoNothing(), Faulty(103, deadly=deadly)],
        [scenario],
        first_seed=100,
        episodes=6,
        workers=2,
        directory=directory,
        raise_poisoned=False,
    )


def test_a_failed_episode_comes_with_the_morning_before_it_fails(scenario, tmp_path, capsys):
    result = faulty_evaluation(scenario, tmp_path, deadly=False)
    [poisoned] = result.poisoned
    assert (poisoned.policy, poisoned.seed, poisoned.decisions) == ("faulty", 103, 5)
    assert poisoned.error == "ZeroDivisionError: no hours left to share"
    assert "in decide" in poisoned.details
    assert sorted(result.rows["seed"].unique()) == [100, 101, 102, 104, 105]
    world = ImplementationWorld(scenario, 103)
    for _ in range(5):
        world.advance(DoNothing().decide(world.briefing(), world.legal()))
    assert ImplementationWorld.restore(poisoned.snapshot).digest() == world.digest()
    file = tmp_path / SNAPSHOT_DIRECTORY / poisoned.file_name
    from golive.cli.app import run

    assert run(["simulate", "--from-snapshot", str(file), "--policy", "do_nothing"]) == 0


def test_an_episode_that_kills_its_workers_comes_with_its_kick_off(scenario, tmp_path):
    result = faulty_evaluation(scenario, tmp_path, deadly=True)
    [poisoned] = result.poisoned
    assert (poisoned.policy, poisoned.seed, poisoned.decisions) == ("faulty", 103, None)
    assert "a worker process died" in poisoned.error
    digest = ImplementationWorld(scenario, 103).digest()
    assert ImplementationWorld.restore(poisoned.snapshot).digest() == digest
    records = json.loads((tmp_path / "poisoned.json").read_text())
    assert [record["seed"] for record in records] == [103]


EVALUATION = """
from golive.scenarios.loader import load_scenario
from golive.trainers.evaluation import evaluate, keeper
from golive.trainers.evaluation.keeper import Existing
from pathlib import Path

keeper._SECONDS_BETWEEN_CHECKPOINTS = 0.1

if __name__ == "__main__":
    evaluate(
        ["plan_follower"], [load_scenario("furniture")], first_seed=0, episodes=60, workers=2,
        directory=Path("results"), existing=Existing.RESUME_OR_REPLACE,
    )
"""


def processes_in(directory):
    """Ids of the processes that work in a directory."""
    found = set()
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                place = (process / "cwd").readlink()
            except OSError:
                continue
            if place == directory:
                found.add(int(process.name))
    return found


def wait_until(condition, seconds=120.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="asks Linux for processes")
def test_a_driver_that_is_killed_leaves_no_worker_and_the_next_one_goes_on(tmp_path):
    script = tmp_path / "evaluation.py"
    script.write_text(EVALUATION)
    command = [sys.executable, str(script)]
    driver = subprocess.Popen(command, cwd=tmp_path)
    partial = tmp_path / "results" / "partial.parquet"
    try:
        wait_until(partial.exists)
        assert len(processes_in(tmp_path)) >= 3
    finally:
        driver.kill()
        driver.wait()
    wait_until(lambda: not processes_in(tmp_path))
    kept = pl.read_parquet(partial)
    assert 0 < kept.height < 60
    subprocess.run(command, cwd=tmp_path, check=True)
    rows = pl.read_parquet(tmp_path / "results" / "results.parquet")
    assert rows["seed"].to_list() == list(range(60))
    assert kept.sort("seed").equals(rows.join(kept.select("seed"), on="seed", how="semi"))
