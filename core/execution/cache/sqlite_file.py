"""The SQLite file of a cache: how it is opened, made, recognised and set aside."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path

from ...errors import GoliveError

SUFFIX = ".sqlite"
APPLICATION_ID = 0x676F6C76
"""Marks the file as a cache of golive ("golv"), so that nobody else's database is touched."""
LAYOUT = 1
"""Version of the tables."""
_LOCK_SECONDS = 10.0
_RETRY_SECONDS = 0.02
_TABLES = (
    """
    CREATE TABLE entries (
        key TEXT PRIMARY KEY,
        value BLOB NOT NULL,
        bytes INTEGER NOT NULL,
        created REAL NOT NULL,
        used REAL NOT NULL
    )
    """,
    "CREATE INDEX entries_by_use ON entries (used, bytes)",
    "CREATE INDEX entries_by_age ON entries (created)",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID",
)


class Damaged(Exception):
    """The file is no cache of this version; what is wrong with it."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, and make it if it is not there.

    Returns:
        A connection whose changes begin with the write lock, since a transaction that reads
        first and then waits to write is refused at once when another process wrote meanwhile.

    Raises:
        Damaged: it is a cache that this version cannot use.
        GoliveError: it is another application's database.
        OSError: its folder cannot be made.
        sqlite3.Error: it cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_LOCK_SECONDS, isolation_level="IMMEDIATE")
    try:
        _refuse_foreign(connection, path)
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        _make_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def set_aside(path: Path) -> Path:
    """Rename a file that cannot be used, in place of one set aside earlier; its new path."""
    aside = path.with_name(f"{path.name}.damaged")
    with contextlib.suppress(FileNotFoundError):  # another process was quicker
        path.replace(aside)
    for extra in ("-wal", "-shm"):
        path.with_name(path.name + extra).unlink(missing_ok=True)
    return aside


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    # In this order: a process that is making the file now sets both at once.
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID and (application or tables):
        raise GoliveError(f"cache: {path}: another application's database: expected a new file")


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
    if _layout(connection) == LAYOUT:
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        found = _layout(connection)  # again: another process may have made them meanwhile
        if found not in (0, LAYOUT):
            raise Damaged(f"of another version (layout {found}, expected {LAYOUT})")
        if found == 0:
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {LAYOUT}")


def _layout(connection: sqlite3.Connection) -> int:
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    return int(layout)
