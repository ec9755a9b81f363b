"""Mechanism 10: the test system is taken exclusively; an outage stops work, and is noticed late."""

from __future__ import annotations

from functools import cache
from statistics import fmean, median

import pytest
from world_helpers import (
    decider,
    focus,
    furniture,
    load_scenario,
    order,
    packages,
    play,
    with_parameters,
)

from golive.scenarios.implementation.disruption import Disruption
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity, Workstream
from golive.sim.implementation.briefing import SystemEnvironment
from golive.sim.implementation.decision import Decision, Move
from golive.sim.implementation.state import DisruptionState, Package, PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.protocol import Snapshot

MOST_ATTEMPTS = 12
"""An acceptance check that is run more often within a project is not a check but a loop."""
CONFIGURATION, DATA = Workstream.CONFIGURATION, Workstream.DATA
SANDBOX, TEST = SystemEnvironment.SANDBOX, SystemEnvironment.TEST


# -- one system, many who want it ----------------------------------------------------------


@pytest.mark.parametrize("seed", [100_000, 100_002, 100_019, 100_036, 100_056])
def test_a_check_that_fails_does_not_keep_the_test_system_from_mock_loads_and_cycles(seed):
    """Once a starvation: reconciliation failed, was reopened at once, held the test system."""
    world = ImplementationWorld(load_scenario("furniture"), seed)
    play(world, decider("expert"))
    assert max(package.attempts for package in packages(world, PackageKind.CHECK)) <= MOST_ATTEMPTS


def test_an_ordered_mock_load_or_cycle_gets_the_test_system_within_days():
    """Whoever orders one, keeps the crew on it and has no outage, gets it done."""
    for seed in range(12):
        world = ImplementationWorld(furniture(), seed)
        decide = decider("expert")
        pending_days = 0
        while not world.finished and world.briefing().calendar.hypercare_day < 0:
            world.advance(decide(world.briefing(), world.legal()))
            known = world.briefing()
            pending = known.tests.cycle_pending or known.migration.mock_load_pending
            pending_days = pending_days + 1 if pending else 0
            assert pending_days < 15, seed


def test_what_needs_the_test_system_to_itself_shares_it_with_nobody():
    shared = 0
    for seed in range(6):
        world = ImplementationWorld(furniture(), seed, record=True)
        play(world, decider("expert"))
        names = {p.name for p in world._state.packages if p.environment == TEST}
        exclusive = {p.name for p in world._state.packages if p.exclusive}
        rows = [row for row in world.gantt().to_dicts() if row["package"] in names]
        for one in rows:
            if one["package"] in exclusive:
                for other in rows:
                    overlap = min(one["end_hour"], other["end_hour"]) - max(
                        one["start_hour"], other["start_hour"]
                    )
                    assert overlap < 1e-9 or other["package"] == one["package"]
                shared += 1
    assert shared > 30


def test_a_mock_load_begun_holds_the_test_system_overnight():
    world = ImplementationWorld(with_parameters(furniture(), mock_load_hours=80.0), 0)
    world._state.next_steering_day = 1_000
    for package in packages(world, PackageKind.EXTRACT, PackageKind.MAP):
        world.mechanisms.migration.package_done(package)
    world._known = world._legal = None
    only = order(None, None, DATA, None, None, move=Move.MOCK_LOAD)
    world.advance(only)
    assert world.briefing().migration.mock_load_pending
    assert world.briefing().systems[TEST].busy
    for _ in range(8):
        world.advance(order(None, None, DATA, None, None))
    assert world.briefing().migration.mock_loads_done == 1
    assert not world.briefing().systems[TEST].busy


# -- outages -------------------------------------------------------------------------------


@cache
def busy_morning() -> Snapshot:
    """A morning on which much configuration is ready, and the sandbox will be in full use."""
    world, decide = ImplementationWorld(furniture(), 0), decider("expert")
    while world.briefing().workstreams[2].ready_hours < 200.0:
        world.advance(decide(world.briefing(), world.legal()))
    return world.snapshot()


def busy_day() -> int:
    return int(busy_morning().payload["state"]["day"])


