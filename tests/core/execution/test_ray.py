"""Ray gives what one process gives, and loses nothing when workers and nodes are lost."""

from __future__ import annotations

import cloudpickle
import deadly
import pytest
from deadly import Square

from golive.core.errors import GoliveError
from golive.core.execution import TaskError, map_chunks, map_tasks
from golive.core.execution.ray_session import ray_session
from golive.scenarios.loader import load_scenario
from golive.trainers.evaluation import evaluate

ray = pytest.importorskip("ray")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),
    pytest.mark.usefixtures("ray_session"),
]
cloudpickle.register_pickle_by_value(deadly)


def test_an_evaluation_on_ray_is_that_of_one_process_to_the_bit():
    arguments = {"first_seed": 0, "episodes": 12}
    policies, scenarios = ["plan_follower", "do_nothing"], [load_scenario("furniture")]
    here = evaluate(policies, scenarios, backend="serial", **arguments)
    there = evaluate(policies, scenarios, backend="ray", workers=2, **arguments)
    assert there.rows.equals(here.rows, null_equal=True)


def test_a_users_error_is_passed_on_as_it_is():
    with pytest.raises(GoliveError, match=r"^task: 7: expected another number$"):
        map_tasks(deadly.refuse_seven, range(20), workers=2, backend="ray")


class Elsewhere:
    def __reduce__(self):
        return (deadly.fail_to_load, ())

    def __call__(self, task):
        raise NotImplementedError


def test_work_that_no_worker_can_load_is_an_error_and_not_a_hang():
    with pytest.raises(TaskError, match="this machine lacks a library"):
        map_tasks(Elsewhere(), range(4), workers=2, backend="ray")


def test_workers_that_are_killed_cost_nothing_but_time(tmp_path):
    work = Square(tmp_path, frozenset({3, 30}), times=1)
    seen = []
    results = map_tasks(
        work, range(40), workers=2, backend="ray", on_result=lambda index, _: seen.append(index)
    )
    assert results == [value * value for value in range(40)]
    assert sorted(seen) == list(range(40))
    assert {path.name for path in tmp_path.iterdir()} == {"3", "30"}


def test_a_task_that_kills_every_worker_is_reported_and_the_others_are_done(tmp_path):
    work = Square(tmp_path, frozenset({7}), times=99)
    lost, done = {}, []
    for indices, _ in map_chunks(
        work, range(20), pack=list, workers=2, backend="ray", on_lost=lost.__setitem__
    ):
        done += indices
    assert sorted(done) == [index for index in range(20) if index != 7]
    assert list(lost) == [7]
    with pytest.raises(TaskError, match="7: a Ray worker died"):
        map_tasks(work, [7], workers=2, backend="ray")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_an_address_without_a_cluster_is_one_clear_error(address):
    ray.shutdown()
    with (
        pytest.raises(GoliveError, match=f"ray address: {address}: no cluster there: .*refused"),
        ray_session(address),
    ):
        raise AssertionError("there is no cluster")


def test_a_node_that_is_lost_loses_no_result():
    """Two nodes of one core; the one beside the driver's is killed in the middle."""
    from ray.cluster_utils import Cluster

    ray.shutdown()
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        node = cluster.add_node(num_cpus=1)
        done = []

        def lose_a_node(index, _result):
            done.append(index)
            if len(done) == 10:
                cluster.remove_node(node, allow_graceful=False)

        results = map_tasks(
            deadly.slow_square,
            range(40),
            workers=None,
            backend="ray",
            ray_address=cluster.address,
            on_result=lose_a_node,
        )
        assert results == [value * value for value in range(40)]
        assert sorted(done) == list(range(40))
        assert not ray.is_initialized()
    finally:
        ray.shutdown()
        cluster.shutdown()
