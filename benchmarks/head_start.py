"""Worth of a policy to start a training from: learning curves with it and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.bands import bands_png
from benchmarks.command import JsonOption, show, span, start
from golive.cli.train import configuration_file
from golive.core.errors import GoliveError
from golive.core.files import write_bytes_atomically
from golive.core.tables import Table, figures
from golive.trainers.evaluation.intervals import DIFFERENCE_BOUNDS, SHARE_BOUNDS, mean_interval
from golive.trainers.evaluation.statistics import FloatArray, Interval
from golive.trainers.training import (
    TrainingConfiguration,
    TrainingState,
    read_learning_curve,
    train,
)
from golive.trainers.training.callbacks import TrainingCallback
from golive.trainers.training.configuration import read_configuration, with_changes
from golive.trainers.training.progress import ConsoleReporter
from golive.trainers.training.run_directory import RunDirectory

SCRATCH, STARTED = "from scratch", "from the policy"
_FOLDERS = {SCRATCH: "scratch", STARTED: "started"}
_SCORE = "validation/score"
_COLOURS = {SCRATCH: "#e0762f", STARTED: "#1a9c8b"}


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


def command(
    *,
    policy: Annotated[
        Path, typer.Option(help="Policy that one arm starts from: a file, or golive learn's --out.")
    ],
    out: Annotated[
        Path, typer.Option(help="Directory of what is made; what it holds is not made again.")
    ],
    config: Annotated[
        str, typer.Option(help="Training configuration by name or file; its start is left out.")
    ] = "scratch",
    steps: Annotated[int, typer.Option(min=1, help="Environment steps of a training.")] = 61_440,
    every: Annotated[
        int, typer.Option(min=1, help="Environment steps between two points of the curve.")
    ] = 8_192,
    episodes: Annotated[int, typer.Option(min=1, help="Validation customers of a point.")] = 50,
    seeds: Annotated[int, typer.Option(min=2, help="Trainings of each arm.")] = 3,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Processes instead of the configuration's.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="PNG of both curves (default: warm-start.png in --out).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Train from scratch and from a policy with the same seeds: both learning curves.

    Interrupted, the same command goes on.
    """
    changes: dict[str, object] = {
        "warm_start": None,
        "initial_policy": None,
        "total_steps": steps,
        "max_minutes": None,
        "evaluation": {"every_steps": every, "episodes": episodes},
    }
    if workers is not None:
        changes["workers"] = workers
    configuration = with_changes(read_configuration(configuration_file(config)), changes)
    with ConsoleReporter() as reporter:
        found = measure_head_start(configuration, policy, range(seeds), out, reporter)
    path = picture or out / "warm-start.png"
    write_bytes_atomically(path, head_start_png(found))
    show(found, [head_start_table(found).to_markdown()], as_json)
    typer.echo(f"Picture: {path}", err=True)


def head_start_table(found: HeadStart) -> Table:
    """Both learning curves and their difference."""
    return Table(
        f"mean score of {found.validation_episodes} validation customers; "
        f"{found.seeds} trainings per arm, 95 % intervals over them",
        figures("steps", SCRATCH, STARTED, "difference"),
        [
            (
                f"{point.steps:,}",
                span(point.scratch, ".3f"),
                span(point.started, ".3f"),
                span(point.difference, "+.3f"),
            )
            for point in found.points
        ],
    )


def head_start_png(found: HeadStart) -> bytes:
    """Draw both curves: the mean over the seeds, its 95 % interval as a band."""
    steps = [point.steps for point in found.points]
    curves = {
        SCRATCH: (steps, [point.scratch for point in found.points]),
        STARTED: (steps, [point.started for point in found.points]),
    }
    colours = [_COLOURS[arm] for arm in curves]
    return bands_png(curves, colours, "environment steps", "score on validation customers")


def measure_head_start(
    configuration: TrainingConfiguration,
    policy: Path,
    seeds: Sequence[int],
    directory: Path,
    reporter: TrainingCallback,
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
    configuration: TrainingConfiguration,
    arm: str,
    seed: int,
    directory: Path,
    reporter: TrainingCallback,
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
                mean_interval([scratch], bounds=SHARE_BOUNDS),
                mean_interval([started], bounds=SHARE_BOUNDS),
                mean_interval([started - scratch], bounds=DIFFERENCE_BOUNDS),
            )
        )
    return tuple(points)


def _folder(directory: Path, arm: str, seed: int) -> Path:
    return directory / f"{_FOLDERS[arm]}-{seed}"


if __name__ == "__main__":
    start("benchmarks.head_start")
