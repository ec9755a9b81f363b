"""Workers that play episodes: lost ones are replaced, and none outlives its training."""

import os
import signal
import subprocess
import sys
import time

import pytest

from golive.envs.vector_lines import WorkerLost
from golive.trainers.training.workers import EpisodeWorkers


def process_number(_: int) -> int:
    return os.getpid()


def end(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_a_lost_worker_is_reported_and_the_next_call_has_another() -> None:
    workers = EpisodeWorkers(1)
    try:
        with pytest.raises(WorkerLost, match="a worker process died"):
            list(workers.map(end, [1]))
        assert dict(workers.map(process_number, [1]))[0] != os.getpid()
    finally:
        workers.close()


_ORPHANS = """
import sys
from golive.trainers.training.workers import EpisodeWorkers

if __name__ == "__main__":
    workers = EpisodeWorkers(2)
    list(workers.map(abs, [1, 2]))
    print(*(workers._pool._executor._processes), flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_workers_end_when_their_training_is_killed(tmp_path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(_ORPHANS)
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        process.kill()
    assert pids
    deadline = time.monotonic() + 30.0
    while any(is_running(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