def outage(
    onset: float, notice: float, recovery: float, place: SystemEnvironment = SANDBOX
) -> DisruptionState:
    """An outage by hours after the busy morning."""
    start = busy_day() * 8.0
    return DisruptionState(
        kind=DisruptionKind.ENVIRONMENT_OUTAGE.value,
        severity=Severity.CRITICAL.value,
        place=int(place),
        onset_hour=start + onset,
        notice_hour=start + notice,
        recovery_hour=start + recovery,
    )


def hit(*outages: DisruptionState, days: int = 1, record: bool = True) -> ImplementationWorld:
    """Days of configuration under outages."""
    world = ImplementationWorld.restore(busy_morning(), record=record)
    world._state.disruptions += outages
    for _ in range(days):
        world.advance(order(CONFIGURATION))
    return world


def done(world: ImplementationWorld) -> float:
    return world.briefing().workstreams[2].done_hours


def test_an_outage_stops_work_on_the_system_until_it_recovers():
    world = hit(outage(3.0, 5.0, 12.0), days=2)
    start = busy_day() * 8.0
    rows = world.gantt().sort("start_hour").to_dicts()
    stopped = [row for row in rows if row["reason_ended"] == "outage"]
    assert len(stopped) >= 3
    assert {row["end_hour"] for row in stopped} == {start + 3.0}
    later = [row["start_hour"] for row in rows if row["start_hour"] >= start + 3.0]
    assert later
    assert min(later) == start + 12.0


def first_session(lost_share: float) -> tuple[Package, float]:
    """A package whose session was stopped, and the effort that was done on it in the session."""
    payload = dict(busy_morning().payload)
    scenario = with_parameters(furniture(), outage_lost_progress=lost_share)
    payload["scenario"] = scenario.model_dump(mode="json")
    world = ImplementationWorld.restore(
        Snapshot(busy_morning().world, busy_morning().version, payload), record=True
    )
    before = {package.name: package.done_hours for package in world._state.packages}
    world._state.disruptions.append(outage(3.0, 5.0, 30.0))
    world.advance(order(CONFIGURATION))
    rows = world.gantt().filter(reason_ended="outage").sort("package")
    package = next(p for p in world._state.packages if p.name == rows["package"][0])
    return package, package.done_hours - before[package.name]


def test_an_outage_destroys_a_share_of_the_sessions_progress():
    (kept, whole), (halved, half), (gone, none) = (first_session(lost) for lost in (0.0, 0.5, 1.0))
    assert kept.name == halved.name == gone.name
    assert whole > 2.0
    assert half == pytest.approx(0.5 * whole)
    assert none == pytest.approx(0.0)
    assert gone.remaining_hours > halved.remaining_hours > kept.remaining_hours


def test_work_that_needs_no_system_goes_on():
    world = ImplementationWorld.restore(busy_morning())
    world._state.disruptions.append(outage(0.0, 0.0, 8.0))
    other = ImplementationWorld.restore(busy_morning())
    for one in (world, other):
        one.advance(order(DATA))
    assert world.briefing().workstreams[1] == other.briefing().workstreams[1]


def test_an_outage_is_noticed_later_than_it_begins():
    unnoticed, noticed = hit(outage(3.0, 9.0, 30.0)), hit(outage(3.0, 9.0, 30.0), days=2)
    assert not unnoticed._state.environment_up[SANDBOX]
    assert unnoticed.briefing().systems[SANDBOX].up
    assert unnoticed.briefing().disruptions == ()
    assert not noticed.briefing().systems[SANDBOX].up
    (report,) = noticed.briefing().disruptions
    assert report.day_noticed == busy_day() + 1
    assert report.severity is Severity.CRITICAL


def test_people_lose_trust_when_they_hear_of_it_and_not_before():
    calm, hidden = hit(days=1), hit(outage(3.0, 9.0, 30.0))
    assert hidden.mechanisms.people.mean_trust() == pytest.approx(
        calm.mechanisms.people.mean_trust()
    )
    calm, heard = hit(days=2), hit(outage(3.0, 9.0, 30.0), days=2)
    assert heard.mechanisms.people.mean_trust() < calm.mechanisms.people.mean_trust() - 0.01


def test_an_outage_is_recovered_from_and_forgotten():
    world = hit(outage(3.0, 5.0, 12.0), days=2)
    assert world._state.environment_up[SANDBOX]
    assert world.briefing().systems[SANDBOX].up
    assert world.briefing().disruptions == ()
    card = world.scorecard()
    assert card.disruptions_met == card.disruptions_recovered == 1
    assert card.recovery_days == pytest.approx(9.0 / 8.0)


