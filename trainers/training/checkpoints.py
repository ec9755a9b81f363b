"""Checkpoints of a training: whole, safe to read, the last two kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ...core.archive import Archive, read_archive, write_archive
from ...core.errors import GoliveError
from ...core.files import prepare_output_directory

KIND = "golive training checkpoint"
FORMAT_VERSION = 1
KEPT = 2
_PATTERN = "step-*.checkpoint"


class CheckpointStore:
    """A folder of checkpoints, named by the steps made.

    Args:
        folder: made when the first checkpoint is saved.
    """

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
        for old in self.paths()[:-KEPT]:
            old.unlink(missing_ok=True)
        return path

    def paths(self) -> list[Path]:
        """Checkpoints, oldest first."""
        return sorted(self.folder.glob(_PATTERN))

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
