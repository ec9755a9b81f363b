"""Rows by key in two levels, memory and a store; trouble with the store stops nobody."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Self, TypeVar

from ...arithmetic import whole_sum
from .store import CacheStatistics, CacheUnavailable, Limits, Store, warn_on_stderr

T = TypeVar("T")
Value = str | float | int | bool | None
Row = dict[str, Value]

_CHECKSUM_BYTES = 8


class ResultCache:
    """Rows that were computed once, by the key of all that determines them.

    A store that cannot be used is warned of once, and from then on there is memory alone. An
    entry that is damaged or too old is a row that is not there.

    Args:
        store: the second level; None: memory alone, gone with this object.
        limits: of memory and age; those of the store are its own.
        clock: seconds since 1970.
        warn: told about trouble with the store, once.

    Attributes:
        hits: rows that this object found, in either level.
        misses: rows that it did not find.
    """

    def __init__(
        self,
        store: Store | None = None,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.time,
        warn: Callable[[str], None] = warn_on_stderr,
    ) -> None:
        self._store = store
        self._limits = limits or Limits()
        self._memory = MemoryLevel(self._limits.memory_bytes)
        self._clock = clock
        self._warn = warn
        self._uncounted: Counter[str] = Counter()
        self.hits = self.misses = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def location(self) -> str:
        """The place where rows are kept."""
        return "memory" if self._store is None else self._store.location

    def get_many(self, keys: Iterable[str]) -> dict[str, Row]:
        """The rows that are there, by key."""
        wanted = list(dict.fromkeys(keys))
        rows = self._rows({key: value for key in wanted if (value := self._memory.get(key))})
        in_memory = len(rows)
        if missing := [key for key in wanted if key not in rows]:
            rows |= self._from_store(missing)
        in_store, misses = len(rows) - in_memory, len(wanted) - len(rows)
        self.hits += len(rows)
        self.misses += misses
        self._uncounted.update(memory_hits=in_memory, store_hits=in_store, misses=misses)
        return rows

    def put_many(self, rows: Mapping[str, Row]) -> None:
        """Keep rows by key, in both levels.

        Raises:
            TypeError: a row holds what JSON cannot.
        """
        now = self._clock()
        values = {key: encode(key, row, now) for key, row in rows.items()}
        for key, value in values.items():
            self._memory.put(key, value)
        if values:
            self._ask(lambda store: store.put_many(values), None)

    def statistics(self) -> CacheStatistics:
        """Contents and use; those of the store if there is one."""
        self._hand_over_counts()
        memory = CacheStatistics(
            location="memory",
            entries=len(self._memory),
            size_bytes=self._memory.size_bytes,
            size_limit_bytes=self._limits.memory_bytes,
            memory_hits=self.hits,
            misses=self.misses,
        )
        return self._ask(lambda store: store.statistics(), memory)

    def close(self) -> None:
        """Let go of the store; memory stays."""
        self._hand_over_counts()
        if self._store is not None:
            self._store.close()

    def _from_store(self, keys: list[str]) -> dict[str, Row]:
        nothing: dict[str, bytes] = {}
        values = self._ask(lambda store: store.get_many(keys), nothing)
        rows = self._rows(values)
        for key in rows:
            self._memory.put(key, values[key])
        useless = [key for key in values if key not in rows]
        if useless:
            self._ask(lambda store: store.discard(useless), None)
            too_old = whole_sum(decode(key, values[key]) is not None for key in useless)
            self._uncounted["expirations"] += too_old
        return rows

    def _rows(self, values: Mapping[str, bytes]) -> dict[str, Row]:
        """The rows in entries that are neither damaged nor too old."""
        life_seconds = self._limits.time_to_live_seconds
        oldest = None if life_seconds is None else self._clock() - life_seconds
        entries = {key: decode(key, value) for key, value in values.items()}
        return {
            key: entry[0]
            for key, entry in entries.items()
            if entry is not None and (oldest is None or entry[1] >= oldest)
        }

    def _hand_over_counts(self) -> None:
        events = {name: number for name, number in self._uncounted.items() if number}
        self._uncounted.clear()
        if events:
            self._ask(lambda store: store.count(events), None)

    def _ask(self, operation: Callable[[Store], T], otherwise: T) -> T:
        if self._store is None:
            return otherwise
        try:
            return operation(self._store)
        except CacheUnavailable as error:
            self._warn(f"{error}; going on without this cache")
            self._store.close()
            self._store = None
            return otherwise


class MemoryLevel:
    """A mapping from keys to bytes that drops the least recently used beyond so many bytes."""

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
        self.size_bytes += len(value) - len(self._values.pop(key, b""))
        self._values[key] = value
        while self.size_bytes > self._limit_bytes:
            self.size_bytes -= len(self._values.popitem(last=False)[1])


def encode(key: str, row: Row, created_seconds: float) -> bytes:
    """The bytes of an entry: a checksum over what follows and the key, the time, the row as JSON.

    JSON as Python writes it: floats are read back to the bit, NaN and infinity included.
    """
    text = json.dumps(row, separators=(",", ":"))
    content = f"{created_seconds:.3f} {text}".encode()
    return _checksum(key, content) + b" " + content


def decode(key: str, data: bytes) -> tuple[Row, float] | None:
    """The row in these bytes, and when it was put; None if they were not put under this key."""
    checksum, _, content = data.partition(b" ")
    if checksum != _checksum(key, content):
        return None
    created, _, text = content.partition(b" ")
    return json.loads(text), float(created)


def _checksum(key: str, content: bytes) -> bytes:
    digest = hashlib.blake2b(content, digest_size=_CHECKSUM_BYTES, key=key.encode()[:64])
    return digest.hexdigest().encode()
