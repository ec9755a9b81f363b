"""Real time: the clock paces the world, the result is that of the fastest run."""

import pytest

from golive.agents.registry import load_policy
from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.realtime import run_in_real_time


class FakeClock:
    def __init__(self) -> None:
        self.now = 100.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def hours(briefing) -> float:
    return briefing.calendar.hours_per_day * briefing.calendar.days_per_decision


def run(acceleration: float | None, clock: FakeClock) -> tuple[ImplementationWorld, int]:
    world = ImplementationWorld(load_scenario("furniture"), 0)
    policy = load_policy("expert")
    policy.reset(0)
    points = run_in_real_time(
        world,
        policy.decide,
        acceleration=acceleration,
        hours_per_decision=hours,
        clock=clock.time,
        sleep=clock.sleep,
    )
    return world, sum(1 for _ in points)


def test_acceleration_ten_takes_a_tenth_of_the_working_time():
    clock = FakeClock()
    world, points = run(10.0, clock)
    assert points == world.briefing().calendar.day + 1
    assert clock.now - 100.0 == pytest.approx((points - 1) * 8 * 3600 / 10)


def test_pacing_changes_nothing_but_the_clock():
    clock = FakeClock()
    fast, _ = run(None, clock)
    assert clock.now == 100.0
    paced, _ = run(1000.0, FakeClock())
    assert fast.digest() == paced.digest()


@pytest.mark.parametrize("acceleration", [0.0, -1.0, float("nan")])
def test_acceleration_must_be_positive(acceleration):
    with pytest.raises(GoliveError, match="acceleration"):
        run(acceleration, FakeClock())
