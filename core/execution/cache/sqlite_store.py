"""The second level on disk: one SQLite file, shared by the processes of a machine."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from ...files import reason
from .sqlite_file import Damaged, connect, set_aside
from .store import COUNTED, TRIM_TO, CacheStatistics, CacheUnavailable, Limits, warn_on_stderr

T = TypeVar("T")

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_PUT = """
INSERT INTO entries (key, value, bytes, created, used) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    value = excluded.value, bytes = excluded.bytes, created = excluded.created, used = excluded.used
"""
_EVICT = """
DELETE FROM entries WHERE key IN (
    SELECT key FROM (
        SELECT key, SUM(bytes) OVER (ORDER BY used DESC, key ROWS UNBOUNDED PRECEDING) AS running
        FROM entries
    ) WHERE running > ?
)
"""
_COUNT = """
INSERT INTO counters (name, number) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET number = number + excluded.number
"""
_SUMMARY = "SELECT COUNT(*), TOTAL(bytes), MIN(created), MAX(created) FROM entries"


class SqliteStore:
    """Entries in an SQLite file in write-ahead mode, so that readers and a writer do not wait.

    A file that is damaged is set aside with a warning, and a new one begun.
    """

    def __init__(
        self,
        path: Path,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.time,
        warn: Callable[[str], None] = warn_on_stderr,
    ) -> None:
        """Name a file; it is opened, and made if need be, when it is first used.

        Args:
            path: of the file; by its name it ends in ``.sqlite``, see ``open_store``.
            limits: of size and age.
            clock: seconds since 1970.
            warn: told when a damaged file is set aside.
        """
        self._path = path
        self._limits = limits or Limits()
        self._clock = clock
        self._warn = warn
        self._connection: sqlite3.Connection | None = None

    @property
    def location(self) -> str:
        """The file's path."""
        return str(self._path)

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """See ``Store``."""
        wanted = json.dumps(list(keys))

        def get(connection: sqlite3.Connection) -> dict[str, bytes]:
            query = "SELECT key, value FROM entries WHERE key IN (SELECT value FROM json_each(?))"
            found: dict[str, bytes] = dict(connection.execute(query, (wanted,)))
            if found:
                touch = "UPDATE entries SET used = ? WHERE key IN (SELECT value FROM json_each(?))"
                connection.execute(touch, (self._clock(), json.dumps(list(found))))
            return found

        return self._run(get)

    def put_many(self, values: Mapping[str, bytes]) -> None:
        """See ``Store``."""
        now = self._clock()
        rows = [(key, value, len(key) + len(value), now, now) for key, value in values.items()]

        def put(connection: sqlite3.Connection) -> None:
            connection.executemany(_PUT, rows)
            self._trim(connection, now)

        self._run(put)

    def discard(self, keys: Sequence[str]) -> None:
        """See ``Store``."""
        query = "DELETE FROM entries WHERE key IN (SELECT value FROM json_each(?))"
        self._run(lambda connection: connection.execute(query, (json.dumps(list(keys)),)))

    def count(self, events: Mapping[str, int]) -> None:
        """See ``Store``."""
        self._run(lambda connection: connection.executemany(_COUNT, list(events.items())))

    def statistics(self) -> CacheStatistics:
        """See ``Store``; a file that is not there is not made."""
        empty = CacheStatistics(self.location, size_limit_bytes=self._limits.store_bytes)
        if not self._path.exists():
            return empty

        def summarise(connection: sqlite3.Connection) -> CacheStatistics:
            entries, size, oldest, newest = connection.execute(_SUMMARY).fetchone()
            numbers = dict(connection.execute("SELECT name, number FROM counters"))
            return CacheStatistics(
                location=self.location,
                entries=entries,
                size_bytes=int(size),
                size_limit_bytes=self._limits.store_bytes,
                oldest_seconds=oldest,
                newest_seconds=newest,
                **{name: numbers.get(name, 0) for name in COUNTED},
            )

        return self._run(summarise)

    def clear(self, created_before_seconds: float | None = None) -> int:
        """See ``Store``; the file becomes small again."""
        if not self._path.exists():
            return 0

        def delete(connection: sqlite3.Connection) -> int:
            if created_before_seconds is not None:
                query = "DELETE FROM entries WHERE created < ?"
                return connection.execute(query, (created_before_seconds,)).rowcount
            connection.execute("DELETE FROM counters")
            return connection.execute("DELETE FROM entries").rowcount

        dropped = self._run(delete)
        if self._connection is not None:
            with contextlib.suppress(sqlite3.OperationalError):  # another process is at work
                self._connection.execute("VACUUM")
        return dropped

    def close(self) -> None:
        """See ``Store``."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _trim(self, connection: sqlite3.Connection, now: float) -> None:
        dropped = {}
        if self._limits.time_to_live_seconds is not None:
            horizon = now - self._limits.time_to_live_seconds
            cursor = connection.execute("DELETE FROM entries WHERE created < ?", (horizon,))
            dropped["expirations"] = cursor.rowcount
        (size,) = connection.execute("SELECT TOTAL(bytes) FROM entries").fetchone()
        if size > self._limits.store_bytes:
            kept_bytes = int(TRIM_TO * self._limits.store_bytes)
            dropped["evictions"] = connection.execute(_EVICT, (kept_bytes,)).rowcount
        connection.executemany(_COUNT, [item for item in dropped.items() if item[1]])

    def _run(self, operation: Callable[[sqlite3.Connection], T]) -> T:
        """Do something with the file in one transaction; once more if it had to be set aside."""
        try:
            return self._attempt(operation)
        except Damaged as damage:
            self.close()
            try:
                aside = set_aside(self._path)
            except OSError as error:
                raise CacheUnavailable(f"cache {self._path}: {reason(error)}") from error
            self._warn(f"cache {self._path}: {damage}: set aside as {aside.name}, begun anew")
        try:
            return self._attempt(operation)
        except Damaged as damage:
            raise CacheUnavailable(f"cache {self._path}: {damage}") from damage

    def _attempt(self, operation: Callable[[sqlite3.Connection], T]) -> T:
        try:
            if self._connection is None:
                self._connection = connect(self._path)
            with self._connection:
                return operation(self._connection)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
                raise Damaged(str(error)) from error
            raise CacheUnavailable(f"cache {self._path}: {error}") from error
        except OSError as error:
            raise CacheUnavailable(f"cache {self._path}: {reason(error)}") from error
