"""The second level of a cache: what every store does, and what it tells about itself."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ...errors import GoliveError
from ...files import reason

T = TypeVar("T")

TRIM_TO = 0.9
"""Share of the size limit that eviction leaves, so that not every put evicts."""


class CacheUnavailable(GoliveError):
    """A store cannot be used: it cannot be reached, read or written. The message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a cache keeps, and for how long.

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
    """What is in a cache, and what it was good for since it was last cleared.

    Attributes:
        location: where it is.
        entries: how many there are.
        size_bytes: of keys and values together.
        size_limit_bytes: at which the least recently used are evicted.
        oldest_seconds: when the oldest entry was put, in seconds since 1970; None: no entry.
        newest_seconds: likewise the newest.
        memory_hits: rows that the first level had.
        store_hits: rows that the second level had.
        misses: rows that neither had.
        evictions: entries dropped because of the size limit.
        expirations: entries dropped because of their age.
    """

    location: str
    entries: int = 0
    size_bytes: int = 0
    size_limit_bytes: int = 0
    oldest_seconds: float | None = None
    newest_seconds: float | None = None
    memory_hits: int = 0
    store_hits: int = 0
    misses: int = 0
    evictions: int = 0
    expirations: int = 0

    @property
    def hit_rate(self) -> float | None:
        """Share of the rows asked for that were there; None if none was asked for."""
        hits = self.memory_hits + self.store_hits
        return hits / (hits + self.misses) if hits + self.misses else None


COUNTED = ("memory_hits", "store_hits", "misses", "evictions", "expirations")
"""The numbers of the statistics that a store adds up over processes."""


class Store(ABC):
    """The second level of a cache; every method may raise ``CacheUnavailable``.

    Args:
        location: where it is, fit to be shown (no password).
        limits: of size and age.
        clock: seconds since 1970.
        errors: that mean that it cannot be used.
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

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The values that are there, by key; from now on they are the last used."""
        return self._told(self._get, keys)

    def put_many(self, values: Mapping[str, bytes]) -> None:
        """Keep values by key, and drop what is too old or too much by then."""
        self._told(self._put, values)

    def discard(self, keys: Sequence[str]) -> None:
        """Drop entries, if they are there."""
        self._told(self._drop, keys)

    def count(self, events: Mapping[str, int]) -> None:
        """Add to the numbers named in ``COUNTED``."""
        self._told(self._count, events)

    def statistics(self) -> CacheStatistics:
        """What is in it, and the numbers added up; a store that is not there is empty."""
        if not self._exists():
            return CacheStatistics(self.location, size_limit_bytes=self._limits.store_bytes)
        entries, size, oldest, newest, numbers = self._told(self._summary)
        return CacheStatistics(
            self.location,
            entries,
            size,
            self._limits.store_bytes,
            oldest,
            newest,
            **{name: numbers.get(name, 0) for name in COUNTED},
        )

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
    def _count(self, events: Mapping[str, int]) -> None: ...

    @abstractmethod
    def _summary(self) -> tuple[int, int, float | None, float | None, Mapping[str, int]]:
        """Entries, bytes, times of the oldest and the newest one, and the numbers by name."""

    @abstractmethod
    def _clear(self, created_before_seconds: float | None) -> int: ...


def warn_on_stderr(text: str) -> None:
    """Say something that the user should know and that stops nothing."""
    print(f"warning: {text}", file=sys.stderr)
