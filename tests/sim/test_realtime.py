"""Real time: the clock paces the world, the result is that of the fastest run."""

import pytest

from golive.agents.registry import load_policy
from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import Episode, run
from golive.sim.observers import RealTime
from golive.sim.worlds import kind_of


class FakeClock:
    def __init__(self) -> None:
        self.now = 100.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(acceleration: float | None, clock: FakeClock) -> Episode:
    scenario = load_scenario("furniture")
    observer = RealTime(acceleration, clock=clock.time, sleep=clock.sleep)
    kind, policy = kind_of(scenario), load_policy("expert")
    return run(kind, policy, scenario, 0, observers=(observer,), record=True)


def test_acceleration_ten_takes_a_tenth_of_the_working_time():
    clock = FakeClock()
    world = paced(10.0, clock).world
    assert world is not None
    assert world.now > 0.0
    assert clock.now - 100.0 == pytest.approx(world.now * 3600 / 10)


def test_pacing_changes_nothing_but_the_clock():
    clock = FakeClock()
    fast = paced(None, clock)
    assert clock.now == 100.0
    assert fast.digest == paced(1000.0, FakeClock()).digest


@pytest.mark.parametrize("acceleration", [0.0, -1.0, float("nan")])
def test_acceleration_must_be_positive(acceleration):
    with pytest.raises(GoliveError, match="acceleration"):
        RealTime(acceleration)
