"""Replicas on Ray are the same, to the bit, as in this process."""

from __future__ import annotations

from golive.trainers.simulation import load_profile, simulate_profile
from golive.trainers.simulation.profile import with_changes


def test_replicas_on_ray_give_the_same_results(ray_session):
    few = {"replicas": 3, "workers": 2, "policy": "do_nothing"}
    profile = with_changes(load_profile("simulation"), few)
    on_ray = simulate_profile(with_changes(profile, {"backend": "ray"}))
    here = simulate_profile(with_changes(profile, {"backend": "serial"}))
    assert on_ray.results.equals(here.results)
    assert on_ray.performance.world_steps == here.performance.world_steps
    assert on_ray.performance.processes == 2
