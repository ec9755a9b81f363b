"""The CRM database: six tables in SQLite, with a record of every row that was read or changed.

Rows are read through one door, so that confidential ones stay hidden from who may not see them, and
so that a judge can say afterwards who read what. Nothing here knows the truth behind the rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....core.errors import GoliveError
from ....scenarios.gateway.workflow import Condition, Entity

SCHEMA_VERSION = 1
COLUMNS: Mapping[Entity, tuple[str, ...]] = {
    Entity.CONTACTS: ("id", "name", "email", "company", "role", "notes", "confidential"),
    Entity.LEADS: (
        *("id", "contact_id", "company", "source", "employees", "budget_in_usd", "horizon_days"),
        *("requirements", "status", "created_on"),
    ),
    Entity.DEALS: (
        *("id", "contact_id", "name", "description", "requirements", "notes", "stage"),
        *("worth_in_usd", "created_on", "expected_close_on", "times_moved", "competitor"),
    ),
    Entity.ACTIVITIES: (
        *("id", "lead_id", "deal_id", "type", "happened_on", "notes", "outcome", "follow_up_on"),
    ),
    Entity.PROJECTS: ("id", "deal_id", "name", "status", "budget_in_usd", "due_on", "progress"),
    Entity.DOCUMENTS: ("id", "company", "title", "content", "summary", "confidential"),
}
"""Columns of each table; ``id`` counts from 1, a day is text such as 2026-06-30."""
_NUMBERS = frozenset(
    {
        *("id", "contact_id", "employees", "budget_in_usd", "horizon_days", "worth_in_usd"),
        *("times_moved", "lead_id", "deal_id", "progress", "confidential"),
    }
)
TODAY = "2026-06-30"
"""Day of the database."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads or changes.

    Attributes:
        run: number of the workflow's run; 0: nobody's.
        step: its name.
        confidential: may see confidential rows.
    """

    run: int = 0
    step: str = ""
    confidential: bool = True


class CrmDatabase:
    """An open CRM database.

    Args:
        path: of the file; ``:memory:`` for none.

    Raises:
        GoliveError: the file is no CRM database.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self.path = str(path)
        if self.path != ":memory:" and Path(path).is_file() and not Path(path).stat().st_size:
            raise GoliveError(f"{path}: an empty file: expected a CRM database")
        try:
            self.connection = sqlite3.connect(self.path, isolation_level=None)
            self.connection.row_factory = sqlite3.Row
            version = self.connection.execute("PRAGMA user_version").fetchone()[0]
            empty = not self.connection.execute("SELECT 1 FROM sqlite_master").fetchall()
        except sqlite3.Error as error:
            raise GoliveError(f"{path}: {error}: expected a CRM database") from error
        if empty:
            self._create()
        elif version != SCHEMA_VERSION:
            self.connection.close()
            raise GoliveError(f"{path}: expected a CRM database of version {SCHEMA_VERSION}")

    def _create(self) -> None:
        with self.changes():
            for entity, columns in COLUMNS.items():
                kinds = ", ".join(
                    f"{name} {'INTEGER' if name in _NUMBERS else 'TEXT'}"
                    + (" PRIMARY KEY" if name == "id" else "")
                    for name in columns
                )
                self.connection.execute(f"CREATE TABLE {entity} ({kinds})")
            self.connection.execute(
                "CREATE TABLE runs (id INTEGER PRIMARY KEY, workflow TEXT, audience TEXT, "
                "input TEXT, status TEXT)"
            )
            self.connection.execute(
                "CREATE TABLE steps (id INTEGER PRIMARY KEY, run INTEGER, name TEXT, does TEXT, "
                "status TEXT, attempts INTEGER, confirmed INTEGER, input TEXT, result TEXT, "
                "error TEXT)"
            )
            self.connection.execute(
                "CREATE TABLE accesses (id INTEGER PRIMARY KEY, run INTEGER, step TEXT, "
                "action TEXT, entity TEXT, row INTEGER, confidential INTEGER)"
            )
            self.connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def changes(self) -> Iterator[None]:
        """Change everything within, or nothing if an error leaves it."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise GoliveError(f"{self.path}: {error}") from error
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    # -- rows ------------------------------------------------------------------------------

    def fill(self, entity: Entity, rows: Iterable[Row]) -> None:
        """Add rows as they are, without a record of it."""
        columns = COLUMNS[entity]
        marks = ", ".join("?" for _ in columns)
        self.connection.executemany(
            f"INSERT INTO {entity} VALUES ({marks})",
            [tuple(row.get(name) for name in columns) for row in rows],
        )

    def rows(self, entity: Entity, reader: Reader, **equal: Any) -> list[Row]:
        """Rows whose fields have these values, in the order of ids, that a reader may see."""
        conditions = tuple(Condition(field=name, equals=value) for name, value in equal.items())
        return self.found(entity, conditions, reader)

    def found(
        self, entity: Entity, conditions: Iterable[Condition], reader: Reader, most: int = 1_000
    ) -> list[Row]:
        """Rows of which all conditions hold, in the order of ids, that a reader may see.

        Raises:
            GoliveError: there is no such field.
        """
        where, values = self._where(entity, conditions)
        if "confidential" in COLUMNS[entity] and not reader.confidential:
            where.append("confidential = 0")
        told = f" WHERE {' AND '.join(where)}" if where else ""
        sql = f"SELECT * FROM {entity}{told} ORDER BY id LIMIT ?"
        rows = self._asked(sql, (*values, most))
        for row in rows:
            self._note(reader, "read", entity, row)
        return rows

    def _where(
        self, entity: Entity, conditions: Iterable[Condition]
    ) -> tuple[list[str], list[Any]]:
        where: list[str] = []
        values: list[Any] = []
        for one in conditions:
            if one.field not in COLUMNS[entity]:
                known = ", ".join(COLUMNS[entity])
                raise GoliveError(f"{entity}.{one.field}: expected one of {known}")
            for sign, value in (("=", one.equals), (">=", one.at_least), ("<=", one.at_most)):
                if isinstance(value, list | dict):
                    raise GoliveError(f"{entity}.{one.field}: {value!r}: expected one value")
                if value is not None:
                    where.append(f"{one.field} {sign} ?")
                    values.append(value)
            if one.contains is not None:
                where.append(f"instr(lower({one.field}), lower(?)) > 0")
                values.append(one.contains)
        return where, values

    def row(self, entity: Entity, number: Any, reader: Reader) -> Row:
        """The row of an id.

        Raises:
            GoliveError: there is none, or the reader may not see it.
        """
        if isinstance(number, bool) or not isinstance(number, int):
            raise GoliveError(f"{entity}: {number!r}: expected an id")
        found = self.rows(entity, reader, id=number)
        if not found:
            raise GoliveError(f"{entity} {number}: no such row, or not for this reader")
        return found[0]

    def change(
        self, entity: Entity, number: Any, values: Mapping[str, Any], reader: Reader
    ) -> None:
        """Set fields of a row.

        Raises:
            GoliveError: no such row or field, or a value that no field can have.
        """
        row = self.row(entity, number, reader)
        checked = self._checked(entity, values)
        told = ", ".join(f"{name} = ?" for name in checked)
        self._told(f"UPDATE {entity} SET {told} WHERE id = ?", (*checked.values(), number))
        self._note(reader, "change", entity, row)

    def add(self, entity: Entity, values: Mapping[str, Any], reader: Reader) -> int:
        """Add a row; its id is returned."""
        checked = self._checked(entity, values)
        if "confidential" in COLUMNS[entity]:
            checked.setdefault("confidential", int(bool(reader.run) and reader.confidential))
        names, marks = ", ".join(checked), ", ".join("?" for _ in checked)
        cursor = self._told(
            f"INSERT INTO {entity} ({names}) VALUES ({marks})", tuple(checked.values())
        )
        number = int(cursor.lastrowid or 0)
        self._note(reader, "add", entity, {"id": number, **checked})
        return number

    @staticmethod
    def _checked(entity: Entity, values: Mapping[str, Any]) -> Row:
        for name, value in values.items():
            if name not in COLUMNS[entity] or name == "id":
                known = ", ".join(COLUMNS[entity][1:])
                raise GoliveError(f"{entity}.{name}: expected one of {known}")
            if isinstance(value, list | dict):
                raise GoliveError(f"{entity}.{name}: {value!r}: expected one value")
            if name in _NUMBERS and value is not None and not isinstance(value, int | float):
                raise GoliveError(f"{entity}.{name}: {value!r}: expected a number")
        return dict(values)

    def _note(self, reader: Reader, action: str, entity: Entity, row: Row) -> None:
        if reader.run:
            self._told(
                "INSERT INTO accesses (run, step, action, entity, row, confidential) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (reader.run, reader.step, action, str(entity), row["id"],
                 int(bool(row.get("confidential")))),
            )  # fmt: skip

    # -- history ---------------------------------------------------------------------------

    def begin_run(self, workflow: str, audience: str, told: Mapping[str, Any]) -> int:
        """Note that a workflow begins; the run's number is returned."""
        cursor = self._told(
            "INSERT INTO runs (workflow, audience, input, status) VALUES (?, ?, ?, 'running')",
            (workflow, audience, _text(told)),
        )
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, status: str) -> None:
        """Note how it ended."""
        self._told("UPDATE runs SET status = ? WHERE id = ?", (status, run))

    def note_step(self, run: int, **fields: Any) -> None:
        """Note a step; ``input`` and ``result`` are plain data."""
        told = {"run": run, **fields}
        for name in ("input", "result"):
            told[name] = _text(told.get(name))
        names, marks = ", ".join(told), ", ".join("?" for _ in told)
        self._told(f"INSERT INTO steps ({names}) VALUES ({marks})", tuple(told.values()))

    def history(self, run: int | None = None) -> list[Row]:
        """Runs, or the steps of one, oldest first, with what they were given and found."""
        sql, values = "SELECT * FROM runs ORDER BY id", ()
        if run is not None:
            sql, values = "SELECT * FROM steps WHERE run = ? ORDER BY id", (run,)  # type: ignore[assignment]
        rows = self._asked(sql, values)
        for row in rows:
            for name in ("input", "result"):
                if row.get(name):
                    row[name] = json.loads(row[name])
        return rows

    def accesses(self, run: int) -> list[Row]:
        """Rows that a run has read, changed or added, in order."""
        sql = "SELECT * FROM accesses WHERE run = ? ORDER BY id"
        return self._asked(sql, (run,))

    def content(self) -> dict[str, list[Row]]:
        """All rows of the six tables, without a record of it."""
        return {
            str(entity): self._asked(f"SELECT * FROM {entity} ORDER BY id") for entity in COLUMNS
        }

    # -- SQL -------------------------------------------------------------------------------

    def _told(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        with self._errors():
            return self.connection.execute(sql, values)

    def _asked(self, sql: str, values: tuple[Any, ...] = ()) -> list[Row]:
        with self._errors():  # a damaged page may show with any row
            return [dict(row) for row in self.connection.execute(sql, values)]

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OverflowError) as error:  # the latter: a number of over 64 bits
            raise GoliveError(f"{self.path}: {error}") from error


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
