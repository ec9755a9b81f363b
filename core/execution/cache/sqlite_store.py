"""The second level on disk: one SQLite file, shared by the processes of a machine."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from ...errors import GoliveError
from .store import Limits, Store, Summary, warn_on_stderr

T = TypeVar("T")

SUFFIX = ".sqlite"
_APPLICATION_ID = 0x676F6C76
"""Marks the file as a cache of golive ("golv"), so that nobody else's database is touched."""
_LAYOUT = 1
"""Version of the tables."""
_LOCK_SECONDS = 10.0
_RETRY_SECONDS = 0.02
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_TABLES = (
    "CREATE TABLE entries (key TEXT PRIMARY KEY, value BLOB NOT NULL, bytes INTEGER NOT NULL,"
    " created REAL NOT NULL, used REAL NOT NULL)",
    "CREATE INDEX entries_by_use ON entries (used, bytes)",
    "CREATE INDEX entries_by_age ON entries (created)",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID",
    f"PRAGMA application_id = {_APPLICATION_ID}",
    f"PRAGMA user_version = {_LAYOUT}",
)
_NAMED = "WHERE key IN (SELECT value FROM json_each(?))"
_PUT = """
INSERT INTO entries (key, value, bytes, created, used) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    value = excluded.value, bytes = excluded.bytes, created = excluded.created, used = excluded.used
"""
_COUNT = """
INSERT INTO counters (name, number) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET number = number + excluded.number
"""


class SqliteStore(Store):
    """Entries in an SQLite file in write-ahead mode, so that readers and a writer do not wait.

    A file that is damaged is set aside with a warning, and a new one begun. It is opened, and
    made if need be, when it is first used.
    """

    def __init__(
        self,
        path: Path,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.time,
        warn: Callable[[str], None] = warn_on_stderr,
    ) -> None:
        super().__init__(str(path), limits, clock, (sqlite3.Error, OSError))
        self._path = path
        self._warn = warn
        self._connection: sqlite3.Connection | None = None

    def clear(self, created_before_seconds: float | None = None) -> int:
        """Drop entries as every store does; the file becomes small again."""
        dropped = super().clear(created_before_seconds)
        if self._connection is not None:
            with contextlib.suppress(sqlite3.OperationalError):  # another process is at work
                self._connection.execute("VACUUM")
        return dropped

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _do(self, operation: Callable[..., T], *arguments: Any) -> T:
        """Do something in one transaction; once more if the file had to be set aside."""
        try:
            return self._in_transaction(operation, *arguments)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE:
                raise
            self.close()
            aside = _set_aside(self._path)
            self._warn(f"cache {self._path}: {error}: set aside as {aside.name}, begun anew")
        return self._in_transaction(operation, *arguments)

    def _in_transaction(self, operation: Callable[..., T], *arguments: Any) -> T:
        if self._connection is None:
            self._connection = _connect(self._path)
        with self._connection:
            return operation(*arguments)

    def _exists(self) -> bool:
        return self._path.exists()  # who only looks makes no file

    def _sql(self, statement: str, *parameters: object) -> sqlite3.Cursor:
        assert self._connection is not None  # ``_do`` has opened it
        return self._connection.execute(statement, parameters)

    def _get(self, keys: Sequence[str]) -> dict[str, bytes]:
        asked = self._sql(f"SELECT key, value FROM entries {_NAMED}", json.dumps(list(keys)))
        found = dict(asked.fetchall())
        if found:
            named = json.dumps(list(found))
            self._sql(f"UPDATE entries SET used = ? {_NAMED}", self._clock(), named)
        return found

    def _put(self, values: Mapping[str, bytes]) -> None:
        now = self._clock()
        for key, value in values.items():
            self._sql(_PUT, key, value, len(key) + len(value), now, now)

    def _drop(self, keys: Sequence[str]) -> None:
        self._sql(f"DELETE FROM entries {_NAMED}", json.dumps(list(keys)))

    def _count(self, events: Mapping[str, int]) -> None:
        for event in events.items():
            self._sql(_COUNT, *event)

    def _least_used(self, most: int) -> list[tuple[str, int]]:
        return self._sql("SELECT key, bytes FROM entries ORDER BY used LIMIT ?", most).fetchall()

    def _summary(self) -> Summary:
        figures = "SELECT COUNT(*), TOTAL(bytes), MIN(created), MAX(created) FROM entries"
        entries, size, oldest, newest = self._sql(figures).fetchone()
        numbers = dict(self._sql("SELECT name, number FROM counters").fetchall())
        return entries, int(size), oldest, newest, numbers

    def _clear(self, created_before_seconds: float | None) -> int:
        if created_before_seconds is not None:
            old = "DELETE FROM entries WHERE created < ?"
            return self._sql(old, created_before_seconds).rowcount
        self._sql("DELETE FROM counters")
        return self._sql("DELETE FROM entries").rowcount


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file, and make it if it is not there.

    Returns:
        A connection whose changes begin with the write lock, since a transaction that reads
        first and then waits to write is refused at once when another process wrote meanwhile.

    Raises:
        GoliveError: it is another application's database.
        OSError: its folder cannot be made.
        sqlite3.Error: it cannot be opened, or is a cache that this version cannot use.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_LOCK_SECONDS, isolation_level="IMMEDIATE")
    try:
        # In this order: a process that is making the file now sets both at once.
        tables = _number(connection, "SELECT COUNT(*) FROM sqlite_master")
        application = _number(connection, "PRAGMA application_id")
        if application != _APPLICATION_ID and (application or tables):
            raise GoliveError(f"cache: {path}: another application's database: expected a new file")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        _make_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead mode; SQLite itself does not wait for another process to let it."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)


def _make_tables(connection: sqlite3.Connection) -> None:
    if _number(connection, "PRAGMA user_version") == _LAYOUT:
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        # Again: another process may have made them meanwhile.
        found = _number(connection, "PRAGMA user_version")
        if found not in (0, _LAYOUT):
            text = f"of another version (layout {found}, expected {_LAYOUT})"
            damage = sqlite3.DatabaseError(text)
            damage.sqlite_errorcode = sqlite3.SQLITE_NOTADB
            raise damage
        for statement in () if found else _TABLES:
            connection.execute(statement)


def _set_aside(path: Path) -> Path:
    """Rename a file that cannot be used, in place of one set aside earlier; its new path."""
    aside = path.with_name(f"{path.name}.damaged")
    with contextlib.suppress(FileNotFoundError):  # another process was quicker
        path.replace(aside)
    for extra in ("-wal", "-shm"):
        path.with_name(path.name + extra).unlink(missing_ok=True)
    return aside


def _number(connection: sqlite3.Connection, query: str) -> int:
    (number,) = connection.execute(query).fetchone()
    return int(number)
