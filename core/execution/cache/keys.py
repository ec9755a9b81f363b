"""The key of a result: a hash of everything that it is a function of, the source code included."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

_KEY_BYTES = 20
_DIGEST_BYTES = 16
_PACKAGE = __name__.partition(".")[0]
_ROOMS = ("agents", "core", "envs", "scenarios", "sim")
"""Those that an episode runs in."""


def key_of(parts: Mapping[str, object]) -> str:
    """The key of the result that these JSON values by name determine, whatever their order.

    40 hexadecimal digits: BLAKE2b (RFC 7693) over their canonical JSON.

    Raises:
        TypeError: a part is not a JSON value.
        ValueError: a part is NaN or infinite, which no two texts of JSON agree on.
    """
    text = json.dumps(
        parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    return hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).hexdigest()


@lru_cache(maxsize=1)
def source_digest() -> str:
    """Hash of the files that an episode runs on: golive's rooms, and packages that extend them.

    An editable checkout changes without its version. Read once per process, at the first call:
    whoever edits the source while a process runs has to start another one.

    Returns:
        32 hexadecimal digits, the same for a checkout and for the wheel built from it.
    """
    modules = [f"{_PACKAGE}.{room}" for room in _ROOMS] + _extensions()
    return tree_digest({f"{m}:{n}": p for m in modules for n, p in enumerate(_places(m))})


def tree_digest(roots: Mapping[str, Path]) -> str:
    """Hash of the names and contents of some files and of all files below some folders.

    Hidden files and compiled modules do not count; data files do, for a world reads them.
    """
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for name, root in sorted(roots.items()):
        files = [(name, str(root))] if root.is_file() else sorted(_files(str(root), name))
        for place, path in files:
            with open(path, "rb") as stream:  # noqa: PTH123 - paths are strings here, for speed
                content = stream.read()
            digest.update(f"{place}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _extensions() -> list[str]:
    """Top-level modules of other packages that bring worlds, or parts of one (entry points)."""
    points = entry_points()
    found = {
        point.module.partition(".")[0]
        for group in points.groups
        if group.startswith(f"{_PACKAGE}.")
        for point in points.select(group=group)
    }
    return sorted(found - {_PACKAGE})


def _places(module: str) -> list[Path]:
    """Place of a module's source, which is not loaded: folders of a package, else its file."""
    spec = find_spec(module)
    if spec is None:
        return []  # whoever loads it says what is wrong
    if spec.submodule_search_locations is not None:
        return [Path(folder) for folder in spec.submodule_search_locations]
    return [Path(spec.origin)] if spec.has_location and spec.origin is not None else []


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
