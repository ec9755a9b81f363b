"""The second level of a cache: everything that stores have in common."""

from __future__ import annotations

import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ...arithmetic import whole_sum
from ...errors import GoliveError
from ...files import reason

T = TypeVar("T")

_TRIM_TO = 0.9
"""Share of the size limit that eviction leaves, so that not every put evicts."""
_CHECK_AFTER = 0.02
"""Age and size are looked at again after so large a share of the size limit was put."""
_EVICTED_AT_ONCE = 1_000


class CacheUnavailable(GoliveError):
    """A store cannot be used: it cannot be reached, read or written. The message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of what a cache keeps: how much, and for how long.

    Attributes:
        store_bytes: keys and values in the second level; the least recently used go first.
        memory_bytes: values in the first level, likewise.
        time_to_live_seconds: age from which an entry counts no more; None: an entry never
            gets too old, for what it is a function of is in its key.
    """

    store_bytes: int = 500_000_000
    memory_bytes: int = 64_000_000
    time_to_live_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """Contents of a cache, and its use since it was last cleared."""

    location: str
    entries: int = 0
    size_bytes: int = 0
    """Of keys and values together."""
    size_limit_bytes: int = 0
    oldest_seconds: float | None = None
    """Time at which the oldest entry was put, in seconds since 1970; None: there is no entry."""
    newest_seconds: float | None = None
    memory_hits: int = 0
    """Rows that the first level had."""
    store_hits: int = 0
    misses: int = 0
    """Rows that neither level had."""
    evictions: int = 0
    """Entries dropped because of the size limit."""
    expirations: int = 0
    """Entries dropped because of their age."""

    @property
    def hit_rate(self) -> float | None:
        """Share of the rows asked for that were there; None if none was asked for."""
        hits = self.memory_hits + self.store_hits
        return hits / (hits + self.misses) if hits + self.misses else None


COUNTED = ("memory_hits", "store_hits", "misses", "evictions", "expirations")
"""The numbers of the statistics that a store adds up over processes."""


Summary = tuple[int, int, float | None, float | None, Mapping[str, int]]
"""Entries, their bytes, times of the oldest and the newest, and the numbers by name."""


class Store(ABC):
    """The second level of a cache; every method tells its ``errors`` as ``CacheUnavailable``.

    Its location is fit to be shown: it has no password.
    """

    def __init__(
        self,
        location: str,
        limits: Limits | None,
        clock: Callable[[], float],
        errors: tuple[type[Exception], ...],
    ) -> None:
        self.location = location
        self._limits = limits or Limits()
        self._clock = clock
        self._errors = errors
        self._unchecked_bytes = math.inf

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The values that are there, by key; from now on they are the last used."""
        return self._told(self._get, keys)

    def put_many(self, values: Mapping[str, bytes]) -> None:
        """Keep values by key, and drop what is too old or too much by then."""
        self._told(self._put_and_trim, values)

    def discard(self, keys: Sequence[str]) -> None:
        """Drop entries, if they are there."""
        self._told(self._drop, keys)

    def count(self, events: Mapping[str, int]) -> None:
        """Add to the numbers named in ``COUNTED``."""
        self._told(self._count, events)

    def statistics(self) -> CacheStatistics:
        """Contents, and the numbers added up; a store that is not there is empty."""
        nothing: Summary = (0, 0, None, None, {})
        found = self._told(self._summary) if self._exists() else nothing
        entries, size, oldest, newest, numbers = found
        counted = {name: numbers.get(name, 0) for name in COUNTED}
        limit = self._limits.store_bytes
        return CacheStatistics(self.location, entries, size, limit, oldest, newest, **counted)

    def clear(self, created_before_seconds: float | None = None) -> int:
        """Drop the entries put before a time (seconds since 1970); None: all, and the numbers.

        Returns:
            How many were dropped.
        """
        return self._told(self._clear, created_before_seconds) if self._exists() else 0

    @abstractmethod
    def close(self) -> None:
        """Let go of files and connections; the next call opens them again."""

    def _told(self, operation: Callable[..., T], *arguments: Any) -> T:
        """Do something; trouble is told as ``CacheUnavailable``."""
        try:
            return self._do(operation, *arguments)
        except self._errors as error:
            why = reason(error) if isinstance(error, OSError) else error
            raise CacheUnavailable(f"cache {self.location}: {why}") from error

    def _put_and_trim(self, values: Mapping[str, bytes]) -> None:
        self._put(values)
        self._unchecked_bytes += whole_sum(map(len, values.values()))
        if self._unchecked_bytes <= _CHECK_AFTER * self._limits.store_bytes:
            return
        self._unchecked_bytes = 0.0
        if self._limits.time_to_live_seconds is not None:
            horizon = self._clock() - self._limits.time_to_live_seconds
            self._count({"expirations": self._clear(horizon)})
        _, size, *_ = self._summary()
        if size > self._limits.store_bytes:
            self._evict(size - int(_TRIM_TO * self._limits.store_bytes))

    def _evict(self, excess_bytes: int) -> None:
        """Drop the least recently used entries that hold so many bytes together."""
        while excess_bytes > 0 and (sizes := self._least_used(_EVICTED_AT_ONCE)):
            chosen = []
            for key, size in sizes:
                if excess_bytes <= 0:
                    break
                chosen.append(key)
                excess_bytes -= size
            self._drop(chosen)
            self._count({"evictions": len(chosen)})

    def _do(self, operation: Callable[..., T], *arguments: Any) -> T:
        return operation(*arguments)

    def _exists(self) -> bool:
        return True

    @abstractmethod
    def _get(self, keys: Sequence[str]) -> dict[str, bytes]: ...
    @abstractmethod
    def _put(self, values: Mapping[str, bytes]) -> None: ...
    @abstractmethod
    def _drop(self, keys: Sequence[str]) -> None: ...
    @abstractmethod
    def _clear(self, created_before_seconds: float | None) -> int: ...
    @abstractmethod
    def _count(self, events: Mapping[str, int]) -> None: ...
    @abstractmethod
    def _least_used(self, most: int) -> list[tuple[str, int]]: ...  # keys with their bytes
    @abstractmethod
    def _summary(self) -> Summary: ...


def warn_on_stderr(text: str) -> None:
    """Say something that the user should know and that stops nothing."""
    print(f"warning: {text}", file=sys.stderr)
