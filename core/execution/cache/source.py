"""The digest of the code that simulates: an editable checkout changes without its version."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

_DIGEST_BYTES = 16


@lru_cache(maxsize=1)
def source_digest() -> str:
    """Hash of the files of the rooms that an episode runs in: scenarios, sim, envs, agents.

    Read once per process, at the first call: whoever edits the source while a process runs
    has to start another one, as for the code itself.

    Returns:
        32 hexadecimal digits, the same for a checkout and for the wheel built from it.
    """
    from .... import agents, envs, scenarios, sim

    rooms = {"agents": agents, "envs": envs, "scenarios": scenarios, "sim": sim}
    return tree_digest({name: Path(room.__path__[0]) for name, room in rooms.items()})


def tree_digest(roots: Mapping[str, Path]) -> str:
    """Hash of the names and contents of all files below some folders.

    Hidden files and compiled modules do not count; data files do, for a world reads them.

    Args:
        roots: folders by the name under which their files are hashed, wherever they lie.
    """
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for name, root in sorted(roots.items()):
        for place, path in sorted(_files(str(root), name)):
            with open(path, "rb") as stream:  # noqa: PTH123 - paths are strings here, for speed
                content = stream.read()
            digest.update(f"{place}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _files(folder: str, place: str) -> Iterator[tuple[str, str]]:
    """(name to hash, path) of every file that counts."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _files(entry.path, f"{place}/{entry.name}")
            elif not entry.name.endswith(".pyc"):
                yield f"{place}/{entry.name}", entry.path
