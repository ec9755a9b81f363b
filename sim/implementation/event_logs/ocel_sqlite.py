"""OCEL 2.0 in SQLite: the same content as in JSON, in the tables of its relational form.

A stranger's file is opened for reading alone; only plain tables are read, column by column as
they stand: no view, no virtual table and no function of its schema is carried out.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from ....core.errors import GoliveError
from ....core.files import open_file
from .values import shown

_HEAD = b"SQLite format 3\x00"
_MOST_BYTES = 2 << 30
_MOST_ROWS = 20_000_000
_LONGEST_VALUE = 64 << 20
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
_OWN_COLUMNS = ("ocel_id", "ocel_time", "ocel_changed_field")
_EPOCH = "1970-01-01T00:00:00Z"
_KINDS = {
    "boolean": ("BOOL",),
    "time": ("TIME", "DATE"),
    "integer": ("INT",),
    "float": ("REAL", "FLOA", "DOUB", "NUM", "DEC"),
}
"""Parts of a column's declared type by OCEL's type of it; all others are text."""
_COLUMNS = {
    "string": "TEXT",
    "float": "REAL",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMP",
}
_TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT,
 FOREIGN KEY (ocel_type) REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT,
 FOREIGN KEY (ocel_type) REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT,
 PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier),
 FOREIGN KEY (ocel_event_id) REFERENCES event (ocel_id),
 FOREIGN KEY (ocel_object_id) REFERENCES object (ocel_id));
CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT,
 PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier),
 FOREIGN KEY (ocel_source_id) REFERENCES object (ocel_id),
 FOREIGN KEY (ocel_target_id) REFERENCES object (ocel_id));
"""


def load_sqlite(path: Path) -> dict[str, Any]:
    """The content of a file, as the JSON form has it.

    Raises:
        GoliveError: it cannot be read, is too big, no SQLite, or lacks a table or a column.
    """
    with open_file(path, "OCEL 2.0 in SQLite") as stream:
        if stream.read(len(_HEAD)) != _HEAD:
            raise GoliveError(f"{path}: not an SQLite file: expected OCEL 2.0 in SQLite")
        if stream.seek(0, 2) > _MOST_BYTES:
            raise GoliveError(f"{path}: expected at most {_MOST_BYTES >> 30} GiB of SQLite")
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size:
        raise GoliveError(f"{path}: {wal.name} holds changes of it: close the tool that writes it")
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return _Reader(path, connection).content()
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        words = " ".join(str(error).split())[:160]
        raise GoliveError(f"{path}: cannot be read as SQLite: {words}") from None


def _allow(action: int, first: str | None, *_others: str | None) -> int:
    is_columns = action == sqlite3.SQLITE_PRAGMA and first == "table_info"
    return sqlite3.SQLITE_OK if action in _ALLOWED or is_columns else sqlite3.SQLITE_DENY


class _Reader:
    """Reads the tables of a file."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        for setting in ("trusted_schema = OFF", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {setting}")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.set_authorizer(_allow)
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        self._tables = {
            name.lower(): name
            for name, sql in found
            if isinstance(name, str) and not re.match(r"\s*CREATE\s+VIRTUAL", str(sql), re.I)
        }

    def content(self) -> dict[str, Any]:
        """All of it."""
        events, event_types = self._items("event")
        objects, object_types = self._items("object")
        self._relate(events, "event_object", "ocel_event_id", "ocel_object_id")
        self._relate(objects, "object_object", "ocel_source_id", "ocel_target_id")
        return {
            "objectTypes": object_types,
            "eventTypes": event_types,
            "objects": list(objects.values()),
            "events": list(events.values()),
        }

    def _items(self, what: str) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
        """Events or objects by id, and their types."""
        items: dict[str, dict[str, Any]] = {}
        for identity, kind in self._rows(what, "ocel_id", "ocel_type"):
            one = str(identity)
            if one in items:
                raise GoliveError(f"{self._path}: {what}: {shown(one)!r} is there twice")
            items[one] = {"id": one, "type": _text(kind), "attributes": [], "relationships": []}
        types = []
        for kind, named in self._rows(f"{what}_map_type", "ocel_type", "ocel_type_map"):
            table = f"{what}_{named}"
            columns = self._columns(table)
            kinds = {name: of for name, of in columns.items() if name not in _OWN_COLUMNS}
            rows = [{"name": name, "type": of} for name, of in kinds.items()]
            types.append({"name": _text(kind), "attributes": rows})
            for found in self._rows(table, *columns):
                row = dict.fromkeys(_OWN_COLUMNS) | dict(zip(columns, found, strict=True))
                item = items.get(str(row["ocel_id"]))
                if item is not None and item["type"] == kind:
                    _note(item, row, kinds, what)
        return items, types

    def _relate(self, items: dict[str, dict[str, Any]], table: str, own: str, other: str) -> None:
        for identity, target, word in self._rows(table, own, other, "ocel_qualifier"):
            item = items.get(str(identity))
            link = {"objectId": str(target), "qualifier": _text(word)}
            if item is None:
                raise GoliveError(f"{self._path}: {table}: {shown(str(identity))!r}: is not there")
            item["relationships"].append(link)

    def _columns(self, table: str) -> dict[str, str]:
        """OCEL's type of each column; of objects that never change a table may lack some."""
        named = _quoted(self._table(table))
        found = {}
        for _, name, declared, *_ in self._connection.execute(f"PRAGMA table_info({named})"):
            of = str(declared).upper()
            kinds = (kind for kind, parts in _KINDS.items() if any(p in of for p in parts))
            known = name.lower() if name.lower() in _OWN_COLUMNS else name
            found[known] = next(kinds, "string")
        return found

    def _rows(self, table: str, *names: str) -> Iterator[Sequence[Any]]:
        columns = ", ".join(f"t.{_quoted(name)}" for name in names)
        query = f"SELECT {columns} FROM {_quoted(self._table(table))} AS t"
        rows = self._connection.execute(query)
        yield from islice(rows, _MOST_ROWS)
        if rows.fetchone() is not None:
            raise GoliveError(f"{self._path}: {table}: expected at most {_MOST_ROWS:,} rows")

    def _table(self, name: str) -> str:
        found = self._tables.get(name.lower())
        if found is None:
            said = shown(name)
            raise GoliveError(f"{self._path}: table {said!r} is missing: expected OCEL 2.0")
        return found


