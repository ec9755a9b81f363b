"""The customer database in SQLite, with the history of what was done in it beside the tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from ....core.errors import GoliveError
from ....core.files import check_readable_file, write_bytes_atomically
from .generate import TODAY, Generated, Row

VERSION = 1
_APPLICATION = 0x474C4352  # "GLCR"
_COLUMNS: dict[str, str] = {
    "companies": "name TEXT, industry TEXT, employees INTEGER, customer_since TEXT, "
    "logins_this_month INTEGER, logins_last_month INTEGER, open_tickets INTEGER",
    "contacts": "company_id INTEGER REFERENCES companies, name TEXT, email TEXT, role TEXT, "
    "may_email INTEGER, notes TEXT",
    "leads": "contact_id INTEGER REFERENCES contacts, company_id INTEGER REFERENCES companies, "
    "source TEXT, created TEXT, requirements TEXT, budget_usd INTEGER, months_to_start INTEGER, "
    "status TEXT, score REAL",
    "deals": "company_id INTEGER REFERENCES companies, contact_id INTEGER REFERENCES contacts, "
    "name TEXT, stage TEXT, last_stage TEXT, value_usd INTEGER, opened TEXT, expected_close TEXT, "
    "loss_reason TEXT, win_probability REAL, risk TEXT",
    "activities": "about TEXT, about_id INTEGER, kind TEXT, day TEXT, notes TEXT, "
    "contact_id INTEGER REFERENCES contacts",
    "projects": "company_id INTEGER REFERENCES companies, name TEXT, status TEXT, "
    "budget_usd INTEGER",
    "documents": "company_id INTEGER REFERENCES companies, title TEXT, content TEXT, "
    "confidential INTEGER",
}
TABLES = tuple(_COLUMNS)
"""Tables of the business, in the order in which they refer to each other."""
COLUMNS: dict[str, tuple[str, ...]] = {
    table: ("id", *(part.split()[0] for part in columns.split(", ")))
    for table, columns in _COLUMNS.items()
}
_HISTORY = """
CREATE TABLE history_runs (id INTEGER PRIMARY KEY, workflow TEXT, started TEXT, subject TEXT,
    subjects TEXT, status TEXT);
CREATE TABLE history_steps (run INTEGER REFERENCES history_runs, place INTEGER, name TEXT,
    what TEXT, status TEXT, attempts INTEGER, seconds REAL, result TEXT, error TEXT,
    PRIMARY KEY (run, place));
CREATE TABLE history_events (id INTEGER PRIMARY KEY, run INTEGER REFERENCES history_runs,
    step TEXT, kind TEXT, what TEXT, details TEXT);
"""


class Crm:
    """An open database. Threads may share it: one at a time is let in."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        connection.row_factory = sqlite3.Row
        self._connection = connection
        self._lock = RLock()
        self.name = name

    def rows(self, table: str, **equal: Any) -> list[Row]:
        """Rows of a table whose columns equal what is told, by id."""
        where = " AND ".join(f"{column} = ?" for column in equal) or "1"
        return self.query(f"SELECT * FROM {table} WHERE {where} ORDER BY id", *equal.values())

    def query(self, statement: str, *values: Any) -> list[Row]:
        """Rows that a statement finds."""
        try:
            with self._lock:
                return [dict(row) for row in self._connection.execute(statement, values)]
        except sqlite3.DatabaseError as error:
            raise GoliveError(f"{self.name}: {error}") from None

    def insert(self, table: str, row: Row) -> int:
        """Add a row within ``changing``; gives its id."""
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        made = self._connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values())
        )
        return int(made.lastrowid or 0)

    def update(self, table: str, identity: int, row: Row) -> None:
        """Change columns of a row within ``changing``."""
        names = ", ".join(f"{column} = ?" for column in row)
        self._connection.execute(
            f"UPDATE {table} SET {names} WHERE id = ?", (*row.values(), identity)
        )

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Make changes within it all at once, or none of them.

        Raises:
            GoliveError: the database cannot be written, such as when another process does.
        """
        try:
            with self._lock, self._connection:
                yield
        except sqlite3.DatabaseError as error:
            raise GoliveError(f"{self.name}: {error}") from None

    def content(self) -> dict[str, dict[int, Row]]:
        """All rows of the business by table and id."""
        return {table: {row["id"]: row for row in self.rows(table)} for table in TABLES}

    def copy(self) -> Crm:
        """A copy in memory."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        with self._lock:
            self._connection.backup(connection)
        return Crm(connection, "memory")

    def as_bytes(self) -> bytes:
        """The content of its file."""
        with self._lock:
            return self._connection.serialize()

    def close(self) -> None:
        """Close it; its file stays."""
        with self._lock:
            self._connection.close()


def in_memory(generated: Generated) -> Crm:
    """A generated database in memory: without the truth, with an empty history."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    _fill(connection, generated)
    return Crm(connection, "memory")


def write_database(path: Path, generated: Generated) -> None:
    """Write a generated database to a new file: all of it or nothing.

    Raises:
        GoliveError: there is a file already, or none can be written.
    """
    if path.exists():
        raise GoliveError(f"{path}: exists already: expected the name of a new file")
    crm = in_memory(generated)
    write_bytes_atomically(path, crm.as_bytes())
    crm.close()


def open_database(path: Path) -> Crm:
    """Open a database that ``write_database`` made; a broken or other one stays as it is.

    Raises:
        GoliveError: there is none, it is another file or broken, or has no companies.
    """
    check_readable_file(path, "a customer database")
    uri = f"{path.resolve().as_uri()}?mode=rw"
    try:
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=10.0)
    except sqlite3.Error as error:
        raise GoliveError(f"{path}: {error}") from None
    try:
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return Crm(connection, str(path))


def _check(connection: sqlite3.Connection, path: Path) -> None:
    try:
        [application] = connection.execute("PRAGMA application_id").fetchone()
        [version] = connection.execute("PRAGMA user_version").fetchone()
        if application != _APPLICATION:
            raise GoliveError(f"{path}: is not a customer database of golive")
        if version != VERSION:
            raise GoliveError(f"{path}: has version {version}: expected {VERSION}")
        [found] = connection.execute("PRAGMA quick_check").fetchone()
        if found != "ok":
            raise GoliveError(f"{path}: the database is broken: {' '.join(found.split())[:100]}")
        for table, columns in COLUMNS.items():
            there = tuple(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
            if there != columns:
                raise GoliveError(f"{path}: table {table}: expected columns {', '.join(columns)}")
        for table in ("companies", "contacts"):
            if connection.execute(f"SELECT 1 FROM {table}").fetchone() is None:
                raise GoliveError(f"{path}: has no {table}: expected at least one")
    except sqlite3.DatabaseError as error:
        raise GoliveError(f"{path}: the database is broken: {error}") from None


def _fill(connection: sqlite3.Connection, generated: Generated) -> None:
    with connection:
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        for table, columns in _COLUMNS.items():
            connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {columns})")
            rows = generated.tables[table]
            marks = ", ".join(f":{column}" for column in COLUMNS[table])
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        connection.execute("CREATE INDEX about_whom ON activities (about, about_id)")
        connection.execute("CREATE TABLE today (day TEXT)")
        connection.execute("INSERT INTO today VALUES (?)", (TODAY.isoformat(),))
        for statement in _HISTORY.split(";")[:-1]:
            connection.execute(statement)


def json_line(content: Any) -> str:
    """Plain data as the history keeps it."""
    return json.dumps(content, allow_nan=False, ensure_ascii=False)
