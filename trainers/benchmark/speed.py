"""World steps per second beside the bare SimPy loop, measured in turns in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...sim.policy import Policy
from ..evaluation.statistics import (
    FloatArray,
    Interval,
    bootstrap_interval,
    generator,
    interquartile_mean,
)
from .bare_loop import tasks_per_second
from .replay import Replay, record_replay, settled_collector, time_replay

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

TARGET_RATIO = 3_000 / 65_000
"""World steps per bare task that the engine should reach: 3,000 a second where the bare loop
does 65,000."""
_BARE_TASKS = 6_000


@dataclass(frozen=True, slots=True)
class SpeedReport:
    """Speed of the engine on one core; a step is a day with decision and briefing.

    Attributes:
        steps_per_second: of the world alone.
        bare_tasks_per_second: of the yardstick.
        ratio: steps per bare task, repetition by repetition; travels between machines.
        reset_milliseconds: to make a world, its customer included.
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


@dataclass(frozen=True, slots=True)
class _Repetition:
    steps_per_second: float
    bare_tasks_per_second: float
    reset_milliseconds: float
    environment_steps_per_second: float


def measure_speed(
    scenario: Scenario,
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
    return _report(measured[1:])


def _repeat(replays: Sequence[Replay]) -> _Repetition:
    before = tasks_per_second(_BARE_TASKS)
    timings = [time_replay(replay) for replay in replays]
    after = tasks_per_second(_BARE_TASKS)
    days = sum(replay.days for replay in replays)
    return _Repetition(
        steps_per_second=days / sum(timing.step_seconds for timing in timings),
        bare_tasks_per_second=2.0 / (1.0 / before + 1.0 / after),
        reset_milliseconds=1e3 * float(np.mean([timing.reset_seconds for timing in timings])),
        environment_steps_per_second=_environment_speed(replays),
    )


def _environment_speed(replays: Sequence[Replay]) -> float:
    """Days per second through the environment, the same decisions as actions."""
    import gymnasium

    from ...envs.implementation.actions import encode_decision
    from ...envs.registration import IMPLEMENTATION_ENVIRONMENT_ID

    environment = gymnasium.make(IMPLEMENTATION_ENVIRONMENT_ID, disable_env_checker=True)
    days, seconds = 0, 0.0
    for replay in replays:
        actions = [encode_decision(decision) for decision in replay.decisions]
        environment.reset(options={"scenario": replay.scenario, "episode_seed": replay.seed})
        ended = False
        started = time.perf_counter()
        for action in actions:
            _, _, terminated, truncated, _ = environment.step(action)
            environment.unwrapped.action_masks()  # type: ignore[attr-defined]
            ended = terminated or truncated
        if not ended:
            raise RuntimeError(f"seed {replay.seed}: the environment ran another episode")
        seconds += time.perf_counter() - started
        days += replay.days
    environment.close()
    return days / seconds


def _report(measured: Sequence[_Repetition]) -> SpeedReport:
    def interval(name: str, values: FloatArray) -> Interval:
        # The middle of the repetitions: interruptions by other programs make a long tail.
        return bootstrap_interval([values], interquartile_mean, generator(0, "speed", name))

    def column(name: str) -> FloatArray:
        return np.array([getattr(repetition, name) for repetition in measured])

    ratios = column("steps_per_second") / column("bare_tasks_per_second")
    return SpeedReport(
        steps_per_second=interval("steps", column("steps_per_second")),
        bare_tasks_per_second=interval("bare", column("bare_tasks_per_second")),
        ratio=interval("ratio", ratios),
        reset_milliseconds=interval("reset", column("reset_milliseconds")),
        environment_steps_per_second=interval(
            "environment", column("environment_steps_per_second")
        ),
        repetitions=len(measured),
    )