def _note(item: dict[str, Any], row: Mapping[str, Any], kinds: dict[str, str], what: str) -> None:
    """What a row says of an event, or of an object from a time on."""
    changed = row.get("ocel_changed_field")
    for name, kind in kinds.items():
        value = row[name]
        if value is None or (changed is not None and changed != name):
            continue
        if kind == "boolean" and value in (0, 1):
            value = bool(value)
        told = {"name": name, "value": value}
        item["attributes"].append(told | ({"time": row["ocel_time"]} if what == "object" else {}))
    if what == "event":
        item["time"] = row["ocel_time"]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def dump_sqlite(content: dict[str, Any], left_out: Counter[str]) -> bytes:
    """A content as a file; counts what SQLite has no place for.

    Raises:
        GoliveError: SQLite cannot hold it, such as over 2,000 attributes of one type.
    """
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(_TABLES)
            for what in ("event", "object"):
                _fill(connection, what, content, _make(connection, what, content, left_out))
            connection.commit()
            return connection.serialize()
    except (sqlite3.Error, OverflowError, ValueError) as error:
        words = " ".join(str(error).split())[:160]
        raise GoliveError(f"SQLite cannot hold it: {words}") from None


_Columns = dict[str, tuple[str, str]]
"""Name and OCEL's type of a column by the name of its attribute."""


def _make(
    connection: sqlite3.Connection, what: str, content: dict[str, Any], left_out: Counter[str]
) -> dict[str, tuple[str, _Columns]]:
    """Make the tables of the types of events or objects; their names and columns."""
    tables: dict[str, tuple[str, _Columns]] = {}
    suffixes = {"object", ""}
    for row in content[f"{what}Types"]:
        suffix = _unique(re.sub("[^A-Za-z0-9]", "", row["name"]), suffixes)
        used, columns = {*_OWN_COLUMNS}, _Columns()
        for one in row["attributes"]:
            columns[one["name"]] = _unique(_plain(one["name"]), used), one["type"]
            changed = columns[one["name"]][0] != one["name"]
            left_out["names of attributes, which are spelled otherwise"] += changed
        declared = "".join(f", {_quoted(name)} {_COLUMNS[of]}" for name, of in columns.values())
        field = ", ocel_changed_field TEXT" if what == "object" else ""
        tables[row["name"]] = _quoted(f"{what}_{suffix}"), columns
        connection.execute(
            f"CREATE TABLE {tables[row['name']][0]}"
            f" (ocel_id TEXT, ocel_time TIMESTAMP{field}{declared},"
            f" FOREIGN KEY (ocel_id) REFERENCES {what} (ocel_id))"
        )
        mapped = (_plain(row["name"]), suffix)
        connection.execute(f"INSERT INTO {what}_map_type VALUES (?, ?)", mapped)
    return tables


def _fill(
    connection: sqlite3.Connection,
    what: str,
    content: dict[str, Any],
    tables: dict[str, tuple[str, _Columns]],
) -> None:
    for item in content[f"{what}s"]:
        identity = _plain(item["id"])
        connection.execute(f"INSERT INTO {what} VALUES (?, ?)", (identity, _plain(item["type"])))
        table, columns = tables[item["type"]]
        for told in _records(item, what, columns):
            into = ", ".join(map(_quoted, told))
            marks = ", ".join("?" * len(told))
            connection.execute(f"INSERT INTO {table} ({into}) VALUES ({marks})", [*told.values()])
        links = (
            (identity, _plain(link["objectId"]), _plain(link["qualifier"]))
            for link in item["relationships"]
        )
        connection.executemany(f"INSERT OR IGNORE INTO {what}_object VALUES (?, ?, ?)", links)


def _records(item: dict[str, Any], what: str, columns: _Columns) -> Iterator[dict[str, Any]]:
    """Rows of an item's table: one of an event; of an object one, and one for each change."""
    first = {"ocel_id": _plain(item["id"]), "ocel_time": item.get("time", _EPOCH)}
    changes = []
    for row in item["attributes"]:
        name, kind = columns[row["name"]]
        value = _native(row["value"], kind)
        if row.get("time", _EPOCH) == _EPOCH and name not in first:
            first[name] = value
        elif what == "object":
            change = {"ocel_id": first["ocel_id"], "ocel_time": row["time"]}
            changes.append(change | {"ocel_changed_field": name, name: value})
    yield first
    yield from changes


def _native(text: str, kind: str) -> str | int | float:
    if kind == "integer":
        return int(text)
    if kind == "boolean":
        return int(text == "true")
    if kind == "float" and not text.endswith(("NaN", "INF")):  # which SQLite makes NULL
        return float(text)
    return _plain(text)


def _unique(name: str, used: set[str]) -> str:
    """A name that no other is, whatever its case; it is used from now on."""
    while name.lower() in used:
        name += "_"
    used.add(name.lower())
    return name


def _plain(text: str) -> str:
    """A text that SQLite can hold: without halves of characters and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
