"""The folder of one training: configuration, checkpoints, state, results."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from ...agents.policy_file import BEST_POLICY, FINAL_POLICY
from ...core.archive import Archive, read_archive, write_archive
from ...core.errors import GoliveError
from ...core.files import (
    json_text,
    prepare_output_directory,
    read_json,
    reason,
    write_text_atomically,
)
from .configuration import (
    TrainingConfiguration,
    configuration_text,
    first_difference,
    read_configuration,
)

CONFIGURATION_FILE = "config.yaml"
STATUS_FILE = "status.json"
KIND = "golive training checkpoint"
FORMAT_VERSION = 1
KEPT_CHECKPOINTS = 2


class TrainingState(StrEnum):
    """States of a training."""

    RUNNING = "running"
    """Or ended without a chance to say so."""
    INTERRUPTED = "interrupted"
    TIME_LIMIT = "time_limit"
    """Stopped early by ``max_minutes``."""
    STOPPED = "stopped"
    """Stopped early by a callback."""
    FINISHED = "finished"
    """All steps were made."""


class CheckpointStore:
    """A folder of checkpoints, named by the steps made; the first one makes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, steps: int, state: Archive) -> Path:
        """Write a checkpoint atomically, then drop all but the last two.

        Raises:
            GoliveError: it cannot be written; those before it are untouched.
        """
        path = self.folder / f"step-{steps:012d}.checkpoint"
        prepare_output_directory(self.folder)
        write_archive(path, KIND, FORMAT_VERSION, state)
        for old in self.paths()[:-KEPT_CHECKPOINTS]:
            old.unlink(missing_ok=True)
        return path

    def paths(self) -> list[Path]:
        """Checkpoints, oldest first."""
        return sorted(self.folder.glob("step-*.checkpoint"))

    def latest(self, on_damaged: Callable[[str], None]) -> Archive | None:
        """The newest readable checkpoint, or None if there never was one.

        Raises:
            GoliveError: there are checkpoints and none can be read.
        """
        paths = self.paths()
        for path in reversed(paths):
            try:
                return read_archive(path, KIND, FORMAT_VERSION)
            except GoliveError as error:
                on_damaged(str(error))
        if paths:
            raise GoliveError(f"{self.folder}: none of its {len(paths)} checkpoints can be read")
        return None


class RunDirectory:
    """Paths and rules of a training's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = CheckpointStore(path / "checkpoints")
        self.best_policy = path / BEST_POLICY
        self.final_policy = path / FINAL_POLICY
        self.tensorboard = path / "tensorboard"

    @property
    def exists(self) -> bool:
        """True if a training has begun in it."""
        return (self.path / CONFIGURATION_FILE).is_file()

    @classmethod
    def create(cls, path: Path, configuration: TrainingConfiguration) -> RunDirectory:
        """A new run's folder.

        Raises:
            GoliveError: it exists and is not empty, or cannot be written.
        """
        run = cls(new_directory(path, "or --resume to go on with the training in it"))
        run.write_configuration(configuration)
        return run

    @classmethod
    def reopen(
        cls, path: Path, configuration: TrainingConfiguration | None
    ) -> tuple[RunDirectory, TrainingConfiguration]:
        """An existing run's folder, and the configuration to go on with; None: as it was.

        Raises:
            GoliveError: there is no training in it, or it was told otherwise in a field
                that decides what is learned.
        """
        run, before = cls(path), stored_configuration(path)
        if configuration is None:
            return run, before
        difference = first_difference(before, configuration)
        if difference:
            raise GoliveError(f"{path}: cannot resume: {difference}")
        prepare_output_directory(path)
        run.write_configuration(configuration)
        return run, configuration

    def write_configuration(self, configuration: TrainingConfiguration) -> None:
        """Keep what the training is told."""
        write_text_atomically(self.path / CONFIGURATION_FILE, configuration_text(configuration))

    def write_status(self, status: dict[str, Any]) -> None:
        """Say where the training stands."""
        write_text_atomically(self.path / STATUS_FILE, json_text(status, 2) + "\n")

    def status(self) -> dict[str, Any]:
        """The last thing said about where the training stands; empty if nothing readable was."""
        try:
            status = read_json(self.path / STATUS_FILE, "a status")
        except GoliveError:
            return {}
        return status if isinstance(status, dict) else {}


def new_directory(path: Path, otherwise: str = "") -> Path:
    """Make a directory that is to hold nothing yet; ``otherwise`` is advice where it does.

    Raises:
        GoliveError: it exists and is not empty, or cannot be written.
    """
    try:
        if path.is_dir() and any(path.iterdir()):
            advice = ", ".join(part for part in ("give another directory", otherwise) if part)
            raise GoliveError(f"{path}: exists and is not empty: {advice}")
    except OSError as error:
        raise GoliveError(f"{path}: cannot be read: {reason(error)}") from error
    return prepare_output_directory(path)


def stored_configuration(path: Path) -> TrainingConfiguration:
    """The configuration of the training in a folder.

    Raises:
        GoliveError: there is no training in it.
    """
    file = path / CONFIGURATION_FILE
    if not file.is_file():
        raise GoliveError(f"{path}: no training to resume (it has no {CONFIGURATION_FILE})")
    return read_configuration(file)
