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
from .store import TRIM_TO, Limits, Store, warn_on_stderr

T = TypeVar("T")

SUFFIX = ".sqlite"
APPLICATION_ID = 0x676F6C76
"""Marks the file as a cache of golive ("golv"), so that nobody else's database is touched."""
LAYOUT = 1
"""Version of the tables."""
_LOCK_SECONDS = 10.0
_RETRY_SECONDS = 0.02
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE entries (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    created REAL NOT NULL,
    used REAL NOT NULL
);
CREATE INDEX entries_by_use ON entries (used, bytes);
CREATE INDEX entries_by_age ON entries (created);
CREATE TABLE counters (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {LAYOUT};
"""
