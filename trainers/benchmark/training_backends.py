"""What workers give a training: none, processes or Ray actors, and from which cost they pay.

Everything is measured in turns within one run, so that another load on the machine meets all
alike; what travels to other machines are the ratios.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..evaluation.statistics import (
    FloatArray,
    Interval,
    bootstrap_interval,
    generator,
    interquartile_mean,
)
from ..execution import default_workers
from ..execution.ray_session import ray_session
from ..training.configuration import TrainingConfiguration, with_changes
from .costed_environment import CostedEnvironment
from .replay import settled_collector

if TYPE_CHECKING:
    from ...envs.vector import BatchedVecEnv

Progress = Callable[[int, int], None]

IN_PROCESS, PROCESSES, RAY = "in process", "processes", "Ray actors"
COSTS_MILLISECONDS = (0.0, 0.05, 0.2, 0.5, 1.0, 2.0, 5.0)
ENVIRONMENTS_PER_WORKER = (1, 32)
_ENVIRONMENTS = 64
_STEPS = 16
_TURN_SECONDS = 0.1
"""How long the environments of one cost are stepped in one turn, at least two steps."""


@dataclass(frozen=True, slots=True)
class BackendRow:
    """One way to step the implementation world's environments.

    Attributes:
        backend: of the workers.
        stepping: environment steps per second with random legal actions.
        stepping_ratio: to the same without workers, turn by turn.
        training: environment steps per second of rollouts and updates.
        training_ratio: likewise.
    """

    backend: str
    stepping: Interval
    stepping_ratio: Interval
    training: Interval
    training_ratio: Interval


@dataclass(frozen=True, slots=True)
class CostRow:
    """How many times as fast workers are if a world's step costs so much.

    Attributes:
        environments_per_worker: stepped with one message.
        cost_milliseconds: of a core's time per environment step.
        speedups: by backend, to the same environments in one process.
    """

    environments_per_worker: int
    cost_milliseconds: float
    speedups: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """From which cost per world step workers pay.

    Attributes:
        backend: of the workers.
        environments_per_worker: stepped with one message.
        round_trip_milliseconds: what a step of all workers takes if worlds cost nothing, beyond
            what their environments take in one process.
        cost_milliseconds: per world step at which both are alike.
    """

    backend: str
    environments_per_worker: int
    round_trip_milliseconds: Interval
    cost_milliseconds: Interval


@dataclass(frozen=True, slots=True)
class TrainingBackendsReport:
    """What was measured.

    Attributes:
        workers: processes or actors.
        cores: that this process may use.
        environments: stepped together in the first two measurements.
        repetitions: of every measurement.
        world_step_milliseconds: of the implementation environment in this process.
        backends: by backend.
        costs: by environments per worker and cost.
        break_even: by environments per worker and backend.
    """

    workers: int
    cores: int
    environments: int
    repetitions: int
    world_step_milliseconds: Interval
    backends: tuple[BackendRow, ...]
    costs: tuple[CostRow, ...]
    break_even: tuple[BreakEven, ...]


def measure_training_backends(
    configuration: TrainingConfiguration,
    *,
    workers: int,
    repetitions: int = 10,
    address: str | None = None,
    costs_milliseconds: Sequence[float] = COSTS_MILLISECONDS,
    progress: Progress | None = None,
) -> TrainingBackendsReport:
    """Measure every backend in turns.

    Args:
        configuration: of the training; its environments and rollouts are cut to 64 x 16 steps.
        workers: at least 2: with fewer there is nothing to gain.
        repetitions: after one that only warms up.
        address: of a Ray cluster; None: Ray is started on this machine.
        costs_milliseconds: artificial costs of a world's step, the first 0.
        progress: called with (turns done, in all).
    """
    turns = _Turns(repetitions, 2 + len(ENVIRONMENTS_PER_WORKER), progress)
    with settled_collector(), ray_session(address, workers):
        stepping = turns.measure(partial(_stepping, configuration, workers))
        training = turns.measure(partial(_training, configuration, workers))
        costed = {
            per_worker: turns.measure(partial(_costed, per_worker, workers, costs_milliseconds))
            for per_worker in ENVIRONMENTS_PER_WORKER
        }
    steps = _ENVIRONMENTS * _STEPS
    return TrainingBackendsReport(
        workers=workers,
        cores=default_workers(),
        environments=_ENVIRONMENTS,
        repetitions=repetitions,
        world_step_milliseconds=_interval(1e3 * stepping[IN_PROCESS] / steps, "world step"),
        backends=tuple(_backend_row(name, steps, stepping, training) for name in stepping),
        costs=tuple(
            _cost_row(per_worker, cost, seconds)
            for per_worker, seconds in costed.items()
            for cost in costs_milliseconds
        ),
        break_even=tuple(
            _break_even(backend, per_worker, workers, seconds)
            for per_worker, seconds in costed.items()
            for backend in (PROCESSES, RAY)
        ),
    )


class _Turns:
    """Repeats what is measured, one after the other, and says how far it is."""

    def __init__(self, repetitions: int, stages: int, progress: Progress | None) -> None:
        self._repetitions = repetitions
        self._total = stages * (repetitions + 1)
        self._done = 0
        self._progress = progress

    def measure(self, stage: Any) -> dict[Any, FloatArray]:
        """Seconds of every turn, without the one that warms up, by what takes its turn."""
        with stage() as timed:
            seconds: dict[Any, list[float]] = {name: [] for name in timed}
            for _ in range(self._repetitions + 1):
                for name, once in timed.items():
                    seconds[name].append(once())
                self._done += 1
                if self._progress is not None:
                    self._progress(self._done, self._total)
        return {name: np.array(values[1:]) for name, values in seconds.items()}


@contextmanager
def _stepping(
    configuration: TrainingConfiguration, workers: int
) -> Iterator[dict[str, Callable[[], float]]]:
    """The training's environments, stepped with random legal actions."""
    from ..training.implementation_ground import ImplementationGround

    grounds = {
        name: ImplementationGround(_cut(configuration, count, backend))
        for name, count, backend in _backends(workers)
    }
    environments: dict[str, Any] = {}
    try:
        for name, ground in grounds.items():
            environments[name] = ground.environments()
            environments[name].reset()
        sizes = next(iter(grounds.values())).interface.action_sizes
        yield {
            name: partial(_seconds_of_steps, vector, sizes, np.random.default_rng(0))
            for name, vector in environments.items()
        }
    finally:
        for vector in environments.values():
            vector.close()


