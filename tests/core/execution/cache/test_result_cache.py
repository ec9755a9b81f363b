"""Two levels that are one cache: where rows are found, what is too old, what is damaged."""

from __future__ import annotations

import contextlib
import math
import sqlite3
import struct
from collections import OrderedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.core.errors import GoliveError
from golive.core.execution.cache import CacheUnavailable, Limits, ResultCache
from golive.core.execution.cache.result_cache import MemoryLevel, decode, encode
from golive.core.execution.cache.sqlite_store import SqliteStore

ROW = {"seed": 1, "score": 0.1 + 0.2, "recovery_days": math.inf, "success": True, "digest": "ab"}
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
LIMIT = 20
STEPS = st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | st.binary(max_size=12)))


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


def same(one, other) -> bool:
    if isinstance(one, float) and isinstance(other, float) and not math.isnan(one):
        return struct.pack("d", one) == struct.pack("d", other)
    return type(one) is type(other) and (one == other or math.isnan(one))


@settings(max_examples=40, deadline=None)
@given(st.text(), st.dictionaries(st.text(), VALUES))
def test_a_row_is_read_back_to_the_bit(key, row):
    found, created_seconds = decode(key, encode(key, row, 12.5))
    assert created_seconds == 12.5
    assert list(found) == list(row)
    assert all(same(found[name], row[name]) for name in row)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_changed_byte_is_noticed(data):
    whole = encode("key", {"seed": 3, "score": 0.25}, 12.5)
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    assert decode("key", whole[:place] + bytes([other]) + whole[place + 1 :]) is None


@settings(max_examples=40, deadline=None)
@given(st.binary())
def test_bytes_from_elsewhere_are_no_entry(data):
    assert decode("key", data) is None


def test_a_truncated_entry_and_another_keys_entry_are_none():
    whole = encode("key", {"seed": 3}, 12.5)
    assert all(decode("key", whole[:length]) is None for length in range(len(whole)))
    assert decode("other", whole) is None


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_it_is_a_mapping_that_forgets_the_least_recently_used(steps):
    memory, model = MemoryLevel(LIMIT), OrderedDict()
    for key, value in steps:
        if value is None:
            assert memory.get(key) == model.get(key)
            if key in model:
                model.move_to_end(key)
            continue
        memory.put(key, value)
        model.pop(key, None)
        model[key] = value
        while sum(map(len, model.values())) > LIMIT:
            model.popitem(last=False)
    assert len(memory) == len(model)
    assert memory.size_bytes == sum(map(len, model.values())) <= LIMIT


def test_a_value_beyond_the_limit_is_not_kept():
    memory = MemoryLevel(3)
    memory.put("a", b"1")
    memory.put("b", b"1234")
    assert memory.get("b") is None
    assert memory.size_bytes == 0
