"""Worlds from snapshot files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import GoliveError

if TYPE_CHECKING:
    from ..sim.implementation.world import ImplementationWorld


def restore_world(path: Path, *, record: bool) -> ImplementationWorld:
    """The world of a snapshot file; its future is that of the world that was written.

    Raises:
        GoliveError: if the file cannot be read, is no snapshot, is damaged, or is one of
            another world or version.
    """
    from ..sim.implementation.world import ImplementationWorld
    from ..sim.protocol import SnapshotError
    from ..sim.snapshot_files import read_snapshot

    try:
        return ImplementationWorld.restore(read_snapshot(path), record=record)
    except SnapshotError as error:
        raise GoliveError(f"{path}: {error}") from error
