"""Snapshots as JSON files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..core.errors import GoliveError
from ..core.files import read_json, write_text_atomically
from .protocol import Snapshot

KIND = "golive snapshot"
"""Kind that a snapshot file has in its first field."""


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Write a snapshot, all of it or nothing.

    Raises:
        GoliveError: if the file cannot be written.
    """
    document = {
        "kind": KIND,
        "world": snapshot.world,
        "version": snapshot.version,
        "payload": snapshot.payload,
    }
    write_text_atomically(path, json.dumps(document, allow_nan=False) + "\n")


def read_snapshot(path: Path) -> Snapshot:
    """Read back what ``write_snapshot`` wrote.

    Raises:
        GoliveError: if the file cannot be read, is no snapshot, or is damaged.
    """
    document = _read_document(path)
    world, version, payload = (document.get(name) for name in ("world", "version", "payload"))
    if not isinstance(world, str):
        raise GoliveError(f"{path}: world: {world!r}: expected the name of a world")
    if not isinstance(version, int) or isinstance(version, bool):
        raise GoliveError(f"{path}: version: {version!r}: expected a whole number")
    if not isinstance(payload, dict):
        raise GoliveError(f"{path}: payload: expected an object")
    return Snapshot(world, version, payload)


def _read_document(path: Path) -> dict[str, Any]:
    document = read_json(path, "a snapshot")
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise GoliveError(f"{path}: not a snapshot: expected an object of kind {KIND!r}")
    return document
