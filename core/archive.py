"""Arrays and JSON documents in one file that is safe to read from a stranger.

The file is a zip archive: ``archive.json`` says what it is and in which version, each
document is a JSON member, each array a ``.npy`` member. Reading one parses numbers and
text and never runs code (no pickle). The same content always makes the same bytes, and a
file appears whole or not at all.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arithmetic import whole_sum
from .errors import GoliveError
from .files import reason, write_bytes_atomically

_HEADER = "archive.json"
_DOCUMENT_SUFFIX = ".json"
_ARRAY_SUFFIX = ".npy"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Zip members carry a time; a fixed one keeps equal content equal in bytes."""
_FASTEST = 1  # weights hardly compress: higher levels save nothing more
_MOST_BYTES = 4 << 30
"""An archive that unpacks to more than this is taken for hostile."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Content of an archive by name: JSON values, and arrays of any dtype but objects."""

    documents: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


def write_archive(path: Path, kind: str, version: int, content: Archive) -> None:
    """Write an archive of a kind, such as ``"golive policy"``: all of it or nothing.

    Raises:
        GoliveError: it cannot be written; nothing half written is left behind.
    """
    buffer = io.BytesIO()
    _write_members(buffer, kind, version, content)
    write_bytes_atomically(path, buffer.getvalue())


def _write_members(file: io.BytesIO, kind: str, version: int, content: Archive) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST) as archive:
        _add(archive, _HEADER, _to_json({"kind": kind, "version": version}))
        for name in sorted(content.documents):
            _add(archive, name + _DOCUMENT_SUFFIX, _to_json(content.documents[name]))
        for name in sorted(content.arrays):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, content.arrays[name], allow_pickle=False)
            _add(archive, name + _ARRAY_SUFFIX, buffer.getvalue())


def _to_json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, data)


def read_archive(path: Path, kind: str, version: int) -> Archive:
    """Read an archive of this kind and version.

    Raises:
        GoliveError: no such file, not an archive, of another kind or version, truncated
            or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_header(path, archive, kind, version)
            return _read_members(path, archive)
    except FileNotFoundError as error:
        raise GoliveError(f"{path}: no such file, expected a {kind}") from error
    except OSError as error:
        raise GoliveError(f"{path}: cannot be read: {reason(error)}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise GoliveError(
            f"{path}: not a {kind}, or a truncated or damaged one ({error})"
        ) from error


def _check_header(path: Path, archive: zipfile.ZipFile, kind: str, version: int) -> None:
    total = whole_sum(member.file_size for member in archive.infolist())
    if total > _MOST_BYTES:
        raise GoliveError(f"{path}: unpacks to {total} bytes, expected at most {_MOST_BYTES}")
    if _HEADER not in archive.namelist():
        raise GoliveError(f"{path}: not a {kind} (it has no {_HEADER})")
    header = _parse(path, _HEADER, archive.read(_HEADER))
    found = header.get("kind") if isinstance(header, dict) else None
    if found != kind:
        raise GoliveError(f"{path}: kind: {found!r}: expected {kind!r}")
    if header.get("version") != version:
        raise GoliveError(
            f"{path}: {kind} of format version {header.get('version')!r}: expected {version}"
        )


def _read_members(path: Path, archive: zipfile.ZipFile) -> Archive:
    documents: dict[str, Any] = {}
    arrays: dict[str, NDArray[Any]] = {}
    for name in archive.namelist():
        if name.endswith(_ARRAY_SUFFIX):
            arrays[name.removesuffix(_ARRAY_SUFFIX)] = _array(path, name, archive.read(name))
        elif name.endswith(_DOCUMENT_SUFFIX) and name != _HEADER:
            document = _parse(path, name, archive.read(name))
            documents[name.removesuffix(_DOCUMENT_SUFFIX)] = document
    return Archive(documents, arrays)


def _parse(path: Path, name: str, data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise GoliveError(f"{path}: {name}: damaged: {error}") from error


def _array(path: Path, name: str, data: bytes) -> NDArray[Any]:
    try:
        array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, MemoryError) as error:
        raise GoliveError(f"{path}: {name}: not an array: {error}") from error
    return np.asarray(array)
