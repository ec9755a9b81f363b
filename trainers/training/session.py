"""One training from its configuration to its outcome: what scripts and the command line call."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...core.files import removed_if_refused
from ..world_files import world_files
from .run_directory import RunDirectory, TrainingState

if TYPE_CHECKING:
    from .callbacks import TrainingCallback
    from .configuration import TrainingConfiguration


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """Results of a training.

    Attributes:
        state: why it ended.
        steps: environment steps made.
        minutes: wall-clock time, of all stretches together.
        best_score: mean validation score of the best policy; minus infinity if none was judged.
        best_steps: steps at which it was found.
    """

    state: TrainingState
    steps: int
    minutes: float
    best_score: float
    best_steps: int


def train(
    configuration: TrainingConfiguration | None,
    directory: Path,
    *,
    resume: bool = False,
    reporter: TrainingCallback | None = None,
    callbacks: Sequence[TrainingCallback] = (),
) -> TrainingOutcome:
    """Train in a folder, from the start or from the last checkpoint in it.

    The folder then holds ``best.policy`` (best on the validation split), ``final.policy``,
    ``curve.jsonl`` and ``curve.parquet``, ``config.yaml``, ``status.json``, ``checkpoints/``
    and ``tensorboard/``. An interrupt (Ctrl-C, SIGTERM) ends it after the rollout at hand,
    with a checkpoint; the outcome's state says so.

    Args:
        configuration: what it is told; None only when resuming: as it was told before.
        directory: new or empty, or with ``resume`` the folder of an interrupted training.
        resume: go on in the folder; a finished training is not made again.
        reporter: who hears how it goes; None: nobody.
        callbacks: who hears it besides, and may stop the training or change its levels.

    Raises:
        GoliveError: bad configuration, a folder that will not do, a full disk, no Ray cluster
            at the address, or workers that are lost again and again.
        KeyboardInterrupt: a second interrupt came while the first was being obeyed.
    """
    if resume:
        run, configuration = RunDirectory.reopen(directory, configuration)
        finished = _finished_outcome(run)
        if finished is not None:
            return finished
    elif configuration is None:
        raise GoliveError("configuration: None: expected one for a new training")

    from .memory import check_memory
    from .trainer import Trainer
    from .world_ground import WorldGround

    ground = WorldGround(configuration)
    check_memory(configuration, ground.interface)
    has_begun = RunDirectory(directory).checkpoints.paths
    with removed_if_refused(directory, lambda: resume or bool(has_begun())):
        if not resume:
            run = RunDirectory.create(directory, configuration)
        with _where_workers_live(configuration):
            heard_by = callbacks if reporter is None else (reporter, *callbacks)
            return Trainer(configuration, run, ground, heard_by).run()


def _where_workers_live(configuration: TrainingConfiguration) -> AbstractContextManager[object]:
    """A session with Ray for as long as the training lasts, if its workers are Ray's."""
    if configuration.backend != "ray" or configuration.workers == 0:
        return nullcontext()
    from ...core.execution.ray_session import ray_session

    return ray_session(configuration.ray_address, configuration.workers)


def _finished_outcome(run: RunDirectory) -> TrainingOutcome | None:
    """The outcome of a training that has made all its steps; None if it has not."""
    status = run.status()
    if status.get("state") != TrainingState.FINISHED or not run.final_policy.is_file():
        return None
    return TrainingOutcome(
        TrainingState.FINISHED,
        int(status["steps"]),
        float(status["minutes"]),
        float(status["best_score"]),
        int(status["best_steps"]),
    )


def shipped_configuration_names() -> tuple[str, ...]:
    """Names of the configurations that come with the worlds."""
    return tuple(sorted(world_files("configs")))


def shipped_configuration(name: str) -> Path:
    """The file of a configuration that comes with a world.

    Raises:
        GoliveError: there is none of this name.
    """
    files = world_files("configs")
    if name in files:
        return files[name]
    names = tuple(sorted(files))
    close = get_close_matches(name, names, n=1)
    guess = f"did you mean {close[0]}? " if close else ""
    raise GoliveError(f"configuration: {name!r}: {guess}expected one of {', '.join(names)}")
