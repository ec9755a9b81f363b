"""Mechanism 7: scope creeps, a freeze keeps it out, late change is dear, the hidden comes out."""

from __future__ import annotations

from statistics import fmean

import pytest
from world_helpers import decider, furniture, idle, order, packages, play, with_parameters

from golive.sim.implementation.decision import Move
from golive.sim.implementation.state import PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld


def requests(**parameters: float) -> list[int]:
    scenario = with_parameters(furniture(), **parameters)
    return [len(ImplementationWorld(scenario, seed)._state.creep_days) for seed in range(60)]


def test_scope_creeps_at_its_rate():
    """2 % a month of 2,400 hours, four months' worth by compression, over 50 days, 20 h each."""
    expected = 2400.0 * 0.02 * (50 / 21) * 4.0 / 20.0
    assert fmean(requests()) == pytest.approx(expected, rel=0.2)
    assert fmean(requests(creep_per_month=0.04)) == pytest.approx(2 * expected, rel=0.2)


def test_creep_differs_from_project_to_project():
    counts = sorted(requests())
    assert counts[45] > 1.35 * counts[15]


def test_requests_become_packages_as_they_come_up():
    world = idle(furniture(), days=20)
    accepted = [p for p in packages(world, PackageKind.CHANGE) if p.status != Status.DORMANT]
    known = world.briefing()
    assert len(accepted) == known.management.changes_requested > 1
    assert world._state.added_hours == pytest.approx(sum(p.planned_hours for p in accepted))
    start = ImplementationWorld(furniture(), 0).briefing()
    grown = sum(s.planned_hours for s in known.workstreams)
    assert grown - sum(s.planned_hours for s in start.workstreams) == pytest.approx(
        world._state.added_hours
    )


def test_a_freeze_rejects_its_share_and_costs_trust():
    asked = rejected = 0
    for seed in range(12):
        open_ = idle(furniture(), seed, 25)
        frozen = idle(furniture(), seed, 25, order(move=Move.CHANGE_FREEZE))
        management = frozen.briefing().management
        asked += management.changes_requested
        rejected += management.changes_rejected
        assert management.change_freeze
        assert open_.briefing().management.changes_rejected == 0
        assert frozen._state.added_hours < open_._state.added_hours
        assert frozen.mechanisms.people.mean_trust() <= open_.mechanisms.people.mean_trust()
    assert asked > 60
    assert rejected / asked == pytest.approx(0.95, abs=0.06)


def test_the_same_change_costs_more_the_later_it_comes():
    def hours(done_share: float) -> float:
        world = ImplementationWorld(furniture(), 0)
        change = packages(world, PackageKind.CHANGE)[0]
        world._state.hours_total = done_share * world._state.baseline_hours
        world.mechanisms.scope.add(change, "change_accepted")
        return change.planned_hours

    assert hours(0.5) == pytest.approx(1.5 * hours(0.0))
    assert hours(1.0) == pytest.approx(2.0 * hours(0.0))
    assert hours(1.7) == hours(1.0)


def hidden(world: ImplementationWorld):
    names = {r.name for r in world.customer.requirements if not r.known}
    return [p for p in packages(world, PackageKind.CHANGE) if p.name in names]


def test_discovery_brings_out_its_share_of_the_hidden_requirements():
    found = total = 0
    for seed in range(60):
        world = ImplementationWorld(furniture(), seed)
        for package in packages(world, PackageKind.DISCOVERY):
            world.mechanisms.scope.discovery_done(package)
        rows = hidden(world)
        assert len(rows) == 4
        total += len(rows)
        found += sum(package.status != Status.DORMANT for package in rows)
    assert found / total == pytest.approx(0.6, abs=0.09)


def test_each_test_brings_out_its_share_of_the_rest():
    left = []
    for seed in range(60):
        world = ImplementationWorld(furniture(), seed)
        for attempt in (1, 2):
            world.mechanisms.scope.tested(attempt)
        left += [package.status == Status.DORMANT for package in hidden(world)]
    assert fmean(left) == pytest.approx(0.6**2, abs=0.09)


def test_work_on_discovery_really_finds_them_and_late_finds_cost_more():
    late = early = 0.0
    for seed in range(8):
        world = ImplementationWorld(furniture(), seed, record=True)
        play(world, decider("expert"))
        rows = world.events().filter(kind="requirement_found").sort("time_hours")
        assert rows.height > 0
        early += rows["time_hours"][0]
        late += rows["time_hours"][-1]
    assert late > early


def test_hidden_requirements_that_nobody_builds_cost_benefits():
    world = ImplementationWorld(furniture(), 0)
    assert world.mechanisms.scope.unmet_share() == 1.0
    for package in hidden(world):
        package.status = int(Status.DONE)
    assert world.mechanisms.scope.unmet_share() == 0.0


def test_creep_ends_when_a_cutover_begins():
    world = idle(furniture(), days=10)
    requested = world.briefing().management.changes_requested
    assert requested > 0
    world.mechanisms.cutover.start()
    play(world, lambda *_: order(), days=30)
    assert world.briefing().management.changes_requested == requested < len(world._state.creep_days)


def test_more_creep_makes_projects_larger_and_later():
    def outcome(rate: float) -> tuple[float, float]:
        worlds = [
            ImplementationWorld(with_parameters(furniture(), creep_per_month=rate), seed)
            for seed in range(8)
        ]
        for world in worlds:
            play(world, decider("expert"))
        cards = [world.scorecard() for world in worlds]
        return fmean(c.scope_growth for c in cards), fmean(c.schedule_ratio for c in cards)

    (large, late), (small, soon) = outcome(0.05), outcome(0.005)
    assert large > small + 0.05
    assert late > soon
