"""Worlds from snapshot files."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import GoliveError
from ..sim.protocol import AnyWorld, Snapshot, SnapshotError
from ..sim.snapshot_files import read_snapshot


def restore_world(path: Path, *, record: bool) -> AnyWorld:
    """The world of a snapshot file; its future is that of the world that was written.

    Raises:
        GoliveError: the file cannot be read, is no snapshot, is damaged, or is one of another
            version or of a world that is not installed.
    """
    return restored(read_snapshot(path), path, record=record)


def restored(snapshot: Snapshot, path: Path, *, record: bool) -> AnyWorld:
    """The world of a snapshot that was read from a file.

    Raises:
        GoliveError: it is damaged, or of another version or world; the message names the file.
    """
    from ..sim.worlds import restore_world as restore

    try:
        return restore(snapshot, record=record)
    except (SnapshotError, GoliveError) as error:
        raise GoliveError(f"{path}: {error}") from error
