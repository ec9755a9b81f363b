"""Files of users: written whole or not at all, read up to a limit; JSON that all can read."""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

from .errors import GoliveError

MOST_JSON_BYTES = 256 << 20
"""Of a JSON file that a user names; golive's own are far smaller."""
_FOUND = {stat.S_IFDIR: "a directory", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
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
    """JSON that every reader takes: of plain data, dataclasses, paths and numbers of NumPy.

    NaN and infinity, which JSON has no word for, become null.
    """
    try:
        return json.dumps(content, indent=indent, allow_nan=False)
    except (TypeError, ValueError):
        return json.dumps(plain(content), indent=indent, allow_nan=False)


def plain(value: Any) -> Any:
    """The same structure as JSON has it; a number that is not finite becomes null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):  # a number of NumPy
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value


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
        if target.exists() and not target.is_file():  # a rename would put a file in its place
            raise GoliveError(f"{target}: cannot be written: it is {_found(target)}")
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


def check_writable_file(path: str | os.PathLike[str]) -> None:
    """See that a file can be written, before the work whose result it is to hold.

    Raises:
        GoliveError: it is a directory or a device, or its directory is not there or not writable.
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            raise GoliveError(f"{target}: cannot be written: it is {_found(target)}")
        descriptor, probe = tempfile.mkstemp(dir=target.parent, prefix=".probe.")
        os.close(descriptor)
        Path(probe).unlink()
    except OSError as error:
        raise GoliveError(f"{target}: cannot be written: {reason(error)}") from error


def check_output_directory(path: str | os.PathLike[str]) -> None:
    """See that a directory can be made, or is there and can be written to; nothing is made.

    Raises:
        GoliveError: as for ``prepare_output_directory``.
    """
    directory = Path(path)
    try:
        there = next(one for one in (directory, *directory.parents) if one.exists())
        if there == directory:
            prepare_output_directory(directory)
        else:
            descriptor, probe = tempfile.mkstemp(dir=there, prefix=".probe.")
            os.close(descriptor)
            Path(probe).unlink()
    except OSError as error:
        raise GoliveError(
            f"{directory}: cannot be used as output directory: {reason(error)}"
        ) from error


@contextmanager
def removed_if_refused(
    path: str | os.PathLike[str] | None, used: Callable[[], bool]
) -> Iterator[None]:
    """Remove a directory again, if it was new or empty, where what it was made for is refused.

    Parents that were made for it go with it unless others use them. ``used`` says, when an
    exception ends the block, whether the directory holds what is worth keeping. None is no
    directory.
    """
    directory = Path(os.devnull if path is None else path)
    new = [one for one in (directory, *directory.parents) if not one.exists()]
    was_empty = directory.is_dir() and not any(directory.iterdir())
    try:
        yield
    except BaseException:
        if (new or was_empty) and directory.is_dir() and not used():
            for made in directory.iterdir():
                shutil.rmtree(made, ignore_errors=True) if made.is_dir() else made.unlink(True)
            with suppress(OSError):  # another's is in it by now
                for made in new:
                    made.rmdir()
        raise


def check_readable_file(path: Path, what: str) -> None:
    """See that a path that a user names is a file; ``what`` is expected, with its article.

    A pipe would be waited for, and a device such as /dev/zero never ends.

    Raises:
        GoliveError: there is no such file, or it is something else.
    """
    try:
        if not path.is_file():
            path.stat()
            raise GoliveError(f"{path}: expected {what}, found {_found(path)}")
    except OSError as error:
        raise _unreadable(path, error) from error


@contextmanager
def open_file(path: Path, what: str) -> Iterator[BinaryIO]:
    """Open a file that a user names for reading; ``what`` is expected, with its article.

    Raises:
        GoliveError: there is no such file, it is something else or cannot be read (also later on).
    """
    check_readable_file(path, what)
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise _unreadable(path, error) from error


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


def read_json(path: Path, what: str, most: int = MOST_JSON_BYTES) -> Any:
    """The content of a JSON file that a user names; ``what`` is expected, with its article.

    Raises:
        GoliveError: as for ``read_limited``, or it is not JSON; NaN and infinity are not.
    """
    data = read_limited(path, most, what)
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        words = str(error).partition(":")[0] if isinstance(error, UnicodeError) else error
        words = "it is nested too deeply" if isinstance(error, RecursionError) else words
        raise GoliveError(f"{path}: not {what} or damaged: not JSON: {words}") from None


def read_report(
    path: Path, name: str, what: str, kind: str, version: int, needed: Iterable[str] = ()
) -> dict[str, Any]:
    """A report from its file, or from the directory it lies in.

    Args:
        path: of either.
        name: of the file in a directory.
        what: is expected, with its article.
        kind: that the report must say it is.
        version: that can be read.
        needed: fields that it must have.

    Raises:
        GoliveError: missing, not JSON, or not such a report.
    """
    file = path / name if path.is_dir() else path
    report: Any = read_json(file, what)
    if not isinstance(report, dict) or report.get("kind") != kind:
        raise GoliveError(f"{file}: kind: expected {kind!r}")
    if report.get("version") != version:
        raise GoliveError(
            f"{file}: version: {report.get('version')!r}: this golive reads {version}"
        )
    for field in needed:
        if field not in report:
            raise GoliveError(f"{file}: {field}: missing: expected {what}")
    return report


def check_same_search(path: Path, before: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Check that a search goes on with what it was begun with.

    Args:
        path: of its file.
        before: what the file says it was begun with.
        told: what it is to go on with.

    Raises:
        GoliveError: something differs; the message names it.
    """
    for field, value in json.loads(json.dumps(told)).items():
        if before.get(field) != value:
            raise GoliveError(
                f"{path}: cannot resume: {field}: {value!r}: expected {before.get(field)!r} "
                "as in the interrupted search"
            )


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is not a number of JSON")


def _found(path: Path) -> str:
    return _FOUND.get(stat.S_IFMT(path.stat().st_mode), "something that is not a file")


def _unreadable(path: Path, error: OSError) -> GoliveError:
    if error.errno == errno.ENOENT:
        return GoliveError(f"{path}: there is no such file")
    words = "permission is denied" if error.errno in (errno.EACCES, errno.EPERM) else reason(error)
    return GoliveError(f"{path}: cannot be read: {words}")


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
