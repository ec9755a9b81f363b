"""Actors on Ray: they answer, fail and die as those in processes do."""

from __future__ import annotations

import os
import signal

import cloudpickle
import counter
import pytest
from counter import Counter

from golive.core.errors import GoliveError
from golive.core.execution import TaskError
from golive.core.execution.actors import ActorDied, open_actors

cloudpickle.register_pickle_by_value(counter)


def test_an_actor_on_ray_answers_fails_dies_and_is_begun_anew(ray_session):
    with open_actors(Counter, 2, backend="ray") as actors:
        calls = [actor.call("add", 1) for actor in actors]
        assert [call.result() for call in calls] == [1, 11]
        with pytest.raises(TaskError, match="KeyError: 'lost'") as caught:
            actors[0].call("fail").result()
        assert "raise KeyError" in caught.value.details
        os.kill(actors[0].call("process").result(), signal.SIGKILL)
        with pytest.raises(ActorDied, match="died"):
            actors[0].call("add", 5).result()
        actors[0].begin().result()
        assert actors[0].call("add", 5).result() == 5
        assert actors[1].call("add", 5).result() == 16


def test_more_actors_than_cores_would_wait_for_ever(ray_session):
    with (
        pytest.raises(GoliveError, match="workers: 3: expected at most Ray's 2 cores"),
        open_actors(Counter, 3, backend="ray"),
    ):
        pass
