"""The store on disk: damage, a full disk, a folder that refuses, several processes at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest

from golive.core.execution.cache import CacheUnavailable
from golive.core.execution.cache.sqlite_store import SqliteStore


@pytest.fixture
def path(tmp_path):
    return tmp_path / "below" / "x.sqlite"


@pytest.fixture
def store(path, warnings):
    store = SqliteStore(path, warn=warnings.append)
    yield store
    store.close()


def fill(path, entries: int = 200) -> None:
    store = SqliteStore(path, warn=pytest.fail)
    store.put_many({str(number): bytes(500) for number in range(entries)})
    store.close()


def test_looking_makes_no_file(store, path):
    assert store.statistics().entries == 0
    assert store.clear() == 0
    assert not path.parent.exists()


def overwritten(path):
    path.write_bytes(b"no database at all".ljust(4_096, b"?"))


def scrambled(path):
    """Keep the header page, and nothing of the others."""
    content = path.read_bytes()
    path.write_bytes(content[:4_096] + b"\xff" * (len(content) - 4_096))


def truncated(path):
    path.write_bytes(path.read_bytes()[:10_000])


def of_another_version(path):
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize("damage", [overwritten, scrambled, truncated, of_another_version])
def test_a_damaged_file_is_set_aside_and_begun_anew(store, path, warnings, damage):
    fill(path)
    damage(path)
    damaged = path.read_bytes()
    assert store.get_many(["1"]) == {}
    store.put_many({"1": b"new"})
    assert store.get_many(["1"]) == {"1": b"new"}
    assert len(warnings) == 1
    assert "set aside as x.sqlite.damaged, begun anew" in warnings[0]
    assert (path.parent / "x.sqlite.damaged").stat().st_size == len(damaged)
    assert store.statistics().entries == 1


def test_an_empty_file_is_a_new_one(store, path):
    path.parent.mkdir()
    path.touch()
    store.put_many({"a": b"1"})
    assert store.get_many(["a"]) == {"a": b"1"}


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path):
    (tmp_path / "file").touch()
    store = SqliteStore(tmp_path / "file" / "x.sqlite")
    with pytest.raises(CacheUnavailable, match="it exists and is a file"):
        store.get_many(["a"])


def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path):
    (tmp_path / "x.sqlite").mkdir()
    with pytest.raises(CacheUnavailable, match="unable to open database file"):
        SqliteStore(tmp_path / "x.sqlite").get_many(["a"])


def test_a_read_only_file_is_unavailable(store, path):
    fill(path)
    store.get_many(["1"])
    store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(CacheUnavailable, match="readonly"):
        store.put_many({"a": b"1"})


FULL = """
import resource, sys
from pathlib import Path
from golive.core.execution.cache import ResultCache
from golive.core.execution.cache.sqlite_store import SqliteStore

resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
with ResultCache(SqliteStore(Path(sys.argv[1]))) as cache:
    for number in range(400):
        cache.put_many({str(number): {"seed": number, "text": "x" * 1_000}})
    print(len(cache.get_many(map(str, range(400)))))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX's")
def test_where_no_more_can_be_written_the_work_goes_on(path):
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "400\n"
    assert len(done.stderr.splitlines()) == 1
    assert "going on without this cache" in done.stderr
    store = SqliteStore(path, warn=pytest.fail)
    assert 0 < store.statistics().entries < 400
    store.close()


def test_clearing_makes_the_file_small(store, path):
    fill(path, 2_000)
    before = path.stat().st_size
    assert store.clear() == 2_000
    store.close()
    assert path.stat().st_size < before / 10


WRITER = """
import sys
from pathlib import Path
from golive.core.execution.cache import ResultCache
from golive.core.execution.cache.sqlite_store import SqliteStore

name, path = sys.argv[1], Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
with ResultCache(SqliteStore(path)) as cache:
    for start in range(0, 300, 5):
        cache.put_many({f"{name}{n}": {"seed": n, "of": name} for n in range(start, start + 5)})
        cache.get_many([f"{other}{start}" for other in "ab"])
"""


def test_two_processes_use_one_file_at_once(path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, name, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in "ab"
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:  # both have loaded everything: now they make the file together
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, error = process.communicate(timeout=60)
        assert (process.returncode, error) == (0, "")
    store = SqliteStore(path, warn=pytest.fail)
    keys = [f"{name}{number}" for name in "ab" for number in range(300)]
    assert set(store.get_many(keys)) == set(keys)
    statistics = store.statistics()
    assert statistics.memory_hits + statistics.store_hits + statistics.misses == 2 * 60 * 2
    store.close()
