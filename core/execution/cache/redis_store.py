"""The second level on a Redis server, shared by machines."""

from __future__ import annotations

import contextlib
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ...errors import GoliveError
from .store import COUNTED, TRIM_TO, CacheStatistics, CacheUnavailable, Limits

SCHEMES = ("redis", "rediss", "unix")
_PREFIX = "golive:cache:"
_USED, _CREATED, _SIZES, _COUNTERS = (
    _PREFIX + name for name in ("used", "created", "sizes", "counters")
)
_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 10.0
_BATCH = 1_000
_CHECK_AFTER = 0.02
"""The size is looked at again after so large a share of the limit was put."""


class RedisStore:
    """Entries as strings, and beside them sorted sets of their times of use and of creation.

    The server expires entries by itself; size is counted and limited here, over golive's own
    keys alone, so that a server can hold other things too. An entry that the server evicted
    by its own rules stays counted until its turn comes.
    """

    def __init__(
        self, url: str, limits: Limits | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        """Name a server; it is connected to when it is first used.

        Args:
            url: ``redis://[user:password@]host[:port][/database]``, ``rediss://`` for TLS, or
                ``unix://[user:password@]/path?db=number``.
            limits: of size and age.
            clock: seconds since 1970.

        Raises:
            GoliveError: not such a URL, or the package ``redis`` is not installed.
        """
        parts = _checked(url)
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError:
            raise GoliveError(
                f"cache: {_shown(parts)}: needs the package redis: pip install 'golive[redis]'"
            ) from None
        self._location = _shown(parts)
        self._limits = limits or Limits()
        self._clock = clock
        self._error: type[Exception] = redis.RedisError
        self._put_bytes = math.inf
        try:
            self._client: Any = redis.Redis.from_url(
                url,
                protocol=2,  # understood by every server
                socket_connect_timeout=_CONNECT_SECONDS,
                socket_timeout=_ANSWER_SECONDS,
                retry=Retry(NoBackoff(), 1),  # for a connection that the server closed meanwhile
            )
        except (ValueError, TypeError) as error:
            raise GoliveError(f"cache: {self._location}: {error}") from None

    @property
    def location(self) -> str:
        """The URL without the password."""
        return self._location

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """See ``Store``."""
        found: dict[str, bytes] = {}
        with self._reported():
            for batch in _batches(keys):
                values = self._client.mget([_PREFIX + key for key in batch])
                found |= {k: v for k, v in zip(batch, values, strict=True) if v is not None}
            for batch in _batches(list(found)):
                self._client.zadd(_USED, dict.fromkeys(batch, self._clock()), xx=True)
        return found

    def put_many(self, values: Mapping[str, bytes]) -> None:
        """See ``Store``."""
        with self._reported():
            for batch in _batches(list(values)):
                self._put({key: values[key] for key in batch})
            self._put_bytes += sum(map(len, values.values()))
            if self._put_bytes > _CHECK_AFTER * self._limits.store_bytes:
                self._put_bytes = 0.0
                self._trim()

    def discard(self, keys: Sequence[str]) -> None:
        """See ``Store``."""
        with self._reported():
            self._drop(keys)

    def count(self, events: Mapping[str, int]) -> None:
        """See ``Store``."""
        with self._reported():
            pipeline = self._client.pipeline()
            for name, number in events.items():
                pipeline.hincrby(_COUNTERS, name, number)
            pipeline.execute()

    def statistics(self) -> CacheStatistics:
        """See ``Store``."""
        with self._reported():
            pipeline = self._client.pipeline()
            pipeline.hvals(_SIZES)
            pipeline.zrange(_CREATED, 0, 0, withscores=True)
            pipeline.zrange(_CREATED, -1, -1, withscores=True)
            pipeline.hgetall(_COUNTERS)
            sizes, oldest, newest, numbers = pipeline.execute()
        return CacheStatistics(
            location=self.location,
            entries=len(sizes),
            size_bytes=sum(map(int, sizes)),
            size_limit_bytes=self._limits.store_bytes,
            oldest_seconds=oldest[0][1] if oldest else None,
            newest_seconds=newest[0][1] if newest else None,
            **{name: int(numbers.get(name.encode(), 0)) for name in COUNTED},
        )

    def clear(self, created_before_seconds: float | None = None) -> int:
        """See ``Store``."""
        before = math.inf if created_before_seconds is None else created_before_seconds
        with self._reported():
            dropped = self._drop_created_before(before)
            if created_before_seconds is None:
                self._client.delete(_COUNTERS)
        return dropped

    def close(self) -> None:
        """See ``Store``."""
        self._client.close()

    def _put(self, values: Mapping[str, bytes]) -> None:
        now = self._clock()
        life_seconds = self._limits.time_to_live_seconds
        life_milliseconds = None if life_seconds is None else max(1, int(1_000 * life_seconds))
        pipeline = self._client.pipeline(transaction=True)
        for key, value in values.items():
            pipeline.set(_PREFIX + key, value, px=life_milliseconds)
        pipeline.hset(_SIZES, mapping={key: len(key) + len(v) for key, v in values.items()})
        for times in (_USED, _CREATED):
            pipeline.zadd(times, dict.fromkeys(values, now))
        pipeline.execute()

    def _trim(self) -> None:
        if self._limits.time_to_live_seconds is not None:
            horizon = self._clock() - self._limits.time_to_live_seconds
            self.count({"expirations": self._drop_created_before(horizon)})
        size = sum(map(int, self._client.hvals(_SIZES)))
        if size > self._limits.store_bytes:
            self._evict(size - int(TRIM_TO * self._limits.store_bytes))

    def _evict(self, excess_bytes: int) -> None:
        """Drop the least recently used entries that hold so many bytes together."""
        while excess_bytes > 0 and (keys := self._client.zrange(_USED, 0, _BATCH - 1)):
            chosen = []
            for key, size in zip(keys, self._client.hmget(_SIZES, keys), strict=True):
                if excess_bytes <= 0:
                    break
                chosen.append(key.decode())
                excess_bytes -= int(size or 0)
            self._drop(chosen)
            self.count({"evictions": len(chosen)})

    def _drop_created_before(self, seconds: float) -> int:
        dropped = 0
        while keys := self._client.zrangebyscore(
            _CREATED, "-inf", f"({seconds}", start=0, num=_BATCH
        ):
            self._drop([key.decode() for key in keys])
            dropped += len(keys)
        return dropped

    def _drop(self, keys: Sequence[str]) -> None:
        for batch in _batches(keys):
            pipeline = self._client.pipeline(transaction=True)
            pipeline.delete(*(_PREFIX + key for key in batch))
            pipeline.hdel(_SIZES, *batch)
            for times in (_USED, _CREATED):
                pipeline.zrem(times, *batch)
            pipeline.execute()

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (self._error, OSError) as error:
            raise CacheUnavailable(f"cache {self._location}: {error}") from error


def _checked(url: str) -> SplitResult:
    """The parts of a URL that can be one of a Redis server."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise GoliveError(f"cache: a Redis URL that cannot be read: {error}") from None
    if parts.scheme == "unix":
        whole = bool(parts.path)
    else:
        whole = bool(parts.hostname) and port != 0 and bool(re.fullmatch(r"(/\d*)?", parts.path))
    if parts.scheme not in SCHEMES or not whole:
        raise GoliveError(
            f"cache: {_shown(parts)!r}: expected redis://host:port/database, rediss:// likewise, "
            "or unix:///path/of/socket"
        )
    return parts


def _shown(parts: SplitResult) -> str:
    """The URL without what is secret in it."""
    place = parts.netloc.rpartition("@")[2]
    who = "***@" if "@" in parts.netloc else ""
    return f"{parts.scheme}://{who}{place}{parts.path}"


def _batches(keys: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _BATCH):
        yield list(keys[start : start + _BATCH])
