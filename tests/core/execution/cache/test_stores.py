"""What every store must do, on disk and on a server alike."""

from __future__ import annotations

import pytest

from golive.core.execution.cache import Limits
from golive.core.execution.cache.store import COUNTED


def value(number: int, size: int = 100) -> bytes:
    return f"{number} ".encode().ljust(size, b"x")


def test_what_was_put_is_found_by_whoever_opens_it_next(open_store):
    content = {"a": b"1", "b": bytes(range(256)), "c": b"\r\n"}
    first = open_store()
    first.put_many(content)
    first.close()
    assert open_store().get_many(["a", "b", "c", "d"]) == content


def test_nothing_is_found_where_nothing_was_put(open_store):
    store = open_store()
    assert store.get_many(["a"]) == {}
    assert store.get_many([]) == {}
    store.put_many({})
    store.discard(["a"])
    assert store.statistics().entries == 0
    assert store.statistics().oldest_seconds is None


def test_the_last_value_counts_and_its_size_once(open_store):
    store = open_store()
    store.put_many({"a": value(1)})
    before = store.statistics()
    store.put_many({"a": value(2)})
    assert store.get_many(["a"]) == {"a": value(2)}
    assert (before.entries, before.size_bytes) == (1, 101)
    assert (store.statistics().entries, store.statistics().size_bytes) == (1, 101)


def test_discarded_entries_are_gone_and_no_others(open_store):
    store = open_store()
    store.put_many({"a": b"1", "b": b"2"})
    store.discard(["a", "c"])
    assert store.get_many(["a", "b"]) == {"b": b"2"}
    assert store.statistics().entries == 1


def test_more_keys_than_one_command_takes(open_store):
    store = open_store()
    content = {f"{number}": value(number) for number in range(1_005)}
    store.put_many(content)
    assert store.get_many(list(content)) == content
    assert store.clear() == 1_005


def test_the_least_recently_used_are_evicted_beyond_the_size(open_store, clock):
    store = open_store(Limits(store_bytes=2_020))
    for number in range(10, 30):  # each 102 bytes with its key: one too many
        clock.now += 1
        store.put_many({str(number): value(number)})
        if number == 28:
            clock.now += 1
            store.get_many(["10"])
    statistics = store.statistics()
    assert statistics.size_bytes <= 0.9 * 2_020
    assert statistics.evictions == 20 - statistics.entries
    kept = store.get_many([str(number) for number in range(10, 30)])
    assert len(kept) == statistics.entries == 17
    assert "10" in kept  # used again just before
    assert sorted(kept)[1:] == [str(number) for number in range(14, 30)]


def test_what_got_too_old_is_dropped_when_something_is_put(open_store, clock):
    limits = Limits(store_bytes=1_000, time_to_live_seconds=60.0)
    store = open_store(limits)
    store.put_many({"old": value(1)})
    clock.now += 61
    store.put_many({"new": value(2)})
    assert set(store.get_many(["old", "new"])) == {"new"}
    assert store.statistics().entries == 1
    assert store.statistics().expirations == 1


def test_numbers_add_up_over_those_who_count(open_store):
    for _ in range(2):
        store = open_store()
        store.count({name: index for index, name in enumerate(COUNTED, 1)})
        store.close()
    statistics = open_store().statistics()
    assert [getattr(statistics, name) for name in COUNTED] == [2, 4, 6, 8, 10]
    assert statistics.hit_rate == pytest.approx(6 / 12)


def test_statistics_name_the_oldest_and_the_newest(open_store, clock):
    store = open_store()
    for name in ("a", "b", "c"):
        store.put_many({name: b"1"})
        clock.now += 10
    statistics = store.statistics()
    assert (statistics.oldest_seconds, statistics.newest_seconds) == (1_000_000, 1_000_020)


def test_clearing_by_age_leaves_what_is_younger(open_store, clock):
    store = open_store()
    store.count({"misses": 5})
    for name in ("a", "b", "c"):
        store.put_many({name: b"1"})
        clock.now += 10
    assert store.clear(1_000_010.0) == 1
    assert set(store.get_many(["a", "b", "c"])) == {"b", "c"}
    assert store.statistics().misses == 5


def test_clearing_all_also_forgets_the_numbers(open_store):
    store = open_store()
    store.count({"misses": 5})
    store.put_many({"a": b"1", "b": b"2"})
    assert store.clear() == 2
    assert store.statistics().misses == 0
    assert store.statistics().entries == 0
    assert store.clear() == 0
