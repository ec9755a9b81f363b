"""Ray records the bytes that one process does."""

from __future__ import annotations

import pytest

from golive import load_scenario
from golive.trainers.datasets import load_logged, record, target_probabilities

pytestmark = pytest.mark.usefixtures("ray_session")


def test_ray_records_and_watches_the_same(tmp_path):
    scenarios, arguments = [load_scenario("furniture")], {"first_seed": 0, "episodes": 2}
    policies = ["noisy:plan_follower:0.1", "random"]
    alone = record(policies, scenarios, tmp_path / "a" / "x-v0", **arguments)
    on_ray = record(
        policies, scenarios, tmp_path / "b" / "x-v0", **arguments, workers=2, backend="ray"
    )
    files = [path.relative_to(alone) for path in sorted(alone.rglob("*")) if path.is_file()]
    assert len(files) == 9
    for path in files:
        assert (alone / path).read_bytes() == (on_ray / path).read_bytes()
    logged = load_logged(alone)
    watched = target_probabilities(logged, "expert", workers=2, backend="ray")
    assert (watched == target_probabilities(logged, "expert")).all()
