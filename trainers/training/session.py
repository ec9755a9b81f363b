"""One training from its configuration to its outcome: what scripts and the command line call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.files import removed_if_refused
from ..world_files import world_files
from .run_directory import RunDirectory, TrainingState, new_directory, stored_configuration

if TYPE_CHECKING:
    from ..team.trainer import TeamTrainer
    from .callbacks import TrainingCallback
    from .configuration import TrainingConfiguration
    from .trainer import Trainer


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


@checked
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

    made = _trainer_maker(configuration)
    has_begun = RunDirectory(directory).checkpoints.paths
    with removed_if_refused(directory, lambda: resume or bool(has_begun())):
        if not resume:
            run = RunDirectory.create(directory, configuration)
        with _where_workers_live(configuration):
            heard_by = callbacks if reporter is None else (reporter, *callbacks)
            return made(run, heard_by).run()


def _trainer_maker(
    configuration: TrainingConfiguration,
) -> Callable[[RunDirectory, Sequence[TrainingCallback]], Trainer | TeamTrainer]:
    """Make the place to train in, which meets what is wrong; returns what makes the trainer."""
    if configuration.team is not None:
        from ..team.ground import TeamGround
        from ..team.trainer import TeamTrainer

        team_ground = TeamGround(configuration)
        return lambda run, heard_by: TeamTrainer(configuration, run, team_ground, heard_by)

    from .memory import check_memory
    from .trainer import Trainer
    from .world_ground import WorldGround

    ground = WorldGround(configuration)
    check_memory(configuration, ground.interface)
    return lambda run, heard_by: Trainer(configuration, run, ground, heard_by)


def train_seeds(
    configuration: TrainingConfiguration,
    directory: Path,
    seeds: int,
    *,
    resume: bool = False,
    reporter: TrainingCallback | None = None,
    callbacks: Sequence[TrainingCallback] = (),
) -> list[TrainingOutcome]:
    """Train with so many seeds from the configuration's on, one after another.

    Each training has a folder of its own, ``seed-0``, ``seed-1``, ..., and is as ``train`` makes
    it with that seed. An interrupt ends the one at hand and begins no other.

    Args:
        configuration: of all of them, but for the seed.
        directory: new or empty, or with ``resume`` that of an interrupted call.
        seeds: how many.
        resume: go on in the folders that are there, and make the others.
        reporter: who hears how each goes; None: nobody.
        callbacks: as for ``train``.

    Returns:
        The outcomes in the order of seeds; the last may be an interrupted one.

    Raises:
        GoliveError: as ``train``; also fewer than one seed.
        KeyboardInterrupt: likewise.
    """
    from ...core.records import changed

    if seeds < 1:
        raise GoliveError(f"seeds: {seeds}: expected at least 1")
    if not resume:
        new_directory(directory, "or --resume to go on with the trainings in it")
    outcomes: list[TrainingOutcome] = []
    for number in range(seeds):
        seed = configuration.seed + number
        folder = seed_directory(directory, seed)
        if reporter is not None:
            reporter.message(f"training {number + 1} of {seeds}: seed {seed}, in {folder}")
        outcomes.append(
            train(
                changed(configuration, seed=seed),
                folder,
                resume=resume and RunDirectory(folder).exists,
                reporter=reporter,
                callbacks=callbacks,
            )
        )
        if outcomes[-1].state is TrainingState.INTERRUPTED:
            break
    return outcomes


def seed_directory(directory: Path, seed: int) -> Path:
    """The folder of the training with a seed, among those of several."""
    return directory / f"seed-{seed}"


def stored_seeds(directory: Path) -> TrainingConfiguration:
    """The configuration of several trainings in a folder: that of the lowest seed.

    Raises:
        GoliveError: there are none.
    """
    folders = [path.parent for path in directory.glob("seed-*/config.yaml")]
    if not folders:
        raise GoliveError(f"{directory}: no trainings of several seeds to resume")
    return min((stored_configuration(folder) for folder in folders), key=lambda one: one.seed)


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


@checked
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
