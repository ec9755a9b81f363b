"""Network failures: windows in which no system can be reached, until the line holds."""

from __future__ import annotations

from statistics import fmean

from edge_case_helpers import of, responses, until_noticed, with_case
from world_helpers import decider, furniture, order, play, with_parameters

from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.disruptions.network_failures import NetworkFailures
from golive.sim.implementation.state import Status
from golive.sim.implementation.world import ImplementationWorld

KIND = DisruptionKind.NETWORK_FAILURES
DAYS = 400


def windows(severity: Severity, seed: int = 0, **fields: float) -> list[list[tuple[float, float]]]:
    """The failures of many days."""
    world = ImplementationWorld(with_case(KIND, severity, **fields), seed)
    mechanism = world.mechanisms.disruptions.kinds[KIND.value]
    assert isinstance(mechanism, NetworkFailures)
    return [mechanism.windows(of(world), day) for day in range(DAYS)]


def test_failures_lie_within_their_day_in_order_and_apart():
    for day, found in enumerate(windows(Severity.BRUTAL)):
        moments = [moment for window in found for moment in window]
        assert moments == sorted(moments)
        assert all(8.0 * day <= moment <= 8.0 * (day + 1) for moment in moments)


def test_there_are_as_many_as_said_and_they_last_longer_by_severity():
    shares = []
    for severity, per_week in zip(Severity, (1.0, 2.0, 4.0, 8.0), strict=True):
        found = windows(severity)
        count = sum(len(day) for day in found) / DAYS * 5
        assert 0.6 * per_week < count < 1.2 * per_week
        shares.append(sum(end - begin for day in found for begin, end in day) / (8.0 * DAYS))
    assert shares == sorted(shares)
    assert shares[0] < 0.03
    assert 0.2 < shares[-1] < 0.6
    assert sum(map(len, windows(Severity.MILD, amount=6.0))) > 300


def test_sessions_stop_and_lose_progress_on_every_system():
    world = ImplementationWorld(with_case(KIND, Severity.BRUTAL), 0, record=True)
    play(world, decider("expert"), 20)
    sessions = world.gantt().filter(world.gantt()["reason_ended"] == "outage")
    assert len(sessions) > 5
    kinds = world.events()["kind"].to_list()
    assert kinds.count("network_down") == kinds.count("network_up") > 5
    assert all(world._state.environment_up)


def test_the_crew_gets_less_done():
    done = {}
    for name, scenario in (
        ("plain", furniture()),
        ("hit", with_case(KIND, Severity.BRUTAL, day=0)),
    ):
        worlds = [ImplementationWorld(scenario, seed) for seed in range(4)]
        for world in worlds:
            play(world, decider("expert"), 10)
        done[name] = fmean(world._state.hours_total for world in worlds)
    assert done["hit"] < 0.85 * done["plain"]


def test_nobody_believes_the_first_failures():
    scenario = with_parameters(with_case(KIND), network_failures_notice_days=40.0)
    for seed in range(4):
        world = ImplementationWorld(scenario, seed)
        until_noticed(world)
        assert of(world).left >= 4.0


def test_somebody_insists_at_the_latest():
    scenario = with_parameters(with_case(KIND, Severity.MILD, amount=0.1))
    world = ImplementationWorld(scenario, 0)
    until_noticed(world)
    assert of(world).left < 4.0


def test_the_cause_comes_first_then_the_line_then_the_provider():
    world = ImplementationWorld(with_case(KIND), 0)
    decide = decider("expert")
    until_noticed(world, decide)
    assert len(responses(world)) == 1
    while (
        not all(package.status == Status.DONE for package in responses(world))
        or not of(world).values
    ):
        world.advance(decide(world.briefing(), world.legal()))
    assert len(responses(world)) == 2
    assert not of(world).recovered
    done = world._state.day
    while not of(world).recovered:
        world.advance(decide(world.briefing(), world.legal()))
    days = world._context.parameters.network_failures_provider_days
    assert days - 1 <= world._state.day - done <= days + 1
    assert world._context.strain.crew_speed == 1.0


def test_left_alone_it_goes_on():
    world = ImplementationWorld(with_case(KIND), 0)
    world._state.next_steering_day = 1_000_000
    play(world, lambda *_: order(), 60)
    assert of(world).noticed
    assert not of(world).recovered
    assert of(world).left > 20.0
