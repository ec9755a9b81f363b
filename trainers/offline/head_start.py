"""What a policy to start from is worth to a training: learning curves with it and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...core.errors import GoliveError
from ..evaluation.intervals import mean_interval
from ..evaluation.statistics import FloatArray, Interval
from ..training import TrainingConfiguration, TrainingState, read_learning_curve, train
from ..training.configuration import with_changes
from ..training.progress import Reporter
from ..training.run_directory import RunDirectory

SCRATCH, STARTED = "from scratch", "from the policy"
_FOLDERS = {SCRATCH: "scratch", STARTED: "started"}
_SCORE = "validation/score"


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Validation score of both arms after so many environment steps, over the seeds.

    Attributes:
        steps: environment steps made.
        scratch: mean score from scratch; its interval is over seeds.
        started: mean score from the policy.
        difference: started minus scratch, seed by seed.
    """

    steps: int
    scratch: Interval
    started: Interval
    difference: Interval


@dataclass(frozen=True, slots=True)
class HeadStart:
    """Both learning curves.

    Attributes:
        seeds: trainings of each arm.
        validation_episodes: that every score is a mean of.
        points: in the order of steps.
        seconds: wall-clock time of all trainings together.
    """

    seeds: int
    validation_episodes: int
    points: tuple[CurvePoint, ...]
    seconds: float


def measure_head_start(
    configuration: TrainingConfiguration,
    policy: Path,
    seeds: Sequence[int],
    directory: Path,
    reporter: Reporter,
) -> HeadStart:
    """Train from scratch and from a policy with every seed, all else alike.

    Trainings in the directory that are finished are not made again; an interrupted one goes on.

    Args:
        configuration: of both arms, without warm start and initial policy.
        policy: what one arm starts from.
        seeds: of the trainings.
        directory: a folder for every training is made in it.
        reporter: who hears how it goes.

    Raises:
        GoliveError: the configuration has a start of its own, or the policy does not fit.
        KeyboardInterrupt: a training was interrupted; the same call goes on.
    """
    if configuration.warm_start is not None or configuration.initial_policy is not None:
        raise GoliveError("warm_start and initial_policy: expected none: the arms say how to start")
    start = {"file": str(policy), "critic_warmup_rollouts": 4}
    minutes = 0.0
    for seed in seeds:
        for arm, changes in ((SCRATCH, {}), (STARTED, {"initial_policy": start})):
            own = with_changes(configuration, {"seed": seed, **changes})
            minutes += _train(own, arm, seed, directory, reporter)
    curves = {arm: _scores(directory, arm, seeds) for arm in _FOLDERS}
    return HeadStart(len(seeds), configuration.evaluation.episodes, _points(curves), 60.0 * minutes)


def _train(
    configuration: TrainingConfiguration, arm: str, seed: int, directory: Path, reporter: Reporter
) -> float:
    """One training, from where it stands; its minutes."""
    folder = _folder(directory, arm, seed)
    there = RunDirectory(folder).exists
    reporter.message(f"seed {seed}, {arm}")
    outcome = train(configuration, folder, resume=there, reporter=reporter)
    if outcome.state is not TrainingState.FINISHED:
        raise KeyboardInterrupt
    return outcome.minutes


def _scores(directory: Path, arm: str, seeds: Sequence[int]) -> dict[int, FloatArray]:
    """Validation scores by environment steps, float64 (seeds,) each."""
    found: dict[int, list[float]] = {}
    for seed in seeds:
        curve = read_learning_curve(_folder(directory, arm, seed)).drop_nulls(_SCORE)
        for steps, score in curve.select("step", _SCORE).iter_rows():
            found.setdefault(int(steps), []).append(float(score))
    return {steps: np.array(scores) for steps, scores in sorted(found.items())}


def _points(curves: dict[str, dict[int, FloatArray]]) -> tuple[CurvePoint, ...]:
    points = []
    for steps, scratch in curves[SCRATCH].items():
        started = curves[STARTED][steps]
        points.append(
            CurvePoint(
                steps,
                _over_seeds(scratch, "scratch", (0.0, 1.0)),
                _over_seeds(started, "started", (0.0, 1.0)),
                _over_seeds(started - scratch, "difference", (-1.0, 1.0)),
            )
        )
    return tuple(points)


def _over_seeds(values: FloatArray, purpose: str, bounds: tuple[float, float]) -> Interval:
    return mean_interval([values], f"head start, {purpose}", bounds=bounds)


def _folder(directory: Path, arm: str, seed: int) -> Path:
    return directory / f"{_FOLDERS[arm]}-{seed}"
