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
        for path in sorted(_files(root)):
            content = path.read_bytes()
            place = f"{name}/{path.relative_to(root).as_posix()}"
            digest.update(f"{place}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__" and name[0] != "."]
        for name in names:
            if name[0] != "." and not name.endswith(".pyc"):
                yield Path(folder, name)