def test_two_outages_of_a_system_hold_it_down_until_both_are_over():
    world = hit(outage(1.0, 2.0, 10.0), outage(2.0, 3.0, 20.0), days=2)
    assert not world._state.environment_up[SANDBOX]
    assert not world.briefing().systems[SANDBOX].up
    world.advance(order(CONFIGURATION))
    assert world._state.environment_up[SANDBOX]


def test_a_test_system_that_is_down_keeps_mock_loads_waiting():
    def loads(*outages: DisruptionState) -> int:
        world = ImplementationWorld.restore(busy_morning())
        world._state.disruptions += outages
        for package in packages(world, PackageKind.EXTRACT, PackageKind.MAP):
            if package.status != Status.DONE:
                world.mechanisms.migration.package_done(package)
        world._known = world._legal = None
        before = world.briefing().migration.mock_loads_done
        move = Move.MOCK_LOAD
        for _ in range(4):
            world.advance(Decision(focus(DATA), move=move))
            move = Move.NONE
        return world.briefing().migration.mock_loads_done - before

    assert loads() == 1
    assert loads(outage(0.0, 1.0, 50.0, TEST)) == 0
    assert loads(outage(0.0, 1.0, 50.0, SANDBOX)) == 1


# -- severity ------------------------------------------------------------------------------


def with_outages(
    severity: Severity, count: int = 3, probability: float = 1.0
) -> ImplementationScenario:
    row = Disruption(
        kind=DisruptionKind.ENVIRONMENT_OUTAGE, severity=severity, probability=probability
    )
    return furniture().model_copy(update={"disruptions": (row,) * count})


def drawn(severity: Severity, probability: float = 1.0) -> list[DisruptionState]:
    scenario = with_outages(severity, probability=probability)
    return [o for seed in range(40) for o in ImplementationWorld(scenario, seed)._state.disruptions]


def test_an_outage_happens_with_its_probability():
    assert len(drawn(Severity.MILD, 0.0)) == 0
    assert len(drawn(Severity.MILD, 1.0)) == 120
    assert len(drawn(Severity.MILD, 0.5)) == pytest.approx(60, abs=14)


def test_outages_last_by_their_severity_and_are_noticed_within():
    for severity, hours in zip(Severity, (4.0, 12.0, 32.0, 72.0), strict=True):
        outages = drawn(severity)
        lengths = [o.recovery_hour - o.onset_hour for o in outages]
        assert median(lengths) == pytest.approx(hours, rel=0.2)
        assert all(o.onset_hour < o.notice_hour <= o.recovery_hour for o in outages)
        assert {o.place for o in outages} == {SANDBOX, TEST}
        assert max(o.onset_hour for o in outages) <= 30 * 8.0


def test_an_outage_can_be_put_on_a_day():
    row = Disruption(kind=DisruptionKind.ENVIRONMENT_OUTAGE, severity=Severity.MILD, day=7)
    scenario = furniture().model_copy(update={"disruptions": (row,)})
    (state,) = ImplementationWorld(scenario, 0)._state.disruptions
    assert state.onset_hour == 7 * 8.0


def damage(scenario: ImplementationScenario) -> tuple[float, float]:
    """Mean cost and mean schedule ratio under the expert."""
    worlds = [ImplementationWorld(scenario, seed) for seed in range(16)]
    for world in worlds:
        play(world, decider("expert"))
    cards = [world.scorecard() for world in worlds]
    return fmean(c.cost_usd for c in cards), fmean(c.schedule_ratio for c in cards)


def test_the_more_severe_the_outages_the_greater_the_damage():
    costs, ratios = zip(
        damage(furniture()), *(damage(with_outages(severity)) for severity in Severity), strict=True
    )
    # Mild ones are a few hours, and the expert's week of the go-live is a larger matter.
    assert list(costs[1:]) == sorted(costs[1:])
    assert costs[4] > costs[3] > costs[0]
    assert ratios[4] > ratios[3]
    assert ratios[4] > ratios[0]
    assert costs[4] > 1.15 * costs[0]