def _seconds_of_steps(
    environments: BatchedVecEnv, sizes: Sequence[int], random: np.random.Generator
) -> float:
    started = time.perf_counter()
    for _ in range(_STEPS):
        masks = np.stack(environments.env_method("action_masks"))
        environments.step(_legal_actions(masks, sizes, random))
    return time.perf_counter() - started


def _legal_actions(
    masks: NDArray[np.bool_], sizes: Sequence[int], random: np.random.Generator
) -> NDArray[np.int64]:
    draws = masks * (1.0 - random.random(masks.shape))
    parts = np.split(draws, np.cumsum(sizes)[:-1], axis=1)
    return np.stack([part.argmax(axis=1) for part in parts], axis=1)


@contextmanager
def _training(
    configuration: TrainingConfiguration, workers: int
) -> Iterator[dict[str, Callable[[], float]]]:
    """Rollouts with the learner's decisions, and its updates."""
    from stable_baselines3.common.logger import Logger

    from ..training.algorithm import ResumablePPO
    from ..training.figures import EpisodeFigures
    from ..training.implementation_ground import ImplementationGround
    from ..training.rewards import ScaledRewards

    open_environments: list[Any] = []
    timed: dict[str, Callable[[], float]] = {}
    try:
        for name, count, backend in _backends(workers):
            own = _cut(configuration, count, backend)
            ground = ImplementationGround(own)
            rewards = ScaledRewards(ground.environments(), own.reward_scaling, own.ppo.gamma)
            open_environments.append(rewards)
            model = ResumablePPO(own, rewards, Logger(None, []), ground.action_names)
            figures = EpisodeFigures(rewards)
            figures.init_callback(model)
            model.start_episodes()
            timed[name] = partial(_seconds_of_rollout, model, figures)
        yield timed
    finally:
        for environments in open_environments:
            environments.close()


