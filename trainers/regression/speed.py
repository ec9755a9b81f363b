"""World steps per second of a core's time beside the bare SimPy loop, in turns in one run."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import astuple, dataclass
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
class Turn:
    """One measurement of everything; ``SpeedReport`` says what the figures are."""

    steps_per_second: float
    bare_tasks_per_second: float
    reset_milliseconds: float
    environment_steps_per_second: float


@dataclass(frozen=True, slots=True)
class SpeedReport:
    """Speed of a world on one core; a step is a day with decision and briefing.

    Attributes:
        steps_per_second: of the world alone.
        bare_tasks_per_second: of the yardstick.
        ratio: steps per bare task, repetition by repetition; travels between machines.
        reset_milliseconds: to begin an episode in the environment, up to its first observation.
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
            measured.append(astuple(take_turn(replays)))
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
    started = time.process_time()
    environment.run()
    return per_lane * _TASKS_AT_ONCE / (time.process_time() - started)


def take_turn(replays: Sequence[Replay]) -> Turn:
    """Measure everything once, the yardstick before and after the world."""
    before = tasks_per_second(_BARE_TASKS)
    timings = [time_replay(replay) for replay in replays]
    after = tasks_per_second(_BARE_TASKS)
    days = sum(replay.days for replay in replays)
    resets, steps = _environment_seconds(replays)
    return Turn(
        days / sum(timing.step_seconds for timing in timings),
        2.0 / (1.0 / before + 1.0 / after),
        1e3 * resets / len(replays),
        days / steps,
    )


def _environment_seconds(replays: Sequence[Replay]) -> tuple[float, float]:
    """Seconds of all resets and of all steps of the environment, the same decisions as actions."""
    from ...envs.environment import WorldEnv

    kind = kind_of(replays[0].scenario)
    environment = WorldEnv(replays[0].scenario, world=kind)
    resets = steps = 0.0
    for replay in replays:
        actions = [kind.language.action(decision) for decision in replay.decisions]
        options = {"scenario": replay.scenario, "episode_seed": replay.seed}
        begun = time.process_time()
        environment.reset(options=options)
        ended = False
        started = time.process_time()
        for action in actions:
            _, _, terminated, truncated, _ = environment.step(action)
            environment.action_masks()
            ended = terminated or truncated
        if not ended:
            raise RuntimeError(f"seed {replay.seed}: the environment ran another episode")
        steps += time.process_time() - started
        resets += started - begun
    environment.close()
    return resets, steps
