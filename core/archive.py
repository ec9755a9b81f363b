"""Arrays and JSON documents in one file that is safe to read from a stranger.

The file is a zip archive: ``archive.json`` says what it is and in which version, each
document is a JSON member, each array a ``.npy`` member. Reading one parses numbers and
text and never runs code (no pickle). The same content always makes the same bytes, and a
file appears whole or not at all.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arithmetic import whole_sum
from .errors import GoliveError
from .files import check_readable_file, reason, write_bytes_atomically

_HEADER = "archive.json"
_DOCUMENT_SUFFIX = ".json"
_ARRAY_SUFFIX = ".npy"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Zip members carry a time; a fixed one keeps equal content equal in bytes."""
_FASTEST = 1  # weights hardly compress: higher levels save nothing more
MOST_BYTES = 4 << 30
"""An archive that unpacks to more than this is taken for hostile."""
_MOST_DOCUMENT_BYTES = 256 << 20


class ArrayForm(NamedTuple):
    """Type and shape in an array's header, known before its entries are read."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]


Check = Callable[[Mapping[str, Any], Mapping[str, ArrayForm]], None]
"""Told an archive's documents and its arrays' forms before an array is read; raises to refuse."""


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


def read_archive(
    path: Path,
    kind: str,
    version: int,
    *,
    most_bytes: int = MOST_BYTES,
    check: Check | None = None,
) -> Archive:
    """Read an archive of this kind and version.

    No more memory is taken than what the arrays' headers say, and nothing for them before all
    of these have been checked.

    Args:
        path: of the archive.
        kind: as it was written.
        version: likewise.
        most_bytes: that it may unpack to.
        check: refuses an archive by its documents and its arrays' forms.

    Raises:
        GoliveError: no such file, not an archive, of another kind or version, truncated
            or damaged, or refused by ``check``.
    """
    return read_archive_of(path, {kind: check}, version, most_bytes=most_bytes)[1]


def read_archive_of(
    path: Path, checks: Mapping[str, Check | None], version: int, *, most_bytes: int = MOST_BYTES
) -> tuple[str, Archive]:
    """Read an archive of one of these kinds, as ``read_archive``; returns its kind as well.

    Args:
        path: of the archive.
        checks: per kind what refuses it.
        version: as it was written.
        most_bytes: that it may unpack to.

    Raises:
        GoliveError: as of ``read_archive``; the first kind is the one that errors expect.
    """
    expected = next(iter(checks))
    check_readable_file(path, f"a {expected}")
    try:
        with zipfile.ZipFile(path) as archive:
            kind = _checked_kind(path, archive, tuple(checks), version, most_bytes)
            return kind, _read_members(path, archive, checks[kind])
    except OSError as error:
        raise GoliveError(f"{path}: cannot be read: {reason(error)}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise GoliveError(
            f"{path}: not a {expected}, or a truncated or damaged one ({error})"
        ) from error


def archive_kind(path: Path) -> str:
    """The kind that an archive says it is of; empty for what is none, or cannot be read."""
    if not path.is_file():  # a pipe would be waited for
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            header = _document(path, archive, _HEADER)
    except (OSError, KeyError, GoliveError, zipfile.BadZipFile, zlib.error, RuntimeError):
        return ""
    return str(header.get("kind", "")) if isinstance(header, dict) else ""


def _checked_kind(
    path: Path, archive: zipfile.ZipFile, kinds: Sequence[str], version: int, most_bytes: int
) -> str:
    """The kind in an archive's header, which must be one of these, of this version."""
    total = whole_sum(member.file_size for member in archive.infolist())
    if total > most_bytes:
        raise GoliveError(f"{path}: unpacks to {total:,} bytes, expected at most {most_bytes:,}")
    if _HEADER not in archive.namelist():
        raise GoliveError(f"{path}: not a {kinds[0]} (it has no {_HEADER})")
    header = _document(path, archive, _HEADER)
    found = header.get("kind") if isinstance(header, dict) else None
    if found not in kinds:
        raise GoliveError(f"{path}: kind: {found!r}: expected {kinds[0]!r}")
    if header.get("version") != version:
        raise GoliveError(
            f"{path}: {found} of format version {header.get('version')!r}: expected {version}"
        )
    return str(found)


def _read_members(path: Path, archive: zipfile.ZipFile, check: Check | None) -> Archive:
    names = archive.namelist()
    documents = {
        name.removesuffix(_DOCUMENT_SUFFIX): _document(path, archive, name)
        for name in names
        if name.endswith(_DOCUMENT_SUFFIX) and name != _HEADER
    }
    forms: dict[str, ArrayForm] = {}
    for name in names:
        if name.endswith(_ARRAY_SUFFIX):
            with archive.open(name) as stream:
                size = archive.getinfo(name).file_size
                forms[name.removesuffix(_ARRAY_SUFFIX)] = _form(path, name, stream, size)
    if check is not None:
        check(documents, forms)
    arrays = {name: _array(path, archive, name + _ARRAY_SUFFIX) for name in forms}
    return Archive(documents, arrays)


def _document(path: Path, archive: zipfile.ZipFile, name: str) -> Any:
    size = archive.getinfo(name).file_size
    if size > _MOST_DOCUMENT_BYTES:
        raise GoliveError(
            f"{path}: {name}: {size:,} bytes, expected at most {_MOST_DOCUMENT_BYTES:,}"
        )
    try:
        return json.loads(archive.read(name))
    except (ValueError, RecursionError) as error:
        raise GoliveError(f"{path}: {name}: damaged: {error}") from error


def _form(path: Path, name: str, stream: IO[bytes], size: int) -> ArrayForm:
    """The form that an array's header says, if the member's size agrees with it."""
    try:
        version = np.lib.format.read_magic(stream)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }
        shape, _, dtype = read[version](stream)
    except Exception as error:  # NumPy parses it as Python: whatever a damaged one makes of that
        raise GoliveError(f"{path}: {name}: not an array: {error}") from error
    expected = stream.tell() + math.prod(shape) * dtype.itemsize
    if dtype.hasobject or size != expected:
        raise GoliveError(
            f"{path}: {name}: not an array: {dtype} of shape {shape} in {size:,} bytes, "
            f"expected {expected:,}"
        )
    return ArrayForm(dtype, shape)


def _array(path: Path, archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    try:
        with archive.open(name) as stream:
            array = np.lib.format.read_array(stream, allow_pickle=False)
            stream.read()  # to its end, where its check sum is compared
    except (ValueError, MemoryError) as error:
        raise GoliveError(f"{path}: {name}: not an array: {error}") from error
    return np.asarray(array)
