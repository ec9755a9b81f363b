"""The folder of one training: what it was told, where it stands, what came of it."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from ...agents.policy_file import BEST_POLICY, FINAL_POLICY
from ...core.errors import GoliveError
from ...core.files import prepare_output_directory, reason, write_text_atomically
from .checkpoints import CheckpointStore
from .configuration import (
    TrainingConfiguration,
    configuration_text,
    first_difference,
    read_configuration,
)

CONFIGURATION_FILE = "config.yaml"
STATUS_FILE = "status.json"


class TrainingState(StrEnum):
    """Where a training stands."""

    RUNNING = "running"
    """Or ended without a chance to say so."""
    INTERRUPTED = "interrupted"
    TIME_LIMIT = "time_limit"
    """Stopped early by ``max_minutes``."""
    FINISHED = "finished"
    """All steps were made."""


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
        """Whether a training has begun in it."""
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
        """An existing run's folder, and the configuration to go on with.

        Args:
            path: of the folder.
            configuration: asked for now; None: as it was.

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
        write_text_atomically(self.path / STATUS_FILE, json.dumps(status, indent=2) + "\n")

    def status(self) -> dict[str, Any]:
        """What was last said about where the training stands; empty if nothing readable was."""
        try:
            status = json.loads((self.path / STATUS_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return status if isinstance(status, dict) else {}


def new_directory(path: Path, otherwise: str = "") -> Path:
    """Make a directory that is to hold nothing yet.

    Args:
        path: of the directory.
        otherwise: what else its user may do if it holds something.

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
    """What the training in a folder was told.

    Raises:
        GoliveError: there is no training in it.
    """
    file = path / CONFIGURATION_FILE
    if not file.is_file():
        raise GoliveError(f"{path}: no training to resume (it has no {CONFIGURATION_FILE})")
    return read_configuration(file)
