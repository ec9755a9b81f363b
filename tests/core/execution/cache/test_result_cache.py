"""Two levels that are one cache: what is found where, what is too old, what is damaged."""

from __future__ import annotations

import contextlib
import math
import sqlite3

import pytest

from golive.core.errors import GoliveError
from golive.core.execution.cache import CacheUnavailable, Limits, ResultCache
from golive.core.execution.cache.sqlite_store import SqliteStore

ROW = {"seed": 1, "score": 0.1 + 0.2, "recovery_days": math.inf, "success": True, "digest": "ab"}


@pytest.fixture
def open_cache(tmp_path, clock):
    opened = []

    def open_it(limits=None):
        limits = limits or Limits()
        store = SqliteStore(tmp_path / "x.sqlite", limits, clock=clock, warn=pytest.fail)
        opened.append(ResultCache(store, limits, clock=clock, warn=pytest.fail))
        return opened[-1]

    yield open_it
    for cache in opened:
        cache.close()


def levels(cache):
    statistics = cache.statistics()
    return statistics.memory_hits, statistics.store_hits, statistics.misses


def test_memory_answers_first_and_the_store_the_next_process(open_cache):
    cache = open_cache()
    assert cache.get_many(["a"]) == {}
    cache.put_many({"a": ROW})
    assert cache.get_many(["a", "a"]) == {"a": ROW}
    assert levels(cache) == (1, 0, 1)
    other = open_cache()
    assert other.get_many(["b", "a"]) == {"a": ROW}
    assert other.get_many(["a"]) == {"a": ROW}
    assert (other.hits, other.misses) == (2, 1)
    other.close()
    assert levels(cache) == (2, 1, 2)


def test_what_a_caller_does_to_a_row_is_not_kept(open_cache):
    cache = open_cache()
    row = dict(ROW)
    cache.put_many({"a": row})
    row["score"] = 9.0
    cache.get_many(["a"])["a"]["score"] = 8.0
    assert cache.get_many(["a"]) == {"a": ROW}


def test_memory_alone_is_a_cache(clock):
    with ResultCache(clock=clock, warn=pytest.fail) as cache:
        cache.put_many({"a": ROW})
        assert cache.get_many(["a", "b"]) == {"a": ROW}
        assert cache.location == cache.statistics().location == "memory"
        assert cache.statistics().entries == 1
        assert levels(cache) == (1, 0, 1)


def test_an_entry_too_old_is_none_in_either_level(open_cache, clock):
    cache = open_cache(Limits(time_to_live_seconds=60.0))
    cache.put_many({"a": ROW})
    clock.now += 59
    assert cache.get_many(["a"]) == {"a": ROW}
    assert open_cache(Limits(time_to_live_seconds=60.0)).get_many(["a"]) == {"a": ROW}
    clock.now += 2  # being used does not make it younger
    assert cache.get_many(["a"]) == {}
    assert cache.statistics().expirations == 1
    assert cache.statistics().entries == 0


def test_a_shorter_life_holds_for_what_is_there_already(open_cache, clock):
    open_cache().put_many({"a": ROW})
    clock.now += 100
    assert open_cache(Limits(time_to_live_seconds=200.0)).get_many(["a"]) == {"a": ROW}
    assert open_cache(Limits(time_to_live_seconds=50.0)).get_many(["a"]) == {}


def test_a_damaged_entry_is_a_miss_and_makes_room_for_a_whole_one(open_cache, tmp_path, clock):
    with contextlib.closing(SqliteStore(tmp_path / "x.sqlite", clock=clock)) as store:
        store.put_many({"a": b'0123456789abcdef 1000000.000 {"seed":1}', "b": b""})
    cache = open_cache()
    assert cache.get_many(["a", "b"]) == {}
    assert cache.statistics().entries == 0
    assert cache.statistics().expirations == 0
    cache.put_many({"a": ROW})
    assert open_cache().get_many(["a"]) == {"a": ROW}


class Broken:
    """A store that cannot be used, and does not want to be asked twice."""

    location = "nowhere"

    def __init__(self):
        self.asked = 0

    def __getattr__(self, name):
        def refuse(*_arguments):
            self.asked += 1
            raise CacheUnavailable("cache nowhere: it is not there")

        return refuse

    def close(self):
        pass


def test_a_store_that_cannot_be_used_is_warned_of_once_and_memory_goes_on():
    warnings, store = [], Broken()
    cache = ResultCache(store, warn=warnings.append)
    assert cache.get_many(["a"]) == {}
    cache.put_many({"a": ROW})
    assert cache.get_many(["a"]) == {"a": ROW}
    assert cache.statistics().entries == 1
    cache.close()
    assert store.asked == 1
    assert warnings == ["cache nowhere: it is not there; going on without this cache"]


def test_a_warning_goes_to_stderr(capsys):
    with ResultCache(Broken()) as cache:
        cache.get_many(["a"])
    assert capsys.readouterr().err == (
        "warning: cache nowhere: it is not there; going on without this cache\n"
    )


def test_another_error_of_the_user_is_not_swallowed(tmp_path):
    path = tmp_path / "theirs.sqlite"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE entries (name TEXT)")
    theirs.close()
    before = path.read_bytes()
    with (
        ResultCache(SqliteStore(path), warn=pytest.fail) as cache,
        pytest.raises(GoliveError, match="another application's database"),
    ):
        cache.get_many(["a"])
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["theirs.sqlite"]
