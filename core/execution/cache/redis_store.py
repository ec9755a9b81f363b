"""The second level on a Redis server, shared by machines."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ...arithmetic import whole_sum
from ...errors import GoliveError
from .store import Limits, Store, Summary

SCHEMES = ("redis", "rediss", "unix")
_PREFIX = "golive:cache:"
_USED, _CREATED, _SIZES, _COUNTERS = (
    _PREFIX + name for name in ("used", "created", "sizes", "counters")
)
_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 10.0
_BATCH = 1_000


class RedisStore(Store):
    """Entries as strings, and beside them sorted sets of their times of use and of creation.

    The server expires entries by itself; size is counted and limited here, over golive's own
    keys alone, so that a server can hold other things too. An entry that the server evicted
    by its own rules stays counted until its turn comes. It is connected to when it is first used.

    Args:
        url: ``redis://[user:password@]host[:port][/database]``, ``rediss://`` for TLS, or
            ``unix://[user:password@]/path?db=number``.

    Raises:
        GoliveError: not such a URL, or the package ``redis`` is not installed.
    """

    def __init__(
        self, url: str, limits: Limits | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        shown = _shown(url)
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError:
            raise GoliveError(
                f"cache: {shown}: needs the package redis: pip install 'golive[redis]'"
            ) from None
        super().__init__(shown, limits, clock, (redis.RedisError, OSError))
        try:
            self._client: Any = redis.Redis.from_url(
                url,
                protocol=2,  # understood by every server
                socket_connect_timeout=_CONNECT_SECONDS,
                socket_timeout=_ANSWER_SECONDS,
                retry=Retry(NoBackoff(), 1),  # for a connection that the server closed meanwhile
            )
        except (ValueError, TypeError) as error:
            raise GoliveError(f"cache: {shown}: {error}") from None

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _get(self, keys: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for batch in _batches(keys):
            values = self._client.mget([_PREFIX + key for key in batch])
            found |= {k: v for k, v in zip(batch, values, strict=True) if v is not None}
        for batch in _batches(list(found)):
            self._client.zadd(_USED, dict.fromkeys(batch, self._clock()), xx=True)
        return found

    def _put(self, values: Mapping[str, bytes]) -> None:
        now, life_seconds = self._clock(), self._limits.time_to_live_seconds
        life_milliseconds = None if life_seconds is None else max(1, int(1_000 * life_seconds))
        for keys in _batches(list(values)):
            pipeline = self._client.pipeline(transaction=True)
            for key in keys:
                pipeline.set(_PREFIX + key, values[key], px=life_milliseconds)
            pipeline.hset(_SIZES, mapping={key: len(key) + len(values[key]) for key in keys})
            for times in (_USED, _CREATED):
                pipeline.zadd(times, dict.fromkeys(keys, now))
            pipeline.execute()

    def _drop(self, keys: Sequence[str]) -> None:
        for batch in _batches(keys):
            pipeline = self._client.pipeline(transaction=True)
            pipeline.delete(*(_PREFIX + key for key in batch))
            pipeline.hdel(_SIZES, *batch)
            for times in (_USED, _CREATED):
                pipeline.zrem(times, *batch)
            pipeline.execute()

    def _count(self, events: Mapping[str, int]) -> None:
        pipeline = self._client.pipeline()
        for name, number in events.items():
            pipeline.hincrby(_COUNTERS, name, number)
        pipeline.execute()

    def _least_used(self, most: int) -> list[tuple[str, int]]:
        keys = self._client.zrange(_USED, 0, most - 1)
        sizes = self._client.hmget(_SIZES, keys) if keys else ()
        return [(key.decode(), int(size or 0)) for key, size in zip(keys, sizes, strict=True)]

    def _summary(self) -> Summary:
        pipeline = self._client.pipeline()
        pipeline.hvals(_SIZES)
        pipeline.zrange(_CREATED, 0, 0, withscores=True)
        pipeline.zrange(_CREATED, -1, -1, withscores=True)
        pipeline.hgetall(_COUNTERS)
        sizes, *ends, counters = pipeline.execute()
        oldest, newest = (end[0][1] if end else None for end in ends)
        numbers = {name.decode(): int(number) for name, number in counters.items()}
        return len(sizes), whole_sum(map(int, sizes)), oldest, newest, numbers

    def _clear(self, created_before_seconds: float | None) -> int:
        before = "+inf" if created_before_seconds is None else f"({created_before_seconds}"
        dropped = 0
        while keys := self._client.zrangebyscore(_CREATED, "-inf", before, start=0, num=_BATCH):
            self._drop([key.decode() for key in keys])
            dropped += len(keys)
        if created_before_seconds is None:
            self._client.delete(_COUNTERS)
        return dropped


def _shown(url: str) -> str:
    """The URL without what is secret in it.

    Raises:
        GoliveError: it cannot be one of a Redis server.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise GoliveError(f"cache: a Redis URL that cannot be read: {error}") from None
    who = "***@" if "@" in parts.netloc else ""
    shown = f"{parts.scheme}://{who}{parts.netloc.rpartition('@')[2]}{parts.path}"
    if parts.scheme == "unix":
        whole = bool(parts.path)
    else:
        whole = bool(parts.hostname) and port != 0 and bool(re.fullmatch(r"(/\d*)?", parts.path))
    if parts.scheme not in SCHEMES or not whole:
        raise GoliveError(
            f"cache: {shown!r}: expected redis://host:port/database, rediss:// likewise, "
            "or unix:///path/of/socket"
        )
    return shown


def _batches(keys: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _BATCH):
        yield list(keys[start : start + _BATCH])
