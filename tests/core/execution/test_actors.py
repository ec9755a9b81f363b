"""Objects that keep their state between calls, wherever they live."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from counter import Counter

from golive.core.errors import GoliveError
from golive.core.execution import TaskError
from golive.core.execution.actors import ActorDied, open_actors


def refused(number):
    raise GoliveError(f"actor: {number}: expected none")


def dies_at_birth(_number):
    os._exit(3)


@pytest.mark.parametrize("backend", ["serial", "process"])
def test_an_actor_keeps_its_state_and_tells_what_went_wrong(backend):
    with open_actors(Counter, 2, backend=backend) as actors:
        calls = [actor.call("add", 1) for actor in actors]
        assert [call.result() for call in calls] == [1, 11]
        with pytest.raises(GoliveError, match=r"^counter: expected patience$"):
            actors[0].call("refuse").result()
        with pytest.raises(TaskError, match="KeyError: 'lost'") as caught:
            actors[1].call("fail").result()
        assert "raise KeyError" in caught.value.details
        assert [actor.call("add", 1).result() for actor in actors] == [2, 12]
        actors[0].begin().result()
        assert [actor.call("add", 0).result() for actor in actors] == [0, 12]


def test_an_actor_whose_process_is_killed_can_be_begun_anew():
    with open_actors(Counter, 2) as actors:
        first, second = (actor.call("process").result() for actor in actors)
        assert len({first, second, os.getpid()}) == 3
        os.kill(first, signal.SIGKILL)
        with pytest.raises(ActorDied, match="died"):
            actors[0].call("add", 5).result()
        assert actors[1].call("add", 5).result() == 15
        actors[0].begin().result()
        assert actors[0].call("add", 5).result() == 5


def test_the_processes_end_with_the_block():
    with open_actors(Counter, 2, backend="process") as actors:
        processes = [psutil.Process(actor.call("process").result()) for actor in actors]
    assert not any(process.is_running() for process in processes)


def test_an_actor_that_is_busy_is_ended_when_the_block_fails():
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), open_actors(Sleeper, 1) as [actor]:
        process = psutil.Process(actor.call("process").result())
        actor.call("sleep", 60)
        raise KeyboardInterrupt
    assert not process.is_running()
    assert time.monotonic() - started < 50


class Sleeper(Counter):
    """Sleeps when told to."""

    def sleep(self, seconds):
        time.sleep(seconds)


def test_what_cannot_travel_is_refused():
    with open_actors(Counter, 1) as [actor]:
        with pytest.raises(TaskError, match="pickle"):
            actor.call("unpicklable").result()
        assert actor.call("add", 1).result() == 1


@pytest.mark.parametrize("backend", ["serial", "process"])
def test_a_factory_that_refuses_is_passed_on(backend):
    with (
        pytest.raises(GoliveError, match=r"^actor: 0: expected none$"),
        open_actors(refused, 1, backend=backend),
    ):
        pass


def test_an_actor_that_dies_at_birth_is_told():
    with pytest.raises(ActorDied, match="exit code 3"), open_actors(dies_at_birth, 1):
        pass


def test_no_actors_are_refused():
    with (
        pytest.raises(GoliveError, match="actors: 0: expected at least 1"),
        open_actors(Counter, 0),
    ):
        pass


PARENT = """
import os, signal, sys, time
from golive.core.execution.actors import open_actors

class Lone:
    def __init__(self, number):
        pass

    def process(self):
        return os.getpid()

if __name__ == "__main__":
    with open_actors(Lone, 1) as [actor]:
        print(actor.call("process").result(), flush=True)
        time.sleep(60)
"""


def test_an_actor_does_not_outlive_a_parent_that_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT, "utf-8")
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
        child.wait(timeout=10)
    assert not child.is_running()