def _seconds_of_rollout(model: Any, figures: Any) -> float:
    started = time.perf_counter()
    model.collect(figures)
    model.update()
    return time.perf_counter() - started


@contextmanager
def _costed(
    per_worker: int, workers: int, costs_milliseconds: Sequence[float]
) -> Iterator[dict[tuple[str, float], Callable[[], float]]]:
    """Environments of every cost; each turn gives seconds per step of all of them."""
    from ...envs.vector import BatchedVecEnv

    environments: dict[str, BatchedVecEnv] = {}
    count = per_worker * workers
    try:
        for name, number, backend in _backends(workers):
            factories = [partial(CostedEnvironment, 0.0)] * count
            environments[name] = BatchedVecEnv(factories, workers=number, backend=backend)
            environments[name].reset()
        yield {
            (name, cost): partial(_seconds_per_step, vector, 1e-3 * cost)
            for cost in costs_milliseconds
            for name, vector in environments.items()
        }
    finally:
        for vector in environments.values():
            vector.close()


def _seconds_per_step(environments: BatchedVecEnv, step_seconds: float) -> float:
    environments.set_attr("step_seconds", step_seconds)
    actions = np.zeros((environments.num_envs, 1), np.int64)
    environments.step(actions)
    expected = environments.num_envs * (step_seconds + 1e-5)
    steps = max(2, math.ceil(_TURN_SECONDS / expected / 4))
    started = time.perf_counter()
    for _ in range(steps):
        environments.step(actions)
    return (time.perf_counter() - started) / steps


def _backends(workers: int) -> tuple[tuple[str, int, str], ...]:
    return ((IN_PROCESS, 0, "process"), (PROCESSES, workers, "process"), (RAY, workers, "ray"))


def _cut(configuration: TrainingConfiguration, workers: int, backend: str) -> TrainingConfiguration:
    """The configuration with small rollouts, nothing before them, and these workers."""
    return with_changes(
        configuration,
        {
            "n_envs": _ENVIRONMENTS,
            "ppo": {"n_steps": _STEPS, "batch_size": _ENVIRONMENTS * _STEPS},
            "workers": workers,
            "backend": backend,
            "warm_start": None,
            "initial_policy": None,
        },
    )


def _backend_row(
    name: str, steps: int, stepping: Mapping[str, FloatArray], training: Mapping[str, FloatArray]
) -> BackendRow:
    return BackendRow(
        backend=name,
        stepping=_interval(steps / stepping[name], f"stepping {name}"),
        stepping_ratio=_interval(stepping[IN_PROCESS] / stepping[name], f"ratio {name}"),
        training=_interval(steps / training[name], f"training {name}"),
        training_ratio=_interval(training[IN_PROCESS] / training[name], f"training ratio {name}"),
    )


def _cost_row(
    per_worker: int, cost: float, seconds: Mapping[tuple[str, float], FloatArray]
) -> CostRow:
    return CostRow(
        per_worker,
        cost,
        {
            name: _interval(
                seconds[IN_PROCESS, cost] / seconds[name, cost], f"{name} {per_worker} {cost:g}"
            )
            for name in (PROCESSES, RAY)
        },
    )


def _break_even(
    backend: str, per_worker: int, workers: int, seconds: Mapping[tuple[str, float], FloatArray]
) -> BreakEven:
    """In one process a step of all takes n c + a, with workers n c / w + b: alike at c.

    n environments in all, w workers; a and b are the times measured at a cost c of nothing.
    """
    extra = seconds[backend, 0.0] - seconds[IN_PROCESS, 0.0]
    saved = per_worker * workers * (1.0 - 1.0 / workers)
    name = f"{backend} {per_worker}"
    return BreakEven(
        backend,
        per_worker,
        _interval(1e3 * extra, f"round trip {name}"),
        _interval(1e3 * extra / saved, f"break even {name}"),
    )


def _interval(values: FloatArray, name: str) -> Interval:
    return bootstrap_interval([values], interquartile_mean, generator(0, "training backends", name))
