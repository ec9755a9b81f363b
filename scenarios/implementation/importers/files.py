"""Project files as bytes and text: with limits, and with errors that name the file."""

from __future__ import annotations

from pathlib import Path

from ....core.errors import GoliveError
from ....core.files import read_limited

MOST_BYTES = 32_000_000
"""A project file may be this big."""


def read_bytes(path: Path, *, most: int = MOST_BYTES) -> bytes:
    """The content of a file.

    Raises:
        GoliveError: it cannot be read, is empty or is too big.
    """
    data = read_limited(path, most, "a project file")
    if not data.strip():
        raise GoliveError(f"{path}: the file is empty: expected a project")
    return data


def decoded(path: Path, data: bytes) -> str:
    """The text of a file in UTF-8 (with or without a mark) or in UTF-16 with its mark.

    Raises:
        GoliveError: it is neither; names file, line and byte.
    """
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise GoliveError(
            f"{path}:{line}: byte 0x{data[error.start]:02x} is not {encoding.upper()}"
            ": expected a text file encoded in UTF-8"
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise GoliveError(f"{path}:{line}: a zero byte: expected a text file encoded in UTF-8")
    return text
