"""World steps per second beside the bare SimPy loop, measured in turns in the same run."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from simpy.events import Event

from ...core.garbage import settled_collector
from ...sim.policy import Policy
from ...sim.worlds import kind_of
from ..evaluation.interval_ends import Bounds
from ..evaluation.intervals import UNBOUNDED, interquartile_mean_interval
from ..evaluation.statistics import FloatArray, Interval
from .replay import Replay, record_replay, time_replay

_BARE_TASKS = 6_000
_POSITIVE: Bounds = (0.0, math.inf)
EVENTS_PER_TASK = 8
"""Start, two requests, the hold, two releases, their handing over, end."""
_TASKS_AT_ONCE = 5
"""As many as a crew has roles; nobody waits, so that events are measured and not queues."""


@dataclass(frozen=True, slots=True)
class SpeedReport:
    """Speed of a world on one core; a step is a day with decision and briefing.

    Attributes:
        steps_per_second: of the world alone.
        bare_tasks_per_second: of the yardstick.
        ratio: steps per bare task, repetition by repetition; travels between machines.
        reset_milliseconds: to make a world.
        environment_steps_per_second: through the Gymnasium environment, with observation,
            mask, reward and info; resets left out.
        repetitions: of every measurement.
    """

    steps_per_second: Interval
    bare_tasks_per_second: Interval
    ratio: Interval
    reset_milliseconds: Interval
    environment_steps_per_second: Interval
    repetitions: int


def measure_speed(
    scenario: Any,
    policy: Policy,
    *,
    first_seed: int,
    episodes: int = 8,
    repetitions: int = 20,
    progress: Callable[[int, int], None] | None = None,
) -> SpeedReport:
    """Measure, taking turns, so that another load on the machine meets all alike.

    Args:
        scenario: what is simulated.
        policy: whose decisions are replayed; its own time is not measured.
        first_seed: of the episodes.
        episodes: per repetition.
        repetitions: after one that only warms up.
        progress: called with (repetitions done, in all).
    """
    replays = [record_replay(policy, scenario, first_seed + k) for k in range(episodes)]
    measured = []
    with settled_collector():
        for repetition in range(repetitions + 1):
            measured.append(_repeat(replays))
            if progress is not None:
                progress(repetition, repetitions)
    steps, bare, resets, environment = np.array(measured[1:]).T
    return SpeedReport(
        steps_per_second=middle(steps, _POSITIVE),
        bare_tasks_per_second=middle(bare, _POSITIVE),
        ratio=middle(steps / bare, _POSITIVE),
        reset_milliseconds=middle(resets, _POSITIVE),
        environment_steps_per_second=middle(environment, _POSITIVE),
        repetitions=repetitions,
    )


def middle(values: FloatArray, bounds: Bounds = UNBOUNDED) -> Interval:
    """Mean of the middle half of repetitions: interruptions by other programs make a long tail."""
    return interquartile_mean_interval([values], bounds=bounds)


def tasks_per_second(tasks: int) -> float:
    """The yardstick: how many bare tasks SimPy itself does a second, in a few lanes.

    A task is a process that takes two priority resources, holds them, gives them back and lets
    them be handed over: eight events, as a work package that needs a crew member and a key user
    has.
    """
    environment = simpy.Environment()
    crew = simpy.PriorityResource(environment, capacity=_TASKS_AT_ONCE)
    key_users = simpy.PriorityResource(environment, capacity=_TASKS_AT_ONCE)
    per_lane = max(1, tasks // _TASKS_AT_ONCE)

    def task(lane: int) -> Generator[Event, object, None]:
        with crew.request(priority=lane) as member:
            yield member
            with key_users.request(priority=lane) as user:
                yield user
                yield environment.timeout(1.0)
        yield environment.timeout(0.0)

    def all_of(lane: int) -> Generator[Event, object, None]:
        for _ in range(per_lane):
            yield environment.process(task(lane))

    for lane in range(_TASKS_AT_ONCE):
        environment.process(all_of(lane))
    started = time.perf_counter()
    environment.run()
    return per_lane * _TASKS_AT_ONCE / (time.perf_counter() - started)


def _repeat(replays: Sequence[Replay]) -> tuple[float, float, float, float]:
    """Steps and bare tasks per second, milliseconds of a reset, environment steps per second."""
    before = tasks_per_second(_BARE_TASKS)
    timings = [time_replay(replay) for replay in replays]
    after = tasks_per_second(_BARE_TASKS)
    days = sum(replay.days for replay in replays)
    return (
        days / sum(timing.step_seconds for timing in timings),
        2.0 / (1.0 / before + 1.0 / after),
        1e3 * float(np.mean([timing.reset_seconds for timing in timings])),
        _environment_speed(replays),
    )


def _environment_speed(replays: Sequence[Replay]) -> float:
    """Days per second through the environment, the same decisions as actions."""
    from ...envs.environment import WorldEnv

    kind = kind_of(replays[0].scenario)
    environment = WorldEnv(replays[0].scenario, world=kind)
    days, seconds = 0, 0.0
    for replay in replays:
        actions = [kind.language.action(decision) for decision in replay.decisions]
        environment.reset(options={"scenario": replay.scenario, "episode_seed": replay.seed})
        ended = False
        started = time.perf_counter()
        for action in actions:
            _, _, terminated, truncated, _ = environment.step(action)
            environment.action_masks()
            ended = terminated or truncated
        if not ended:
            raise RuntimeError(f"seed {replay.seed}: the environment ran another episode")
        seconds += time.perf_counter() - started
        days += replay.days
    environment.close()
    return days / seconds
