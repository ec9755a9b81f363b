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
from golive.core.execution import WorkerError, WorkerLost
from golive.core.execution.process_worker import ProcessWorker
from golive.core.execution.worker import close_workers, open_workers, pickled


def refused(number):
    raise GoliveError(f"worker: {number}: expected none")


def dies_at_birth(_number):
    os._exit(3)


@pytest.mark.parametrize("backend", ["serial", "process"])
def test_a_worker_keeps_its_state_and_tells_what_went_wrong(backend):
    with open_workers(Counter, 2, backend=backend) as workers:
        for worker in workers:
            worker.send("add", 1)
        assert [worker.receive() for worker in workers] == [1, 11]
        with pytest.raises(GoliveError, match=r"^counter: expected patience$"):
            workers[0].call("refuse")
        with pytest.raises(WorkerError, match="KeyError: 'lost'") as caught:
            workers[1].call("fail")
        assert "raise KeyError" in caught.value.details
        assert [worker.call("add", 1) for worker in workers] == [2, 12]
        workers[0].begin()
        workers[0].receive()
        assert [worker.call("add", 0) for worker in workers] == [0, 12]


def test_a_worker_whose_process_is_killed_can_be_begun_anew():
    with open_workers(Counter, 2) as workers:
        first, second = (worker.call("process") for worker in workers)
        assert len({first, second, os.getpid()}) == 3
        os.kill(first, signal.SIGKILL)
        with pytest.raises(WorkerLost, match="died"):
            workers[0].call("add", 5)
        assert workers[1].call("add", 5) == 15
        workers[0].begin()
        workers[0].receive()
        assert workers[0].call("add", 5) == 5


def test_the_processes_end_with_the_block():
    with open_workers(Counter, 2, backend="process") as workers:
        processes = [psutil.Process(worker.call("process")) for worker in workers]
    assert not any(process.is_running() for process in processes)


def test_a_worker_that_is_busy_is_ended_when_the_block_fails():
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), open_workers(Sleeper, 1) as [worker]:
        process = psutil.Process(worker.call("process"))
        worker.send("sleep", 60)
        raise KeyboardInterrupt
    assert not process.is_running()
    assert time.monotonic() - started < 50


class Sleeper(Counter):
    """Sleeps when told to."""

    def sleep(self, seconds):
        time.sleep(seconds)


def test_a_process_that_gets_other_work_forgets_what_it_owed():
    worker = ProcessWorker(pickled(Counter), (1,))
    try:
        worker.begin()
        worker.assignment = (pickled(Counter), (2,))
        worker.begin()
        assert worker.receive() is None
        assert worker.call("add", 1) == 21
    finally:
        close_workers([worker])


def test_what_cannot_travel_is_refused():
    with open_workers(Counter, 1) as [worker]:
        with pytest.raises(WorkerError, match="pickle"):
            worker.call("unpicklable")
        assert worker.call("add", 1) == 1


@pytest.mark.parametrize("backend", ["serial", "process"])
def test_a_factory_that_refuses_is_passed_on(backend):
    with (
        pytest.raises(GoliveError, match=r"^worker: 0: expected none$"),
        open_workers(refused, 1, backend=backend),
    ):
        pass


def test_a_worker_that_dies_at_birth_is_told():
    with pytest.raises(WorkerLost, match="exit code 3"), open_workers(dies_at_birth, 1):
        pass


def test_no_workers_are_refused():
    with (
        pytest.raises(GoliveError, match="workers: 0: expected at least 1"),
        open_workers(Counter, 0),
    ):
        pass


PARENT = """
import os, signal, sys, time
from golive.core.execution.worker import open_workers

class Lone:
    def __init__(self, number):
        pass

    def process(self):
        return os.getpid()

if __name__ == "__main__":
    with open_workers(Lone, 1) as [worker]:
        print(worker.call("process"), flush=True)
        time.sleep(60)
"""


def test_a_worker_does_not_outlive_a_parent_that_is_killed(tmp_path):
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
