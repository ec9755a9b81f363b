"""Actors on Ray: they answer, fail and die as those in processes do."""

from __future__ import annotations

import os
import signal

import cloudpickle
import counter
import pytest
from counter import Counter

from golive.core.errors import GoliveError
from golive.core.execution import WorkerError, WorkerLost
from golive.core.execution.worker import open_workers

cloudpickle.register_pickle_by_value(counter)


def test_a_worker_on_ray_answers_fails_dies_and_is_begun_anew(ray_session):
    with open_workers(Counter, 2, backend="ray") as workers:
        for worker in workers:
            worker.send("add", 1)
        assert [worker.receive() for worker in workers] == [1, 11]
        with pytest.raises(WorkerError, match="KeyError: 'lost'") as caught:
            workers[0].call("fail")
        assert "raise KeyError" in caught.value.details
        os.kill(workers[0].call("process"), signal.SIGKILL)
        with pytest.raises(WorkerLost, match="died"):
            workers[0].call("add", 5)
        workers[0].begin()
        workers[0].receive()
        assert workers[0].call("add", 5) == 5
        assert workers[1].call("add", 5) == 16


def test_more_workers_than_cores_would_wait_for_ever(ray_session):
    with (
        pytest.raises(GoliveError, match="workers: 3: expected at most Ray's 2 cores"),
        open_workers(Counter, 3, backend="ray"),
    ):
        pass
