"""A row as the bytes of a cache's entry, and back; what is damaged is told apart."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

Value = str | float | int | bool | None
Row = dict[str, Value]

_CHECKSUM_BYTES = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry holds.

    Attributes:
        row: values by column.
        created_seconds: when it was put, in seconds since 1970.
    """

    row: Row
    created_seconds: float


def encode(key: str, entry: Entry) -> bytes:
    """The bytes of an entry: a checksum over what follows and the key, the time, the row as JSON.

    JSON as Python writes it: floats are read back to the bit, NaN and infinity included.
    """
    text = json.dumps(entry.row, separators=(",", ":"))
    content = f"{entry.created_seconds:.3f} {text}".encode()
    return _checksum(key, content) + b" " + content


def decode(key: str, data: bytes) -> Entry | None:
    """The entry in these bytes; None if they are not what was put under this key."""
    checksum, _, content = data.partition(b" ")
    if checksum != _checksum(key, content):
        return None
    created, _, text = content.partition(b" ")
    return Entry(json.loads(text), float(created))


def _checksum(key: str, content: bytes) -> bytes:
    digest = hashlib.blake2b(content, digest_size=_CHECKSUM_BYTES, key=key.encode()[:64])
    return digest.hexdigest().encode()
