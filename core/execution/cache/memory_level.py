"""The first level of a cache: bytes in this process, the least recently used dropped first."""

from __future__ import annotations

from collections import OrderedDict


class MemoryLevel:
    """A mapping from keys to bytes that holds at most so many bytes of values."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._values: OrderedDict[str, bytes] = OrderedDict()
        self.size_bytes = 0

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: str) -> bytes | None:
        """The value of a key, from now on the last used; None if it is not there."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: str, value: bytes) -> None:
        """Keep a value, and drop the least recently used beyond the limit."""
        self.discard(key)
        self._values[key] = value
        self.size_bytes += len(value)
        while self.size_bytes > self._limit_bytes:
            _, dropped = self._values.popitem(last=False)
            self.size_bytes -= len(dropped)

    def discard(self, key: str) -> None:
        """Drop a key if it is there."""
        value = self._values.pop(key, None)
        if value is not None:
            self.size_bytes -= len(value)
