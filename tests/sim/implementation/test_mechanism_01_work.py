"""Mechanism 1: who takes what, all resources at once, progress kept overnight, switching paid."""

from __future__ import annotations

from itertools import pairwise

import pytest
from world_helpers import furniture, order, play, with_parameters

from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation.decision import WORKSTREAMS
from golive.sim.implementation.state import PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

DISCOVERY, DATA = Workstream.DISCOVERY, Workstream.DATA
CONFIGURATION, TESTING = Workstream.CONFIGURATION, Workstream.TESTING


def test_ready_packages_are_taken_in_order_of_their_latest_finish():
    """Passed over is only what needs a key user who is already taken."""
    world = ImplementationWorld(furniture(), 0, record=True)
    state = world._state
    ready = [p for p in state.packages if p.workstream == 0 and p.status == Status.READY]
    free = {(pool.site, pool.department): pool.count for pool in state.pools}
    expected: list[str] = []
    for package in sorted(ready, key=lambda p: (p.latest_finish_hour, p.id)):
        where = package.site, package.department
        if len(expected) < len(state.members) and free[where] > 0:
            expected.append(package.name)
            free[where] -= 1
    world.advance(order(DISCOVERY))
    started = world.gantt().filter(start_hour=0.0)["package"].to_list()
    assert len(started) == len(expected) == 6
    assert set(started) == set(expected)


def test_a_package_waits_for_its_predecessors():
    world = ImplementationWorld(furniture(), 1, record=True)
    play(world, lambda *_: order(DISCOVERY), days=10)
    gantt = world.gantt()
    for department in ("sales", "production", "finance"):
        workshop = gantt.filter(package=f"process workshop {department}")["end_hour"].max()
        fit_gap = gantt.filter(package=f"fit-gap analysis {department}")["start_hour"].min()
        assert workshop <= fit_gap
    assert world.briefing().workstreams[2].done_hours == 0.0


def test_progress_is_kept_overnight_and_the_begun_package_goes_on():
    world = ImplementationWorld(furniture(), 2, record=True)
    world.advance(order(None, None, DATA, None, None))
    begun = [p for p in world._state.packages if p.workstream == 1 and p.done_hours > 0]
    unfinished = [p for p in begun if p.status != Status.DONE]
    assert len(unfinished) == 1
    left = unfinished[0].remaining_hours
    world.advance(order(None, None, DATA, None, None))
    assert world.gantt().filter(start_hour=8.0)["package"].to_list() == [unfinished[0].name]
    assert unfinished[0].remaining_hours < left


def test_a_member_does_one_thing_at_a_time_within_the_day():
    world = ImplementationWorld(furniture(), 3, record=True)
    play(world, lambda *_: order(DISCOVERY, DISCOVERY, DATA, DISCOVERY, DISCOVERY), days=8)
    gantt = world.gantt().sort("start_hour")
    assert (gantt["start_hour"] // 8 == (gantt["end_hour"] - 1e-6) // 8).all()
    for member in range(5):
        rows = gantt.filter(member=member)
        starts, ends = rows["start_hour"].to_list(), rows["end_hour"].to_list()
        assert all(end <= start + 1e-9 for end, start in zip(ends, starts[1:], strict=False))


def test_without_key_users_at_hand_a_package_that_needs_them_does_not_begin():
    world = ImplementationWorld(furniture(), 0)
    for pool in world._state.pools:
        pool.hours_per_day = 1e-12
    world.advance(order(DISCOVERY))
    done = [p for p in world._state.packages if p.workstream == 0 and p.done_hours > 0]
    assert all(p.department < 0 or p.kind == PackageKind.CHALLENGE for p in done)
    free = ImplementationWorld(furniture(), 0)
    free.advance(order(DISCOVERY))
    assert free.briefing().workstreams[0].done_hours > 1.0
    assert world.briefing().workstreams[0].done_hours < 1e-6


def test_key_users_cap_what_a_day_of_discovery_brings():
    """Five AI members are no faster than the people whom they ask."""
    world = ImplementationWorld(furniture(), 0)
    world.advance(order(DISCOVERY))
    hours = sum(status.hours_per_day for status in world.briefing().key_users)
    used = sum(pool.used_today for pool in world._state.pools)
    assert used <= hours + 1e-9
    assert used > 0.6 * hours
    assert sum(role.waiting_hours for role in world.briefing().roles) > 5.0


def switching(*, alternate: bool, hours: float = 0.3) -> tuple[float, int]:
    """Hours lost by one member within eight days, and how often the workstream changed."""
    scenario = with_parameters(furniture(), switching_hours_agentic=hours)
    world = ImplementationWorld(scenario, 0, record=True)
    for day in range(8):
        here = DISCOVERY if alternate and day % 2 else DATA
        world.advance(order(None, None, here, None, None))
    seen = world.gantt().sort("start_hour")["workstream"].to_list()
    changes = sum(before != after for before, after in pairwise(seen))
    return sum(member.switching_hours for member in world._state.members), changes


def test_only_a_change_of_workstream_costs_a_switch():
    assert switching(alternate=False) == (0.0, 0)
    for hours in (0.3, 1.0):
        lost, changes = switching(alternate=True, hours=hours)
        assert changes >= 3
        assert lost == pytest.approx(changes * hours)


def test_who_stands_down_does_nothing_and_who_has_no_work_waits():
    world = ImplementationWorld(furniture(), 0)
    world.advance(order(None, None, None, None, Workstream.TRAINING))
    roles = world.briefing().roles
    assert all(role.waiting_hours == role.useful_hours == 0.0 for role in roles[:4])
    assert roles[4].waiting_hours == 8.0


def test_specialists_are_faster_at_their_own_work():
    done = []
    for role in range(5):
        world = ImplementationWorld(furniture(), 0)
        world.advance(order(*(DATA if index == role else None for index in range(5))))
        role_done = world.briefing().workstreams[WORKSTREAMS.index(DATA)].done_hours
        done.append(role_done / sum(member.role == role for member in world._state.members))
    assert max(done) == done[2]
    assert min(done) == done[1]
    assert done[2] > 2.0 * done[1]
