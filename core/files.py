"""Files: read within limits, written so that nothing is ever half written."""

from __future__ import annotations

import errno
import json
import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any, BinaryIO

from .errors import GoliveError

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "it is not writable",
    errno.EPERM: "it is not writable",
    errno.EROFS: "the file system is read-only",
    errno.EEXIST: "it exists and is a file",
    errno.ENOTDIR: "a part of its path is a file",
    errno.EISDIR: "it is a directory",
    errno.ENOENT: "its directory does not exist",
    errno.ENAMETOOLONG: "its name is too long",
}


def json_text(content: Any, indent: int | None = None) -> str:
    """JSON that every reader takes, of plain data and dataclasses; NaN and infinity become null."""
    try:
        return json.dumps(content, indent=indent, allow_nan=False, default=asdict)
    except ValueError:
        return json.dumps(_finite(content), indent=indent, allow_nan=False)


def _finite(content: Any) -> Any:
    if is_dataclass(content) and not isinstance(content, type):
        content = asdict(content)
    if isinstance(content, dict):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def write_text_atomically(path: str | os.PathLike[str], text: str) -> None:
    """Write UTF-8 text to ``path``: all of it or nothing.

    Raises:
        GoliveError: if it cannot be written, with the reason in one line.
    """
    write_bytes_atomically(path, text.encode("utf-8"))


def write_bytes_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write ``data`` to ``path`` through a temporary file beside it and a rename.

    Raises:
        GoliveError: if it cannot be written, with the reason in one line.
    """
    target = Path(path)
    temporary: str | None = None
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        descriptor, temporary = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".part"
        )
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(target)
        temporary = None
    except OSError as error:
        raise GoliveError(f"{target}: cannot be written: {reason(error)}") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def prepare_output_directory(path: str | os.PathLike[str]) -> Path:
    """Make the directory ``path`` (and its parents) and see that it can be written to.

    Raises:
        GoliveError: if it is a file, is not writable or the disk is full, in one line.
    """
    directory = Path(path)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        descriptor, probe = tempfile.mkstemp(dir=directory, prefix=".probe.")
        try:
            os.write(descriptor, bytes(4096))
        finally:
            os.close(descriptor)
            Path(probe).unlink(missing_ok=True)
    except OSError as error:
        raise GoliveError(
            f"{directory}: cannot be used as output directory: {reason(error)}"
        ) from error
    return directory


@contextmanager
def open_file(path: Path, what: str) -> Iterator[BinaryIO]:
    """Open a file that a user names for reading; a device or pipe, which may not end, is none.

    Args:
        path: of the file.
        what: is expected there, with its article, for the message.

    Raises:
        GoliveError: there is no such file, it is something else or cannot be read (also later on).
    """
    try:
        if path.exists() and not path.is_file():
            raise GoliveError(f"{path}: expected {what}, found something that is not a file")
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError:
        raise GoliveError(f"{path}: there is no such file") from None
    except OSError as error:
        words = reason(error)
        words = "permission is denied" if "writable" in words else words
        raise GoliveError(f"{path}: cannot be read: {words}") from error


def read_limited(path: Path, most: int, what: str) -> bytes:
    """The content of a file that a user names; ``what`` is expected there, with its article.

    Raises:
        GoliveError: there is no such file, it is something else, cannot be read or is too big.
    """
    with open_file(path, what) as stream:
        if os.fstat(stream.fileno()).st_size <= most:
            data = stream.read(most + 1)
            if len(data) <= most:
                return data
    raise GoliveError(f"{path}: the file is too big: expected at most {most:,} bytes")


def reason(error: OSError) -> str:
    """The reason why an operation on a file failed, in plain words."""
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    return (error.strerror or str(error)).lower()


def _umask() -> int:
    # There is no way to read the process's mask but to set it; 0o022 is what mkstemp hides.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
