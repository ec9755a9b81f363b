"""Gain of a training by workers: none, processes or Ray actors, and from which cost they pay.

Everything is measured in turns within one run, so that another load on the machine meets all
alike; what travels to other machines are the ratios.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Annotated, Any

import cloudpickle
import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import JsonOption, show, start
from benchmarks.costed_environment import CostedEnvironment
from benchmarks.training_backends_report import (
    IN_PROCESS,
    PROCESSES,
    RAY,
    TrainingBackendsReport,
    backend_row,
    break_even,
    cost_row,
    tables,
)
from golive.cli.train import configuration_file
from golive.core.errors import GoliveError
from golive.core.execution import default_workers
from golive.core.execution.ray_session import ray_session
from golive.core.garbage import settled_collector
from golive.envs.sb3 import BatchedVecEnv
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.statistics import FloatArray
from golive.trainers.regression.speed import middle
from golive.trainers.training.configuration import (
    TrainingConfiguration,
    read_configuration,
    with_changes,
)
from golive.trainers.training.world_ground import WorldGround

Progress = Callable[[int, int], None]
Timed = dict[Any, Callable[[], float]]
"""What takes its turn, by name: each call gives seconds."""

COSTS_MILLISECONDS = (0.0, 0.05, 0.2, 0.5, 1.0, 2.0, 5.0)
ENVIRONMENTS_PER_WORKER = (1, 32)
_STEPS = 16
_TURN_SECONDS = 0.1
"""How long the environments of one cost are stepped in one turn, at least two steps."""


def command(
    *,
    config: Annotated[
        str, typer.Option(help="Training configuration: a file or a name.")
    ] = "scratch",
    workers: Annotated[
        int | None, typer.Option(min=2, help="Workers (default: one for every core).")
    ] = None,
    repetitions: Annotated[int, typer.Option(min=2, help="Of every measurement.")] = 10,
    ray_address: Annotated[
        str | None, typer.Option(help="Ray cluster (default: Ray is started here).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure a training without workers, with processes and on Ray; from which cost they pay."""
    chosen = workers or default_workers()
    if chosen < 2:
        raise GoliveError("--workers: 1: expected at least 2, or there is nothing to compare")
    with counting_bar("Backends") as progress:
        report = measure_training_backends(
            read_configuration(configuration_file(config)),
            workers=chosen,
            repetitions=repetitions,
            address=ray_address,
            progress=progress,
        )
    show(report, tables(report), as_json)


