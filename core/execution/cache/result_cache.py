"""Rows by key in two levels, memory and a store; trouble with the store stops nobody."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Self, TypeVar

from .entries import Entry, Row, decode, encode
from .memory_level import MemoryLevel
from .store import CacheStatistics, CacheUnavailable, Limits, Store, warn_on_stderr

T = TypeVar("T")


class ResultCache:
    """Rows that were computed once, by the key of all that determines them.

    A store that cannot be used is warned of once, and from then on there is memory alone. An
    entry that is damaged or too old is a row that is not there.
    """

    def __init__(
        self,
        store: Store | None = None,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.time,
        warn: Callable[[str], None] = warn_on_stderr,
    ) -> None:
        """Open a cache.

        Args:
            store: the second level; None: memory alone, gone with this object.
            limits: of memory and age; those of the store are its own.
            clock: seconds since 1970.
            warn: told about trouble with the store, once.
        """
        limits = limits or Limits()
        self._store = store
        self._memory = MemoryLevel(limits.memory_bytes)
        self._memory_limit_bytes = limits.memory_bytes
        self._time_to_live_seconds = limits.time_to_live_seconds
        self._clock = clock
        self._warn = warn
        self._uncounted: Counter[str] = Counter()
        self.hits = 0
        """Rows that this object found, in either level."""
        self.misses = 0
        """Rows that it did not find."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def location(self) -> str:
        """Where rows are kept."""
        return "memory" if self._store is None else self._store.location

    def get_many(self, keys: Iterable[str]) -> dict[str, Row]:
        """The rows that are there, by key."""
        wanted = list(dict.fromkeys(keys))
        rows = {}
        for key in wanted:
            value = self._memory.get(key)
            if value is not None and (row := self._row(key, value)) is not None:
                rows[key] = row
        in_memory = len(rows)
        missing = [key for key in wanted if key not in rows]
        if missing:
            rows |= self._from_store(missing)
        self._count(in_memory, len(rows) - in_memory, len(wanted) - len(rows))
        return rows

    def put_many(self, rows: Mapping[str, Row]) -> None:
        """Keep rows by key, in both levels.

        Raises:
            TypeError: a row holds what JSON cannot.
        """
        now = self._clock()
        values = {key: encode(key, Entry(row, now)) for key, row in rows.items()}
        for key, value in values.items():
            self._memory.put(key, value)
        if values:
            self._ask(lambda store: store.put_many(values), None)

    def statistics(self) -> CacheStatistics:
        """What is kept and what it was good for; of the store if there is one."""
        self._hand_over_counts()
        memory = CacheStatistics(
            location="memory",
            entries=len(self._memory),
            size_bytes=self._memory.size_bytes,
            size_limit_bytes=self._memory_limit_bytes,
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
        rows = {}
        for key, value in values.items():
            row = self._row(key, value)
            if row is not None:
                rows[key] = row
                self._memory.put(key, value)
        useless = [key for key in values if key not in rows]
        if useless:
            too_old = sum(decode(key, values[key]) is not None for key in useless)
            self._uncounted["expirations"] += too_old
            self._ask(lambda store: store.discard(useless), None)
        return rows

    def _row(self, key: str, value: bytes) -> Row | None:
        """The row in an entry; None if it is damaged or too old."""
        entry = decode(key, value)
        if entry is None:
            return None
        age_seconds = self._clock() - entry.created_seconds
        if self._time_to_live_seconds is not None and age_seconds > self._time_to_live_seconds:
            return None
        return entry.row

    def _count(self, memory_hits: int, store_hits: int, misses: int) -> None:
        self.hits += memory_hits + store_hits
        self.misses += misses
        self._uncounted.update(memory_hits=memory_hits, store_hits=store_hits, misses=misses)

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
