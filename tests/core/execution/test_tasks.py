"""One function over many tasks, wherever they run."""

from __future__ import annotations

import os
import time

import pytest

from golive.core.errors import GoliveError
from golive.core.execution import TaskError, map_tasks


def square(value):
    return value * value


def process_of(_task):
    time.sleep(0.01)
    return os.getpid()


def fail_on_seven(value):
    if value == 7:
        raise KeyError("seven")
    return value


def refuse_seven(value):
    if value == 7:
        raise GoliveError("task: 7: expected another number")
    return value


def die(_value):
    os._exit(3)


def test_tasks_and_results_larger_than_a_pipe_holds_do_not_wait_for_each_other():
    tasks = [bytes([number]) * 1_000_000 for number in range(12)]
    assert map_tasks(bytes.upper, tasks, workers=2) == [task.upper() for task in tasks]


@pytest.mark.parametrize(("backend", "workers"), [("serial", 1), ("process", 2)])
def test_results_come_in_the_order_of_the_tasks(backend, workers):
    tasks = list(range(200))
    assert map_tasks(square, tasks, workers=workers, backend=backend) == [v * v for v in tasks]


def test_work_is_shared_by_other_processes():
    processes = set(map_tasks(process_of, range(100), workers=2, backend="process"))
    assert len(processes) == 2
    assert os.getpid() not in processes


def test_processes_stay_for_whoever_works_next():
    arguments = {"workers": 1, "backend": "process"}
    [first] = set(map_tasks(process_of, range(3), **arguments))
    [second] = set(map_tasks(process_of, range(3), **arguments))
    assert first == second


@pytest.mark.parametrize(("backend", "workers"), [("serial", 1), ("process", 2)])
def test_a_failure_names_the_task_and_keeps_the_traceback(backend, workers):
    with pytest.raises(TaskError, match="number 7: KeyError: 'seven'") as caught:
        map_tasks(
            fail_on_seven,
            range(20),
            workers=workers,
            backend=backend,
            name_of=lambda task: f"number {task}",
        )
    assert "fail_on_seven" in caught.value.details


@pytest.mark.parametrize(("backend", "workers"), [("serial", 1), ("process", 2)])
def test_a_users_error_is_passed_on_as_it_is(backend, workers):
    with pytest.raises(GoliveError, match=r"^task: 7: expected another number$"):
        map_tasks(refuse_seven, range(20), workers=workers, backend=backend)


@pytest.mark.parametrize(("backend", "workers"), [("serial", 1), ("process", 2)])
def test_every_result_is_reported_once(backend, workers):
    seen = {}
    map_tasks(square, range(50), workers=workers, backend=backend, on_result=seen.__setitem__)
    assert seen == {value: value * value for value in range(50)}


def test_results_before_a_failure_are_reported():
    seen = {}
    with pytest.raises(TaskError):
        map_tasks(fail_on_seven, range(20), backend="serial", on_result=seen.__setitem__)
    assert seen == {value: value for value in range(7)}


def test_an_interruption_stops_the_workers_at_once():
    """Raised from the callback, as Ctrl-C would be while waiting; 60 s of work are left."""

    def interrupt(_index, _result):
        raise KeyboardInterrupt

    import multiprocessing

    before = set(multiprocessing.active_children())
    with pytest.raises(KeyboardInterrupt):
        map_tasks(process_of, range(6_000), workers=2, backend="process", on_result=interrupt)
    assert set(multiprocessing.active_children()) <= before


def test_a_worker_that_dies_is_an_error_and_not_a_hang():
    with pytest.raises(TaskError, match="a worker process died"):
        map_tasks(die, range(4), workers=2, backend="process")


def test_what_cannot_be_sent_is_one_clear_error():
    with pytest.raises(GoliveError, match="cannot be sent to other processes"):
        map_tasks(lambda task: task, [1], workers=2, backend="process")


def test_no_tasks_are_no_work():
    assert map_tasks(square, [], workers=2, backend="process") == []


def test_workers_must_be_positive():
    with pytest.raises(GoliveError, match="workers: 0: expected at least 1"):
        map_tasks(square, [1], workers=0)