def measure_training_backends(
    configuration: TrainingConfiguration,
    *,
    workers: int,
    repetitions: int = 10,
    address: str | None = None,
    environments: int = 64,
    costs_milliseconds: Sequence[float] = COSTS_MILLISECONDS,
    environments_per_worker: Sequence[int] = ENVIRONMENTS_PER_WORKER,
    progress: Progress | None = None,
) -> TrainingBackendsReport:
    """Measure every backend in turns.

    Args:
        configuration: of the training; its rollouts are cut to 16 steps per environment.
        workers: at least 2: with fewer there is nothing to gain.
        repetitions: after one that only warms up.
        address: of a Ray cluster; None: Ray is started on this machine.
        environments: of the implementation world, stepped together.
        costs_milliseconds: artificial costs of a world's step; one must be 0.
        environments_per_worker: of those with artificial costs.
        progress: called with (turns done, in all).
    """
    variants = {
        name: _cut(configuration, environments, number, backend)
        for name, number, backend in _backends(workers)
    }
    turns = _Turns(repetitions, 2 + len(environments_per_worker), progress)
    costed = {}
    with settled_collector(), ray_session(address, workers):
        with _opened(variants) as opened:
            stepping = turns.measure(_stepping(opened))
            training = turns.measure(_training(opened))
        for per_worker in environments_per_worker:
            with _costed(per_worker, workers, costs_milliseconds) as timed:
                costed[per_worker] = turns.measure(timed)
    steps = environments * _STEPS
    return TrainingBackendsReport(
        workers=workers,
        cores=default_workers(),
        environments=environments,
        repetitions=repetitions,
        world_step_milliseconds=middle(1e3 * stepping[IN_PROCESS] / steps),
        backends=tuple(backend_row(name, steps, stepping, training) for name in stepping),
        costs=tuple(
            cost_row(per_worker, cost, seconds)
            for per_worker, seconds in costed.items()
            for cost in costs_milliseconds
        ),
        break_even=tuple(
            break_even(backend, per_worker, workers, seconds)
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

    def measure(self, timed: Timed) -> dict[Any, FloatArray]:
        """Seconds of every turn, without the one that warms up, by what takes its turn."""
        seconds: dict[Any, list[float]] = {name: [] for name in timed}
        for _ in range(self._repetitions + 1):
            for name, once in timed.items():
                seconds[name].append(once())
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, self._total)
        return {name: np.array(values[1:]) for name, values in seconds.items()}


Opened = Mapping[str, tuple[TrainingConfiguration, WorldGround, Any]]
"""A training's configuration, its ground and its environments, by backend."""


@contextmanager
def _opened(variants: Mapping[str, TrainingConfiguration]) -> Iterator[Opened]:
    opened = {}
    with ExitStack() as stack:
        for name, own in variants.items():
            ground = WorldGround(own)
            environments: Any = ground.environments()
            stack.callback(environments.close)
            opened[name] = (own, ground, environments)
        yield opened


def _stepping(opened: Opened) -> Timed:
    """The training's environments, stepped with random legal actions."""
    timed: Timed = {}
    for name, (_, ground, environments) in opened.items():
        environments.reset()
        sizes = ground.interface.action_sizes
        timed[name] = partial(_seconds_of_steps, environments, sizes, np.random.default_rng(0))
    return timed


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


def _training(opened: Opened) -> Timed:
    """Rollouts with the learner's decisions, and its updates."""
    from stable_baselines3.common.logger import Logger

    from golive.trainers.training.algorithm import ResumablePPO
    from golive.trainers.training.figures import EpisodeFigures
    from golive.trainers.training.rewards import ScaledRewards

    timed: Timed = {}
    for name, (own, ground, environments) in opened.items():
        rewards = ScaledRewards(environments, own.reward_scaling, own.ppo.gamma)
        model = ResumablePPO(own, rewards, Logger(None, []), ground.action_names)
        figures = EpisodeFigures(rewards, ground.score)
        figures.init_callback(model)
        model.start_episodes()
        timed[name] = partial(_seconds_of_rollout, model, figures)
    return timed


def _seconds_of_rollout(model: Any, figures: Any) -> float:
    started = time.perf_counter()
    model.collect(figures)
    model.update()
    return time.perf_counter() - started


@contextmanager
def _costed(per_worker: int, workers: int, costs_milliseconds: Sequence[float]) -> Iterator[Timed]:
    """Environments of every cost; each turn gives seconds per step of all of them."""
    # Workers on other machines have golive, but not its benchmarks.
    cloudpickle.register_pickle_by_value(sys.modules[CostedEnvironment.__module__])
    environments: dict[str, BatchedVecEnv] = {}
    factories = [partial(CostedEnvironment, 0.0)] * (per_worker * workers)
    with ExitStack() as stack:
        for name, number, backend in _backends(workers):
            vector = BatchedVecEnv(factories, workers=number, backend=backend)
            stack.callback(vector.close)
            vector.reset()
            environments[name] = vector
        yield {
            (name, cost): partial(_seconds_per_step, vector, 1e-3 * cost)
            for cost in costs_milliseconds
            for name, vector in environments.items()
        }


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


def _cut(
    configuration: TrainingConfiguration, environments: int, workers: int, backend: str
) -> TrainingConfiguration:
    """The configuration with small rollouts, nothing before them, and these workers."""
    return with_changes(
        configuration,
        {
            "n_envs": environments,
            "ppo": {"n_steps": _STEPS, "batch_size": environments * _STEPS},
            "workers": workers,
            "backend": backend,
            "warm_start": None,
            "initial_policy": None,
        },
    )


if __name__ == "__main__":
    start("benchmarks.training_backends")
